//! The programme's invariants, as rules about rows.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::{membership::Scheme, organisation::Kind};

use super::register::{Id, Register};

type Interval = (NaiveDate, Option<NaiveDate>);

/// No two intervals of one key share a day, and each has at least one.
fn apart<K: Ord + std::fmt::Debug>(intervals: impl Iterator<Item = (K, Interval)>) {
    let mut by_key: BTreeMap<K, Vec<Interval>> = BTreeMap::new();
    for (key, interval) in intervals {
        by_key.entry(key).or_default().push(interval);
    }
    for (key, mut all) in by_key {
        all.sort();
        assert!(all.iter().all(|(from, to)| to.is_none_or(|to| *from < to)), "{key:?}: {all:?}");
        let follows = |pair: &[Interval]| pair[0].1.is_some_and(|to| to <= pair[1].0);
        assert!(all.windows(2).all(follows), "{key:?} overlaps: {all:?}");
    }
}

pub(super) fn one_lead_of_a_region_at_a_time(register: &Register) {
    apart(register.leads.iter().map(|row| (row.region_id, (row.valid_from, row.valid_to))));
}

pub(super) fn one_parent_of_a_level_at_a_time(register: &Register) {
    apart(
        register
            .memberships
            .iter()
            .map(|row| ((row.child_id, row.scheme, row.level), (row.valid_from, row.valid_to))),
    );
    for row in &register.memberships {
        assert_eq!(register.kind(row.parent_id), row.level, "{row:?}");
    }
}

pub(super) fn one_bearer_of_a_code_at_a_time(register: &Register) {
    let spelt = |row: &entity::organisation_code::Model| {
        (sea_orm::ActiveEnum::to_value(&row.scheme), row.code.clone())
    };
    apart(register.codes.iter().map(|row| (spelt(row), (row.valid_from, row.valid_to))));
}

/// From the first day to the closure, without a gap and without an overlap.
pub(super) fn placements_tile_time(register: &Register) {
    let mut placements: BTreeMap<Id, Vec<Interval>> = BTreeMap::new();
    for row in &register.placements {
        placements.entry(row.organisation_id).or_default().push((row.valid_from, row.valid_to));
    }
    for id in register.organisations.keys() {
        let sits = !matches!(register.kind(*id), Kind::Programme | Kind::Region | Kind::Provider);
        let Some(all) = placements.get_mut(id) else {
            assert!(!sits, "{id} sits nowhere");
            continue;
        };
        all.sort();
        let (opened, closed) = register.lifetime(*id);
        assert_eq!((all[0].0, all[all.len() - 1].1), (opened, closed), "{id}: {all:?}");
        assert!(all.windows(2).all(|pair| pair[0].1 == Some(pair[1].0)), "{id}: {all:?}");
    }
}

/// What a placement says of its first and of its last day can be found by climbing from
/// parent to parent.
pub(super) fn placements_follow_from_memberships(register: &Register) {
    for row in &register.placements {
        let last = row.valid_to.and_then(|to| to.checked_sub_days(Days::new(1)));
        for day in [Some(row.valid_from), last].into_iter().flatten() {
            let said = [row.pcn_id, row.sub_icb_id, row.icb_id, row.region_id, row.training_hub_id];
            assert_eq!(said, climbed(register, row.organisation_id, day), "{row:?} on {day}");
        }
    }
}

/// PCN, sub-ICB, ICB, region and training hub of an organisation on a day.
fn climbed(register: &Register, id: Id, day: NaiveDate) -> [Option<Id>; 5] {
    let up = |id: Id, scheme, level| {
        register.lives(id, day).then(|| register.parent(id, scheme, level, day)).flatten()
    };
    let commissioned = |id: Id, level| up(id, Scheme::Commissioning, level);
    let sub_icb = commissioned(id, Kind::SubIcb);
    let icb = commissioned(id, Kind::Icb).or_else(|| commissioned(sub_icb?, Kind::Icb));
    let region = match register.kind(id) {
        Kind::TrainingHub => up(id, Scheme::Training, Kind::Region),
        _ => commissioned(id, Kind::Region).or_else(|| commissioned(icb?, Kind::Region)),
    };
    let exception = up(id, Scheme::Training, Kind::TrainingHub);
    let hub = exception.or_else(|| up(icb?, Scheme::Training, Kind::TrainingHub));
    [commissioned(id, Kind::Pcn), sub_icb, icb, region, hub]
}
