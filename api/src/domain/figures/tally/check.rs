//! Whether tallies are what the records come to: those that are kept, each made anew, and
//! the carrying itself, tried on every record that there is.

use std::{collections::BTreeSet, sync::PoisonError};

use super::{Key, Tally, carry::carried, counter, make};
use crate::{
    domain::{
        directory::Directory,
        figures::census::Taken,
        metrics::derivation::Tallied,
        records::{Records, Touched},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// The carrying is tried in so many months, the last of them today's.
const MONTHS: i32 = 13;

/// How many tallies were compared, and a sentence for each place whose tally is not what it
/// should be. A process that nobody asked for figures keeps none.
pub(in crate::domain) fn check(viewer: &Viewer, records: &Records) -> (usize, Vec<String>) {
    let (known, directory) = (viewer.records(), viewer.directory());
    let mut wrong = Vec::new();
    let mut kept = known.tallies.lock().unwrap_or_else(PoisonError::into_inner).clone();
    kept.retain(|key, _| key.register == directory.position());
    for (key, tally) in &kept {
        let made = make(&counter(records, &directory, key), key.tallied);
        wrong.extend(differences(viewer, key, tally, &made));
    }
    wrong.extend(of_carrying(viewer, records, &directory));
    (kept.len(), wrong)
}

/// Carries tallies from nothing to all records, which is to come to the same as making
/// them, and back, which is to leave nothing.
fn of_carrying(viewer: &Viewer, records: &Records, directory: &Directory) -> Vec<String> {
    let (nothing, all) = (Records::default(), Touched::all(records));
    let today = viewer.today();
    let mut wrong = Vec::new();
    for back in 0..MONTHS {
        let taken = Taken { month: Month::of(today).plus(-back), on: None };
        for tallied in Tallied::all() {
            let key = Key { tallied, taken, register: directory.position(), today };
            let (empty, full) =
                (counter(&nothing, directory, &key), counter(records, directory, &key));
            let made = make(&full, tallied);
            let there = carried(&Tally::new(), &empty, &full, tallied, &all).unwrap_or_default();
            wrong.extend(differences(viewer, &key, &there, &made));
            if let Some(back) = carried(&made, &full, &empty, tallied, &all) {
                wrong.extend(differences(viewer, &key, &back, &Tally::new()));
            }
        }
    }
    wrong
}

fn differences(viewer: &Viewer, key: &Key, kept: &Tally, made: &Tally) -> Vec<String> {
    let places: BTreeSet<&OrganisationId> = kept.keys().chain(made.keys()).collect();
    let differing = places.into_iter().filter(|place| kept.get(place) != made.get(place));
    let sentence = |place: &OrganisationId| {
        let name = viewer.organisation(*place);
        let name = name.map_or_else(|| "?".to_owned(), |it| it.name_at(viewer.today()).to_owned());
        let (tallied, month) = (key.tallied.name(), key.taken.month);
        let (kept, made) = (kept.get(place), made.get(place));
        format!("{tallied} of {name} in {month}: kept {kept:?}, should be {made:?}")
    };
    differing.map(sentence).collect()
}
