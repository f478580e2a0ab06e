//! Everything that CI checks.

use std::process::Command;

use crate::root;

/// Runs the checks one after the other and stops at the first that fails.
pub(crate) fn run() -> Result<(), String> {
    let script = root().join(".ci/run");
    let status = Command::new("bash")
        .arg(&script)
        .current_dir(root())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("a check failed; its output is above".to_owned()),
        Err(e) => Err(format!("{}: {e}", script.display())),
    }
}
