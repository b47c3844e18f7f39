//! One change to the register: facts, placements, audit row and change rows, in one
//! transaction, or nothing at all.
//!
//! A command works on copies of organisations in memory; the commit compares the
//! copies with what was there and writes the difference. So commands, imports and
//! reference data share one way of writing, and no change can miss its change row.
//! Edits of the register run one at a time, on every instance: each sees the last
//! one's outcome before it decides, and positions in the feed follow the commits.

mod difference;
mod settle;
#[cfg(test)]
mod tests;
mod write;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{
    edition,
    organisation::{self, Kind, Source},
    organisation_code::CodeScheme,
};
use sea_orm::DatabaseTransaction;

use super::{
    directory::{Directory, organisation::Organisation},
    error::{Declined, Failure},
    idempotency::IdempotencyKey,
    observations::moved,
    records::Records,
    turn::Turn,
    viewer::Viewer,
};
use crate::{
    auth::{action::Action, policy::Permit},
    ids::OrganisationId,
};

pub struct Edit {
    turn: Turn,
    /// Copies of the organisations that the edit changes.
    changed: HashMap<OrganisationId, Organisation>,
    removed: BTreeSet<OrganisationId>,
    /// Those whose records go, and whose figures too where nobody vouches for them.
    invented: BTreeSet<OrganisationId>,
    /// Those of the demonstration that figures, returns and settings speak of, once they
    /// were looked for.
    figured: BTreeSet<OrganisationId>,
    /// The editions that this edit loads.
    editions: Vec<edition::ActiveModel>,
}

impl Edit {
    /// Waits for its turn, then sees the register as it now is.
    pub(super) async fn begin(viewer: &Viewer, permit: Permit) -> Result<Self, Failure> {
        Ok(Self {
            turn: Turn::begin(viewer, permit).await?,
            changed: HashMap::new(),
            removed: BTreeSet::new(),
            invented: BTreeSet::new(),
            figured: BTreeSet::new(),
            editions: Vec::new(),
        })
    }

    /// A long load may take longer than the server allows a command.
    pub(super) async fn take_time(&self) -> Result<(), Failure> {
        self.turn.take_time().await
    }

    /// Finds out which of the demonstration's organisations cannot go without a trace.
    pub(super) async fn look_for_figures(&mut self) -> Result<(), Failure> {
        let before = self.before().clone();
        let invented = before.all().filter(|each| each.row.source == Source::Demonstration);
        let invented: Vec<_> = invented.map(|each| each.id()).collect();
        self.figured = write::spoken_of(self.connection(), &invented).await?;
        Ok(())
    }

    /// Whether figures speak of one of the demonstration's organisations.
    pub(super) fn has_figures(&self, id: OrganisationId) -> bool {
        self.figured.contains(&id)
    }

    pub(super) fn connection(&self) -> &DatabaseTransaction {
        self.turn.connection()
    }

    pub(super) fn permit(&self) -> &Permit {
        self.turn.permit()
    }

    /// How many organisations the edit changes or removes.
    pub(super) fn changes(&self) -> usize {
        self.changed.len() + self.removed.len()
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.turn.today()
    }

    /// The register as it was before the edit.
    pub(super) fn before(&self) -> &Arc<Directory> {
        self.turn.directory()
    }

    /// The programme's records as they were before the edit.
    pub(super) fn records(&self) -> &Records {
        self.turn.records()
    }

    /// The organisation as the edit leaves it so far.
    pub(super) fn find(&self, id: OrganisationId) -> Option<&Organisation> {
        if self.removed.contains(&id) {
            return None;
        }
        self.changed.get(&id).or_else(|| self.before().find(id).map(|found| &**found))
    }

    /// Who bears a code on that day, as the edit leaves it so far.
    pub(super) fn bearer(
        &self,
        scheme: CodeScheme,
        code: &str,
        day: NaiveDate,
    ) -> Option<OrganisationId> {
        let bears = |each: &&Organisation| each.code_at(scheme, day) == Some(code);
        let changed = self.changed.values().find(bears).map(Organisation::id);
        changed.or_else(|| {
            let known = self.before().bearer(scheme, code, day)?;
            self.find(known.id()).filter(bears).map(Organisation::id)
        })
    }

    /// The organisation, to be changed.
    pub(super) fn change(&mut self, id: OrganisationId) -> Result<&mut Organisation, Failure> {
        if !self.changed.contains_key(&id) {
            let copy = Organisation::clone(self.before().find(id).ok_or(Failure::NotFound)?);
            self.changed.insert(id, copy);
        }
        self.changed.get_mut(&id).ok_or(Failure::NotFound)
    }

