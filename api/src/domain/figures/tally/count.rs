//! What records add to a tally, and at which organisation: of all of them, or of some.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::cohort;

use super::{Part, sites::conversion};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        figures::boundaries::Follow,
        metrics::derivation::Tallied,
        records::{Enrolment, Participant, Records, Touched, stages::Stage},
    },
    ids::{Month, OrganisationId},
};

pub(super) fn one(whether: bool) -> Part {
    Part { number: i64::from(whether), ..Part::default() }
}

pub(super) fn many(count: usize) -> Part {
    Part { number: i64::try_from(count).unwrap_or(i64::MAX), ..Part::default() }
}

pub(super) fn share(number: usize, of: usize) -> Part {
    Part { of: i64::try_from(of).unwrap_or(i64::MAX), ..many(number) }
}

/// Counts in one month.
pub(super) struct Counter<'a> {
    pub records: &'a Records,
    pub directory: &'a Directory,
    pub month: Month,
    pub on: Option<(NaiveDate, Follow)>,
    pub today: NaiveDate,
}

impl Counter<'_> {
    /// The day that stocks are counted on: the last of the month, or today.
    pub(super) fn day(&self) -> NaiveDate {
        self.month.last_day().min(self.today)
    }

    pub(super) fn within(&self, day: NaiveDate) -> bool {
        Month::of(day) == self.month && day <= self.today
    }

    /// Whatever records add, with the organisation that they add it to: all records, or
    /// only those touched.
    pub(super) fn parts(
        &self,
        tallied: Tallied,
        only: Option<&Touched>,
    ) -> Vec<(OrganisationId, Part)> {
        let mut parts = match tallied {
            Tallied::PlacesCommissioned => self.places_commissioned(only),
            Tallied::PlacesFilled => self.places_filled(only),
            _ => self.of_participants(tallied, only),
        };
        parts.retain(|(_, part)| *part != Part::default());
        parts
    }

    fn of_participants(
        &self,
        tallied: Tallied,
        only: Option<&Touched>,
    ) -> Vec<(OrganisationId, Part)> {
        let participants: Vec<&Arc<Participant>> = match only {
            None => self.records.participants().collect(),
            Some(only) => {
                only.places.iter().filter_map(|id| self.records.participant(*id)).collect()
            }
        };
        let found = participants.into_iter().filter_map(|it| {
            self.directory.find(it.organisation).map(|organisation| (it, organisation))
        });
        if tallied == Tallied::NetworksInPost {
            let networks = found.flat_map(|(it, organisation)| self.networks(it, organisation));
            return networks.map(|id| (id, Part { each: vec![id], ..Part::default() })).collect();
        }
        let own = |(it, organisation): (&Arc<Participant>, &Arc<Organisation>)| {
            (it.organisation, self.part(tallied, it, organisation))
        };
        found.map(own).collect()
    }

    fn places_commissioned(&self, only: Option<&Touched>) -> Vec<(OrganisationId, Part)> {
        let cohorts: Vec<&Arc<cohort::Model>> = match only {
            None => self.records.cohorts().collect(),
            Some(only) => only.cohorts.iter().filter_map(|id| self.records.cohort(*id)).collect(),
        };
        let starting = cohorts.into_iter().filter(|cohort| self.within(cohort.starts_on));
        let part = |places: i32| Part { number: i64::from(places), ..Part::default() };
        starting.map(|it| (it.training_hub_id, part(it.places))).collect()
    }

    fn places_filled(&self, only: Option<&Touched>) -> Vec<(OrganisationId, Part)> {
        let enrolments: Vec<&Arc<Enrolment>> = match only {
            None => self.records.enrolments().collect(),
            Some(only) => {
                only.enrolments.iter().filter_map(|id| self.records.enrolment(*id)).collect()
            }
        };
        let started = enrolments
            .into_iter()
            .filter(|enrolment| enrolment.started_on().is_some_and(|on| self.within(on)));
        let hub = |enrolment: &Arc<Enrolment>| {
            self.records.cohort(enrolment.row.cohort_id).map(|cohort| cohort.training_hub_id)
        };
        started.filter_map(hub).map(|hub| (hub, one(true))).collect()
    }

    /// What one participant adds to its own figure.
    pub(super) fn part(
        &self,
        tallied: Tallied,
        it: &Participant,
        organisation: &Organisation,
    ) -> Part {
        // Few have anything to count: that is asked first, being cheaper.
        let there = || organisation.eligible_at(self.day());
        match tallied {
            Tallied::SitesEngaged => one(it.stage_at(self.day()).rank().is_some() && there()),
            Tallied::SitesTraining => one(it.trains(self.day()) && there()),
            Tallied::SitesInPost => one(it.holds_post(self.day()) && there()),
            Tallied::SitesSustained => one(it.stage_at(self.day()) == Stage::Sustained && there()),
            Tallied::NewAdopters => one(self.is_new(it, organisation)),
            Tallied::SitesLapsed => one(self.has_lapsed(it, organisation)),
            Tallied::PatientsCovered => self.patients(it, organisation),
            Tallied::StageDays => self.stage_days(it),
            Tallied::StageConversion => conversion(it, self.day()),
            Tallied::PersonsInPost => self.persons(it),
            Tallied::FteInPost => self.fte(it),
            Tallied::Retention12Months => self.retention(it),
            Tallied::AccreditedShare => self.accredited(it),
            // These are counted of hubs and networks.
            Tallied::PlacesCommissioned | Tallied::PlacesFilled | Tallied::NetworksInPost => {
                Part::default()
            }
            Tallied::LearnersApplied
            | Tallied::LearnersStarted
            | Tallied::LearnersCompleted
            | Tallied::LearnersWithdrawn
            | Tallied::LearnersInTraining
            | Tallied::CompletedIn9Months
            | Tallied::CompletedIn12Months
            | Tallied::WithdrawalRate
            | Tallied::ExtensionRate
            | Tallied::DaysToComplete
            | Tallied::LearnersWithoutMentor => self.learners(tallied, it),
        }
    }
}
