//! A file, piece by piece.

use std::{
    fs::File,
    io::{self, Read},
    sync::Arc,
};

use super::{
    Format,
    delimited::Delimited,
    json_lines::JsonLines,
    source::{Group, Source},
    workbook,
};
use crate::domain::error::Failure;

/// As many bytes of a finished file as are read at once.
const AT_ONCE: u64 = 256 * 1024;

/// Why a file came to no good end; what was given of it is not whole.
#[derive(Debug)]
pub enum Broken {
    Failed(Failure),
    /// A temporary file, or its format.
    File(io::Error),
    /// The next rows did not come, for that reason.
    Stuck(String),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// A file that somebody takes. Nothing is done but while a piece is waited for.
pub struct Pieces {
    format: Format,
    names: Arc<[String]>,
    state: State,
}

enum State {
    /// Nothing was given yet.
    Beginning(Box<dyn Source>),
    /// The headings were.
    Text(Box<dyn Source>),
    /// What is left of a finished file.
    Finished(File),
    End,
}

impl Pieces {
    pub fn new(format: Format, rows: Box<dyn Source>) -> Self {
        Self { format, names: rows.headings(), state: State::Beginning(rows) }
    }

    /// The next piece; none at the end, and after a failure.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        match std::mem::replace(&mut self.state, State::End) {
            State::Beginning(mut rows) if self.format == Format::Xlsx => {
                let file = workbook::made(&mut *rows).await?;
                self.read(file).await
            }
            State::Beginning(mut rows) => {
                let group = rows.next().await?;
                let piece = self.piece(group.as_deref(), true)?;
                if group.is_some() {
                    self.state = State::Text(rows);
                }
                Ok(Some(piece).filter(|piece| !piece.is_empty()))
            }
            State::Text(mut rows) => {
                let Some(group) = rows.next().await? else { return Ok(None) };
                let piece = self.piece(Some(&*group), false)?;
                self.state = State::Text(rows);
                Ok(Some(piece))
            }
            State::Finished(file) => self.read(file).await,
            State::End => Ok(None),
        }
    }

    fn piece(&self, group: Option<&dyn Group>, headed: bool) -> io::Result<Vec<u8>> {
        let names = &self.names;
        if self.format == Format::JsonLines {
            let mut lines = JsonLines::new(names.clone());
            group.map_or(Ok(()), |group| group.write(&mut lines))?;
            return Ok(lines.bytes());
        }
        let mut lines = Delimited::new();
        if headed {
            lines.heading(names)?;
        }
        group.map_or(Ok(()), |group| group.write(&mut lines))?;
        lines.bytes()
    }

    async fn read(&mut self, file: File) -> Result<Option<Vec<u8>>, Broken> {
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            (&file).take(AT_ONCE).read_to_end(&mut bytes).map(|_| (file, bytes))
        });
        let (file, bytes) = match read.await {
            Ok(read) => read?,
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        self.state = State::Finished(file);
        Ok(Some(bytes))
    }
}
