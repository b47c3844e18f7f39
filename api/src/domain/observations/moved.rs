//! What a move in the register does to sums: figures of the past leave the places where
//! the organisation, as is now known, did not sit, and join those where it did.

use std::collections::{BTreeSet, HashMap};

use sea_orm::DbErr;

use super::{
    latest::{Latest, read},
    persons,
    places::places,
    rollups::{Changes, Key, Sums, adds_up},
};
use crate::{
    domain::{directory::organisation::Organisation, turn::Turn},
    ids::{Month, OrganisationId},
};

/// How many organisations' figures are looked at at once.
const AT_ONCE: usize = 200;

/// Brings the sums in line with where organisations now are known to have sat.
pub(in crate::domain) async fn follow(
    turn: &mut Turn,
    changed: &HashMap<OrganisationId, Organisation>,
) -> Result<(), DbErr> {
    if !turn.has_figures() {
        return Ok(());
    }
    let before = turn.directory().clone();
    let moved = |after: &&Organisation| {
        before.find(after.id()).is_some_and(|before| before.placements != after.placements)
    };
    let mut moved: Vec<_> = changed.values().filter(moved).map(Organisation::id).collect();
    moved.sort_unstable();
    let mut changes = Changes::default();
    let mut recounts = BTreeSet::new();
    for ids in moved.chunks(AT_ONCE) {
        let wanted = Latest { organisations: Some(ids), ..Latest::default() };
        for row in read(turn.connection(), &wanted).await? {
            let Some(definition) = turn.catalogue().of_series(row.series_id) else { continue };
            let Some(month) = Month::read(row.month) else { continue };
            let (Some(was), Some(is)) =
                (before.find(row.organisation_id), changed.get(&row.organisation_id))
            else {
                continue;
            };
            if is.kind() != definition.row.subject_level {
                continue;
            }
            let left: BTreeSet<_> = places(was, month, None).collect();
            let joined: BTreeSet<_> = places(is, month, None).collect();
            if left == joined {
                continue;
            }
            if !adds_up(definition) {
                recounts.insert((row.series_id, month));
                continue;
            }
            let key =
                |place| Key { series: row.series_id, place, month, status: row.status, own: false };
            let sums = Sums::of(&row);
            for place in left.difference(&joined) {
                changes.change(key(*place), &sums.negated());
            }
            for place in joined.difference(&left) {
                changes.change(key(*place), &sums);
            }
        }
    }
    changes.write(turn.connection(), turn.at()).await?;
    for recounted in recounts {
        let find = |id| changed.get(&id).or_else(|| before.find(id).map(|found| &**found));
        persons::recount(turn, recounted, find).await?;
    }
    Ok(())
}
