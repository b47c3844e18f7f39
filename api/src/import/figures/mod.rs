//! Reading files of figures, a batch at a time, so that a file may be of any length.
//!
//! A reader judges a file by itself and says of every line what it claims, or what is
//! wrong with it. What the register and the definitions say of a claim is for
//! [`crate::domain::imports`] to judge.

mod cells;
mod observations;
mod scan;
pub mod start;
mod table;
mod template;
mod workforce;

use entity::import_run::Format;

use self::table::Table;
use super::{refused::FileRefused, source::Opened};
use crate::domain::imports::claim::Claim;

/// How many claims are given at once.
const BATCH: usize = 10_000;
/// How many lines are read before somebody is told how far it has come.
const LINES: u64 = 50_000;

/// A file of figures on its way through its reader.
pub struct Reader {
    table: Table,
    format: Columns,
    skipped: u64,
    ended: bool,
}

enum Columns {
    Observations(observations::Columns),
    Template(template::Columns),
    Workforce(workforce::Columns, workforce::Gathered),
}

impl Reader {
    /// Opens the file and finds its columns.
    pub fn open(opened: Opened, format: Format) -> Result<Self, FileRefused> {
        let (table, format) = match format {
            Format::Observations => {
                let table = Table::text(opened, false)?;
                let columns = observations::Columns::find(&table)?;
                (table, Columns::Observations(columns))
            }
            Format::ReturnTemplate => {
                let table = Table::text_or_sheet(opened, template::ORGANISATION)?;
                let columns = template::Columns::find(&table)?;
                (table, Columns::Template(columns))
            }
            Format::PcnWorkforce => {
                let table = Table::text(opened, true)?;
                let columns = workforce::Columns::find(&table)?;
                (table, Columns::Workforce(columns, workforce::Gathered::default()))
            }
        };
        Ok(Self { table, format, skipped: 0, ended: false })
    }

    /// The line of headings, as it stands in the file.
    pub fn headings(&self) -> &str {
        &self.table.headings_raw
    }

    /// The hash of the whole file, in small hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.table.scan.sha256
    }

    /// How many lines were read, and how many there seem to be.
    pub fn progress(&self) -> (u64, u64) {
        (self.table.lines_read, self.table.lines_total)
    }

    /// How many lines are about something else, or say nothing.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The next claims, which may be none before the end; nothing after it.
    pub fn more(&mut self) -> Result<Option<Vec<Claim>>, FileRefused> {
        if self.ended {
            return Ok(None);
        }
        let mut claims = Vec::with_capacity(BATCH);
        let begun = self.table.lines_read;
        while claims.len() < BATCH && self.table.lines_read - begun < LINES {
            let Some(line) = self.table.next()? else {
                self.ended = true;
                if let Columns::Workforce(_, gathered) = &mut self.format {
                    claims.append(&mut std::mem::take(gathered).claims());
                }
                break;
            };
            match &mut self.format {
                Columns::Observations(columns) => claims.push(columns.claim(line)),
                Columns::Template(columns) => {
                    let mut more = columns.claims(line);
                    self.skipped += u64::from(more.is_empty());
                    claims.append(&mut more);
                }
                Columns::Workforce(columns, gathered) => {
                    let counts = gathered.take(columns, line);
                    self.skipped += u64::from(!counts);
                }
            }
        }
        Ok(Some(claims))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
