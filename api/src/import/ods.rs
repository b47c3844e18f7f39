//! `epraccur`: every organisation that prescribes, one row each, with its dates and parents.
//!
//! The file has no headings and 27 columns, of which some are unused. Names and
//! addresses are taken as they stand, in capitals.

use chrono::NaiveDate;

use super::{
    dates::DateForm,
    fields::{Row, Seen},
    problem::Column,
    reading::{Read, Reading, TextFile},
    refused::FileRefused,
    source::Opened,
};
use crate::ids::OdsCode;

/// One organisation, as the register knew it at the edition's date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdsRow {
    pub code: OdsCode,
    pub name: String,
    /// The NHS England region, `W00` for Wales, `Y99` for neither; none on the islands.
    pub grouping: Option<OdsCode>,
    /// The ICB, before July 2022 the STP; a closed organisation keeps its last one.
    pub icb: Option<OdsCode>,
    /// Lines 1 to 5, empty where there is none.
    pub address: [String; 5],
    pub postcode: String,
    /// May be after the edition's date.
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub status: Status,
    /// `B` allocated to a commissioner, `Z` not.
    pub sub_type: String,
    /// The sub-ICB location, before July 2022 the CCG, or a Welsh health board.
    pub commissioner: Option<OdsCode>,
    pub joined_on: Option<NaiveDate>,
    /// The last day with the commissioner, as the file has it.
    pub left_on: Option<NaiveDate>,
    /// 4 is a GP practice; what the others are is in the ODS guide.
    pub prescribing_setting: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Active,
    Closed,
    Dormant,
    Proposed,
}

/// Where the columns are: the same in every edition.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub code: Column,
    pub name: Column,
    pub grouping: Column,
    pub icb: Column,
    pub address: [Column; 5],
    pub postcode: Column,
    pub opened_on: Column,
    pub closed_on: Column,
    pub status: Column,
    pub sub_type: Column,
    pub commissioner: Column,
    pub joined_on: Column,
    pub left_on: Column,
    pub prescribing_setting: Column,
}

const NAMES: [&str; 27] = [
    "code",
    "name",
    "national grouping",
    "ICB",
    "address line 1",
    "address line 2",
    "address line 3",
    "address line 4",
    "address line 5",
    "postcode",
    "open date",
    "close date",
    "status",
    "sub-type",
    "commissioner",
    "joined date",
    "left date",
    "telephone",
    "not used",
    "not used",
    "not used",
    "amended",
    "not used",
    "provider or purchaser",
    "not used",
    "prescribing setting",
    "not used",
];

pub const COLUMNS: Columns = Columns {
    code: column(1),
    name: column(2),
    grouping: column(3),
    icb: column(4),
    address: [column(5), column(6), column(7), column(8), column(9)],
    postcode: column(10),
    opened_on: column(11),
    closed_on: column(12),
    status: column(13),
    sub_type: column(14),
    commissioner: column(15),
    joined_on: column(16),
    left_on: column(17),
    prescribing_setting: column(26),
};

const fn column(number: u16) -> Column {
    Column::new(number, NAMES[number as usize - 1])
}

pub fn read_ods(opened: Opened) -> Result<Reading<Vec<Read<OdsRow>>, Columns>, FileRefused> {
    let mut file = TextFile::new(opened)?.without_headings(NAMES.len());
    let mut codes = Seen::new();
    let name = |number: u16| NAMES.get(usize::from(number) - 1).copied().unwrap_or("not used");
    let rows = file.read_rows(DateForm::Compact, name, |row| read(row, &mut codes))?;
    file.into_reading(rows, COLUMNS)
}

fn read(row: &mut Row<'_>, codes: &mut Seen<OdsCode>) -> Option<OdsRow> {
    let c = COLUMNS;
    let code: Option<OdsCode> = row.code(c.code);
    if let Some(code) = &code {
        row.first(c.code, codes, code.clone());
    }
    let name = row.required(c.name);
    let (grouping, icb) = (row.optional_code(c.grouping), row.optional_code(c.icb));
    let (opened_on, closed_on) = (row.date(c.opened_on), row.optional_date(c.closed_on));
    let status = status(row);
    close_date_fits(row, status, closed_on);
    row.in_order((c.opened_on, opened_on), (c.closed_on, closed_on.flatten()));
    let commissioner = row.optional_code(c.commissioner);
    let (joined_on, left_on) = (row.optional_date(c.joined_on), row.optional_date(c.left_on));
    row.in_order((c.joined_on, joined_on.flatten()), (c.left_on, left_on.flatten()));
    let prescribing_setting = row.number(c.prescribing_setting);
    let text = |column| row.text(column).map(str::to_owned);
    let [first, second, third, fourth, fifth] = c.address.map(text);
    Some(OdsRow {
        code: code?,
        name: name?.to_owned(),
        grouping: grouping?,
        icb: icb?,
        address: [first?, second?, third?, fourth?, fifth?],
        postcode: text(c.postcode)?,
        opened_on: opened_on?,
        closed_on: closed_on?,
        status: status?,
        sub_type: text(c.sub_type)?,
        commissioner: commissioner?,
        joined_on: joined_on?,
        left_on: left_on?,
        prescribing_setting: prescribing_setting?,
    })
}

fn status(row: &mut Row<'_>) -> Option<Status> {
    let status = match row.required(COLUMNS.status)? {
        "A" => Status::Active,
        "C" => Status::Closed,
        "D" => Status::Dormant,
        "P" => Status::Proposed,
        _ => {
            let remedy = "write A (active), C (closed), D (dormant) or P (proposed)";
            row.wrong(COLUMNS.status, "is not a status", remedy);
            return None;
        }
    };
    Some(status)
}

/// A close date and the status closed always come together.
fn close_date_fits(row: &mut Row<'_>, status: Option<Status>, closed: Option<Option<NaiveDate>>) {
    let (Some(status), Some(closed)) = (status, closed) else { return };
    let remedy = "give a close date with status C, and with no other";
    match (status, closed) {
        (Status::Closed, None) => {
            row.wrong(COLUMNS.closed_on, "is empty, though the status is C", remedy);
        }
        (Status::Active | Status::Dormant | Status::Proposed, Some(_)) => {
            row.wrong(COLUMNS.closed_on, "is given, though the status is not C", remedy);
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "ods_tests.rs"]
mod tests;
