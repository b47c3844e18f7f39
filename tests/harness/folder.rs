//! Folders that are gone when the tests are, however the tests end.
//!
//! The test binary leaves by `exit`, which runs no destructor, or is killed, which
//! runs nothing at all. So a shell waits on a pipe that only this process holds: when
//! the process ends, in whatever way, the kernel closes the pipe and the shell clears up.

use std::{
    io::Write,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// Somebody to run as: PostgreSQL refuses to be root.
#[derive(Clone, Copy)]
pub(super) struct User {
    pub uid: u32,
    pub gid: u32,
}

/// A folder, and what keeps it.
pub(super) struct Folder {
    pub path: PathBuf,
    /// Ends after this process has: its input is the pipe.
    shell: Child,
}

impl Folder {
    /// Makes a folder, of that user if there is one. `script` runs in a shell beside
    /// it, with its path as `$1`; it must go on until its input ends.
    pub(super) fn new(prefix: &str, owner: Option<User>, script: &str) -> Self {
        let path = tempfile::Builder::new().prefix(prefix).tempdir_in("/tmp").unwrap().keep();
        if let Some(User { uid, gid }) = owner {
            std::os::unix::fs::chown(&path, Some(uid), Some(gid)).unwrap();
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(&path).current_dir("/").process_group(0);
        as_user(&mut shell, owner).stdin(Stdio::piped()).stdout(Stdio::null());
        Self { path, shell: shell.stderr(Stdio::null()).spawn().unwrap() }
    }

    /// A line that the script may be waiting for.
    pub(super) fn say(&mut self, line: &str) {
        writeln!(self.shell.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Where SQLite's files and the signing key lie.
    pub(super) fn ours() -> &'static Path {
        static OURS: OnceLock<Folder> = OnceLock::new();
        let ours = || Self::new("gpa-tests-", None, r#"cat; rm -rf -- "$1""#);
        &OURS.get_or_init(ours).path
    }
}

pub(super) fn as_user(command: &mut Command, user: Option<User>) -> &mut Command {
    if let Some(User { uid, gid }) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Whom to run a server as: nobody else, unless we are root.
pub(super) fn unprivileged() -> Option<User> {
    const ROOT: u32 = 0;
    if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() != ROOT) {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let named = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(|id| id.parse().ok());
        Some(User { uid: ids.next()??, gid: ids.next()?? })
    };
    named("postgres").or_else(|| named("nobody"))
}

/// Says something past the capture of a test's output, so that it is always seen.
pub(crate) fn loudly(sentence: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = writeln!(terminal, "{sentence}");
}
