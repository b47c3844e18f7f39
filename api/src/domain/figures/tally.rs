//! Figures that are counted in the programme's own records: how many sites, learners and
//! posts, place by place and month by month. A tally is made of one thing in one month for
//! every place at once, and kept until a record changes that it could depend on.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError},
};

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status};

use super::{
    boundaries::{Follow, places_on},
    census::Taken,
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::{derivation::Tallied, england},
        records::{Enrolment, Participant, Records, stages::Stage},
    },
    ids::{Month, OrganisationId},
};

/// What one place comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::domain) struct Part {
    /// Whole things, except full-time equivalents, which are millionths.
    pub number: i64,
    /// What `number` is a share of.
    pub of: i64,
    /// Days, of which the median is taken, or persons, who are counted once each.
    pub each: Vec<i64>,
}

/// One thing in one month, by place: the places are whoever it happened at, everything
/// above, and England.
pub(in crate::domain) type Tally = HashMap<OrganisationId, Part>;

/// Tallies by what they are of, and the register that they stand on.
pub(in crate::domain) type Kept = HashMap<(Tallied, Taken, i64, NaiveDate), Arc<Tally>>;

/// As many tallies as are kept.
const ROOM: usize = 4_000;

/// Makes a tally, or gives the one that was made of this state.
pub(super) fn take(
    records: &Records,
    directory: &Directory,
    tallied: Tallied,
    taken: Taken,
    today: NaiveDate,
) -> Arc<Tally> {
    let key = (tallied, taken, directory.position(), today);
    let kept = || records.tallies.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tally) = kept().get(&key) {
        return tally.clone();
    }
    let tally = Arc::new(make(records, directory, tallied, taken, today));
    let mut kept = kept();
    if kept.len() >= ROOM {
        kept.clear();
    }
    kept.insert(key, tally.clone());
    tally
}

fn make(
    records: &Records,
    directory: &Directory,
    tallied: Tallied,
    taken: Taken,
    today: NaiveDate,
) -> Tally {
    let counter = Counter { records, directory, month: taken.month, today };
    let england = england(directory);
    let mut tally = Tally::new();
    let mut add = |organisation: &Organisation, part: Part| {
        if part == Part::default() {
            return;
        }
        let own = (organisation.kind() != Kind::Programme).then_some(organisation.id());
        let above = places_on(directory, organisation, taken.month, taken.on);
        let places: BTreeSet<_> = above.chain(own).chain(england).collect();
        for place in places {
            tally.entry(place).or_default().add(&part);
        }
    };
    match tallied {
        Tallied::PlacesCommissioned | Tallied::PlacesFilled => {
            for (hub, part) in counter.hubs(tallied) {
                if let Some(hub) = directory.find(hub) {
                    add(hub, part);
                }
            }
        }
        Tallied::NetworksInPost => {
            for network in counter.networks_in_post(taken.on) {
                if let Some(network) = directory.find(network) {
                    add(network, Part { number: 1, ..Part::default() });
                }
            }
        }
        _ => {
            for participant in records.participants() {
                if let Some(organisation) = directory.find(participant.organisation) {
                    add(organisation, counter.part(tallied, participant, organisation));
                }
            }
        }
    }
    for part in tally.values_mut() {
        part.settle(tallied);
    }
    tally
}

impl Part {
    fn add(&mut self, other: &Self) {
        self.number += other.number;
        self.of += other.of;
        self.each.extend_from_slice(&other.each);
    }

    /// What happened over several months.
    pub(super) fn join(&mut self, other: &Self, tallied: Tallied) {
        self.add(other);
        self.settle(tallied);
    }

    fn settle(&mut self, tallied: Tallied) {
        self.each.sort_unstable();
        if tallied == Tallied::PersonsInPost {
            self.each.dedup();
            self.number = i64::try_from(self.each.len()).unwrap_or(i64::MAX);
        }
    }
}

pub(super) fn one(whether: bool) -> Part {
    Part { number: i64::from(whether), ..Part::default() }
}

