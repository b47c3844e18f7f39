//! `gpa import`, as somebody at the machine runs it, and what the API shows afterwards.
//!
//! The files are made here, small and of the real ones' shape; [`real`] takes the real
//! ones, where they are at hand.

pub(crate) mod figures;
mod hierarchy;
mod list_sizes;
mod ods;
mod pcn;
mod real;

use std::{path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::harness::{World, people::PUBLIC};

/// What the program printed, and whether it succeeded.
pub(crate) struct Ran {
    pub success: bool,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The last line: the file's name, the counts and whether it was written.
    fn summary(&self) -> &str {
        assert!(self.success, "{}{}", self.out, self.err);
        self.out.lines().last().unwrap_or_default()
    }
}

/// Runs the real program on the world's database, and lets the world see what it wrote.
pub(crate) async fn import(world: &World, kind: &str, file: &Made, flags: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_gpa"))
        .args(["import", kind])
        .arg(&file.path)
        .args(flags)
        .args(["--database-url", world.url(), "--log", "warn"])
        .env_clear()
        .output()
        .unwrap();
    world.app.store.refresh().await.unwrap();
    Ran {
        success: output.status.success(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A file in a folder of its own, both gone when the test ends.
pub(crate) struct Made {
    path: PathBuf,
    folder: tempfile::TempDir,
}

impl Made {
    pub(crate) fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        Self { path, folder }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// One row of `epraccur`: what a test says, and blanks for the rest.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    code: &'static str,
    name: &'static str,
    region: &'static str,
    icb: &'static str,
    opened: &'static str,
    closed: &'static str,
    status: &'static str,
    commissioner: &'static str,
    joined: &'static str,
    setting: &'static str,
}

/// An active practice in Leeds, which West Yorkshire's board commissions.
pub(crate) const LEEDS: Row = Row {
    code: "B86001",
    name: "PARK EDGE PRACTICE",
    region: "Y63",
    icb: "QWO",
    opened: "19740401",
    closed: "",
    status: "A",
    commissioner: "15F",
    joined: "20180401",
    setting: "4",
};

pub(crate) fn ods(rows: &[Row]) -> String {
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> String {
    let mut cells = [""; 27];
    cells[0] = row.code;
    cells[1] = row.name;
    cells[2] = row.region;
    cells[3] = row.icb;
    cells[9] = "LS14 1HX";
    cells[10] = row.opened;
    cells[11] = row.closed;
    cells[12] = row.status;
    cells[13] = "B";
    cells[14] = row.commissioner;
    cells[15] = row.joined;
    cells[21] = "0";
    cells[25] = row.setting;
    let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    quoted.join(",") + "\r\n"
}

/// What anybody may read of a site.
async fn site(world: &World, code: &str, as_at: &str) -> Value {
    let document = "query($code: OdsCode!, $day: Date!) { site(by: {odsCode: $code}, asAt: $day) {
        name status eligible openedOn closedOn postcode prescribingSetting source version
        placement { subIcb { odsCode } icb { odsCode } region { odsCode } trainingHub { slug } pcn { odsCode } }
        memberships { nodes { level from to parent { odsCode } } }
        listSizes { countedOn patients } } }";
    let mut data = world.data(PUBLIC, document, json!({"code": code, "day": as_at})).await;
    data["site"].take()
}
