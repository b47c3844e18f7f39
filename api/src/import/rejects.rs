//! The reject file: the bad rows in the shape they came in, to be put right and loaded again.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
};

use rust_xlsxwriter::{Workbook, XlsxError};

use super::{
    problem::{Findings, Place},
    reading::Reading,
    workbook::SheetRow,
};

/// What a reading can copy its rows from.
#[derive(Debug)]
pub(super) enum Original {
    /// The file as it was opened, and how many bytes of it stand before the rows.
    Text { file: File, prologue: u64 },
    /// Each sheet's name and rows, the headings first.
    Workbook(Vec<(String, Vec<SheetRow>)>),
}

impl<R, C> Reading<R, C> {
    /// Writes every row refused so far to a file of the same format, headings included,
    /// and says how many there were. Records of a CSV file are copied byte for byte.
    ///
    /// The file is written even where there are none, so that an older one cannot mislead.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written, or is the one that was read.
    pub fn write_rejects(&mut self, path: &Path) -> io::Result<usize> {
        if let (Ok(to), Ok(from)) = (fs::canonicalize(path), fs::canonicalize(&self.source.path))
            && to == from
        {
            let why = "the reject file is the file that was read: give another name";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        match &mut self.original {
            Original::Text { file, prologue } => {
                copy_records(file, *prologue, &self.findings, &mut File::create(path)?)?;
            }
            Original::Workbook(sheets) => {
                write_workbook(sheets, &self.findings, path).map_err(io::Error::other)?;
            }
        }
        Ok(self.findings.bad_rows())
    }
}

fn copy_records(
    file: &mut File,
    prologue: u64,
    findings: &Findings,
    into: &mut impl Write,
) -> io::Result<()> {
    let mut from = BufReader::new(file);
    let mut into = BufWriter::new(into);
    let mut at = from.seek(SeekFrom::Start(0))?;
    let before_rows = Place { sheet: 0, line: 0, start: 0, end: prologue };
    for place in std::iter::once(before_rows).chain(findings.rejected()) {
        let ahead = i64::try_from(place.start - at).map_err(io::Error::other)?;
        from.seek_relative(ahead)?;
        let length = place.end - place.start;
        if io::copy(&mut from.by_ref().take(length), &mut into)? != length {
            return Err(io::Error::other("the file that was read has changed since"));
        }
        at = place.end;
    }
    into.flush()
}

fn write_workbook(
    sheets: &[(String, Vec<SheetRow>)],
    findings: &Findings,
    path: &Path,
) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    for (number, (name, rows)) in (0..).zip(sheets) {
        let sheet = book.add_worksheet().set_name(name)?;
        let refused = |row: &&SheetRow| {
            let line = row.number.into();
            findings.is_rejected(Place { sheet: number, line, start: 0, end: 0 })
        };
        let headings = rows.iter().take(1);
        for (row, cells) in (0..).zip(headings.chain(rows.iter().skip(1).filter(refused))) {
            for (column, text) in &cells.cells {
                sheet.write_string(row, column - 1, &**text)?;
            }
        }
    }
    book.save(path)
}

#[cfg(test)]
#[path = "rejects_tests.rs"]
mod tests;
