//! Reading one row's fields, so that everything wrong with it is found at once.
//!
//! Each question answers with the value, or with nothing after recording the problem;
//! a reader asks all its questions before it builds the row.

use std::{borrow::Cow, collections::HashMap, hash::Hash, str::FromStr};

use chrono::NaiveDate;

use super::{
    dates::DateForm,
    problem::{Column, Findings, Place},
    records::Record,
    workbook::SheetRow,
};
use crate::ids::{OdsCode, OnsCode};

/// The fields of a row, wherever it came from.
#[derive(Clone, Copy)]
pub(super) enum Fields<'a> {
    /// Fields one after another, each up to its end; those in `faulty` are not text.
    Text {
        text: &'a [u8],
        ends: &'a [usize],
        faulty: &'a [u16],
    },
    Cells(&'a SheetRow),
}

impl<'a> Fields<'a> {
    /// The field in a column, without the space around it; none where it is not text.
    pub(super) fn get(self, number: u16) -> Option<&'a str> {
        match self {
            Self::Cells(row) => Some(row.get(number).trim()),
            Self::Text { faulty, .. } if faulty.contains(&number) => None,
            Self::Text { text, ends, .. } => {
                let index = usize::from(number).checked_sub(1)?;
                let start = if index == 0 { 0 } else { *ends.get(index - 1)? };
                str::from_utf8(&text[start..*ends.get(index)?]).ok().map(str::trim)
            }
        }
    }

    /// How many columns there are, up to the last that holds something.
    pub(super) fn count(self) -> u16 {
        match self {
            Self::Text { ends, .. } => u16::try_from(ends.len()).unwrap_or(u16::MAX),
            Self::Cells(row) => row.last(),
        }
    }
}

/// A row under examination.
pub(super) struct Row<'r> {
    pub(super) at: Place,
    fields: Fields<'r>,
    findings: &'r mut Findings,
    dates: DateForm,
}

impl<'r> Row<'r> {
    pub(super) fn of_sheet(
        at: Place,
        row: &'r SheetRow,
        findings: &'r mut Findings,
        dates: DateForm,
    ) -> Self {
        Self { at, fields: Fields::Cells(row), findings, dates }
    }

    /// A row of a text file; none where its columns are not where they should be. What is
    /// wrong with the way it is written is recorded, the columns called what `name` says.
    pub(super) fn of_record(
        record: &Record<'r>,
        findings: &'r mut Findings,
        dates: DateForm,
        name: impl Fn(u16) -> &'static str,
    ) -> Option<Self> {
        for fault in record.faults {
            let (reason, remedy) = (fault.reason.clone(), fault.remedy.clone());
            match fault.column {
                None => findings.reject_row(record.at, reason, remedy),
                Some(number) => {
                    let column = Column::new(number, name(number));
                    findings.reject(record.at, column, &fault.value, reason, remedy);
                }
            }
        }
        let row = Self { at: record.at, fields: record.fields, findings, dates };
        record.whole.then_some(row)
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_sound(&self) -> bool {
        !self.findings.is_rejected(self.at)
    }

    /// What stands in a column, and may be nothing.
    pub(super) fn text(&self, column: Column) -> Option<&'r str> {
        self.fields.get(column.number)
    }

    pub(super) fn required(&mut self, column: Column) -> Option<&'r str> {
        let text = self.text(column)?;
        if text.is_empty() {
            self.wrong(column, "is empty", "every row needs one");
            return None;
        }
        Some(text)
    }

    /// A code that may be absent; the outer `None` means that there is a wrong one.
    pub(super) fn optional_code<C: Code>(&mut self, column: Column) -> Option<Option<C>> {
        match self.text(column)? {
            "" => Some(None),
            text => match text.parse() {
                Ok(code) => Some(Some(code)),
                Err(_) => self.refused(column, C::REASON, C::REMEDY),
            },
        }
    }

    pub(super) fn code<C: Code>(&mut self, column: Column) -> Option<C> {
        self.required(column)?;
        self.optional_code(column)?
    }

    pub(super) fn number<N: FromStr>(&mut self, column: Column) -> Option<N> {
        let text = self.required(column)?;
        // `parse` would take a plus sign; published files have none.
        if text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(number) = text.parse()
        {
            return Some(number);
        }
        self.refused(column, "is not a number of this kind", "write a whole number in digits")
    }

    /// A date that may be absent; the outer `None` means that there is a wrong one.
    pub(super) fn optional_date(&mut self, column: Column) -> Option<Option<NaiveDate>> {
        match self.text(column)? {
            "" => Some(None),
            text => match self.dates.read(text) {
                Ok(date) => Some(Some(date)),
                Err(reason) => self.refused(column, reason, self.dates.remedy()),
            },
        }
    }

    pub(super) fn date(&mut self, column: Column) -> Option<NaiveDate> {
        self.required(column)?;
        self.optional_date(column)?
    }

    /// Requires that what ended did not end before it began.
    pub(super) fn in_order(
        &mut self,
        (started, start): (Column, Option<NaiveDate>),
        (ended, end): (Column, Option<NaiveDate>),
    ) {
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            let reason = format!("is before the {} {start}", started.name);
            self.wrong(ended, reason, "correct the one that is wrong");
        }
    }

    /// Requires that no earlier row had this key, and remembers it.
    pub(super) fn first<K: Eq + Hash>(&mut self, column: Column, seen: &mut Seen<K>, key: K) {
        let line = *seen.0.entry(key).or_insert(self.at.line);
        if line != self.at.line {
            let reason = format!("stands at line {line} already");
            self.wrong(column, reason, "keep the row that is right");
        }
    }

    pub(super) fn wrong(
        &mut self,
        column: Column,
        reason: impl Into<Cow<'static, str>>,
        remedy: &'static str,
    ) {
        let value = self.text(column).unwrap_or_default();
        self.findings.reject(self.at, column, value, reason, remedy);
    }

    fn refused<T>(
        &mut self,
        column: Column,
        reason: &'static str,
        remedy: &'static str,
    ) -> Option<T> {
        self.wrong(column, reason, remedy);
        None
    }
}

/// Keys met so far, each with the line of its first row.
pub(super) struct Seen<K>(HashMap<K, u64>);

impl<K> Seen<K> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }
}

/// A code that a file may hold, and what to say of one that is not.
pub(super) trait Code: FromStr {
    const REASON: &'static str;
    const REMEDY: &'static str;
}

impl Code for OdsCode {
    const REASON: &'static str = "is not an ODS code";
    const REMEDY: &'static str = "write 2 to 10 capital letters and digits, such as A81001";
}

impl Code for OnsCode {
    const REASON: &'static str = "is not an ONS code";
    const REMEDY: &'static str = "write a capital letter and 8 digits, such as E40000003";
}
