//! The cells of a file, one after the other, whatever the file's format.

use std::io;

use crate::domain::amount::Amount;

/// Takes the cells of a row from left to right, and then its end.
pub trait Cells {
    fn text(&mut self, text: &str) -> io::Result<()>;
    fn number(&mut self, number: Amount) -> io::Result<()>;
    fn count(&mut self, count: u32) -> io::Result<()>;
    /// A number as JSON has it.
    fn json(&mut self, number: &serde_json::Number) -> io::Result<()>;
    fn flag(&mut self, flag: bool) -> io::Result<()>;
    fn nothing(&mut self) -> io::Result<()>;
    fn end_row(&mut self) -> io::Result<()>;

    fn text_if_any(&mut self, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => self.text(text),
            None => self.nothing(),
        }
    }

    fn number_if_any(&mut self, number: Option<Amount>) -> io::Result<()> {
        match number {
            Some(number) => self.number(number),
            None => self.nothing(),
        }
    }
}
