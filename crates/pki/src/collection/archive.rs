//! ZIP and gzip, which may be made to unpack without end.

use std::io::{Cursor, Read};

use super::{Collection, DEEPEST};

/// Files in one archive.
const MOST_FILES: usize = 10_000;

impl Collection {
    pub(super) fn archive(&mut self, name: &str, bytes: &[u8], depth: usize) {
        if depth == DEEPEST || self.limits.unpacked == 0 {
            return self.refuse(name, "an archive, or one nested too deeply; unpack it");
        }
        let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(e) => return self.refuse(name, format!("a ZIP that can't be read: {e}")),
        };
        if archive.is_empty() {
            return self.refuse(name, "an empty ZIP");
        }
        if archive.len() > MOST_FILES {
            return self.refuse(name, format!("a ZIP of more than {MOST_FILES} files"));
        }
        for i in 0..archive.len() {
            let file = match archive.by_index(i) {
                Ok(file) if file.is_dir() => continue,
                Ok(file) => file,
                Err(e) => {
                    self.refuse(name, format!("file {} in the ZIP: {e}", i + 1));
                    continue;
                }
            };
            let own = file
                .name()
                .map_or_else(|_| format!("file {}", i + 1), |n| n.into_owned());
            let inner = format!("{name}/{own}");
            if let Some(bytes) = self.unpack(&inner, file) {
                self.add(&inner, &bytes, depth + 1);
            }
        }
    }

    pub(super) fn gzip(&mut self, name: &str, bytes: &[u8], depth: usize) {
        if depth == DEEPEST || self.limits.unpacked == 0 {
            return self.refuse(name, "an archive, or one nested too deeply; unpack it");
        }
        if let Some(bytes) = self.unpack(name, flate2::read::MultiGzDecoder::new(bytes)) {
            self.add(name, &bytes, depth + 1);
        }
    }

    /// What `from` unpacks to, as far as there is room for it.
    fn unpack(&mut self, name: &str, from: impl Read) -> Option<Vec<u8>> {
        let room = self.limits.unpacked - self.unpacked;
        let mut bytes = Vec::new();
        match from.take(room as u64 + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() > room => {
                self.unpacked = self.limits.unpacked;
                let most = self.limits.unpacked >> 20;
                self.refuse(name, format!("its archive unpacks to more than {most} MiB"));
                None
            }
            Ok(_) => {
                self.unpacked += bytes.len();
                Some(bytes)
            }
            Err(e) => {
                self.unpacked += bytes.len().min(room);
                self.refuse(name, format!("damaged in its archive: {e}"));
                None
            }
        }
    }
}
