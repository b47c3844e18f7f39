//! What an edit made different: the rows to take out and put in, and the words for it.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    lead_appointment, list_size, membership, organisation, organisation_code,
    organisation_fact::{self, Fact},
    placement, succession,
};
use sea_orm::ActiveEnum;

use crate::{
    auth::action::Action,
    domain::{directory::organisation::Organisation, timeline::Timeline, turn::Said},
    ids::OrganisationId,
};

/// The rows of one table that go and the rows that come.
pub(super) struct Rows<T> {
    pub gone: Vec<T>,
    pub new: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { gone: Vec::new(), new: Vec::new() }
    }
}

impl<T: PartialEq + Clone> Rows<T> {
    /// Rows are few for one organisation, so a look through both sides is enough.
    fn compare(&mut self, before: &[T], after: &[T]) -> bool {
        let (gone, new) = (self.gone.len(), self.new.len());
        self.gone.extend(before.iter().filter(|row| !after.contains(row)).cloned());
        self.new.extend(after.iter().filter(|row| !before.contains(row)).cloned());
        gone != self.gone.len() || new != self.new.len()
    }
}

/// The difference that an edit makes, over all of the tables.
#[derive(Default)]
pub(super) struct Difference {
    pub organisations: Rows<organisation::Model>,
    pub facts: Rows<organisation_fact::Model>,
    pub codes: Rows<organisation_code::Model>,
    pub memberships: Rows<membership::Model>,
    pub placements: Rows<placement::Model>,
    pub leads: Rows<lead_appointment::Model>,
    pub successions: Rows<succession::Model>,
    pub list_sizes: Rows<list_size::Model>,
    /// Organisations of which everything goes.
    pub removed: Vec<OrganisationId>,
    pub said: Vec<Said>,
}

impl Difference {
    /// Adds what became different in one organisation and, unless only its placement
    /// moved, raises its version. Nothing differs unsaid: other instances learn of it
    /// from the feed alone.
    pub(super) fn add(
        &mut self,
        before: Option<&Organisation>,
        after: &mut Organisation,
        action: Action,
        label: &impl Fn(OrganisationId) -> String,
    ) {
        let said = self.said.len();
        let id = after.id();
        if before.is_none() {
            let name = after.name.latest().map(|name| name.to_string());
            self.say(id, ChangeType::Registered, Some(after.row.opened_on), None, name);
        }
        let none = Organisation::new(after.row.clone());
        let earlier = before.unwrap_or(&none);
        self.add_facts(before, after);
        if self.codes.compare(&earlier.codes, &after.codes) && before.is_some() {
            self.say_codes(earlier, after);
        }
        if self.memberships.compare(&earlier.memberships, &after.memberships) && before.is_some() {
            self.say_memberships(earlier, after, action, label);
        }
        if self.leads.compare(&earlier.leads, &after.leads) {
            self.say_leads(earlier, after, label);
        }
        if self.successions.compare(&earlier.successors, &after.successors) {
            self.say_successions(earlier, after, label);
        }
        self.add_list_sizes(earlier, after, before.is_some());
        if before.is_some() && (self.said.len() > said || !earlier.same_but_placed(after)) {
            // Whom it newly follows says so for both.
            let follows = after.predecessors.iter().any(|row| !earlier.predecessors.contains(row));
            if self.said.len() == said && !follows {
                self.say(id, ChangeType::DetailsChanged, None, None, None);
            }
            after.row.version = earlier.row.version + 1;
        }
        self.add_placements(before, after, self.said.len() == said);
        match before {
            Some(before) if before.row == after.row => {}
            Some(before) => {
                self.organisations.gone.push(before.row.clone());
                self.organisations.new.push(after.row.clone());
            }
            None => self.organisations.new.push(after.row.clone()),
        }
    }

    /// Everything of an organisation goes.
    pub(super) fn remove(&mut self, gone: &Organisation) {
        let name = gone.name.latest().map(|name| name.to_string());
        self.say(gone.id(), ChangeType::Removed, None, name, None);
        self.removed.push(gone.id());
        self.memberships.gone.extend(gone.memberships.iter().cloned());
        self.placements.gone.extend(gone.placements.iter().cloned());
        self.leads.gone.extend(gone.leads.iter().cloned());
        self.successions.gone.extend(gone.successors.iter().cloned());
    }

    fn say(
        &mut self,
        organisation_id: OrganisationId,
        change_type: ChangeType,
        effective_on: Option<NaiveDate>,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.said.push(Said {
            organisation_id,
            change_type,
            effective_on,
            before,
            after,
            node: None,
        });
    }

    fn add_facts(&mut self, before: Option<&Organisation>, after: &Organisation) {
        let earlier = before.map(facts).unwrap_or_default();
        let later = facts(after);
        let first_new = self.facts.new.len();
        if !self.facts.compare(&earlier, &later) || before.is_none() {
            return;
        }
        let new = self.facts.new[first_new..].to_vec();
        for row in new {
            let held = earlier
                .iter()
                .rfind(|fact| fact.fact == row.fact && fact.valid_from <= row.valid_from)
                .map(|fact| fact.value.clone());
            let change_type = match row.fact {
                Fact::Name => ChangeType::Renamed,
                Fact::Status => ChangeType::StatusChanged,
                Fact::PrescribingSetting | Fact::Postcode | Fact::Tier => {
                    ChangeType::DetailsChanged
                }
            };
            let from = Some(row.valid_from);
            self.say(row.organisation_id, change_type, from, held, Some(row.value));
        }
    }