pub(super) fn many(count: usize) -> Part {
    Part { number: i64::try_from(count).unwrap_or(i64::MAX), ..Part::default() }
}

pub(super) fn share(number: usize, of: usize) -> Part {
    Part { of: i64::try_from(of).unwrap_or(i64::MAX), ..many(number) }
}

pub(super) struct Counter<'a> {
    pub records: &'a Records,
    pub directory: &'a Directory,
    pub month: Month,
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

    fn part(&self, tallied: Tallied, it: &Participant, organisation: &Organisation) -> Part {
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

    fn is_new(&self, it: &Participant, organisation: &Organisation) -> bool {
        let first = it.first_own_post();
        let before = it.first_in_post();
        organisation.kind() == Kind::Site
            && first == before
            && first.is_some_and(|day| self.within(day) && organisation.eligible_at(day))
    }

    fn has_lapsed(&self, it: &Participant, organisation: &Organisation) -> bool {
        let closed = organisation.lifetime().1;
        let mut lapsed = it.stages.iter().filter(|change| change.stage == Stage::Lapsed);
        organisation.kind() == Kind::Site
            && lapsed.any(|change| {
                // Whoever closed did not lapse.
                self.within(change.on) && closed.is_none_or(|closed| change.on < closed)
            })
    }

    fn patients(&self, it: &Participant, organisation: &Organisation) -> Part {
        if !organisation.eligible_at(self.day()) || !it.holds_post(self.day()) {
            return Part::default();
        }
        let counted = organisation.list_size_at(self.day());
        Part { number: counted.map_or(0, |(_, patients)| i64::from(patients)), ..Part::default() }
    }

    /// Days spent in each stage that was left in the month.
    fn stage_days(&self, it: &Participant) -> Part {
        let steps = it.stages.windows(2).filter(|step| self.within(step[1].on));
        let steps = steps.filter(|step| step[0].stage.rank().is_some());
        Part {
            each: steps.map(|step| (step[1].on - step[0].on).num_days()).collect(),
            ..Part::default()
        }
    }

    /// Active networks with a post at one of their eligible sites, or their own.
    fn networks_in_post(&self, on: Option<(NaiveDate, Follow)>) -> BTreeSet<OrganisationId> {
        let mut networks = BTreeSet::new();
        for it in self.records.participants().filter(|it| it.holds_post(self.day())) {
            let Some(organisation) = self.directory.find(it.organisation) else { continue };
            if organisation.kind() == Kind::Pcn {
                networks.insert(organisation.id());
            } else if organisation.eligible_at(self.day()) {
                networks.extend(places_on(self.directory, organisation, self.month, on));
            }
        }
        let active = |id: &OrganisationId| {
            self.directory.find(*id).is_some_and(|found| {
                found.kind() == Kind::Pcn && found.status_at(self.day()) == Some(Status::Active)
            })
        };
        networks.into_iter().filter(active).collect()
    }

    fn hubs(&self, tallied: Tallied) -> Vec<(OrganisationId, Part)> {
        if tallied == Tallied::PlacesCommissioned {
            let starting = self.records.cohorts().filter(|cohort| self.within(cohort.starts_on));
            let part = |places: i32| Part { number: i64::from(places), ..Part::default() };
            return starting.map(|it| (it.training_hub_id, part(it.places))).collect();
        }
        let started = self
            .records
            .enrolments()
            .filter(|enrolment| enrolment.started_on().is_some_and(|on| self.within(on)));
        let hub = |enrolment: &Arc<Enrolment>| {
            self.records.cohort(enrolment.row.cohort_id).map(|cohort| cohort.training_hub_id)
        };
        started.filter_map(hub).map(|hub| (hub, one(true))).collect()
    }
}

/// Of the stages that a site reached, how many it went on from. Sites that have reached
/// the last have nowhere to go on to.
fn conversion(it: &Participant, day: NaiveDate) -> Part {
    let Some(furthest) = it.furthest(day) else { return Part::default() };
    let last = Stage::WAY.len() - 1;
    share(furthest, (furthest + 1).min(last))
}
