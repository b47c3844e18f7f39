//! CSV as RFC 4180 has it: CRLF, and quotes where they are needed.

use std::{borrow::Cow, io};

use super::cells::Cells;
use crate::domain::amount::Amount;

/// What a spreadsheet reads as the beginning of a formula, full-width signs among it.
const BEGINS_A_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows that become bytes.
pub(super) struct Delimited(csv::Writer<Vec<u8>>);

impl Delimited {
    pub(super) fn new() -> Self {
        let mut format = csv::WriterBuilder::new();
        Self(format.terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    pub(super) fn heading(&mut self, names: &[String]) -> io::Result<()> {
        Ok(self.0.write_record(names)?)
    }

    pub(super) fn bytes(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(|broken| broken.into_error())
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before it, as it
/// does for people who type one. Numbers never come through here.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(BEGINS_A_FORMULA) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

impl Cells for Delimited {
    fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(self.0.write_field(harmless(text).as_bytes())?)
    }

    fn number(&mut self, number: Amount) -> io::Result<()> {
        Ok(self.0.write_field(number.to_string())?)
    }

    fn json(&mut self, number: &serde_json::Number) -> io::Result<()> {
        Ok(self.0.write_field(number.to_string())?)
    }

    fn count(&mut self, count: u32) -> io::Result<()> {
        Ok(self.0.write_field(count.to_string())?)
    }

    fn flag(&mut self, flag: bool) -> io::Result<()> {
        Ok(self.0.write_field(if flag { "true" } else { "false" })?)
    }

    fn nothing(&mut self) -> io::Result<()> {
        Ok(self.0.write_field("")?)
    }

    fn end_row(&mut self) -> io::Result<()> {
        Ok(self.0.write_record(None::<&[u8]>)?)
    }
}
