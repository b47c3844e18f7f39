//! CSV as a stream of records, each judged by itself.
//!
//! A record is one physical line, or up to [`MOST_LINES`] of them where a quoted field
//! holds line breaks and the whole then has the right number of columns. Otherwise a
//! quote left open is a fault of its own line, and reading goes on with the next one:
//! a stray quote costs one row, not the rest of the file. Memory is bounded by
//! [`LONGEST_RECORD`], whatever the file holds.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use csv_core::ReadRecordResult;

use super::{
    fields::Fields,
    lines::Lines,
    problem::Place,
    quotes::{Quotes, scan},
};

const LONGEST_FIELD: usize = 64 * 1024;
pub(super) const LONGEST_RECORD: usize = 1024 * 1024;
const MOST_LINES: u64 = 8;
const MOST_COLUMNS: usize = 1000;

/// Something wrong with how a record is written, before anything is read into it.
#[derive(Debug)]
pub(super) struct Fault {
    /// The column, from 1; none where the record as a whole is wrong.
    pub(super) column: Option<u16>,
    pub(super) value: String,
    pub(super) reason: String,
    pub(super) remedy: Cow<'static, str>,
}

/// One record; its fields may be read only where `whole`.
pub(super) struct Record<'a> {
    pub(super) at: Place,
    pub(super) fields: Fields<'a>,
    pub(super) faults: &'a [Fault],
    /// Whether the columns are where they should be.
    pub(super) whole: bool,
    /// The record as it stands in the file; nothing where it is too long to be kept.
    pub(super) raw: &'a [u8],
}

pub(super) struct Records<R> {
    lines: Lines<R>,
    parser: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    faults: Vec<Fault>,
    faulty: Vec<u16>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            parser: csv_core::Reader::new(),
            text: Vec::new(),
            ends: Vec::new(),
            faults: Vec::new(),
            faulty: Vec::new(),
        }
    }

    /// The next record that is not blank. With no number of columns `wanted` any will do.
    pub(super) fn next(&mut self, wanted: Option<usize>) -> io::Result<Option<Record<'_>>> {
        self.faults.clear();
        self.faulty.clear();
        self.ends.clear();
        let Some(length) = self.next_not_blank()? else { return Ok(None) };
        let (length, lines, whole) = match self.measure(length, wanted)? {
            Ok((length, lines)) => (length, lines, true),
            Err(fault) => {
                self.faults.push(fault);
                (length.min(LONGEST_RECORD), 1, false)
            }
        };
        if whole {
            parse(&mut self.parser, self.lines.ahead(length), &mut self.text, &mut self.ends);
            self.inspect(length);
        }
        let too_long = length >= LONGEST_RECORD && !whole;
        let at = if too_long { self.lines.skip_line()? } else { self.lines.consume(length, lines) };
        let raw = self.lines.behind(if too_long { 0 } else { length });
        let fields = Fields::Text { text: &self.text, ends: &self.ends, faulty: &self.faulty };
        Ok(Some(Record { at, fields, faults: &self.faults, whole, raw }))
    }

    /// What was read from, to be read to its end.
    pub(super) fn into_input(self) -> R {
        self.lines.into_input()
    }

    /// The bytes before the next record: headings and a byte order mark.
    pub(super) fn read_so_far(&self) -> u64 {
        self.lines.offset()
    }

    fn next_not_blank(&mut self) -> io::Result<Option<usize>> {
        while let Some(length) = self.lines.line_after(0)? {
            if length > LONGEST_RECORD || !self.lines.ahead(length).trim_ascii().is_empty() {
                return Ok(Some(length));
            }
            self.lines.consume(length, 1);
        }
        Ok(None)
    }

    /// The bytes and lines of the record that starts with this line, or what is wrong with it.
    fn measure(
        &mut self,
        first: usize,
        wanted: Option<usize>,
    ) -> io::Result<Result<(usize, u64), Fault>> {
        let (mut length, mut lines) = (first, 1);
        let mut fault = None;
        while length < LONGEST_RECORD {
            let quotes = scan(self.lines.ahead(length));
            match quotes {
                Quotes::Sound { columns }
                    if wanted.map_or(columns <= MOST_COLUMNS, |wanted| wanted == columns) =>
                {
                    return Ok(Ok((length, lines)));
                }
                Quotes::Open { .. } if lines < MOST_LINES => {}
                _ => return Ok(Err(fault.unwrap_or_else(|| unsound(&quotes, wanted)))),
            }
            fault.get_or_insert_with(|| unsound(&quotes, wanted));
            match self.lines.line_after(length)? {
                Some(more) => (length, lines) = (length + more, lines + 1),
                None => break,
            }
        }
        Ok(Err(fault.unwrap_or_else(too_long)))
    }

    /// Finds the fields that no reader may touch.
    fn inspect(&mut self, length: usize) {
        // With its commas, for the halves of a character in two fields are not text.
        let record = self.lines.ahead(length);
        if length <= LONGEST_FIELD && !record.contains(&0) && str::from_utf8(record).is_ok() {
            return;
        }
        let text = &self.text;
        let mut start = 0;
        for (column, &end) in (1..).zip(&self.ends) {
            if let Some(fault) = unreadable(column, &text[start..end]) {
                self.faulty.push(column);
                self.faults.push(fault);
            }
            start = end;
        }
    }
}

