//! JSON Lines: one object a line, with every column in it, so that each line can be read
//! by itself. Numbers are written with all of their decimals, and nothing is null.

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::cells::Cells;
use crate::domain::amount::Amount;

/// Objects that become bytes.
pub(super) struct JsonLines {
    names: Arc<[String]>,
    column: usize,
    bytes: Vec<u8>,
}

impl JsonLines {
    pub(super) fn new(names: Arc<[String]>) -> Self {
        Self { names, column: 0, bytes: Vec::new() }
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn name(&mut self) -> io::Result<()> {
        let name = self.names.get(self.column).map(String::as_str).unwrap_or_default();
        let before = if self.column == 0 { '{' } else { ',' };
        self.column += 1;
        write!(self.bytes, "{before}\"{name}\":")
    }
}

impl Cells for JsonLines {
    fn text(&mut self, text: &str) -> io::Result<()> {
        self.name()?;
        Ok(serde_json::to_writer(&mut self.bytes, text)?)
    }

    fn number(&mut self, number: Amount) -> io::Result<()> {
        self.name()?;
        write!(self.bytes, "{number}")
    }

    fn json(&mut self, number: &serde_json::Number) -> io::Result<()> {
        self.name()?;
        write!(self.bytes, "{number}")
    }

    fn count(&mut self, count: u32) -> io::Result<()> {
        self.name()?;
        write!(self.bytes, "{count}")
    }

    fn flag(&mut self, flag: bool) -> io::Result<()> {
        self.name()?;
        write!(self.bytes, "{flag}")
    }

    fn nothing(&mut self) -> io::Result<()> {
        self.name()?;
        self.bytes.write_all(b"null")
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.column = 0;
        self.bytes.write_all(b"}\n")
    }
}
