//! Writing down what one source says of organisations, in one edit.
//!
//! What a source says replaces what it, or the demonstration, said earlier. What a
//! person recorded, or an edition of the NHS register, stays as it is: a newer
//! release of the program does not undo what its users know better.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    lead_appointment,
    organisation::{Kind, Source},
    organisation_code::{self, CodeScheme},
};

use crate::{
    domain::{
        directory::organisation::Organisation,
        edit::Edit,
        error::Failure,
        memberships::{Seat, scheme_of, take},
        timeline::Timeline,
        training_hubs::lead::lead_from,
    },
    ids::OrganisationId,
};

/// A code, and the day from which it is borne.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    pub scheme: CodeScheme,
    pub code: &'a str,
    pub from: NaiveDate,
}

/// Writes for one source, and remembers whom it has written about.
pub(super) struct Scribe {
    edit: Edit,
    source: Source,
    written: HashMap<(CodeScheme, Box<str>), OrganisationId>,
}

impl Scribe {
    pub(super) fn new(edit: Edit, source: Source) -> Self {
        Self { edit, source, written: HashMap::new() }
    }

    pub(super) fn edit(&mut self) -> &mut Edit {
        &mut self.edit
    }

    /// How many organisations it has written about.
    pub(super) fn count(&self) -> usize {
        self.written.len()
    }

    pub(super) async fn commit(self) -> Result<(), Failure> {
        self.edit.commit(None, 0).await
    }

    /// The organisation of that kind under that code: the one that bears it, or a new one.
    pub(super) fn organisation(
        &mut self,
        kind: Kind,
        opened_on: NaiveDate,
        code: Code,
    ) -> Result<&mut Organisation, Failure> {
        let known = self.edit.before().last_bearer(code.scheme, code.code, code.from);
        let known = known.filter(|known| known.kind() == kind).map(|known| known.id());
        let id = match known {
            Some(id) => id,
            None => self.edit.register(kind, self.source, opened_on).id(),
        };
        self.written.insert((code.scheme, Box::from(code.code)), id);
        let source = self.source;
        let organisation = self.edit.change(id)?;
        if organisation.row.source == source {
            organisation.row.opened_on = opened_on;
        }
        bear(organisation, code);
        Ok(organisation)
    }

    /// Whom it wrote about under that code.
    pub(super) fn id(&self, scheme: CodeScheme, code: &str) -> Result<OrganisationId, Failure> {
        self.written.get(&(scheme, Box::from(code))).copied().ok_or(Failure::NotFound)
    }

    /// `child` belongs to `parent` from a day on; it is the only parent of its kind
    /// of which this source knows.
    pub(super) fn belongs(
        &mut self,
        child: OrganisationId,
        parent: OrganisationId,
        from: NaiveDate,
    ) -> Result<(), Failure> {
        let seat = self.seat(child, parent)?;
        let child = self.edit.find(child).ok_or(Failure::NotFound)?;
        let id = child.id();
        let mut held = child
            .memberships
            .iter()
            .filter(|row| (row.scheme, row.level) == (seat.scheme, seat.level))
            .peekable();
        let said = held.peek().is_some_and(|row| {
            (row.parent_id, row.valid_from, row.source) == (parent, from, seat.source)
        });
        if said || held.any(|row| theirs(row.source)) {
            return Ok(());
        }
        let child = self.edit.change(id)?;
        child.memberships.retain(|row| (row.scheme, row.level) != (seat.scheme, seat.level));
        self.moves(id, parent, from)
    }

    /// `child` belongs to `parent` from a day on, and to another before it.
    pub(super) fn moves(
        &mut self,
        child: OrganisationId,
        parent: OrganisationId,
        from: NaiveDate,
    ) -> Result<(), Failure> {
        let seat = self.seat(child, parent)?;
        let row = self.edit.next_row_id();
        take(self.edit.change(child)?, row, seat, from);
        Ok(())
    }

    /// The hub leads the region from a day on, unless somebody appointed another.
    pub(super) fn leads(
        &mut self,
        hub: OrganisationId,
        region: OrganisationId,
        from: NaiveDate,
    ) -> Result<(), Failure> {
        let (source, row) = (self.source, self.edit.next_row_id());
        let region = self.edit.change(region)?;
        let said = |lead: &lead_appointment::Model| {
            (lead.training_hub_id, lead.valid_from, lead.source) == (hub, from, source)
        };
        if !region.leads.iter().any(|lead| said(lead) || theirs(lead.source)) {
            region.leads.clear();
            lead_from(region, row, hub, from, source);
        }
        Ok(())
    }

    fn seat(&self, child: OrganisationId, parent: OrganisationId) -> Result<Seat, Failure> {
        let child = self.edit.find(child).ok_or(Failure::NotFound)?;
        let level = self.edit.find(parent).ok_or(Failure::NotFound)?.kind();
        let scheme = scheme_of(child.kind(), level).ok_or(Failure::NotFound)?;
        Ok(Seat { scheme, level, parent, source: self.source })
    }
}

/// Whether a person or the NHS register said it.
fn theirs(source: Source) -> bool {
    match source {
        Source::Manual | Source::Ods => true,
        Source::Reference | Source::Demonstration => false,
    }
}

/// Says that the organisation bears a code from a day on.
pub(super) fn bear(organisation: &mut Organisation, Code { scheme, code, from }: Code) {
    let organisation_id = organisation.id();
    let known = organisation.codes.iter_mut().find(|row| row.scheme == scheme && row.code == code);
    match known {
        Some(row) => row.valid_from = from,
        None => organisation.codes.push(organisation_code::Model {
            scheme,
            code: code.to_owned(),
            valid_from: from,
            valid_to: None,
            organisation_id,
        }),
    }
}

/// Tells a timeline anew; what others said of days after the last one told stays.
pub(super) fn tell<T: PartialEq + Clone>(
    timeline: &mut Timeline<T>,
    told: impl IntoIterator<Item = (NaiveDate, T)>,
) {
    let mut anew = Timeline::default();
    let mut last = None;
    for (day, value) in told {
        anew.set(day, value);
        last = last.max(Some(day));
    }
    for (day, value) in timeline.iter().filter(|(day, _)| Some(*day) > last) {
        anew.set(day, value.clone());
    }
    *timeline = anew;
}
