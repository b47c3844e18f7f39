//! Small files for the tests, each in a folder of its own that goes when the test ends.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::Workbook;

use super::Opened;

pub(super) struct Made {
    pub(super) path: PathBuf,
    pub(super) folder: tempfile::TempDir,
}

impl Made {
    pub(super) fn open(&self) -> Opened {
        Opened::open(&self.path).unwrap()
    }

    /// Another path in the same folder.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

pub(super) fn file(name: &str, bytes: &[u8]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Made { path, folder }
}

/// A workbook of text cells; `None` leaves a cell out.
pub(super) fn workbook(name: &str, sheets: &[(&str, Vec<Vec<&str>>)]) -> Made {
    let mut book = Workbook::new();
    for (title, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*title).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    saved(name, book)
}

pub(super) fn saved(name: &str, mut book: Workbook) -> Made {
    let made = file(name, b"");
    book.save(&made.path).unwrap();
    made
}

/// The programme's samples of the real files, where they are at hand.
pub(super) fn sample(path: &str) -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = data.join(path);
    path.exists().then_some(path)
}
