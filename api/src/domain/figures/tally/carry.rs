//! Carries tallies over from one state of the records to the next. Whoever holds the
//! earlier state goes on seeing its tallies: one that changes is copied, and one that does
//! not is shared.

use std::sync::{Arc, PoisonError};

use super::{Kept, Part, Tally, count::Counter, counter, places};
use crate::{
    domain::{
        directory::Directory,
        metrics::derivation::Tallied,
        records::{Records, Touched},
    },
    ids::OrganisationId,
};

/// As many records are counted for it, in each state: a write that touches more leaves it
/// to whoever asks next to make the tallies anew.
const MOST: usize = 100_000;

/// The tallies of `older` as they are by `newer`, where only the records touched differ.
///
/// Tallies on another state of the register, and those of an earlier day than the newest,
/// are left behind: nobody asks for them any more.
pub(in crate::domain) fn carry(
    older: &Records,
    newer: &Records,
    directory: &Directory,
    touched: &Touched,
) -> Kept {
    let kept = older.tallies.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let today = kept.keys().map(|key| key.today).max();
    let alive = kept
        .into_iter()
        .filter(|(key, _)| key.register == directory.position() && Some(key.today) == today);
    let alive: Vec<_> = alive.collect();
    if alive.len() * touched.len() > MOST {
        return Kept::new();
    }
    let carried = alive.into_iter().map(|(key, tally)| {
        let (before, after) = (counter(older, directory, &key), counter(newer, directory, &key));
        let changed = carried(&tally, &before, &after, key.tallied, touched);
        (key, changed.map_or(tally, Arc::new))
    });
    carried.collect()
}

/// A tally less what the touched records added before, and with what they add after; none
/// where that is the same.
pub(super) fn carried(
    tally: &Tally,
    before: &Counter<'_>,
    after: &Counter<'_>,
    tallied: Tallied,
    touched: &Touched,
) -> Option<Tally> {
    let (less, more) = (before.parts(tallied, Some(touched)), after.parts(tallied, Some(touched)));
    if less == more {
        return None;
    }
    let mut tally = tally.clone();
    for (organisation, part) in less {
        for place in places(before, organisation) {
            take_off(&mut tally, place, &part);
        }
    }
    for (organisation, part) in more {
        for place in places(after, organisation) {
            tally.entry(place).or_default().put_in(&part);
        }
    }
    Some(tally)
}

/// A place that comes to nothing any more is left out.
fn take_off(tally: &mut Tally, place: OrganisationId, part: &Part) {
    let whole = tally.entry(place).or_default();
    whole.number -= part.number;
    whole.of -= part.of;
    for value in &part.each {
        if let Ok(index) = whole.each.binary_search(value) {
            whole.each.remove(index);
        }
    }
    if *whole == Part::default() {
        tally.remove(&place);
    }
}

impl Part {
    /// Adds in order.
    fn put_in(&mut self, other: &Self) {
        self.number += other.number;
        self.of += other.of;
        for value in &other.each {
            let index = self.each.partition_point(|known| known <= value);
            self.each.insert(index, *value);
        }
    }
}
