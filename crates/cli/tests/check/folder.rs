//! Vehicle folders made for a test, and the program run on them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// The root of the source tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of the samples.
pub(crate) fn sample(vehicle: &str) -> PathBuf {
    root().join("samples/vehicles").join(vehicle)
}

/// What the program did.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as the one JSON object that it must be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| unreachable!("{e}: {}{}", self.stdout, self.stderr))
    }

    /// Makes sure that the check was impossible, in one clear line on stderr; where
    /// JSON was asked for, stdout says the same as an object.
    pub(crate) fn assert_impossible(&self, says: &[&str]) {
        assert_eq!(self.status, 2, "{}{}", self.stdout, self.stderr);
        if !self.stdout.is_empty() {
            let error = &self.json()["error"];
            assert_eq!(error["exit_status"], 2, "{}", self.stdout);
            assert_eq!(error["fault"], "operator", "{}", self.stdout);
            let line = format!("rowcall: {}", error["message"].as_str().unwrap_or_default());
            assert_eq!(line, self.stderr.trim_end());
        }
        assert_eq!(self.stderr.trim_end().lines().count(), 1, "{}", self.stderr);
        for word in says {
            assert!(
                self.stderr.contains(word),
                "{word:?} is missing: {}",
                self.stderr
            );
        }
    }
}

/// Runs `rowcall` with these arguments.
pub(crate) fn rowcall(args: &[&str]) -> Run {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(args)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        status: output.status.code().expect("no signal"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Runs `rowcall check FOLDER --json --at 2026-11-23` with more arguments.
pub(crate) fn check(folder: &Path, more: &[&str]) -> Run {
    let folder = folder.to_str().expect("UTF-8");
    rowcall(&[&["check", folder, "--json", "--at", "2026-11-23"], more].concat())
}

/// A vehicle folder of its own, made from pieces of the samples.
pub(crate) struct Vehicle {
    folder: tempfile::TempDir,
}

impl Vehicle {
    /// A vehicle at the lane of the front row, with nobody and nothing in it.
    pub(crate) fn new(lane: &str, declared: u8) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let lane = root().join("samples/lanes").join(lane);
        let text = format!("lane = {lane:?}\ndeclared_occupants = {declared}\n");
        fs::write(folder.path().join("vehicle.toml"), text).expect("vehicle.toml");
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a frame of a sample: `from` is like `couple/frames/front/0001.jpg`.
    pub(crate) fn frame(self, from: &str) -> Self {
        let to = from.split_once('/').map_or(from, |(_, rest)| rest);
        let bytes = fs::read(root().join("samples/vehicles").join(from)).expect(from);
        self.file(to, &bytes)
    }

    /// Adds a frame of each head pose and camera of a sample: enough to confirm
    /// by, and quicker than all of them.
    pub(crate) fn frames_of(self, vehicle: &str) -> Self {
        let frame = |camera: &str, i: usize| format!("{vehicle}/frames/{camera}/000{i}.jpg");
        let all = ["front", "left", "right"]
            .into_iter()
            .flat_map(|c| [1, 4].map(|i| frame(c, i)));
        all.fold(self, |v, f| v.frame(&f))
    }

    /// Adds a printed page of a sample as document `id`: `from` is like
    /// `couple/01`.
    pub(crate) fn document(self, id: &str, from: &str) -> Self {
        let (vehicle, document) = from.split_once('/').expect("vehicle/document");
        let source = sample(vehicle).join("documents").join(document);
        fs::read_dir(source).expect(from).fold(self, |v, file| {
            let file = file.expect(from).path();
            let name = file.file_name().and_then(|n| n.to_str()).expect("a name");
            v.file(
                &format!("documents/{id}/{name}"),
                &fs::read(&file).expect(from),
            )
        })
    }

    /// Writes a file, over what is there.
    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect(name);
        fs::write(path, bytes).expect(name);
        self
    }

    /// Reads a file that is there.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).expect(name)
    }
}

/// The seat's entry in a result.
pub(crate) fn seat<'a>(result: &'a Value, name: &str) -> &'a Value {
    let seats = result["seats"].as_array().expect("seats");
    seats
        .iter()
        .find(|s| s["seat"] == name)
        .unwrap_or(&Value::Null)
}

/// The document's entry in a result.
pub(crate) fn document<'a>(result: &'a Value, id: &str) -> &'a Value {
    let documents = result["documents"].as_array().expect("documents");
    documents
        .iter()
        .find(|d| d["id"] == id)
        .unwrap_or(&Value::Null)
}
