//! Running the programs of other languages, where the machine has what they need.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::harness::loudly;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/integrators");

pub(super) fn folder() -> &'static Path {
    Path::new(FOLDER)
}

/// Whether a test may go on: what it needs is there, or was just installed. Otherwise it is
/// skipped loudly, unless the variable says that it must be there.
pub(super) fn there(ready: bool, required: &str, what: &str) -> bool {
    if !ready {
        let required_here = std::env::var_os(required).is_some_and(|value| value == "1");
        assert!(!required_here, "{required}=1, but {what} is missing");
        loudly(&format!("SKIPPED: clients of integrators: no {what}"));
    }
    ready
}

/// Whether a command that says nothing of interest succeeds.
pub(super) fn done(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs a command that must succeed; gives what it prints.
pub(super) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{printed}\n{complaint}");
    printed
}

/// Runs a command that prints what came of a tour.
pub(super) fn told(command: &mut Command) -> Value {
    let printed = run(command);
    serde_json::from_str(&printed).unwrap_or_else(|_| panic!("no tour: {printed}"))
}
