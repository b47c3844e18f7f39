//! XLSX, made in a temporary file that has no name: a row is written out as soon as the
//! next one begins, so a sheet of a million rows takes no more memory than one of ten.
//!
//! The file is whole before anybody is given any of it.

use std::{fs::File, io, sync::Arc};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc::{self, Receiver};

use super::{
    cells::Cells,
    pieces::Broken,
    source::{Group, Source},
};
use crate::domain::amount::Amount;

/// The rows of a sheet, its headings not among them.
pub const MOST_ROWS: usize = 1_048_575;

enum Message {
    Rows(Box<dyn Group>),
    /// There are no more: only a sheet that has heard this is finished.
    End,
}

/// Makes the file, its reading position at its beginning.
pub(super) async fn made(rows: &mut dyn Source) -> Result<File, Broken> {
    let (send, receive) = mpsc::channel(1);
    let names = rows.headings();
    let making = tokio::task::spawn_blocking(move || make(&names, receive));
    while let Some(group) = rows.next().await? {
        if send.send(Message::Rows(group)).await.is_err() {
            break;
        }
    }
    // Where nobody listens any more, the making has failed, and says so.
    let _ = send.send(Message::End).await;
    match making.await {
        Ok(made) => Ok(made?),
        Err(broken) => std::panic::resume_unwind(broken.into_panic()),
    }
}

fn make(names: &Arc<[String]>, mut receive: Receiver<Message>) -> io::Result<File> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory();
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    for (column, name) in (0..).zip(names.iter()) {
        sheet.write_with_format(0, column, name, &bold).map_err(broken)?;
    }
    let mut cells = Sheet { sheet, names, row: 1, column: 0 };
    loop {
        match receive.blocking_recv() {
            Some(Message::Rows(group)) => group.write(&mut cells)?,
            Some(Message::End) => break,
            None => return Err(io::Error::other("nobody waits for the file any more")),
        }
    }
    let mut file = tempfile::tempfile()?;
    book.save_to_writer(&file).map_err(broken)?;
    io::Seek::rewind(&mut file)?;
    Ok(file)
}

fn broken(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

/// Texts are written as texts, which no spreadsheet takes for a formula.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    names: &'a [String],
    row: u32,
    column: u16,
}

impl Sheet<'_> {
    fn next(&mut self) -> (u32, u16) {
        self.column += 1;
        (self.row, self.column - 1)
    }
}

impl Cells for Sheet<'_> {
    fn text(&mut self, text: &str) -> io::Result<()> {
        let (row, column) = self.next();
        match self.sheet.write_string(row, column, text) {
            Ok(_) => Ok(()),
            Err(XlsxError::MaxStringLengthExceeded) => {
                let name = self.names.get(usize::from(column)).map_or("", String::as_str);
                let sentence = format!(
                    "{name} of row {row} is longer than a cell of a sheet can be: ask for CSV."
                );
                Err(io::Error::new(io::ErrorKind::InvalidData, sentence))
            }
            Err(error) => Err(broken(error)),
        }
    }

    fn number(&mut self, number: Amount) -> io::Result<()> {
        let (row, column) = self.next();
        self.sheet.write_number(row, column, number.number()).map(|_| ()).map_err(broken)
    }

    fn json(&mut self, number: &serde_json::Number) -> io::Result<()> {
        let (row, column) = self.next();
        let number = number.as_f64().unwrap_or(f64::NAN);
        self.sheet.write_number(row, column, number).map(|_| ()).map_err(broken)
    }

    fn count(&mut self, count: u32) -> io::Result<()> {
        let (row, column) = self.next();
        self.sheet.write_number(row, column, count).map(|_| ()).map_err(broken)
    }

    fn flag(&mut self, flag: bool) -> io::Result<()> {
        let (row, column) = self.next();
        self.sheet.write_boolean(row, column, flag).map(|_| ()).map_err(broken)
    }

    fn nothing(&mut self) -> io::Result<()> {
        self.next();
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        (self.row, self.column) = (self.row + 1, 0);
        Ok(())
    }
}
