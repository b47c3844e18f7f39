//! Where an observation counts: every place that held its organisation at the end of
//! the month.

use chrono::NaiveDate;
use entity::{organisation::Kind, placement};

use crate::{
    domain::directory::organisation::Organisation,
    ids::{Month, OrganisationId},
};

/// Where an organisation sat on a day. Before its first placement that is the first, and
/// after its last, such as of a closed site, the last: figures are never placed nowhere
/// because of a day.
pub(in crate::domain) fn place_at(
    organisation: &Organisation,
    day: NaiveDate,
) -> Option<&placement::Model> {
    let placements = &organisation.placements;
    let begun = placements.partition_point(|placement| placement.valid_from <= day);
    placements.get(begun.saturating_sub(1))
}

/// Every place above an organisation on the last day of a month, England the last.
pub(in crate::domain) fn places(
    organisation: &Organisation,
    month: Month,
    england: Option<OrganisationId>,
) -> impl Iterator<Item = OrganisationId> {
    let place = place_at(organisation, month.last_day());
    let above = place.map(|place| {
        [place.pcn_id, place.sub_icb_id, place.icb_id, place.training_hub_id, place.region_id]
    });
    let is_england = organisation.kind() == Kind::Programme;
    above.into_iter().flatten().flatten().chain(england.filter(|_| !is_england))
}
