//! The parts of a vehicle's folder, by their names.

use std::path::Path;

use super::entries::{Entry, Kind, entries};
use crate::Error;

/// What a vehicle's folder itself has.
pub(super) struct Parts {
    pub(super) vehicle: bool,
    pub(super) documents: bool,
}

impl Parts {
    /// Looks for the parts by their names. What has nearly the name, or isn't what
    /// its name says, is refused where it would be lost.
    pub(super) fn of(folder: &Path, remarks: &mut Vec<String>) -> Result<Self, Error> {
        let all = entries(folder)?;
        let part = |name: &str, wanted: Kind| -> Result<bool, Error> {
            let path = folder.join(name);
            let refused = |why: String| Err(Error::file(&path, &why));
            match all.iter().find(|e| e.name == name).map(|e| &e.kind) {
                Some(kind) if *kind == wanted => Ok(true),
                Some(Kind::File) => refused("it is a file, not a folder".into()),
                Some(Kind::Folder) => refused("it is a folder, not a file".into()),
                Some(Kind::Odd(what)) => refused(format!(
                    "it can't be read ({what}), and what it asks for would be lost"
                )),
                None => match all.iter().find(|e| is_nearly(&e.name, name)) {
                    Some(near) => refused(format!(
                        "it isn't there, but {:?} is: give it that name, or take it away",
                        near.name
                    )),
                    None => Ok(false),
                },
            }
        };
        let parts = Self {
            vehicle: part("vehicle.toml", Kind::File)?,
            documents: part("documents", Kind::Folder)?,
        };
        part("frames", Kind::Folder)?;
        for Entry { name, kind, .. } in &all {
            let is_known = ["vehicle.toml", "documents", "frames"].contains(&name.as_str());
            let is_near = ["vehicle.toml", "documents", "frames"]
                .iter()
                .any(|known| is_nearly(name, known));
            match kind {
                _ if is_known => {}
                Kind::Odd(what) => remarks.push(format!("{name} is left out: it is {what}")),
                Kind::Folder => remarks.push(format!(
                    "{name}/ is left out: only documents/ and frames/ are looked into"
                )),
                Kind::File if is_near => remarks.push(format!("{name} is left out")),
                Kind::File => {}
            }
        }
        Ok(parts)
    }
}

/// Whether a name differs from one that is known by capitals or by an ending more.
fn is_nearly(name: &str, known: &str) -> bool {
    let lower = name.to_lowercase();
    name != known && (lower == known || lower.starts_with(&format!("{known}.")))
}

#[cfg(test)]
mod tests {
    use super::is_nearly;

    #[test]
    fn a_name_is_nearly_another() {
        for (name, known, is) in [
            ("Vehicle.toml", "vehicle.toml", true),
            ("VEHICLE.TOML", "vehicle.toml", true),
            ("vehicle.toml.txt", "vehicle.toml", true),
            ("vehicle.toml", "vehicle.toml", false),
            ("vehicle", "vehicle.toml", false),
            ("Documents", "documents", true),
            ("mydocuments", "documents", false),
        ] {
            assert_eq!(is_nearly(name, known), is, "{name}");
        }
    }
}
