//! The manifest of a test set: which picture shows whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use crate::{Error, ErrorKind};

/// A set of more pictures has more pairs than anybody waits for.
const MAX_ENTRIES: usize = 50_000;
/// A label with more values than this isn't a group but a property of each.
const MAX_GROUPS: usize = 64;

/// A test set as its manifest describes it (CSV with a header: `path`,
/// `subject`, then any number of label columns).
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// One for each picture, in the order of the file.
    pub entries: Vec<Entry>,
    /// How many subjects there are.
    pub subjects: usize,
    /// The names of the label columns.
    pub labels: Vec<String>,
}

/// One picture of the set.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The picture, relative to the folder of images.
    pub path: PathBuf,
    /// Whom it shows: a number in the order of the subjects' names, so that
    /// nothing depends on the order of the file.
    pub subject: u32,
    /// The value of each label column; empty where the manifest has none.
    pub labels: Vec<String>,
}

impl Entry {
    /// Whether its file, without its ending, has one of these names.
    pub fn is_one_of(&self, names: &BTreeSet<&str>) -> bool {
        let stem = self.path.file_stem().and_then(|s| s.to_str());
        stem.is_some_and(|s| names.contains(s))
    }
}

impl Manifest {
    /// Leaves out the pictures of these names (a file's name without its ending),
    /// as the errata of a set ask for. Gives how many that were.
    pub fn leave_out(&mut self, names: &BTreeSet<&str>) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| !entry.is_one_of(names));
        before - self.entries.len()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`], naming the line: a column is missing, a path is
    /// empty, given twice or leads out of the folder, a subject is empty, there
    /// are no rows or more than 50,000.
    pub fn parse(csv: &[u8]) -> Result<Self, Error> {
        let bad = |line: u64, why: &str| {
            Error::new(ErrorKind::Manifest, format!("manifest, line {line}: {why}"))
        };
        let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(csv);
        let header = reader
            .headers()
            .map_err(|e| bad(1, &e.to_string()))?
            .clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or_else(|| {
                bad(
                    1,
                    &format!(
                        "there is no column {name:?}; the header must be path,subject[,label...]"
                    ),
                )
            })
        };
        let (path_column, subject_column) = (column("path")?, column("subject")?);
        let label_columns: Vec<usize> = (0..header.len())
            .filter(|c| ![path_column, subject_column].contains(c))
            .collect();
        let mut rows = Vec::new();
        let mut seen = BTreeSet::new();
        for record in reader.records() {
            let record =
                record.map_err(|e| Error::new(ErrorKind::Manifest, format!("manifest: {e}")))?;
            let line = record.position().map_or(0, csv::Position::line);
            let (path, subject) = (&record[path_column], &record[subject_column]);
            if subject.is_empty() {
                return Err(bad(line, "the subject is empty"));
            }
            let is_inside = |path: &Path| {
                !path.as_os_str().is_empty()
                    && path.components().all(|c| matches!(c, Component::Normal(_)))
            };
            if !is_inside(Path::new(path)) {
                return Err(bad(
                    line,
                    &format!("{path:?} isn't a path inside the folder of images"),
                ));
            }
            if !seen.insert(path.to_owned()) {
                return Err(bad(line, &format!("{path:?} stands there twice")));
            }
            if rows.len() == MAX_ENTRIES {
                return Err(bad(line, &format!("more than {MAX_ENTRIES} pictures")));
            }
            let labels = label_columns
                .iter()
                .map(|&c| record[c].to_owned())
                .collect::<Vec<_>>();
            rows.push((PathBuf::from(path), subject.to_owned(), labels));
        }
        if rows.is_empty() {
            return Err(bad(2, "there is no picture"));
        }
        let names: BTreeSet<&str> = rows.iter().map(|(_, s, _)| s.as_str()).collect();
        let numbers: BTreeMap<String, u32> =
            names.iter().map(|n| (*n).to_owned()).zip(0..).collect();
        let entries = rows
            .into_iter()
            .map(|(path, subject, labels)| Entry {
                path,
                subject: numbers[&subject],
                labels,
            })
            .collect();
        Ok(Self {
            entries,
            subjects: numbers.len(),
            labels: label_columns
                .iter()
                .map(|&c| header[c].to_owned())
                .collect(),
        })
    }

    /// The values of a label column in order, the empty one left out.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`] if there are more than 64: it isn't a group then.
    pub fn groups(&self, label: usize) -> Result<BTreeSet<&str>, Error> {
        let values: BTreeSet<&str> = self
            .entries
            .iter()
            .map(|e| e.labels[label].as_str())
            .filter(|v| !v.is_empty())
            .collect();
        if values.len() <= MAX_GROUPS {
            return Ok(values);
        }
        Err(Error::new(
            ErrorKind::Manifest,
            format!(
                "the label {:?} has {} values; a label that groups people has {MAX_GROUPS} at most",
                self.labels[label],
                values.len()
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn named_pictures_are_left_out() {
        let csv = b"path,subject\na/Ann_0001.jpg,a\na/Ann_0002.jpg,a\nb/Bob_0001.png,b\n";
        let mut manifest = super::Manifest::parse(csv).expect("valid");
        let names = ["Ann_0002", "Bob_0001", "Ann_0009", "nn_0001"].into();
        assert_eq!(manifest.leave_out(&names), 2);
        assert_eq!(manifest.entries.len(), 1);
        assert_eq!(manifest.subjects, 2, "numbers of subjects stay");
    }

    use super::Manifest;

    #[test]
    fn reads_labels_and_numbers_subjects_by_name() {
        let manifest =
            Manifest::parse(b"path,subject,light\nb/1.jpg, Zoe ,day\na.jpg,Abe,\n").expect("valid");
        assert_eq!(
            manifest
                .entries
                .iter()
                .map(|e| e.subject)
                .collect::<Vec<_>>(),
            [1, 0]
        );
        assert_eq!(manifest.labels, ["light"]);
        assert_eq!(manifest.groups(0).expect("few").len(), 1);
    }

    #[test]
    fn says_what_is_wrong() {
        for (csv, expected) in [
            ("path,who\na,b\n", "\"subject\""),
            ("path,subject\n", "no picture"),
            ("path,subject\n../a.jpg,x\n", "line 2"),
            ("path,subject\n/etc/passwd,x\n", "inside the folder"),
            ("path,subject\na.jpg,\n", "subject is empty"),
            ("path,subject\na.jpg,x\na.jpg,y\n", "twice"),
            ("path,subject\na.jpg,x,y\n", "manifest"),
        ] {
            let error = Manifest::parse(csv.as_bytes()).expect_err(csv).to_string();
            assert!(error.contains(expected), "{csv:?}: {error}");
        }
    }
}
