//! Where the reference results of other packages lie, for the tests that compare with them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// One row of a CSV file, by its headings.
pub(super) type Row = BTreeMap<String, String>;

/// The path of a sample, or a plain word that a test did not run.
pub(super) fn sample(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: the sample {path} is not here");
    None
}

/// The rows of a sample, or a plain word that a test did not run.
pub(super) fn rows(path: &str) -> Option<Vec<Row>> {
    let mut reader = csv::Reader::from_path(sample(path)?).unwrap();
    Some(reader.deserialize().map(Result::unwrap).collect())
}

/// A cell as a number; `None` where the cell is blank or R says NaN.
pub(super) fn number(row: &Row, heading: &str) -> Option<f64> {
    Some(row[heading].as_str())
        .filter(|text| !["", "NaN"].contains(text))
        .map(|text| text.parse().unwrap())
}
