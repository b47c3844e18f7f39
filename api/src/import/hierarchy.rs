//! The lookups of the commissioning hierarchy: regions, ICBs and sub-ICBs with their
//! codes, and which ICB followed each CCG. The headings tell which of the two it is.

use super::{
    dates::DateForm,
    fields::{Row, Seen},
    headings::Headings,
    problem::Column,
    reading::{Read, Reading, TextFile},
    refused::{FileRefused, Why},
    source::Opened,
};
use crate::ids::{OdsCode, OnsCode};

/// An organisation as a lookup names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub ods: OdsCode,
    pub ons: OnsCode,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HierarchyRow {
    /// A sub-ICB and what it belongs to; every row repeats its ICB and region.
    SubIcb { region: Named, icb: Named, sub_icb: Named },
    /// A CCG and the ICB that it became part of.
    CcgToIcb { ccg: OdsCode, icb: OdsCode, icb_name: String },
}

#[derive(Debug, Clone, Copy)]
pub struct NamedColumns {
    pub ods: Column,
    pub ons: Column,
    pub name: Column,
}

/// Which of the two lookups it is, and where its columns are.
#[derive(Debug, Clone, Copy)]
pub enum Columns {
    SubIcb { region: NamedColumns, icb: NamedColumns, sub_icb: NamedColumns },
    CcgToIcb { ccg: Column, icb: Column, icb_name: Column },
}

impl Columns {
    fn find(headings: &Headings) -> Result<Self, Why> {
        if headings.have(&["region ods", "icb ods", "sub icb ods"]) {
            return Ok(Self::SubIcb {
                region: NamedColumns {
                    ods: headings.find("region ods", "region ODS code")?,
                    ons: headings.find("region ons", "region ONS code")?,
                    name: headings.find("region name", "region name")?,
                },
                icb: NamedColumns {
                    ods: headings.find("icb ods", "ICB ODS code")?,
                    ons: headings.find("icb ons", "ICB ONS code")?,
                    name: headings.find("icb name", "ICB name")?,
                },
                sub_icb: NamedColumns {
                    ods: headings.find("sub icb ods", "sub-ICB ODS code")?,
                    ons: headings.find("sub icb ons", "sub-ICB ONS code")?,
                    name: headings.find("sub icb name", "sub-ICB name")?,
                },
            });
        }
        if headings.have(&["sub icb code", "icb code"]) {
            return Ok(Self::CcgToIcb {
                ccg: headings.find("sub icb code", "CCG code")?,
                icb: headings.find("icb code", "ICB code")?,
                icb_name: headings.find("icb name", "ICB name")?,
            });
        }
        Err(Why::UnknownHeadings(headings.listed()))
    }

    fn name(&self, number: u16) -> &'static str {
        match self {
            Self::SubIcb { region, icb, sub_icb } => {
                let all = [region, icb, sub_icb].map(|c| [&c.ods, &c.ons, &c.name]);
                Column::name_of(number, all.as_flattened())
            }
            Self::CcgToIcb { ccg, icb, icb_name } => Column::name_of(number, &[ccg, icb, icb_name]),
        }
    }
}

pub fn read_hierarchy(
    opened: Opened,
) -> Result<Reading<Vec<Read<HierarchyRow>>, Columns>, FileRefused> {
    let mut file = TextFile::new(opened)?;
    let headings = file.read_headings()?;
    let columns = Columns::find(&headings).map_err(|why| file.refused(why))?;
    let mut seen = Seen::new();
    let name = |number| columns.name(number);
    let rows = file.read_rows(DateForm::Compact, name, |row| read(row, &columns, &mut seen))?;
    file.into_reading(rows, columns)
}

fn read(row: &mut Row<'_>, columns: &Columns, seen: &mut Seen<OdsCode>) -> Option<HierarchyRow> {
    match columns {
        Columns::SubIcb { region: r, icb: i, sub_icb: s } => {
            let (region, icb, sub_icb) = (named(row, r), named(row, i), named(row, s));
            if let Some(sub_icb) = &sub_icb {
                row.first(s.ods, seen, sub_icb.ods.clone());
            }
            Some(HierarchyRow::SubIcb { region: region?, icb: icb?, sub_icb: sub_icb? })
        }
        Columns::CcgToIcb { ccg: c, icb: i, icb_name: n } => {
            let (ccg, icb): (Option<OdsCode>, _) = (row.code(*c), row.code(*i));
            let icb_name = row.required(*n);
            if let Some(ccg) = &ccg {
                row.first(*c, seen, ccg.clone());
            }
            Some(HierarchyRow::CcgToIcb { ccg: ccg?, icb: icb?, icb_name: icb_name?.to_owned() })
        }
    }
}

fn named(row: &mut Row<'_>, columns: &NamedColumns) -> Option<Named> {
    let (ods, ons) = (row.code(columns.ods), row.code(columns.ons));
    let name = row.required(columns.name);
    Some(Named { ods: ods?, ons: ons?, name: name?.to_owned() })
}

#[cfg(test)]
#[path = "hierarchy_tests.rs"]
mod tests;
