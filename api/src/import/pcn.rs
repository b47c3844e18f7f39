//! `ePCN`: the primary care networks, and which practices belong to each from when to when.
//!
//! Two sheets of one workbook. Their headings change with the commissioners' names
//! and hold line breaks, so columns are found by heading and never by position.

use chrono::NaiveDate;

use super::{
    dates::DateForm,
    fields::{Fields, Row, Seen},
    headings::Headings,
    problem::{Column, Findings, Place},
    reading::{Read, Reading},
    refused::{FileRefused, Why},
    rejects::Original,
    source::{Hashing, Opened, Source},
    workbook::{SheetRow, Workbook},
};
use crate::ids::OdsCode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pcn {
    pub code: OdsCode,
    pub name: String,
    /// The sub-ICB location, before July 2022 the CCG.
    pub sub_icb: OdsCode,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub postcode: String,
}

/// One membership of a practice in a PCN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    pub site: OdsCode,
    pub site_name: String,
    /// The practice's own sub-ICB, which need not be its PCN's.
    pub site_sub_icb: OdsCode,
    pub pcn: OdsCode,
    pub pcn_sub_icb: OdsCode,
    pub from: NaiveDate,
    /// The last day of the membership, as the file has it: half-open dates end a day later.
    pub to: Option<NaiveDate>,
}

/// The good rows of both sheets.
#[derive(Debug)]
pub struct PcnRows {
    pub pcns: Vec<Read<Pcn>>,
    pub partners: Vec<Read<Partner>>,
}

/// Where this workbook's columns are.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub pcn: PcnColumns,
    pub partner: PartnerColumns,
}

#[derive(Debug, Clone, Copy)]
pub struct PcnColumns {
    pub code: Column,
    pub name: Column,
    pub sub_icb: Column,
    pub opened_on: Column,
    pub closed_on: Column,
    pub postcode: Column,
}

#[derive(Debug, Clone, Copy)]
pub struct PartnerColumns {
    pub site: Column,
    pub site_name: Column,
    pub site_sub_icb: Column,
    pub pcn: Column,
    pub pcn_sub_icb: Column,
    pub from: Column,
    pub to: Column,
}

const SHEETS: [&str; 2] = ["PCNDetails", "PCN Core Partner Details"];
const PCN_HEADINGS: [&str; 6] =
    ["pcn code", "pcn name", "sub icb code", "open date", "close date", "postcode"];
const PARTNER_HEADINGS: [&str; 7] = [
    "partner organisation code",
    "partner name",
    "practice parent sub icb code",
    "pcn code",
    "pcn parent sub icb code",
    "practice to pcn relationship start date",
    "practice to pcn relationship end date",
];
/// Some workbooks put a title above the headings; none puts so many lines there.
const LAST_HEADING_ROW: usize = 20;

/// One sheet: its headings, and its rows with the one that holds the headings first.
struct Sheet {
    headings: Headings,
    rows: Vec<SheetRow>,
}

pub fn read_pcn(opened: Opened) -> Result<Reading<PcnRows, Columns>, FileRefused> {
    read_workbook(&opened).map_err(|why| opened.refused(why))
}

fn read_workbook(opened: &Opened) -> Result<Reading<PcnRows, Columns>, Why> {
    let mut input = Hashing::new(&opened.file);
    let mut workbook = Workbook::open(&mut input)?;
    let names = [workbook.find(SHEETS[0])?, workbook.find(SHEETS[1])?];
    let pcns = sheet(&mut workbook, &names[0], &PCN_HEADINGS)?;
    let partners = sheet(&mut workbook, &names[1], &PARTNER_HEADINGS)?;
    let columns = Columns { pcn: pcn_columns(&pcns)?, partner: partner_columns(&partners)? };
    let count = pcns.rows.len() + partners.rows.len() - 2;
    if count == 0 {
        return Err(Why::OnlyHeadings);
    }
    let mut findings = Findings::new(&opened.name, opened.most).of_sheets(&[&names[0], &names[1]]);
    let dates = DateForm::Workbook { day_zero: workbook.day_zero() };
    let (mut codes, mut memberships) = (Seen::new(), Seen::new());
    let rows = PcnRows {
        pcns: rows(0, &pcns, &mut findings, dates, |row| {
            read_pcn_row(row, &columns.pcn, &mut codes)
        }),
        partners: rows(1, &partners, &mut findings, dates, |row| {
            read_partner(row, &columns.partner, &mut memberships)
        }),
    };
    let (sha256, bytes) = input.finish()?;
    let (path, name) = (opened.path.clone(), opened.name.clone());
    let source = Source { path, name, sha256, bytes, rows: count as u64 };
    let original = Original::Workbook(names.into_iter().zip([pcns.rows, partners.rows]).collect());
    Ok(Reading { source, rows, columns, findings, original })
}

