//! `gp-reg-pat-prac-all`: how many patients are registered at each practice on a date.
//!
//! Only rows of all patients of a GP practice are list sizes; the publication's other
//! files break the same numbers down by sex and age, and adding those up again here
//! would count every patient several times. They are refused, never dropped.

use chrono::NaiveDate;

use super::{
    dates::DateForm,
    fields::{Row, Seen},
    headings::Headings,
    problem::Column,
    reading::{Read, Reading, TextFile},
    refused::{FileRefused, Why},
    source::Opened,
};
use crate::ids::OdsCode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSize {
    pub site: OdsCode,
    /// The sub-ICB location, before July 2022 the CCG.
    pub sub_icb: OdsCode,
    pub on: NaiveDate,
    pub patients: u32,
}

/// Where this file's columns are.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub site: Column,
    pub sub_icb: Column,
    pub on: Column,
    pub patients: Column,
    kind: Column,
    sex: Column,
    age: Column,
}

impl Columns {
    fn find(headings: &Headings) -> Result<Self, Why> {
        Ok(Self {
            site: headings.find("code", "practice code")?,
            sub_icb: headings.find("sub icb code", "sub-ICB code")?,
            on: headings.find("extract date", "extract date")?,
            patients: headings.find("number of patients", "number of patients")?,
            kind: headings.find("type", "type")?,
            sex: headings.find("sex", "sex")?,
            age: headings.find("age", "age")?,
        })
    }

    fn name(&self, number: u16) -> &'static str {
        let Self { site, sub_icb, on, patients, kind, sex, age } = self;
        Column::name_of(number, &[site, sub_icb, on, patients, kind, sex, age])
    }
}

pub fn read_list_sizes(
    opened: Opened,
) -> Result<Reading<Vec<Read<ListSize>>, Columns>, FileRefused> {
    let mut file = TextFile::new(opened)?;
    let headings = file.read_headings()?;
    let columns = Columns::find(&headings).map_err(|why| file.refused(why))?;
    let mut seen = Seen::new();
    let name = |number| columns.name(number);
    let rows = file.read_rows(DateForm::ListSizes, name, |row| read(row, &columns, &mut seen))?;
    file.into_reading(rows, columns)
}

fn read(row: &mut Row<'_>, c: &Columns, seen: &mut Seen<(OdsCode, NaiveDate)>) -> Option<ListSize> {
    for (column, wanted, remedy) in [
        (c.kind, "GP", "give the GP practices' rows only"),
        (c.sex, "ALL", "give the rows of both sexes together"),
        (c.age, "ALL", "give the rows of all ages together"),
    ] {
        if row.text(column).is_some_and(|found| found != wanted) {
            row.wrong(column, format!("is not {wanted}, so this is no list size"), remedy);
        }
    }
    let (site, sub_icb): (Option<OdsCode>, _) = (row.code(c.site), row.code(c.sub_icb));
    let (on, patients) = (row.date(c.on), row.number(c.patients));
    if let (Some(site), Some(on)) = (&site, on)
        && row.is_sound()
    {
        row.first(c.site, seen, (site.clone(), on));
    }
    Some(ListSize { site: site?, sub_icb: sub_icb?, on: on?, patients: patients? })
}

#[cfg(test)]
#[path = "list_sizes_tests.rs"]
mod tests;
