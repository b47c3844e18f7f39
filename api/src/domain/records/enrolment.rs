//! One enrolment with everything that happened to it.

use chrono::NaiveDate;
use entity::{
    award, employment_report,
    enrolment::{self, State},
    enrolment_event, extension,
    mentor_assignment::{self, MentorKind},
};

use crate::{domain::timeline::within, ids::OrganisationId};

/// An enrolment and the rows that belong to it, each in the order of their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    pub row: enrolment::Model,
    pub events: Vec<enrolment_event::Model>,
    pub extensions: Vec<extension::Model>,
    pub mentors: Vec<mentor_assignment::Model>,
    pub employment: Vec<employment_report::Model>,
    pub award: Option<award::Model>,
}

/// Days in a row on which a learner was in training at one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    pub site: OrganisationId,
    pub from: NaiveDate,
    /// The first day on which it was over.
    pub to: Option<NaiveDate>,
    /// It began elsewhere, and came by a transfer.
    pub carried: bool,
    /// What it ended with: none where the learner went on at another site.
    pub ended: Option<State>,
}

impl Enrolment {
    pub fn new(row: enrolment::Model) -> Self {
        Self {
            row,
            events: Vec::new(),
            extensions: Vec::new(),
            mentors: Vec::new(),
            employment: Vec::new(),
            award: None,
        }
    }

    /// Puts everything in order, and gives back what the lists have beyond their length.
    pub(super) fn put_in_order(&mut self) {
        self.events.sort_unstable_by_key(|row| (row.occurred_on, row.id));
        self.extensions.sort_unstable_by_key(|row| row.id);
        self.mentors.sort_unstable_by_key(|row| (row.valid_from, row.id));
        self.employment.sort_unstable_by_key(|row| (row.as_of, row.id));
        self.events.shrink_to_fit();
        self.extensions.shrink_to_fit();
        self.mentors.shrink_to_fit();
        self.employment.shrink_to_fit();
    }

    /// The state at the end of a day; none before it was applied for.
    pub fn state_at(&self, day: NaiveDate) -> Option<State> {
        self.last(day).map(|event| event.state)
    }

    fn last(&self, day: NaiveDate) -> Option<&enrolment_event::Model> {
        self.events.iter().rev().find(|event| event.occurred_on <= day)
    }

    /// The day on which it came into a state for the first time.
    pub fn first(&self, state: State) -> Option<NaiveDate> {
        self.events.iter().find(|event| event.state == state).map(|event| event.occurred_on)
    }

    pub fn started_on(&self) -> Option<NaiveDate> {
        self.first(State::Started)
    }

    /// The day on which it came into the state that it is in.
    pub fn since(&self) -> Option<NaiveDate> {
        let now = self.events.iter().rev().take_while(|event| event.state == self.row.state);
        now.last().map(|event| event.occurred_on)
    }

    /// Whether somebody is assigned in that part on a day.
    pub fn has_mentor(&self, kind: MentorKind, day: NaiveDate) -> bool {
        let there = |row: &&mentor_assignment::Model| within(day, row.valid_from, row.valid_to);
        self.mentors.iter().filter(there).any(|row| row.kind == kind)
    }

    /// Months by which it was extended.
    pub fn months_granted(&self) -> i32 {
        let granted = |row: &&extension::Model| row.decision == Some(extension::Decision::Granted);
        self.extensions.iter().filter(granted).map(|row| row.months).sum()
    }

    /// Where the learner was in training, and when.
    pub fn spells(&self) -> Vec<Spell> {
        let mut spells: Vec<Spell> = Vec::new();
        let mut training_at: Option<OrganisationId> = None;
        for event in &self.events {
            let now = in_training(event.state).then_some(event.site_id);
            if now == training_at {
                continue;
            }
            if let Some(open) = spells.last_mut().filter(|open| open.to.is_none()) {
                open.to = Some(event.occurred_on);
                open.ended = now.is_none().then_some(event.state);
            }
            if let Some(site) = now {
                let carried = training_at.is_some();
                let from = event.occurred_on;
                spells.push(Spell { site, from, to: None, carried, ended: None });
            }
            training_at = now;
        }
        // What began and ended on one day was never there at the end of one.
        spells.retain(|spell| spell.to != Some(spell.from));
        spells
    }
}

/// Whether a learner in that state has started and is not through.
pub fn in_training(state: State) -> bool {
    match state {
        State::Started | State::Paused | State::Submitted | State::Referred | State::Verified => {
            true
        }
        State::Applied
        | State::Offered
        | State::Accepted
        | State::Completed
        | State::Rejected
        | State::Cancelled
        | State::Withdrawn => false,
    }
}

/// Whether nothing more happens to it.
pub fn is_over(state: State) -> bool {
    match state {
        State::Completed | State::Rejected | State::Cancelled | State::Withdrawn => true,
        State::Applied
        | State::Offered
        | State::Accepted
        | State::Started
        | State::Paused
        | State::Submitted
        | State::Referred
        | State::Verified => false,
    }
}
