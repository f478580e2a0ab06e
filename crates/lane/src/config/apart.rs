//! Stations of a lane whose documents are presented at one place and whose cameras are at
//! another.

use serde::Deserialize;

use super::name::is_name;

/// Where a lane's documents are presented, and where its cameras are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apart {
    /// Stations at which documents are presented: kiosks, or a gateway of digital travel
    /// credentials.
    pub documents: Vec<String>,
    /// The station after them at which the lane's cameras are, such as a gantry.
    pub cameras: String,
    /// The longest that a party may take from the one to the other, in minutes.
    pub minutes: u32,
    /// How many parties may be under way at a time.
    pub parties: u32,
    /// Whether vehicles may overtake on the way.
    #[serde(default)]
    pub order: Sequence,
}

/// Whether vehicles come to the cameras in the order in which their parties left the
/// documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// They may overtake: each party is named as its vehicle comes.
    #[default]
    Free,
    /// There is one way, on which nobody overtakes: the next vehicle is the next party,
    /// unless another is named.
    Kept,
}

impl Apart {
    /// What is wrong with it, with its key.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        if self.documents.is_empty() {
            return Err(("documents", "there is no station".into()));
        }
        let mut names: Vec<&String> = self.documents.iter().collect();
        names.push(&self.cameras);
        for (i, name) in names.iter().enumerate() {
            let key = match i < self.documents.len() {
                true => "documents",
                false => "cameras",
            };
            if !is_name(name) {
                let why = format!("{name:?}: letters, digits and - only, at most 40");
                return Err((key, why));
            }
            if names[..i].contains(name) {
                return Err((key, format!("another station is {name:?} already")));
            }
        }
        for (key, value, most) in [("minutes", self.minutes, 60), ("parties", self.parties, 64)] {
            if value == 0 || value > most {
                return Err((key, format!("{value} isn't between 1 and {most}")));
            }
        }
        Ok(())
    }

    /// Every station, those of documents first.
    pub(crate) fn stations(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.iter().map(String::as_str);
        documents.chain([self.cameras.as_str()])
    }
}
