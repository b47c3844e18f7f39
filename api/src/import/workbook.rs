//! Sheets of an Excel workbook as rows of text.
//!
//! Every cell becomes the text that a CSV of the sheet would hold, a date `yyyymmdd`,
//! so that one set of questions reads both kinds of file. Cells are kept sparsely and
//! the workbook is measured before it is opened: a small file can say that it holds
//! seventeen thousand million cells, or inflate to gigabytes.

use std::io::{self, Cursor, Read};

use calamine::{Data, ExcelDateTime, Reader, Xlsx, XlsxError};
use chrono::NaiveDate;

use super::refused::Why;

const MB: u64 = 1024 * 1024;
const MOST_BYTES: u64 = 64;
const MOST_INFLATED: u64 = 256;
const MOST_TEXT: u64 = 256;

/// One row that holds something: its number from 1, and its cells that are not empty.
#[derive(Debug, Default)]
pub(super) struct SheetRow {
    pub(super) number: u32,
    /// Column numbers from 1, rising.
    pub(super) cells: Vec<(u16, Box<str>)>,
}

impl SheetRow {
    pub(super) fn get(&self, column: u16) -> &str {
        let found = self.cells.binary_search_by_key(&column, |(column, _)| *column);
        found.map_or("", |index| &*self.cells[index].1)
    }

    /// The last column that holds something.
    pub(super) fn last(&self) -> u16 {
        self.cells.last().map_or(0, |(column, _)| *column)
    }

    #[cfg(test)]
    pub(super) fn new(number: u32, texts: &[&str]) -> Self {
        let cells = (1..).zip(texts).map(|(column, text)| (column, Box::from(*text)));
        Self { number, cells: cells.collect() }
    }
}

/// A workbook that can be opened; its sheets are read when they are asked for.
pub(super) struct Workbook {
    book: Xlsx<Cursor<Vec<u8>>>,
    text_left: u64,
}

impl Workbook {
    /// Takes the whole file, of which there may be [`MOST_BYTES`].
    pub(super) fn open(input: &mut impl Read) -> Result<Self, Why> {
        let mut bytes = Vec::new();
        input.take(MOST_BYTES * MB + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES * MB {
            return Err(Why::TooLarge { most: MOST_BYTES, what: "as a file" });
        }
        refuse_other_than_zip(&bytes)?;
        measure(&bytes, MOST_INFLATED)?;
        let book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
        Ok(Self { book, text_left: MOST_TEXT * MB })
    }

    /// The day that a bare number of days is counted from.
    pub(super) fn day_zero(&self) -> NaiveDate {
        let (year, month, day) =
            if self.book.has_1904_epoch() { (1904, 1, 1) } else { (1899, 12, 30) };
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    /// The name, as the workbook spells it, of the sheet that goes by a plain name.
    pub(super) fn find(&self, wanted: &'static str) -> Result<String, Why> {
        let names = self.book.sheet_names();
        let mut like = names.iter().filter(|name| plain(name) == plain(wanted));
        match (like.next(), like.next()) {
            (Some(name), None) => Ok(name.clone()),
            (Some(_), Some(_)) => Err(Why::RepeatedSheet(wanted)),
            (None, _) => Err(Why::MissingSheet { missing: wanted, found: names.join(", ") }),
        }
    }

    /// The names of all sheets, as the workbook spells them.
    pub(super) fn sheets(&self) -> Vec<String> {
        self.book.sheet_names().clone()
    }

    /// The rows of a sheet that hold something.
    pub(super) fn rows(&mut self, sheet: &str) -> Result<Vec<SheetRow>, Why> {
        let mut rows: Vec<SheetRow> = Vec::new();
        let mut cells = self.book.worksheet_cells_reader(sheet).map_err(broken)?;
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let Some(text) = text(&Data::from(cell.get_value().clone())) else { continue };
            self.text_left = self
                .text_left
                .checked_sub(text.len() as u64)
                .ok_or(Why::TooLarge { most: MOST_TEXT, what: "of text" })?;
            let disorder = || Why::BrokenWorkbook(format!("sheet {sheet} is out of order"));
            let column = u16::try_from(column + 1).map_err(|_| disorder())?;
            match rows.last_mut() {
                Some(last) if last.number == row + 1 && last.last() < column => {
                    last.cells.push((column, text));
                }
                Some(last) if last.number > row => return Err(disorder()),
                _ => rows.push(SheetRow { number: row + 1, cells: vec![(column, text)] }),
            }
        }
        Ok(rows)
    }
}

/// A sheet's name without what editions change: capitals, spaces and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn refuse_other_than_zip(bytes: &[u8]) -> Result<(), Why> {
    if bytes.starts_with(b"PK") {
        return Ok(());
    }
    if !bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Why::NotAWorkbook);
    }
    // A protected workbook is a stream of this name in an older container.
    let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
    Err(if encrypted { Why::Encrypted } else { Why::OldWorkbook })
}

/// Inflates everything into nothing, for the sizes that an archive declares may be false.
fn measure(bytes: &[u8], most: u64) -> Result<(), Why> {
    let unreadable = |e: zip::result::ZipError| match e {
        zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
            Why::Encrypted
        }
        other => Why::BrokenWorkbook(other.to_string()),
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Why::NotAWorkbook);
    }
    let mut left = most * MB;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(unreadable)?;
        let found = io::copy(&mut entry.take(left + 1), &mut io::sink())
            .map_err(|e| Why::BrokenWorkbook(e.to_string()))?;
        left = left.checked_sub(found).ok_or(Why::TooLarge { most, what: "when unpacked" })?;
    }
    Ok(())
}

fn broken(error: XlsxError) -> Why {
    match error {
        XlsxError::Password => Why::Encrypted,
        other => Why::BrokenWorkbook(other.to_string()),
    }
}

/// What a cell holds; none where it holds nothing, or only spaces.
fn text(cell: &Data) -> Option<Box<str>> {
    let text = match cell {
        Data::Empty => return None,
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTimeIso(text) => text.trim_end_matches("T00:00:00").replace('-', ""),
        Data::Int(number) => number.to_string(),
        // Display writes a whole number without a point, however large.
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string().to_uppercase(),
        Data::DateTime(date) => date_text(date),
        Data::Error(error) => error.to_string(),
    };
    (!text.trim().is_empty()).then(|| text.into())
}

fn date_text(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        return date.as_f64().to_string();
    }
    match date.to_ymd_hms_milli() {
        (year, month, day, 0, 0, 0, 0) => format!("{year:04}{month:02}{day:02}"),
        (year, month, day, hour, minute, ..) => {
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
        }
    }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
