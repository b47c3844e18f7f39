//! Facts shipped with the program, each with its source: the programme body, the
//! regions, ICBs and sub-ICB locations, and the training hubs whose part is public.
//!
//! They are loaded when the program starts, through the same edit as everything
//! else, and once only for each edition of the facts. The demonstration, which is
//! invented and says so, stands beside them in a folder of its own.

mod demonstration;
mod facts;
mod scribe;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use self::{
    facts::{Area, Facts, Hub, Owner},
    scribe::{Code, Scribe, bear, tell},
};
use super::{
    edit::Edit,
    error::{Declined, Failure},
    viewer::Viewer,
};
use crate::auth::policy::Permit;

pub use self::demonstration::{load_demonstration, tell_stories, withdraw_demonstration};
pub(super) use self::facts::spelling;

/// The name of the format in the table of editions.
const FORMAT: &str = "reference";

/// The day on which the integrated care boards, and all that rests on them, began.
const BOARDS_BEGAN: NaiveDate = day(2022, 7, 1);

/// The day that the facts speak of: their newest one.
const EDITION: NaiveDate = day(2023, 4, 1);

/// What a load came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// Nothing was written: it is all there, or there is no place for it.
    Already,
    /// So many organisations were written about.
    Now(usize),
}

/// Brings the register in line with the facts, unless it has seen this edition of them.
pub async fn load_reference(viewer: &Viewer, permit: Permit) -> Result<Loaded, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let edit = Edit::begin(&viewer, permit).await?;
            let sha256 = facts::sha256();
            if edit.loaded_before(FORMAT, &sha256).await? {
                // Another instance may have loaded it since this one read the register.
                viewer.store().publish(edit.before().clone());
                viewer.see(edit.before().clone());
                return Ok(Loaded::Already);
            }
            let facts = Facts::read()?;
            let mut scribe = Scribe::new(edit, Source::Reference);
            write(&mut scribe, &facts)?;
            let (rows, written) = (facts.rows() as i64, scribe.count());
            scribe.edit().loaded(FORMAT, EDITION, sha256, rows);
            scribe.commit().await?;
            Ok(Loaded::Now(written))
        })
        .await
}

fn write(scribe: &mut Scribe, facts: &Facts) -> Result<(), Failure> {
    write_programme(scribe, &facts.programme)?;
    for area in &facts.areas {
        write_area(scribe, area)?;
    }
    for hub in &facts.training_hubs {
        write_hub(scribe, hub)?;
    }
    Ok(())
}

/// All of the rows speak of one body, each under another of its names.
fn write_programme(scribe: &mut Scribe, owners: &[Owner]) -> Result<(), Failure> {
    let Some(first) = owners.first() else { return Ok(()) };
    let slug = Code { scheme: CodeScheme::Slug, code: &first.slug, from: first.from };
    let body = scribe.organisation(Kind::Programme, first.from, slug)?;
    tell(&mut body.status, [(first.from, Status::Active)]);
    tell(&mut body.name, owners.iter().map(|owner| (owner.from, Box::from(&*owner.name))));
    for owner in owners {
        if let Some(ods) = &owner.ods {
            bear(body, Code { scheme: CodeScheme::Ods, code: ods, from: owner.from });
        }
    }
    Ok(())
}

/// What the boards brought (ONS code, parent, a sub-ICB location's name) holds from
/// their beginning, whatever is older.
fn write_area(scribe: &mut Scribe, area: &Area) -> Result<(), Failure> {
    let since = area.opened_on.max(BOARDS_BEGAN);
    let ods = Code { scheme: CodeScheme::Ods, code: &area.ods, from: area.opened_on };
    let organisation = scribe.organisation(area.kind, area.opened_on, ods)?;
    let id = organisation.id();
    let named = if area.kind == Kind::SubIcb { since } else { area.opened_on };
    tell(&mut organisation.name, [(named, Box::from(&*area.name))]);
    tell(&mut organisation.status, [(area.opened_on, Status::Active)]);
    bear(organisation, Code { scheme: CodeScheme::Ons, code: &area.ons, from: since });
    if let Some(parent) = &area.parent {
        let parent = scribe.id(CodeScheme::Ods, parent)?;
        scribe.belongs(id, parent, since)?;
    }
    Ok(())
}

fn write_hub(scribe: &mut Scribe, hub: &Hub) -> Result<(), Failure> {
    let slug = Code { scheme: CodeScheme::Slug, code: &hub.slug, from: hub.opened_on };
    let organisation = scribe.organisation(Kind::TrainingHub, hub.opened_on, slug)?;
    let id = organisation.id();
    tell(&mut organisation.name, [(hub.opened_on, Box::from(&*hub.name))]);
    tell(&mut organisation.status, [(hub.opened_on, Status::Active)]);
    tell(&mut organisation.tier, [(hub.opened_on, hub.tier)]);
    let region = scribe.id(CodeScheme::Ods, &hub.region)?;
    scribe.belongs(id, region, hub.opened_on)?;
    if let Some(from) = hub.covers_from {
        for icb in hub.covers.split_whitespace() {
            let icb = scribe.id(CodeScheme::Ods, icb)?;
            scribe.belongs(icb, id, from)?;
        }
    }
    match hub.leads_from {
        Some(from) => scribe.leads(id, region, from),
        None => Ok(()),
    }
}

/// A day that is written here, not read: one that is none does not compile.
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("no such day"),
    }
}
