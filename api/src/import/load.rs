//! From a file to the register: read it, compare it, and have what does not fit
//! reported and written to the reject file like any other bad row.

use std::{io, path::Path};

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact};

use super::{
    Column, FileRefused, Findings, Opened, Place, Read, Reading, Source, hierarchy, list_sizes,
    ods, pcn,
};
use crate::{
    auth::action::Action,
    domain::{
        register::{
            self, Begun, EditionOf, LoadRefused, Loading,
            report::{Part, Refusal},
        },
        viewer::Viewer,
    },
};

/// The formats that can be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Ods,
    Pcn,
    ListSizes,
    Hierarchy,
}

/// What is left of a file once it was read, whatever its format.
pub trait FileRead {
    fn source(&self) -> &Source;
    fn findings(&self) -> &Findings;
    /// Writes the bad rows in the file's own shape; gives how many.
    fn write_rejects(&mut self, path: &Path) -> io::Result<usize>;
}

impl<R, C> FileRead for Reading<R, C> {
    fn source(&self) -> &Source {
        &self.source
    }

    fn findings(&self) -> &Findings {
        &self.findings
    }

    fn write_rejects(&mut self, path: &Path) -> io::Result<usize> {
        Self::write_rejects(self, path)
    }
}

/// Why nothing can be loaded.
#[derive(Debug)]
pub enum NotLoaded {
    File(FileRefused),
    Register(LoadRefused),
}

impl From<FileRefused> for NotLoaded {
    fn from(refused: FileRefused) -> Self {
        Self::File(refused)
    }
}

impl<E: Into<LoadRefused>> From<E> for NotLoaded {
    fn from(refused: E) -> Self {
        Self::Register(refused.into())
    }
}

/// A file that was read and, unless it was loaded before or had too many bad rows,
/// compared with the register.
pub struct Compared {
    pub file: Box<dyn FileRead>,
    pub step: Step,
}

pub enum Step {
    /// More rows are bad than were allowed, and reading stopped there.
    TooManyBadRows,
    LoadedBefore,
    /// Nothing is written until it is committed.
    Ready(Box<Loading>),
}

/// Reads a file and compares it with the register.
pub async fn compare(
    viewer: &Viewer,
    format: Format,
    opened: Opened,
    edition: NaiveDate,
) -> Result<Compared, NotLoaded> {
    match format {
        Format::Ods => {
            let reading = super::read_ods(opened)?;
            compare_with(viewer, register::ods::FORMAT, edition, reading, load_ods).await
        }
        Format::Pcn => {
            let reading = super::read_pcn(opened)?;
            compare_with(viewer, register::pcn::FORMAT, edition, reading, load_pcn).await
        }
        Format::ListSizes => {
            let reading = super::read_list_sizes(opened)?;
            let format = register::list_sizes::FORMAT;
            compare_with(viewer, format, edition, reading, load_list_sizes).await
        }
        Format::Hierarchy => {
            let reading = super::read_hierarchy(opened)?;
            let format = register::hierarchy::FORMAT;
            compare_with(viewer, format, edition, reading, load_hierarchy).await
        }
    }
}

async fn compare_with<R: 'static, C: 'static>(
    viewer: &Viewer,
    format: &'static str,
    on: NaiveDate,
    mut reading: Reading<R, C>,
    load: impl Fn(&mut Loading, &mut Reading<R, C>) -> Result<(), LoadRefused>,
) -> Result<Compared, NotLoaded> {
    if reading.findings.stopped() {
        return Ok(Compared { file: Box::new(reading), step: Step::TooManyBadRows });
    }
    let permit = viewer.permit(Action::LoadEdition)?;
    let rows = i64::try_from(reading.source.rows).unwrap_or(i64::MAX);
    let edition = EditionOf { format, on, sha256: reading.source.sha256.clone(), rows };
    let step = match register::begin(viewer, permit, edition).await? {
        Begun::LoadedBefore => Step::LoadedBefore,
        Begun::Loading(mut loading) => {
            load(&mut loading, &mut reading)?;
            if reading.findings.stopped() { Step::TooManyBadRows } else { Step::Ready(loading) }
        }
    };
    Ok(Compared { file: Box::new(reading), step })
}

type OdsReading = Reading<Vec<Read<ods::OdsRow>>, ods::Columns>;

fn load_ods(loading: &mut Loading, reading: &mut OdsReading) -> Result<(), LoadRefused> {
    // The file gives the last day on which it was open; ours is the day after.
    let statement = |read| -> register::ods::Statement<'_> {
        let Read { row, .. }: &Read<ods::OdsRow> = read;
        register::ods::Statement {
            code: &row.code,
            name: &row.name,
            region: row.grouping.as_ref(),
            icb: row.icb.as_ref(),
            commissioner: row.commissioner.as_ref(),
            postcode: &row.postcode,
            opened_on: row.opened_on,
            closed_on: row.closed_on.and_then(|last| last.succ_opt()),
            status: status(row.status),
            joined_on: row.joined_on,
            prescribing_setting: row.prescribing_setting.to_string(),
        }
    };
    let statements: Vec<_> = reading.rows.iter().map(statement).collect();
    loading.ods(&statements, reading.findings.bad_rows() == 0)?;
    let columns = reading.columns;
    reject(&mut reading.findings, loading, |refusal| {
        let column = match refusal.part {
            Part::Region => columns.grouping,
            Part::Icb => columns.icb,
            Part::SubIcb => columns.commissioner,
            Part::From => columns.joined_on,
            Part::Code | Part::Pcn | Part::Ons(_) => columns.code,
        };
        (reading.rows[refusal.row].at, column)
    });
    Ok(())
}

