//! Cohorts: the intakes of learners that a training hub opens, with the places that are
//! commissioned in them.
//!
//! How many places are taken is never stored: it follows from the enrolments.

pub mod change;
pub(super) mod check;
pub mod list;
pub mod open;

use chrono::{Datelike, Months, NaiveDate};
use entity::{
    change::{ChangeType, NodeType},
    cohort::{self, CohortKind},
    enrolment::State,
};

use super::{
    records::{Enrolment, Records},
    turn::{Said, Turn},
};

/// How long it takes to become an assistant, unless it is extended.
pub const MONTHS: u32 = 9;

/// The same day some months later, or the last one of that month.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

/// Whether an enrolment holds one of its cohort's places: once it is offered, and for good
/// once it has started.
pub fn holds_place(enrolment: &Enrolment) -> bool {
    matches!(enrolment.row.state, State::Offered | State::Accepted)
        || enrolment.started_on().is_some()
}

/// How many of a cohort's places are taken.
pub fn places_taken(records: &Records, cohort: i64) -> i32 {
    let taken = records.of_cohort(cohort).filter(|enrolment| holds_place(enrolment)).count();
    i32::try_from(taken).unwrap_or(i32::MAX)
}

/// Whether learners of the cohort can start on a day.
pub fn starts_at(cohort: &cohort::Model, day: NaiveDate) -> Result<(), String> {
    let (from, to) = (cohort.starts_on, cohort.ends_on);
    if day < from || day >= to {
        return Err(format!("its cohort runs from {from} until {to}: start it within these"));
    }
    match cohort.kind {
        CohortKind::Fixed => Ok(()),
        CohortKind::Rolling if day.day() == 1 => Ok(()),
        CohortKind::Rolling => {
            Err("learners of a rolling cohort start on the first of a month".to_owned())
        }
    }
}

/// Whether somebody can apply on a day.
pub fn takes_applications(cohort: &cohort::Model, day: NaiveDate) -> bool {
    cohort.closed_on.is_none_or(|closed| day < closed)
}

/// Says what became of a cohort in the feed, and whom the audit names.
fn say(turn: &mut Turn, row: &cohort::Model, change_type: ChangeType, before: Option<String>) {
    let node = (NodeType::Cohort, row.id);
    turn.about(node);
    turn.say(Said {
        organisation_id: row.training_hub_id,
        change_type,
        effective_on: Some(row.starts_on),
        before,
        after: Some(format!("{}: {} places", row.name, row.places)),
        node: Some(node),
    });
}