    /// The organisation, if the permit extends to it: NOT_FOUND where it may not be
    /// seen, FORBIDDEN where it may be seen and not changed.
    pub(super) fn permitted(&self, id: OrganisationId) -> Result<&Organisation, Failure> {
        let found = self.find(id).ok_or(Failure::NotFound)?;
        let readable = self.turn.viewer().reach(Action::ReadDirectory);
        if !self.before().covers(&readable, found, self.today()) {
            return Err(Failure::NotFound);
        }
        self.before()
            .allows(self.permit(), found, self.today())
            .map_err(|reason| Failure::Forbidden(reason.to_owned()))?;
        Ok(found)
    }

    /// As [`Edit::permitted`], for a caller who says which version they read.
    pub(super) fn permitted_version(
        &self,
        id: OrganisationId,
        expected: i32,
    ) -> Result<&Organisation, Declined> {
        let found = self.permitted(id)?;
        if found.row.version != expected {
            self.turn.see_before();
            return Err(Declined::VersionConflict(id));
        }
        Ok(found)
    }

    /// A new organisation, with nothing said of it yet.
    pub(super) fn register(
        &mut self,
        kind: Kind,
        source: Source,
        opened_on: NaiveDate,
    ) -> &mut Organisation {
        let id = self.next_row_id();
        let row = organisation::Model { id, kind, source, opened_on, closed_on: None, version: 1 };
        self.changed.entry(id).or_insert(Organisation::new(row))
    }

    /// Takes an organisation out of the register: only what was invented goes.
    pub(super) fn remove(&mut self, id: OrganisationId) {
        self.changed.remove(&id);
        self.removed.insert(id);
    }

    /// Takes out whatever was recorded of some invented organisations' part in the
    /// programme, and takes back the figures that came with them.
    pub(super) fn remove_records(&mut self, of: impl IntoIterator<Item = OrganisationId>) {
        self.invented.extend(of);
    }

    /// An id that no row has had.
    pub(super) fn next_row_id(&mut self) -> i64 {
        self.turn.next_row_id()
    }

    /// The outcome of the same command under the same key, if it was done before.
    pub(super) async fn done_before(
        &mut self,
        key: &IdempotencyKey,
    ) -> Result<Option<i64>, Declined> {
        Ok(self.turn.done_before(key).await?.map(|done| done.outcome_id))
    }

    /// What a command leaves behind must lie within its reach too: nobody registers a
    /// site for another hub, or moves one out of their own. What others have decided for
    /// a later day, such as another hub's coverage, does not end anybody's reach today.
    fn check_reach(&self, about: Option<OrganisationId>) -> Result<(), Failure> {
        let Some(about) = about.and_then(|id| self.find(id)) else { return Ok(()) };
        // Somebody new is judged as it is today, whatever is planned for its parents.
        let known = self.before().find(about.id());
        let latest = about.placements.last().filter(|_| known.is_some());
        let day = latest.map_or(self.today(), |place| place.valid_from.max(self.today()));
        let closed = about.lifetime().1.is_some_and(|closed| closed <= day);
        let reach = self.permit().reach();
        let left = known.is_some_and(|before| !self.before().covers(&reach, before, day));
        if closed || left || self.before().covers(&reach, about, day) {
            return Ok(());
        }
        Err(Failure::Forbidden("it would then lie outside your organisation's reach".to_owned()))
    }

    /// Writes everything, and hands the turn on to what else it is to do: what follows sees
    /// the register as the edit leaves it, and its commit is the commit of both.
    pub(super) async fn into_turn(
        mut self,
        about: Option<OrganisationId>,
    ) -> Result<Turn, Failure> {
        if self.changes() == 0 {
            return Ok(self.turn);
        }
        self.settle_placements()?;
        self.check_reach(about)?;
        self.write(about).await?;
        moved::follow(&mut self.turn, &self.changed).await?;
        let before = self.before().clone();
        let changed = self.changed.into_values().map(Arc::new);
        let removed: Vec<_> = self.removed.into_iter().collect();
        self.turn.adopt(Arc::new(before.with(before.position(), changed, &removed)));
        Ok(self.turn)
    }

    /// Lets the request see what the edit found, when it will write nothing.
    pub(super) fn see_before(&self) {
        self.turn.see_before();
    }

    /// Writes everything and lets everybody see it. `about` is what the command was
    /// for, in the audit row; `outcome` is what a repetition under the same key gives.
    pub(super) async fn commit(
        mut self,
        about: Option<OrganisationId>,
        outcome: i64,
    ) -> Result<(), Failure> {
        self.settle_placements()?;
        self.check_reach(about)?;
        self.write(about).await?;
        moved::follow(&mut self.turn, &self.changed).await?;
        let Self { turn, changed, removed, .. } = self;
        let changed = changed.into_values().map(Arc::new);
        let removed: Vec<_> = removed.into_iter().collect();
        let after =
            |position, before: Arc<Directory>| Arc::new(before.with(position, changed, &removed));
        turn.commit_register(about, outcome, after).await
    }
}