fn status(status: ods::Status) -> organisation_fact::Status {
    match status {
        ods::Status::Active => organisation_fact::Status::Active,
        ods::Status::Closed => organisation_fact::Status::Closed,
        ods::Status::Dormant => organisation_fact::Status::Dormant,
        ods::Status::Proposed => organisation_fact::Status::Proposed,
    }
}

type PcnReading = Reading<pcn::PcnRows, pcn::Columns>;

fn load_pcn(loading: &mut Loading, reading: &mut PcnReading) -> Result<(), LoadRefused> {
    let network = |read| -> register::pcn::Network<'_> {
        let Read { row, .. }: &Read<pcn::Pcn> = read;
        register::pcn::Network {
            code: &row.code,
            name: &row.name,
            sub_icb: &row.sub_icb,
            opened_on: row.opened_on,
            closed_on: row.closed_on.and_then(|last| last.succ_opt()),
            postcode: &row.postcode,
        }
    };
    // The file gives last days, of networks and of memberships; ours end on the day after.
    let partner = |read| -> register::pcn::Partner<'_> {
        let Read { row, .. }: &Read<pcn::Partner> = read;
        register::pcn::Partner {
            site: &row.site,
            pcn: &row.pcn,
            from: row.from,
            to: row.to.and_then(|last| last.succ_opt()),
        }
    };
    let networks: Vec<_> = reading.rows.pcns.iter().map(network).collect();
    let partners: Vec<_> = reading.rows.partners.iter().map(partner).collect();
    loading.pcn(&networks, &partners, reading.findings.bad_rows() == 0)?;
    let columns = reading.columns;
    let (pcns, partners) = (&reading.rows.pcns, &reading.rows.partners);
    reject(&mut reading.findings, loading, |refusal| match pcns.get(refusal.row) {
        Some(row) => match refusal.part {
            Part::SubIcb => (row.at, columns.pcn.sub_icb),
            _ => (row.at, columns.pcn.code),
        },
        None => {
            let at = partners[refusal.row - pcns.len()].at;
            match refusal.part {
                Part::Pcn => (at, columns.partner.pcn),
                Part::From => (at, columns.partner.from),
                _ => (at, columns.partner.site),
            }
        }
    });
    Ok(())
}

type ListSizeReading = Reading<Vec<Read<list_sizes::ListSize>>, list_sizes::Columns>;

fn load_list_sizes(
    loading: &mut Loading,
    reading: &mut ListSizeReading,
) -> Result<(), LoadRefused> {
    let count = |read| -> register::list_sizes::Count<'_> {
        let Read { row, .. }: &Read<list_sizes::ListSize> = read;
        let patients = i32::try_from(row.patients).unwrap_or(i32::MAX);
        register::list_sizes::Count { site: &row.site, on: row.on, patients }
    };
    let counts: Vec<_> = reading.rows.iter().map(count).collect();
    loading.list_sizes(&counts)?;
    let columns = reading.columns;
    let rows = &reading.rows;
    reject(&mut reading.findings, loading, |refusal| (rows[refusal.row].at, columns.site));
    Ok(())
}

type HierarchyReading = Reading<Vec<Read<hierarchy::HierarchyRow>>, hierarchy::Columns>;

fn load_hierarchy(
    loading: &mut Loading,
    reading: &mut HierarchyReading,
) -> Result<(), LoadRefused> {
    use hierarchy::{HierarchyRow, Named};
    use register::hierarchy::{Area, Statement};
    let statements: Vec<_> = reading
        .rows
        .iter()
        .map(|read| match &read.row {
            HierarchyRow::SubIcb { region, icb, sub_icb } => {
                let [region, icb, sub_icb] =
                    [region, icb, sub_icb].map(|Named { ods, ons, name }| Area { ods, ons, name });
                Statement::SubIcb { region, icb, sub_icb }
            }
            HierarchyRow::CcgToIcb { ccg, icb, .. } => Statement::CcgToIcb { ccg, icb },
        })
        .collect();
    loading.hierarchy(&statements)?;
    let columns = reading.columns;
    let rows = &reading.rows;
    reject(&mut reading.findings, loading, |refusal| {
        let column = match (columns, refusal.part) {
            (hierarchy::Columns::SubIcb { region, .. }, Part::Region) => region.ods,
            (hierarchy::Columns::SubIcb { icb, .. }, Part::Ons(Kind::Icb)) => icb.ons,
            (hierarchy::Columns::SubIcb { sub_icb, .. }, Part::Ons(_)) => sub_icb.ons,
            (hierarchy::Columns::SubIcb { icb, .. }, Part::Icb) => icb.ods,
            (hierarchy::Columns::SubIcb { sub_icb, .. }, _) => sub_icb.ods,
            (hierarchy::Columns::CcgToIcb { icb, .. }, Part::Icb) => icb,
            (hierarchy::Columns::CcgToIcb { ccg, .. }, _) => ccg,
        };
        (rows[refusal.row].at, column)
    });
    Ok(())
}

/// Reports what the register refused as the file's own bad rows.
fn reject(findings: &mut Findings, loading: &Loading, place: impl Fn(&Refusal) -> (Place, Column)) {
    for refusal in &loading.report().refusals {
        let (at, column) = place(refusal);
        findings.reject(at, column, &refusal.value, refusal.reason, refusal.remedy);
    }
}
