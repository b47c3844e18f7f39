//! What a reader gives back, and how a text file is read from end to end.

use std::fs::File;

use super::{
    dates::DateForm,
    fields::Row,
    headings::Headings,
    problem::{Findings, Place},
    records::Records,
    refused::{FileRefused, Why},
    rejects::Original,
    source::{Hashing, Opened, Source},
};

/// A row that is right by itself, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    pub at: Place,
    pub row: T,
}

/// A file that was read: its good rows, where its columns are, and what is wrong with the rest.
#[derive(Debug)]
pub struct Reading<R, C> {
    pub source: Source,
    pub rows: R,
    pub columns: C,
    pub findings: Findings,
    pub(super) original: Original,
}

/// A text file on its way through a reader.
pub(super) struct TextFile {
    opened: Opened,
    records: Records<Hashing<File>>,
    findings: Findings,
    wanted: Option<usize>,
    headed: bool,
    /// Where the rows start, after a byte order mark and the headings.
    prologue: u64,
    rows: u64,
}

impl TextFile {
    pub(super) fn new(opened: Opened) -> Result<Self, FileRefused> {
        opened.refuse_other_than_text()?;
        let findings = Findings::new(&opened.name, opened.most);
        let input = opened.file.try_clone().map_err(|e| opened.refused(e))?;
        let records = Records::new(Hashing::new(input));
        Ok(Self { opened, records, findings, wanted: None, headed: false, prologue: 0, rows: 0 })
    }

    pub(super) fn refused(&self, why: impl Into<Why>) -> FileRefused {
        self.opened.refused(why)
    }

    /// Declares that the file has no headings and every row so many columns.
    pub(super) fn without_headings(mut self, columns: usize) -> Self {
        self.wanted = Some(columns);
        self
    }

    /// Reads the headings; every row then has as many columns.
    pub(super) fn read_headings(&mut self) -> Result<Headings, FileRefused> {
        let record = match self.records.next(None) {
            Ok(Some(record)) => record,
            Ok(None) => return Err(self.opened.refused(Why::Empty)),
            Err(e) => return Err(self.opened.refused(e)),
        };
        if let Some(fault) = record.faults.first() {
            let (line, reason) = (record.at.line, fault.reason.clone());
            let remedy = fault.remedy.clone().into_owned();
            return Err(self.opened.refused(Why::BrokenHeadings { line, reason, remedy }));
        }
        let headings = Headings::new(record.fields);
        self.wanted = Some(headings.len());
        self.prologue = self.records.read_so_far();
        self.headed = true;
        Ok(headings)
    }

    /// Reads every row with `read`, calling columns in messages what `name` says.
    pub(super) fn read_rows<T>(
        &mut self,
        dates: DateForm,
        name: impl Fn(u16) -> &'static str,
        mut read: impl FnMut(&mut Row<'_>) -> Option<T>,
    ) -> Result<Vec<Read<T>>, FileRefused> {
        let mut rows = Vec::new();
        while !self.findings.stopped() {
            let record = match self.records.next(self.wanted) {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(e) => return Err(self.opened.refused(e)),
            };
            if record.at.line == 1 {
                // No headings, but perhaps a byte order mark.
                self.prologue = record.at.start;
            }
            self.rows += 1;
            let row = Row::of_record(&record, &mut self.findings, dates, &name);
            rows.extend(row.and_then(|mut row| {
                let value = read(&mut row);
                debug_assert!(value.is_some() || !row.is_sound(), "a row is lost without a word");
                value.filter(|_| row.is_sound()).map(|value| Read { at: row.at, row: value })
            }));
        }
        let none = if self.headed { Why::OnlyHeadings } else { Why::Empty };
        if self.rows == 0 { Err(self.opened.refused(none)) } else { Ok(rows) }
    }

    /// Ends the reading; the hash is of the whole file even where reading stopped early.
    pub(super) fn into_reading<R, C>(
        self,
        rows: R,
        columns: C,
    ) -> Result<Reading<R, C>, FileRefused> {
        let Self { opened, records, findings, prologue, rows: count, .. } = self;
        let (sha256, bytes) = records.into_input().finish().map_err(|e| opened.refused(e))?;
        let source = Source { path: opened.path, name: opened.name, sha256, bytes, rows: count };
        let original = Original::Text { file: opened.file, prologue };
        Ok(Reading { source, rows, columns, findings, original })
    }
}
