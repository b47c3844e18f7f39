//! The programme's own records: sites' parts in it, cohorts, learners, enrolments and
//! posts, held in memory as one immutable snapshot, as the directory is.
//!
//! They are few (some tens of thousands of rows) and everything rests on them: stages,
//! the funnel, worklists and the adoption metrics. Deliberately absent are the rows that
//! are many or secret: assessments, and who a learner is.

pub mod check;
pub mod enrolment;
pub mod load;
pub mod participant;
pub mod parties;
pub mod post;
pub mod reach;
pub mod remove;
pub mod stages;
mod touched;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use chrono::NaiveDate;
use entity::{cohort, participation, stage_record};

use self::stages::Stage;
pub(in crate::domain) use self::touched::Touched;
pub use self::{enrolment::Enrolment, participant::Participant, post::Post};
use super::{directory::Directory, participation::stage_counts::Census, turn::Said};
use crate::ids::OrganisationId;

/// A learner, without the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    pub row: entity::learner::Model,
    /// What other systems call the learner: system and value.
    pub identifiers: Vec<(String, String)>,
}

/// One state of all records.
#[derive(Default)]
pub struct Records {
    /// The last change of the feed that this state contains.
    position: i64,
    participations: HashMap<OrganisationId, participation::Model>,
    stage_records: HashMap<OrganisationId, Arc<[stage_record::Model]>>,
    cohorts: BTreeMap<i64, Arc<cohort::Model>>,
    learners: BTreeMap<i64, Arc<Learner>>,
    enrolments: BTreeMap<i64, Arc<Enrolment>>,
    posts: BTreeMap<i64, Arc<Post>>,
    /// Whatever follows from these, by site or network.
    participants: HashMap<OrganisationId, Arc<Participant>>,
    of_learner: HashMap<i64, Vec<i64>>,
    of_cohort: HashMap<i64, Vec<i64>>,
    /// The posts of a person, by their ids.
    of_person: HashMap<String, Vec<i64>>,
    by_reference: HashMap<String, i64>,
    by_identifier: HashMap<(String, String), i64>,
    begins_on: OnceLock<Option<NaiveDate>>,
    pub(in crate::domain) tallies: Mutex<super::figures::tally::Kept>,
    /// Sites by stage on days that somebody asked about, and the register they stand on.
    censuses: Mutex<HashMap<(NaiveDate, i64), Arc<Census>>>,
}

impl Records {
    pub fn position(&self) -> i64 {
        self.position
    }