    fn say_codes(&mut self, before: &Organisation, after: &Organisation) {
        for code in after.codes.iter().filter(|code| !before.codes.contains(code)) {
            let words = Some(code.code.clone());
            let same = |held: &organisation_code::Model| {
                (held.scheme, &held.code, held.valid_from)
                    == (code.scheme, &code.code, code.valid_from)
            };
            // A code that was borne already is said for its end, which is what changed.
            let (from, held, now) = if before.codes.iter().any(same) {
                (code.valid_to, words, None)
            } else {
                (Some(code.valid_from), None, words)
            };
            self.say(after.id(), ChangeType::CodeChanged, from, held, now);
        }
    }

    fn say_memberships(
        &mut self,
        before: &Organisation,
        after: &Organisation,
        action: Action,
        label: &impl Fn(OrganisationId) -> String,
    ) {
        let change_type = match action {
            Action::CorrectMembership => ChangeType::MembershipCorrected,
            _ => ChangeType::Moved,
        };
        let fresh: Vec<_> =
            after.memberships.iter().filter(|row| !before.memberships.contains(row)).collect();
        for row in &fresh {
            let held = before.membership_at(row.scheme, row.level, row.valid_from);
            let same = held.is_some_and(|held| held.parent_id == row.parent_id);
            let (from, to) = if same {
                // The same parent for another time: what changed is an end.
                (row.valid_to, None)
            } else {
                (Some(row.valid_from), Some(label(row.parent_id)))
            };
            let replaced = same && fresh.iter().any(|other| Some(other.valid_from) == row.valid_to);
            if !replaced {
                let held = held.map(|held| label(held.parent_id));
                self.say(after.id(), change_type, from, held, to);
            }
        }
        if fresh.is_empty() {
            self.say(after.id(), change_type, None, None, None);
        }
    }

    fn say_leads(
        &mut self,
        before: &Organisation,
        after: &Organisation,
        label: &impl Fn(OrganisationId) -> String,
    ) {
        let known: Vec<i64> = before.leads.iter().map(|lead| lead.id).collect();
        for lead in after.leads.iter().filter(|lead| !known.contains(&lead.id)) {
            let held = before.lead_at(lead.valid_from).map(|lead| label(lead.training_hub_id));
            let now = Some(label(lead.training_hub_id));
            self.say(after.id(), ChangeType::LeadAppointed, Some(lead.valid_from), held, now);
        }
    }

    fn say_successions(
        &mut self,
        before: &Organisation,
        after: &Organisation,
        label: &impl Fn(OrganisationId) -> String,
    ) {
        for row in after.successors.iter().filter(|row| !before.successors.contains(row)) {
            let day = Some(row.occurred_on);
            let (old, new) = (Some(label(row.predecessor_id)), Some(label(row.successor_id)));
            self.say(row.predecessor_id, ChangeType::Succeeded, day, old.clone(), new.clone());
            self.say(row.successor_id, ChangeType::Succeeded, day, old, new);
        }
    }

    fn add_list_sizes(&mut self, before: &Organisation, after: &Organisation, say: bool) {
        let (earlier, later) = (list_sizes(before), list_sizes(after));
        let first_new = self.list_sizes.new.len();
        if !self.list_sizes.compare(&earlier, &later) || !say {
            return;
        }
        let new = self.list_sizes.new[first_new..].to_vec();
        for row in new {
            let held =
                before.list_size_at(row.counted_on).map(|(_, patients)| patients.to_string());
            let now = Some(row.patients.to_string());
            self.say(after.id(), ChangeType::ListSizeCounted, Some(row.counted_on), held, now);
        }
    }

    /// Placements are written whole; one that moved only because something above it
    /// did is said, since it changes what the organisation shows.
    fn add_placements(&mut self, before: Option<&Organisation>, after: &Organisation, say: bool) {
        let earlier = before.map_or(&[][..], |before| &before.placements);
        if earlier == after.placements {
            return;
        }
        self.placements.gone.extend_from_slice(earlier);
        self.placements.new.extend_from_slice(&after.placements);
        if say && before.is_some() {
            let first = after.placements.iter().find(|row| !earlier.contains(row));
            let from = first.map(|row| row.valid_from);
            self.say(after.id(), ChangeType::Placed, from, None, None);
        }
    }
}

/// The dated facts of an organisation, as rows.
fn facts(organisation: &Organisation) -> Vec<organisation_fact::Model> {
    fn rows<'a, T: PartialEq>(
        id: OrganisationId,
        fact: Fact,
        timeline: &'a Timeline<T>,
        spell: impl Fn(&T) -> String + 'a,
    ) -> impl Iterator<Item = organisation_fact::Model> + 'a {
        timeline.iter().map(move |(valid_from, value)| organisation_fact::Model {
            organisation_id: id,
            fact,
            valid_from,
            value: spell(value),
        })
    }
    let id = organisation.id();
    let text = ToString::to_string;
    rows(id, Fact::Name, &organisation.name, text)
        .chain(rows(id, Fact::Status, &organisation.status, ActiveEnum::to_value))
        .chain(rows(id, Fact::PrescribingSetting, &organisation.prescribing_setting, text))
        .chain(rows(id, Fact::Postcode, &organisation.postcode, text))
        .chain(rows(id, Fact::Tier, &organisation.tier, ActiveEnum::to_value))
        .collect()
}

fn list_sizes(organisation: &Organisation) -> Vec<list_size::Model> {
    let row = |(counted_on, patients): &(NaiveDate, i32)| list_size::Model {
        organisation_id: organisation.id(),
        counted_on: *counted_on,
        patients: *patients,
    };
    organisation.list_sizes.iter().map(row).collect()
}