/// Takes a sound record apart; leaves its fields one after another in `text`.
fn parse(parser: &mut csv_core::Reader, record: &[u8], text: &mut Vec<u8>, ends: &mut Vec<usize>) {
    let content = without_line_end(record);
    // A field is never longer than what it is written as, and each but one has its comma.
    text.resize(text.len().max(content.len() + 1), 0);
    ends.resize(content.iter().filter(|&&byte| byte == b',').count() + 1, 0);
    parser.reset();
    let (mut written, mut found) = (0, 0);
    for part in [content, b"\n"] {
        let (result, _, bytes, fields) =
            parser.read_record(part, &mut text[written..], &mut ends[found..]);
        (written, found) = (written + bytes, found + fields);
        if matches!(result, ReadRecordResult::Record) {
            break;
        }
    }
    ends.truncate(found);
}

fn without_line_end(record: &[u8]) -> &[u8] {
    let content = record.strip_suffix(b"\n").unwrap_or(record);
    content.strip_suffix(b"\r").unwrap_or(content)
}

fn unsound(quotes: &Quotes, wanted: Option<usize>) -> Fault {
    let fault = |column: usize, reason: &str, remedy| Fault {
        column: u16::try_from(column).ok(),
        value: String::new(),
        reason: reason.to_owned(),
        remedy: Cow::Borrowed(remedy),
    };
    match *quotes {
        Quotes::Open { column } => {
            fault(column, "a quote is opened and never closed", "close it with a second quote")
        }
        Quotes::TextAfter { column } => fault(
            column,
            "text follows the closing quote",
            "double a quote that is meant, as in \"\"",
        ),
        Quotes::Sound { columns } => Fault {
            column: None,
            value: String::new(),
            reason: match wanted {
                Some(wanted) => format!("the row has {columns} columns, not {wanted}"),
                None => format!("the row has {columns} columns, more than {MOST_COLUMNS}"),
            },
            remedy: Cow::Borrowed("write every column, and quote a value that holds a comma"),
        },
    }
}

fn too_long() -> Fault {
    Fault {
        column: None,
        value: String::new(),
        reason: "the row is longer than 1 MB".to_owned(),
        remedy: Cow::Borrowed("close the quotes and end every row with a line break"),
    }
}

fn unreadable(column: u16, field: &[u8]) -> Option<Fault> {
    let (reason, remedy) = if field.len() > LONGEST_FIELD {
        (format!("has {} bytes", field.len()), "write 64 kB at most")
    } else if let Err(broken) = str::from_utf8(field) {
        let at = broken.valid_up_to();
        (
            format!("is not UTF-8: byte {:#04x} at {}", field[at], at + 1),
            "save the file as CSV UTF-8",
        )
    } else if let Some(at) = field.iter().position(|&byte| byte == 0) {
        (format!("holds a NUL character at {}", at + 1), "remove it")
    } else {
        return None;
    };
    // Enough to find it again; a message shortens it further.
    let value = String::from_utf8_lossy(&field[..field.len().min(200)]).into_owned();
    Some(Fault { column: Some(column), value, reason, remedy: Cow::Borrowed(remedy) })
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
