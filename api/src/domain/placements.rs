//! Where an organisation sat, derived from the memberships above it.
//!
//! A site sits in its PCN and its sub-ICB; the sub-ICB places it in an ICB and a
//! region. It is trained by the hub that covers its ICB, unless a membership of
//! its own in the TRAINING scheme says otherwise: an exception wins over coverage.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{membership::Scheme, organisation::Kind, placement};

use crate::{domain::directory::organisation::Organisation, ids::OrganisationId};

/// The placements of `organisation`, which tile its lifetime; those of its parents
/// must be derived already, and `find` must know every parent.
pub fn derive<'a>(
    organisation: &Organisation,
    find: impl Fn(OrganisationId) -> Option<&'a Organisation>,
) -> Vec<placement::Model> {
    if matches!(organisation.kind(), Kind::Programme | Kind::Region | Kind::Provider) {
        return Vec::new();
    }
    let (opened, closed) = organisation.lifetime();
    let mut derived: Vec<placement::Model> = Vec::new();
    for day in days_of_change(organisation, &find) {
        let placement = place(organisation, day, &find);
        match derived.last_mut() {
            Some(last) if same_place(last, &placement) => {}
            Some(last) => {
                last.valid_to = Some(day);
                derived.push(placement);
            }
            None => derived.push(placement),
        }
    }
    if let Some(last) = derived.last_mut() {
        last.valid_to = closed;
    }
    derived.retain(|placement| placement.valid_to.is_none_or(|to| placement.valid_from < to));
    debug_assert!(derived.first().is_none_or(|first| first.valid_from == opened));
    derived
}

/// The first day, and every later day before the closure on which something above may change.
fn days_of_change<'a>(
    organisation: &Organisation,
    find: &impl Fn(OrganisationId) -> Option<&'a Organisation>,
) -> BTreeSet<NaiveDate> {
    let (opened, closed) = organisation.lifetime();
    let mut days = BTreeSet::from([opened]);
    for membership in &organisation.memberships {
        days.insert(membership.valid_from);
        days.extend(membership.valid_to);
        if let Some(parent) = find(membership.parent_id) {
            days.extend(parent.placements.iter().map(|above| above.valid_from));
            days.extend(parent.placements.iter().filter_map(|above| above.valid_to));
        }
    }
    days.retain(|day| *day >= opened && closed.is_none_or(|closed| *day < closed));
    days
}

fn place<'a>(
    organisation: &Organisation,
    day: NaiveDate,
    find: &impl Fn(OrganisationId) -> Option<&'a Organisation>,
) -> placement::Model {
    let parent =
        |scheme, level| organisation.membership_at(scheme, level, day).map(|m| m.parent_id);
    let commissioning = |level| parent(Scheme::Commissioning, level);
    let sub_icb = commissioning(Kind::SubIcb);
    let above = |id: Option<i64>| id.and_then(find).and_then(|parent| parent.placement_at(day));
    let of_sub_icb = above(sub_icb);
    let icb = commissioning(Kind::Icb).or_else(|| of_sub_icb.and_then(|above| above.icb_id));
    let of_icb = above(icb);
    let region = match organisation.kind() {
        Kind::TrainingHub => parent(Scheme::Training, Kind::Region),
        _ => commissioning(Kind::Region).or_else(|| of_icb.and_then(|above| above.region_id)),
    };
    let exception = parent(Scheme::Training, Kind::TrainingHub);
    placement::Model {
        organisation_id: organisation.id(),
        valid_from: day,
        valid_to: None,
        pcn_id: commissioning(Kind::Pcn),
        sub_icb_id: sub_icb,
        icb_id: icb,
        region_id: region,
        training_hub_id: exception.or_else(|| of_icb.and_then(|above| above.training_hub_id)),
    }
}

fn same_place(one: &placement::Model, other: &placement::Model) -> bool {
    one.pcn_id == other.pcn_id
        && one.sub_icb_id == other.sub_icb_id
        && one.icb_id == other.icb_id
        && one.region_id == other.region_id
        && one.training_hub_id == other.training_hub_id
}
