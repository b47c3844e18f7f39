//! Figures that are counted in the programme's own records: how many sites, learners and
//! posts, place by place and month by month. A tally is made of one thing in one month for
//! every place at once when somebody first asks for it. It is then carried from one state
//! of the records to the next: [`carry`] takes off what the touched records added and adds
//! what they add now, which is the same for sums, for medians and for what is counted
//! once, because a tally keeps every value that those are taken of. `gpa check` makes each
//! anew and compares.
//!
//! Sites are not among the places: what one site comes to is counted when it is asked for.

pub(in crate::domain) mod carry;
pub(in crate::domain) mod check;
mod count;
mod learners;
mod posts;
mod sites;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use chrono::NaiveDate;
use entity::organisation::Kind;

use self::count::Counter;
use super::{boundaries::places_on, census::Taken};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::{derivation::Tallied, england},
        records::Records,
    },
    ids::OrganisationId,
};

/// What one place comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::domain) struct Part {
    /// Whole things, except full-time equivalents, which are millionths.
    pub number: i64,
    /// What `number` is a share of.
    pub of: i64,
    /// In order: days, of which the median is taken; or persons or networks, as often as
    /// they are met with, of whom each counts once.
    pub each: Vec<i64>,
}

/// One thing in one month, by place: the networks, hubs and areas above whoever it
/// happened at, and England. Who comes to nothing is left out.
pub(in crate::domain) type Tally = HashMap<OrganisationId, Part>;

/// What a tally is of, and the register and the day that it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::domain) struct Key {
    pub tallied: Tallied,
    pub taken: Taken,
    /// The position of the register.
    pub register: i64,
    pub today: NaiveDate,
}

pub(in crate::domain) type Kept = HashMap<Key, Arc<Tally>>;

/// As many tallies as are kept.
const ROOM: usize = 4_000;

/// What one place comes to.
pub(super) fn at(
    records: &Records,
    directory: &Directory,
    (tallied, taken): (Tallied, Taken),
    today: NaiveDate,
    place: &Organisation,
) -> Part {
    let key = Key { tallied, taken, register: directory.position(), today };
    let mut part = if place.kind() == Kind::Site {
        let counter = counter(records, directory, &key);
        let it = records.participant(place.id());
        it.map(|it| counter.part(tallied, it, place)).unwrap_or_default()
    } else {
        take(records, directory, &key).get(&place.id()).cloned().unwrap_or_default()
    };
    part.settle(tallied);
    part
}

/// Makes a tally, or gives the one that is kept.
fn take(records: &Records, directory: &Directory, key: &Key) -> Arc<Tally> {
    let kept = || records.tallies.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tally) = kept().get(key) {
        return tally.clone();
    }
    let tally = Arc::new(make(&counter(records, directory, key), key.tallied));
    let mut kept = kept();
    if kept.len() >= ROOM {
        kept.clear();
    }
    kept.insert(*key, tally.clone());
    tally
}

fn counter<'a>(records: &'a Records, directory: &'a Directory, key: &Key) -> Counter<'a> {
    let Taken { month, on } = key.taken;
    Counter { records, directory, month, on, today: key.today }
}

fn make(counter: &Counter<'_>, tallied: Tallied) -> Tally {
    let mut tally = Tally::new();
    for (organisation, part) in counter.parts(tallied, None) {
        for place in places(counter, organisation) {
            tally.entry(place).or_default().add(&part);
        }
    }
    for part in tally.values_mut() {
        part.each.sort_unstable();
        part.each.shrink_to_fit();
    }
    tally.shrink_to_fit();
    tally
}

/// Where it counts what an organisation adds, each place once.
fn places(counter: &Counter<'_>, organisation: OrganisationId) -> Vec<OrganisationId> {
    let Some(organisation) = counter.directory.find(organisation) else { return Vec::new() };
    let itself = !matches!(organisation.kind(), Kind::Programme | Kind::Site);
    let above = places_on(counter.directory, organisation, counter.month, counter.on);
    let itself = itself.then_some(organisation.id());
    let mut places: Vec<_> = above.chain(itself).chain(england(counter.directory)).collect();
    places.sort_unstable();
    places.dedup();
    places
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

    /// Counts once whoever counts once.
    fn settle(&mut self, tallied: Tallied) {
        self.each.sort_unstable();
        if matches!(tallied, Tallied::PersonsInPost | Tallied::NetworksInPost) {
            self.each.dedup();
            self.number = i64::try_from(self.each.len()).unwrap_or(i64::MAX);
        }
    }
}
