//! Bringing the register in line with an edition of a published file.
//!
//! An edition says what was so on its day. What differs from the register becomes a
//! dated change: on the day that the file gives, if that day lies after the previous
//! edition, which said otherwise, and not after this one. So what an earlier edition
//! said stays true of its day, however late a closure or a move is learnt of.
//!
//! A load is one edit: it is compared whole, and then written whole or not at all.

pub mod hierarchy;
pub mod list_sizes;
pub mod ods;
mod parents;
pub mod pcn;
pub mod report;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{edition, organisation::Kind, organisation_code::CodeScheme};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use self::report::{Outcome, Report};
use super::{
    directory::organisation::Organisation,
    edit::Edit,
    error::Failure,
    memberships::{Seat, take},
    viewer::Viewer,
};
use crate::{auth::policy::Permit, ids::OrganisationId};

/// Which edition of which file.
#[derive(Debug, Clone)]
pub struct EditionOf {
    /// The format, as `gpa import` spells it.
    pub format: &'static str,
    /// The day that the file speaks of.
    pub on: NaiveDate,
    pub sha256: String,
    pub rows: i64,
}

/// Why an edition was not loaded.
#[derive(Debug)]
pub enum LoadRefused {
    Failed(Failure),
    /// The day of the edition is yet to come.
    Future,
    /// A newer edition of the same format is in the register.
    OlderThan(NaiveDate),
    /// So many of so many sites that are open are not in the file.
    Missing {
        missing: usize,
        open: usize,
    },
}

impl<E: Into<Failure>> From<E> for LoadRefused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Where a load stands once it has begun.
pub enum Begun {
    /// This very file was loaded as this edition before: there is nothing to do.
    LoadedBefore,
    Loading(Box<Loading>),
}

/// An edition under comparison; dropped, it leaves no trace.
pub struct Loading {
    edit: Edit,
    edition: EditionOf,
    /// The day of the edition before; nothing changes on or before it.
    previous: Option<NaiveDate>,
    /// Whether an edition of this very day was loaded already, and this is more of it:
    /// the rows that were refused then, corrected.
    supplement: bool,
    /// What this load itself has opened, by its ODS code.
    opened: HashMap<String, (Kind, OrganisationId)>,
    report: Report,
}

/// Begins a load: waits for its turn and sees the register as it now is. Editions come
/// in the order of their days, but for counts, which each speak of their own day.
pub async fn begin(
    viewer: &Viewer,
    permit: Permit,
    edition: EditionOf,
) -> Result<Begun, LoadRefused> {
    if edition.on > viewer.today() {
        return Err(LoadRefused::Future);
    }
    let mut edit = Edit::begin(viewer, permit).await?;
    edit.take_time().await?;
    edit.look_for_figures().await?;
    let loaded = edition::Entity::find()
        .filter(edition::Column::Format.eq(edition.format))
        .order_by_desc(edition::Column::EditionOn)
        .all(edit.connection())
        .await?;
    if loaded.iter().any(|row| row.edition_on == edition.on && row.sha256 == edition.sha256) {
        return Ok(Begun::LoadedBefore);
    }
    let newest = loaded.first().map(|row| row.edition_on);
    if let Some(newest) = newest.filter(|newest| *newest > edition.on)
        && edition.format != list_sizes::FORMAT
    {
        return Err(LoadRefused::OlderThan(newest));
    }
    let on = edition.on;
    let previous = loaded.iter().map(|row| row.edition_on).find(|day| *day < edition.on);
    Ok(Begun::Loading(Box::new(Loading {
        edit,
        edition,
        previous,
        supplement: newest == Some(on),
        opened: HashMap::new(),
        report: Report::default(),
    })))
}

impl Loading {
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// How many organisations would be written about.
    pub fn written(&self) -> usize {
        self.edit.changes()
    }

    /// Writes the load, its edition, its audit row and its changes.
    pub async fn commit(mut self) -> Result<(), Failure> {
        let EditionOf { format, on, sha256, rows } = self.edition;
        self.edit.loaded(format, on, sha256, rows);
        self.edit.commit(None, 0).await
    }

    /// The day of the edition.
    fn on(&self) -> NaiveDate {
        self.edition.on
    }

    /// The day on which a difference came about: what the file says, but after the
    /// edition before and not after this one.
    fn since(&self, said: NaiveDate) -> NaiveDate {
        let earliest = self.previous.and_then(|day| day.succ_opt());
        said.max(earliest.unwrap_or(NaiveDate::MIN)).min(self.on())
    }

    /// The organisation that bore an ODS code on the edition's day, or last before it.
    fn known(&self, code: &str) -> Option<&Organisation> {
        let found = self.edit.before().last_bearer(CodeScheme::Ods, code, self.on())?;
        self.edit.find(found.id())
    }

    /// Makes an organisation sit where the file says it did on the edition's day; says
    /// whether it sat elsewhere.
    fn seat(&mut self, organisation: &mut Organisation, seat: Seat, said: NaiveDate) -> bool {
        let day = self.on();
        let held = organisation.membership_at(seat.scheme, seat.level, day);
        if held.is_some_and(|held| held.parent_id == seat.parent) {
            return false;
        }
        let from = match held {
            Some(held) => self.since(said).max(held.valid_from),
            None => self.since(said).max(vacant(organisation, seat, day)),
        };
        let id = self.edit.next_row_id();
        take(organisation, id, seat, from.max(organisation.lifetime().0).min(day));
        true
    }

    /// The day from which an area belongs to a parent of which no file gives the day:
    /// since both are there or, where it belonged elsewhere, since the new parent came
    /// after that or else since the edition that says so.
    fn belonged(&self, area: &Organisation, seat: Seat, parent_opened: NaiveDate) -> NaiveDate {
        match area.membership_at(seat.scheme, seat.level, self.on()) {
            Some(held) if parent_opened <= held.valid_from => self.on(),
            Some(_) => parent_opened,
            None => area.lifetime().0.max(parent_opened),
        }
    }

    /// Takes an organisation over into the edit if it became different.
    fn settle(&mut self, next: Organisation) -> Result<bool, Failure> {
        let id = next.id();
        if self.edit.find(id) == Some(&next) {
            return Ok(false);
        }
        *self.edit.change(id)? = next;
        Ok(true)
    }

    fn copy(&self, id: OrganisationId) -> Result<Organisation, Failure> {
        self.edit.find(id).cloned().ok_or(Failure::NotFound)
    }

    fn count(&mut self, outcome: Outcome, line: impl FnOnce() -> String) {
        self.report.count(outcome, line);
    }
}

/// A file that lacks more than a few, and more than one in twenty, of the sites that it
/// had before is not whole.
fn check_whole(missing: usize, open: usize) -> Result<(), LoadRefused> {
    const FEW: usize = 10;
    const ONE_IN: usize = 20;
    if missing > FEW && missing > open / ONE_IN {
        return Err(LoadRefused::Missing { missing, open });
    }
    Ok(())
}

/// The first day from which a seat has been free until `day`.
fn vacant(organisation: &Organisation, seat: Seat, day: NaiveDate) -> NaiveDate {
    let rivals = organisation.memberships.iter();
    let rivals = rivals.filter(|row| row.scheme == seat.scheme && row.level == seat.level);
    rivals.filter_map(|row| row.valid_to).filter(|to| *to <= day).max().unwrap_or(NaiveDate::MIN)
}