    /// The sites of every place by stage on a day: counted before, or now.
    pub(in crate::domain) fn stages_on(
        &self,
        day: NaiveDate,
        directory: &Directory,
        take: impl FnOnce() -> Arc<Census>,
    ) -> Arc<Census> {
        const KEPT: usize = 200;
        let key = (day, directory.position());
        let kept = || self.censuses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(census) = kept().get(&key) {
            return census.clone();
        }
        let census = take();
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, census.clone());
        census
    }

    /// The first day of which anything is recorded.
    pub(super) fn begins_on(&self) -> Option<NaiveDate> {
        *self.begins_on.get_or_init(|| self.first_day())
    }

    fn first_day(&self) -> Option<NaiveDate> {
        let stages = self.participants.values().filter_map(|it| it.stages.first());
        let cohorts = self.cohorts.values().map(|cohort| cohort.starts_on);
        let applied = self.enrolments.values().filter_map(|it| it.events.first());
        let days = stages.map(|change| change.on).chain(cohorts);
        days.chain(applied.map(|event| event.occurred_on)).min()
    }

    /// The same state, found to hold at a later position.
    pub(super) fn at(mut self, position: i64) -> Self {
        self.position = position;
        self
    }

    /// Whether the two hold the same records, wherever the feed is.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.participations == other.participations
            && self.stage_records == other.stage_records
            && self.cohorts == other.cohorts
            && self.learners == other.learners
            && self.enrolments == other.enrolments
            && self.posts == other.posts
            && self.participants.len() == other.participants.len()
            && self.participants.iter().all(|(id, it)| {
                other.participants.get(id).is_some_and(|known| known.stages == it.stages)
            })
    }

    pub fn participation(&self, site: OrganisationId) -> Option<&participation::Model> {
        self.participations.get(&site)
    }

    /// What is known of a site or a network; none where nothing ever was.
    pub fn participant(&self, organisation: OrganisationId) -> Option<&Arc<Participant>> {
        self.participants.get(&organisation)
    }

    pub fn participants(&self) -> impl Iterator<Item = &Arc<Participant>> {
        self.participants.values()
    }

    pub fn cohort(&self, id: i64) -> Option<&Arc<cohort::Model>> {
        self.cohorts.get(&id)
    }

    /// Every cohort, in the order of their ids.
    pub fn cohorts(&self) -> impl DoubleEndedIterator<Item = &Arc<cohort::Model>> {
        self.cohorts.values()
    }

    pub fn learner(&self, id: i64) -> Option<&Arc<Learner>> {
        self.learners.get(&id)
    }

    pub fn learners(&self) -> impl DoubleEndedIterator<Item = &Arc<Learner>> {
        self.learners.values()
    }

    /// The learner that holds everything of this one: itself, unless it was merged.
    pub fn holder(&self, id: i64) -> Option<&Arc<Learner>> {
        const LONGEST: usize = 20;
        let mut found = self.learner(id)?;
        for _ in 0..LONGEST {
            let Some(into) = found.row.merged_into_id else { break };
            found = self.learner(into)?;
        }
        Some(found)
    }

    pub fn by_reference(&self, reference: &str) -> Option<&Arc<Learner>> {
        self.holder(*self.by_reference.get(reference)?)
    }

    pub fn by_identifier(&self, system: &str, value: &str) -> Option<&Arc<Learner>> {
        let key = (system.to_owned(), value.to_owned());
        self.holder(*self.by_identifier.get(&key)?)
    }

    pub fn enrolment(&self, id: i64) -> Option<&Arc<Enrolment>> {
        self.enrolments.get(&id)
    }

    /// Every enrolment, in the order of their ids.
    pub fn enrolments(&self) -> impl DoubleEndedIterator<Item = &Arc<Enrolment>> {
        self.enrolments.values()
    }

    pub fn of_learner(&self, learner: i64) -> impl Iterator<Item = &Arc<Enrolment>> {
        self.all_of(self.of_learner.get(&learner))
    }

    pub fn of_cohort(&self, cohort: i64) -> impl Iterator<Item = &Arc<Enrolment>> {
        self.all_of(self.of_cohort.get(&cohort))
    }

    fn all_of<'a>(&'a self, ids: Option<&'a Vec<i64>>) -> impl Iterator<Item = &'a Arc<Enrolment>> {
        ids.into_iter().flatten().filter_map(|id| self.enrolments.get(id))
    }

    pub fn post(&self, id: i64) -> Option<&Arc<Post>> {
        self.posts.get(&id)
    }

    /// A number for a person, the same in every post; none for whoever holds none.
    pub(in crate::domain) fn person(&self, person: &str) -> Option<i64> {
        self.of_person.get(person).and_then(|posts| posts.first()).copied()
    }

    /// The post that a person held first.
    pub(in crate::domain) fn first_post(&self, person: &str) -> Option<i64> {
        let posts = self.posts_of(person).min_by_key(|post| (post.row.started_on, post.row.id));
        posts.map(|post| post.row.id)
    }

    /// Whether a person is in any post on a day.
    pub(in crate::domain) fn in_post(&self, person: &str, day: NaiveDate) -> bool {
        self.posts_of(person).any(|post| post.places_at(day).next().is_some())
    }

    fn posts_of(&self, person: &str) -> impl Iterator<Item = &Arc<Post>> {
        let ids = self.of_person.get(person).into_iter().flatten();
        ids.filter_map(|id| self.posts.get(id))
    }

    /// What the feed says of sites that are in another stage by a newer state.
    pub(super) fn moved(&self, newer: &Self, today: NaiveDate) -> Vec<Said> {
        let mut moved = Vec::new();
        for (site, participant) in &newer.participants {
            let earlier = self.participants.get(site);
            if earlier.is_some_and(|earlier| Arc::ptr_eq(earlier, participant)) {
                continue;
            }
            let was = earlier.map_or(Stage::NotEngaged, |earlier| earlier.stage_at(today));
            moved.extend(participant.stage_changed(was, today));
        }
        moved.sort_unstable_by_key(|said| said.organisation_id);
        moved
    }

    /// Every post, in the order of their ids.
    pub fn posts(&self) -> impl DoubleEndedIterator<Item = &Arc<Post>> {
        self.posts.values()
    }
}
