//! The intakes that the stories' learners joined: one for each training hub and half-year,
//! with a few places more than were taken.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use entity::cohort::{self, CohortKind};

use crate::ids::{Month, OrganisationId};

/// Intakes in the making, by hub and the day from which they take learners.
#[derive(Default)]
pub(super) struct Cohorts {
    made: BTreeMap<(OrganisationId, NaiveDate), cohort::Model>,
}

impl Cohorts {
    /// The intake of a learner who starts, or would, on a day: its id, once a place in it
    /// is counted if the learner took one.
    pub(super) fn join(
        &mut self,
        hub: OrganisationId,
        started: NaiveDate,
        framework_id: i64,
        provider_id: Option<i64>,
        next_id: impl FnOnce() -> i64,
    ) -> i64 {
        let half = if started.month() < 7 { 1 } else { 7 };
        let begins = Month::new(started.year(), half).map_or(started, Month::first_day);
        let cohort = self.made.entry((hub, begins)).or_insert_with(|| cohort::Model {
            id: next_id(),
            training_hub_id: hub,
            provider_id,
            framework_id,
            name: format!("Intake {} (synthetic)", Month::of(begins)),
            kind: CohortKind::Rolling,
            places: 2,
            starts_on: begins,
            ends_on: begins + Months::new(15),
            closed_on: None,
            version: 1,
        });
        cohort.places += 1;
        cohort.id
    }

    pub(super) fn made(&self) -> impl Iterator<Item = &cohort::Model> {
        self.made.values()
    }

    pub(super) fn rows(self, today: NaiveDate) -> Vec<cohort::Model> {
        let closed = |cohort: cohort::Model| {
            let end = cohort.starts_on + Months::new(6);
            cohort::Model { closed_on: (end <= today).then_some(end), ..cohort }
        };
        self.made.into_values().map(closed).collect()
    }
}