/// Finds the headings, which a title may stand above, and what follows them.
fn sheet(workbook: &mut Workbook, name: &str, wanted: &[&str]) -> Result<Sheet, Why> {
    let mut rows = workbook.rows(name)?;
    let headings = |row: &SheetRow| Headings::new(Fields::Cells(row));
    let best = rows.iter().take(LAST_HEADING_ROW).map(|row| headings(row).score(wanted));
    // The first of the rows that hold most of the headings.
    let best = best.enumerate().rev().max_by_key(|(_, score)| *score).map_or(0, |(row, _)| row);
    rows.drain(..best);
    let headings = rows.first().map(headings).ok_or(Why::Empty)?;
    Ok(Sheet { headings, rows })
}

fn pcn_columns(Sheet { headings, .. }: &Sheet) -> Result<PcnColumns, Why> {
    let [code, name, sub_icb, opened_on, closed_on, postcode] = PCN_HEADINGS;
    Ok(PcnColumns {
        code: headings.find(code, "PCN code")?,
        name: headings.find(name, "PCN name")?,
        sub_icb: headings.find(sub_icb, "sub-ICB code")?,
        opened_on: headings.find(opened_on, "open date")?,
        closed_on: headings.find(closed_on, "close date")?,
        postcode: headings.find(postcode, "postcode")?,
    })
}

fn partner_columns(Sheet { headings, .. }: &Sheet) -> Result<PartnerColumns, Why> {
    let [site, site_name, site_sub_icb, pcn, pcn_sub_icb, from, to] = PARTNER_HEADINGS;
    Ok(PartnerColumns {
        site: headings.find(site, "practice code")?,
        site_name: headings.find(site_name, "practice name")?,
        site_sub_icb: headings.find(site_sub_icb, "practice's sub-ICB code")?,
        pcn: headings.find(pcn, "PCN code")?,
        pcn_sub_icb: headings.find(pcn_sub_icb, "PCN's sub-ICB code")?,
        from: headings.find(from, "start date")?,
        to: headings.find(to, "end date")?,
    })
}

fn rows<T>(
    number: u16,
    sheet: &Sheet,
    findings: &mut Findings,
    dates: DateForm,
    mut read: impl FnMut(&mut Row<'_>) -> Option<T>,
) -> Vec<Read<T>> {
    let mut rows = Vec::with_capacity(sheet.rows.len());
    for cells in sheet.rows.iter().skip(1) {
        if findings.stopped() {
            break;
        }
        let at = Place { sheet: number, line: cells.number.into(), start: 0, end: 0 };
        let mut row = Row::of_sheet(at, cells, findings, dates);
        let value = read(&mut row).filter(|_| row.is_sound());
        rows.extend(value.map(|row| Read { at, row }));
    }
    rows
}

fn read_pcn_row(row: &mut Row<'_>, c: &PcnColumns, codes: &mut Seen<OdsCode>) -> Option<Pcn> {
    let code: Option<OdsCode> = row.code(c.code);
    if let Some(code) = &code {
        row.first(c.code, codes, code.clone());
    }
    let (name, sub_icb) = (row.required(c.name), row.code(c.sub_icb));
    let (opened_on, closed_on) = (row.date(c.opened_on), row.optional_date(c.closed_on));
    row.in_order((c.opened_on, opened_on), (c.closed_on, closed_on.flatten()));
    Some(Pcn {
        code: code?,
        name: name?.to_owned(),
        sub_icb: sub_icb?,
        opened_on: opened_on?,
        closed_on: closed_on?,
        postcode: row.text(c.postcode)?.to_owned(),
    })
}

fn read_partner(
    row: &mut Row<'_>,
    c: &PartnerColumns,
    memberships: &mut Seen<(OdsCode, OdsCode, NaiveDate)>,
) -> Option<Partner> {
    let (site, pcn): (Option<OdsCode>, Option<OdsCode>) = (row.code(c.site), row.code(c.pcn));
    let site_name = row.required(c.site_name);
    let (site_sub_icb, pcn_sub_icb) = (row.code(c.site_sub_icb), row.code(c.pcn_sub_icb));
    let (from, to) = (row.date(c.from), row.optional_date(c.to));
    row.in_order((c.from, from), (c.to, to.flatten()));
    if let (Some(site), Some(pcn), Some(from)) = (&site, &pcn, from) {
        row.first(c.site, memberships, (site.clone(), pcn.clone(), from));
    }
    Some(Partner {
        site: site?,
        site_name: site_name?.to_owned(),
        site_sub_icb: site_sub_icb?,
        pcn: pcn?,
        pcn_sub_icb: pcn_sub_icb?,
        from: from?,
        to: to?,
    })
}

#[cfg(test)]
#[path = "pcn_tests.rs"]
mod tests;
