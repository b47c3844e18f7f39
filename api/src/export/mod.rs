//! From figures to files: any series, and single observations, as CSV, JSON Lines and
//! XLSX, under the rules that the API has, because they come through the same functions.
//!
//! A file is made piece by piece as somebody takes it: whoever reads slowly, or goes
//! away, holds neither a connection nor more than one piece. Forms of returns to be filled
//! in are written here too. Deliberately absent: the
//! database, HTTP, and any rule of who may see what.

mod ask;
mod cells;
mod delimited;
mod json_lines;
mod pieces;
mod rows;
mod source;
pub mod template;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use self::{
    ask::{Begun, begin},
    cells::Cells,
    pieces::{Broken, Pieces},
    source::{Group, Source},
    workbook::MOST_ROWS,
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Series,
    Observations,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180 in UTF-8; what a spreadsheet might take for a formula is made a text.
    Csv,
    /// One JSON object a line, in UTF-8.
    JsonLines,
    /// One sheet.
    Xlsx,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub subject: Subject,
    pub format: Format,
}

impl Wanted {
    /// The kind of a file so called, such as `series.csv`. There may be more single
    /// observations than a sheet holds, so there is no sheet of them.
    pub fn named(name: &str) -> Option<Self> {
        let (subject, format) = match name {
            "series.csv" => (Subject::Series, Format::Csv),
            "series.jsonl" => (Subject::Series, Format::JsonLines),
            "series.xlsx" => (Subject::Series, Format::Xlsx),
            "observations.csv" => (Subject::Observations, Format::Csv),
            "observations.jsonl" => (Subject::Observations, Format::JsonLines),
            _ => return None,
        };
        Some(Self { subject, format })
    }

    /// What the file is called that somebody takes home on that day.
    pub fn file_name(self, day: chrono::NaiveDate) -> String {
        let subject = match self.subject {
            Subject::Series => "series",
            Subject::Observations => "observations",
        };
        format!("gpa-{subject}-{day}.{}", self.format.extension())
    }
}

impl Format {
    pub fn named(extension: &str) -> Option<Self> {
        let all = [Self::Csv, Self::JsonLines, Self::Xlsx];
        all.into_iter().find(|format| format.extension() == extension)
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}
