//! What is wrong with a row, said so that the sender can put it right.

use std::{borrow::Cow, collections::BTreeSet, fmt, sync::Arc};

use crate::ids::shortened;

/// A column as people find it: its number from 1, and what the format calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub number: u16,
    pub name: &'static str,
}

impl Column {
    pub(super) const fn new(number: u16, name: &'static str) -> Self {
        Self { number, name }
    }

    /// What a format calls its column of this number.
    pub(super) fn name_of(number: u16, columns: &[&Self]) -> &'static str {
        columns.iter().find(|column| column.number == number).map_or("not used", |c| c.name)
    }
}

/// Where a row stands: its line or row from 1, and the bytes it takes up in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which sheet of a workbook, from 0 in the order of the format; 0 in a text file.
    pub sheet: u16,
    pub line: u64,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// One thing wrong with one row. Its `Display` is the line that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    file: Arc<str>,
    sheet: Option<Arc<str>>,
    pub at: Place,
    /// The column it was found in; none where the row as a whole is wrong.
    pub column: Option<Column>,
    /// The start of what stands there; none where nothing does.
    pub value: Option<String>,
    pub reason: Cow<'static, str>,
    /// What the sender can do about it.
    pub remedy: Cow<'static, str>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}:")?;
        }
        write!(f, "{}: ", self.at.line)?;
        if let Some(Column { number, name }) = self.column {
            write!(f, "column {number} ({name}): ")?;
        }
        if let Some(value) = &self.value {
            write!(f, "{value:?} ")?;
        }
        write!(f, "{}: {}", self.reason, self.remedy)
    }
}

/// Every problem found in a file so far, and the rows that have one.
#[derive(Debug)]
pub struct Findings {
    file: Arc<str>,
    sheets: Vec<Arc<str>>,
    most: usize,
    pub problems: Vec<Problem>,
    rejected: BTreeSet<Place>,
}

impl Findings {
    pub(super) fn new(file: &str, most: usize) -> Self {
        let file = file.into();
        Self { file, sheets: Vec::new(), most, problems: Vec::new(), rejected: BTreeSet::new() }
    }

    /// Names the sheets that [`Place::sheet`] counts.
    pub(super) fn of_sheets(mut self, names: &[&str]) -> Self {
        self.sheets = names.iter().map(|name| Arc::from(*name)).collect();
        self
    }

    /// Refuses a row for what stands in one of its columns.
    pub fn reject(
        &mut self,
        at: Place,
        column: Column,
        value: &str,
        reason: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        let value = (!value.is_empty()).then(|| shortened(value));
        self.record(at, Some(column), value, reason.into(), remedy.into());
    }

    /// Refuses a row as a whole.
    pub fn reject_row(
        &mut self,
        at: Place,
        reason: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        self.record(at, None, None, reason.into(), remedy.into());
    }

    fn record(
        &mut self,
        at: Place,
        column: Option<Column>,
        value: Option<String>,
        reason: Cow<'static, str>,
        remedy: Cow<'static, str>,
    ) {
        let (file, sheet) = (self.file.clone(), self.sheets.get(usize::from(at.sheet)).cloned());
        self.problems.push(Problem { file, sheet, at, column, value, reason, remedy });
        self.rejected.insert(at);
    }

    /// How many rows have at least one problem.
    pub fn bad_rows(&self) -> usize {
        self.rejected.len()
    }

    pub fn is_rejected(&self, at: Place) -> bool {
        self.rejected.contains(&at)
    }

    /// Whether reading stopped before the end, because more rows were bad than the
    /// [`Opened`](super::Opened) file may have.
    pub fn stopped(&self) -> bool {
        self.rejected.len() > self.most
    }

    /// The rows with a problem, in the order of the file.
    pub(super) fn rejected(&self) -> impl Iterator<Item = Place> {
        self.rejected.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { sheet: 0, line: 17, start: 0, end: 9 };
    const OPEN: Column = Column::new(11, "open date");

    #[test]
    fn a_problem_is_one_line_with_file_line_column_value_reason_and_remedy() {
        let mut findings = Findings::new("epraccur.csv", 10);
        findings.reject(PLACE, OPEN, "20191332", "is not a date", "write yyyymmdd");
        findings.reject(PLACE, OPEN, "", "is empty", "write yyyymmdd");
        findings.reject_row(PLACE, "the row has 26 columns, not 27", "write all 27");
        let lines: Vec<_> = findings.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                r#"epraccur.csv:17: column 11 (open date): "20191332" is not a date: write yyyymmdd"#,
                "epraccur.csv:17: column 11 (open date): is empty: write yyyymmdd",
                "epraccur.csv:17: the row has 26 columns, not 27: write all 27",
            ]
        );
        assert_eq!(findings.bad_rows(), 1);
        assert!(findings.is_rejected(PLACE));
    }

    #[test]
    fn a_hostile_value_is_shortened_and_cannot_break_the_line() {
        let mut findings = Findings::new("f.csv", 10);
        findings.reject(PLACE, OPEN, &"x\n\u{1b}[31m".repeat(50), "is wrong", "mend it");
        let line = findings.problems[0].to_string();
        assert!(line.len() < 200 && !line.contains(['\n', '\u{1b}']), "{line}");
    }

    #[test]
    fn a_problem_of_a_workbook_names_its_sheet() {
        let mut findings = Findings::new("ePCN.xlsx", 0).of_sheets(&["PCNDetails", "Partners"]);
        findings.reject_row(Place { sheet: 1, ..PLACE }, "is wrong", "mend it");
        assert_eq!(findings.problems[0].to_string(), "ePCN.xlsx:Partners:17: is wrong: mend it");
        assert!(findings.stopped());
    }
}
