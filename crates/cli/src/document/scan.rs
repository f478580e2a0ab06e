//! A picture of a data page to the text of its machine readable zone, with
//! Tesseract where it is installed (Debian: `tesseract-ocr`).
//!
//! Tesseract was chosen over `ocrs`, whose crate comes without weights. It is
//! run as a program and found at run time, so nothing depends on it: without
//! it a picture's MRZ has to be given as mrz.txt, and the result says so.

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use rowcall_document::NamedFile;

/// A page at 600 dpi has about 9 million pixels.
const MOST_SIDE: u32 = 6_000;
/// Text is recognised best when its letters are some 30 pixels high.
const WIDTH: u32 = 1_800;

/// What the recognised text is called among a document's files.
const RECOGNISED: &str = "mrz.ocr.txt";

/// Adds the recognised MRZ if `files` have a picture of a page, or are one
/// picture, and no MRZ.
pub(super) fn add_recognised(files: &mut Vec<NamedFile>) {
    let has_mrz = files
        .iter()
        .any(|f| f.name.eq_ignore_ascii_case("mrz.txt") || f.name.to_lowercase().contains("dg1"));
    let lone = files.len() == 1;
    let page = files.iter().find(|f| {
        let name = f.name.to_lowercase();
        let picture = [".png", ".jpg", ".jpeg"].iter().any(|e| name.ends_with(e));
        picture && (lone || name.starts_with("page."))
    });
    let Some(page) = page.filter(|_| !has_mrz) else {
        return;
    };
    if let Some(lines) = picture(&page.bytes).and_then(|p| recognise(&p)) {
        files.push(NamedFile {
            name: RECOGNISED.into(),
            bytes: lines.join("\n").into_bytes(),
        });
    }
}

fn picture(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    reader.limits(limits);
    reader.decode().ok()
}

/// The lines of the MRZ on the picture, which may lie on any side. The first
/// reading whose check digits are right is taken, else the first at all.
fn recognise(picture: &DynamicImage) -> Option<Vec<String>> {
    let mut first = None;
    for turned in [
        picture.clone(),
        picture.rotate180(),
        picture.rotate90(),
        picture.rotate270(),
    ] {
        for strip in [lower(&turned), turned] {
            let Some(lines) = tesseract(&strip).as_deref().and_then(mrz_lines) else {
                continue;
            };
            if reads(&lines) {
                return Some(lines);
            }
            first.get_or_insert(lines);
        }
    }
    first
}

/// The lower part of a page, where the zone is (Doc 9303-3, 2.3).
fn lower(page: &DynamicImage) -> DynamicImage {
    let height = page.height() * 2 / 5;
    page.crop_imm(0, page.height() - height, page.width(), height)
}

/// Whether the check digits are right, repaired or not.
fn reads(lines: &[String]) -> bool {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    rowcall_document::mrz::repair::read_recognised(&lines, crate::trust::folder::today())
        .is_some_and(|mrz| mrz.checks().all_right())
}

/// What Tesseract reads on the picture; `None` if it is not installed or fails.
fn tesseract(picture: &DynamicImage) -> Option<String> {
    let height = picture.height() * WIDTH / picture.width().max(1);
    let scaled = picture.grayscale().resize_exact(
        WIDTH,
        height.max(1),
        image::imageops::FilterType::CatmullRom,
    );
    let mut png = Cursor::new(Vec::new());
    scaled.write_to(&mut png, ImageFormat::Png).ok()?;
    let mut child = Command::new("tesseract")
        .args(["stdin", "stdout", "--psm", "6", "-c"])
        .arg("tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let written = stdin.write_all(png.get_ref());
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    written.ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The last lines of the text that fit a layout, each brought to its width.
fn mrz_lines(text: &str) -> Option<Vec<String>> {
    let lines: Vec<String> = text
        .lines()
        .map(|l| l.chars().filter(|c| !c.is_whitespace()).collect::<String>())
        .filter(|l| l.len() >= 24 && l.contains('<'))
        .collect();
    for (count, width) in [(2, 44), (2, 36), (3, 30)] {
        let Some(start) = lines.len().checked_sub(count) else {
            continue;
        };
        let last = &lines[start..];
        if last.iter().all(|l| l.len().abs_diff(width) <= 4) {
            return last.iter().map(|l| fitted(l, width)).collect();
        }
    }
    None
}

/// Runs of fillers are miscounted more than anything: the longest one gives or
/// takes what the width demands.
fn fitted(line: &str, width: usize) -> Option<String> {
    let mut line = line.to_owned();
    while line.len() != width {
        let (mut best, mut at) = (0, 0);
        let mut start = 0;
        for (i, c) in line.bytes().chain([b' ']).enumerate() {
            if c != b'<' {
                // The last of equals, which is where long runs are.
                if i - start >= best {
                    (best, at) = (i - start, start);
                }
                start = i + 1;
            }
        }
        if best == 0 {
            return None;
        }
        if line.len() > width {
            line.remove(at);
        } else {
            line.insert(at, '<');
        }
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::{fitted, mrz_lines};

    #[test]
    fn the_longest_run_of_fillers_gives_and_takes() {
        assert_eq!(fitted("A<B<<<<C", 7).as_deref(), Some("A<B<<<C"));
        assert_eq!(fitted("A<B<<<<C", 10).as_deref(), Some("A<B<<<<<<C"));
        assert_eq!(fitted("ABC", 4), None);
    }

    #[test]
    fn lines_above_the_zone_are_left_out() {
        let text = "REPUBLIC OF UTOPIA\nPASSPORT\n\
                    P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<\n\
                    L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
        let lines = mrz_lines(text).expect("a zone");
        assert_eq!(lines[0].len(), 44);
        assert_eq!(lines[1].len(), 44);
    }
}
