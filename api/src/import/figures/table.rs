//! A file of figures as headed lines, whether it is CSV or a workbook.

use std::{fs::File, io::Seek};

use super::scan::{Decoded, Scan, kept, scan};
use crate::{
    domain::findings::Finding,
    import::{
        fields::Fields,
        records::{Fault, Record, Records},
        refused::{FileRefused, Why},
        source::Opened,
        workbook::{SheetRow, Workbook},
    },
};

pub(super) struct Table {
    opened: Opened,
    pub(super) scan: Scan,
    pub(super) headings: Vec<String>,
    /// The headings as they stand in the file.
    pub(super) headings_raw: String,
    pub(super) lines_read: u64,
    pub(super) lines_total: u64,
    content: Content,
}

enum Content {
    Text(Box<Records<Decoded>>),
    Sheet { rows: Vec<SheetRow>, next: usize },
}

/// One line under the headings.
pub(super) struct Line<'a> {
    pub(super) number: u64,
    pub(super) raw: String,
    pub(super) fields: Fields<'a>,
    /// What is wrong with how it is written.
    pub(super) findings: Vec<Finding>,
    /// Whether the columns are where they should be.
    pub(super) whole: bool,
    /// Whether numbers come from a workbook, which computes in binary.
    pub(super) is_sheet: bool,
}

impl Table {
    /// Opens CSV; what is not UTF-8 may be Windows-1252 where the publisher writes that.
    pub(super) fn text(mut opened: Opened, windows: bool) -> Result<Self, FileRefused> {
        opened.refuse_other_than_text()?;
        let scan = scan(&mut opened.file).map_err(|e| opened.refused(e))?;
        let file = copy(&opened)?;
        let input =
            if windows && !scan.is_utf8 { Decoded::windows(file) } else { Decoded::Plain(file) };
        let mut records = Records::new(input);
        let (headings, headings_raw) = match records.next(None) {
            Ok(Some(record)) if record.faults.is_empty() => {
                (texts(record.fields), kept(record.raw))
            }
            Ok(Some(record)) => return Err(opened.refused(broken_headings(&record))),
            Ok(None) => return Err(opened.refused(Why::Empty)),
            Err(e) => return Err(opened.refused(e)),
        };
        let lines_total = scan.line_breaks;
        let content = Content::Text(Box::new(records));
        Ok(Self { opened, scan, headings, headings_raw, lines_read: 0, lines_total, content })
    }

    /// Opens CSV or a workbook, of which the sheet is read that has a heading of this name.
    pub(super) fn text_or_sheet(
        mut opened: Opened,
        heading: &'static str,
    ) -> Result<Self, FileRefused> {
        if !opened.start.starts_with(b"PK") {
            return Self::text(opened, false);
        }
        let scan = scan(&mut opened.file).map_err(|e| opened.refused(e))?;
        let mut file = copy(&opened)?;
        let rows = sheet(&mut file, heading).map_err(|why| opened.refused(why))?;
        let headings = texts(Fields::Cells(&rows[0]));
        let headings_raw = listed(&headings, headings.len());
        let lines_total = rows.len() as u64 - 1;
        let content = Content::Sheet { rows, next: 1 };
        Ok(Self { opened, scan, headings, headings_raw, lines_read: 0, lines_total, content })
    }

    pub(super) fn refused(&self, why: impl Into<Why>) -> FileRefused {
        self.opened.refused(why)
    }

    /// The headings as a message gives them.
    pub(super) fn listed_headings(&self) -> String {
        const MOST: usize = 12;
        let mut listed: Vec<_> =
            self.headings.iter().take(MOST).map(|text| crate::ids::shortened(text)).collect();
        if self.headings.len() > MOST {
            listed.push("…".to_owned());
        }
        listed.join(", ")
    }

    /// The next line that holds anything.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, FileRefused> {
        let columns = self.headings.len();
        match &mut self.content {
            Content::Text(records) => match records.next(Some(columns)) {
                Err(e) => Err(self.opened.refused(e)),
                Ok(None) => {
                    self.lines_total = self.lines_read;
                    Ok(None)
                }
                Ok(Some(record)) => {
                    self.lines_read += 1;
                    self.lines_total = self.lines_total.max(self.lines_read);
                    Ok(Some(line(&record, &self.headings)))
                }
            },
            Content::Sheet { rows, next } => {
                let Some(row) = rows.get(*next) else { return Ok(None) };
                *next += 1;
                self.lines_read += 1;
                let fields = Fields::Cells(row);
                Ok(Some(Line {
                    number: row.number.into(),
                    raw: listed(&texts(fields), columns),
                    fields,
                    findings: Vec::new(),
                    whole: true,
                    is_sheet: true,
                }))
            }
        }
    }
}

fn copy(opened: &Opened) -> Result<File, FileRefused> {
    let copy = opened.file.try_clone().and_then(|mut file| file.rewind().map(|()| file));
    copy.map_err(|e| opened.refused(e))
}

fn texts(fields: Fields<'_>) -> Vec<String> {
    (1..=fields.count()).map(|at| fields.get(at).unwrap_or_default().to_owned()).collect()
}

fn broken_headings(record: &Record<'_>) -> Why {
    let (reason, remedy) = record.faults.first().map_or_else(Default::default, |fault| {
        (fault.reason.clone(), fault.remedy.clone().into_owned())
    });
    Why::BrokenHeadings { line: record.at.line, reason, remedy }
}

fn line<'a>(record: &Record<'a>, headings: &[String]) -> Line<'a> {
    let finding = |fault: &Fault| {
        let column = fault.column.and_then(|at| headings.get(usize::from(at) - 1));
        let column = column.map_or("line", String::as_str);
        Finding::error("MALFORMED", column, format!("{}: {}", fault.reason, fault.remedy))
    };
    Line {
        number: record.at.line,
        raw: kept(record.raw),
        fields: record.fields,
        findings: record.faults.iter().map(finding).collect(),
        whole: record.whole,
        is_sheet: false,
    }
}

/// The rows of the one sheet that has the heading, from its headings on.
fn sheet(file: &mut File, heading: &'static str) -> Result<Vec<SheetRow>, Why> {
    let mut workbook = Workbook::open(file)?;
    for name in workbook.sheets() {
        let mut rows = workbook.rows(&name)?;
        let has = |row: &SheetRow| {
            texts(Fields::Cells(row)).iter().any(|text| text.eq_ignore_ascii_case(heading))
        };
        if let Some(at) = rows.iter().take(20).position(has) {
            rows.drain(..at);
            return Ok(rows);
        }
    }
    let found = workbook.sheets().join(", ");
    Err(Why::MissingColumn { missing: heading, found: format!("none of the sheets {found}") })
}

/// Texts as one line of CSV.
fn listed(texts: &[String], columns: usize) -> String {
    let quoted = |text: &str| {
        if text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.replace('\0', "")
        }
    };
    let blank = String::new();
    let texts = (0..columns).map(|at| quoted(texts.get(at).unwrap_or(&blank)));
    texts.collect::<Vec<_>>().join(",")
}
