//! A demonstration in a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Command, Stdio},
};

/// Everybody's password there.
pub(crate) const PASSWORD: &str = "seven green boats";

/// A demonstration, and what it goes on to say; it ends with this.
pub(crate) struct Demo {
    pub(crate) child: Child,
    /// Where it listens: host and port.
    pub(crate) address: String,
    _said: BufReader<ChildStdout>,
}

impl Demo {
    pub(crate) fn start(more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rowcall"))
            .args([
                "demo",
                "--no-browser",
                "--port",
                "0",
                "--password",
                PASSWORD,
            ])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = BufReader::new(child.stdout.take().expect("a pipe"));
        let lines = said.by_ref().lines().map_while(Result::ok);
        let address = lines.into_iter().find_map(|line| {
            let (_, address) = line.split_once("http://")?;
            Some(address.trim().trim_end_matches('/').to_owned())
        });
        Self {
            child,
            address: address.expect("it says where"),
            _said: said,
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
