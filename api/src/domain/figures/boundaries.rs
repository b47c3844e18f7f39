//! Which geography a figure is on: where things sat at the time, or where they sat on
//! one day; and whose past a successor takes over.

use chrono::NaiveDate;
use entity::{
    placement,
    succession::{Confidence, SuccessionKind},
};

use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        observations::place_at,
    },
    ids::{Month, OrganisationId},
};

/// Which geography a question is asked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Boundaries {
    /// Where organisations sat at the end of each month.
    AtPeriod,
    /// Where they sit today.
    Current,
    /// Where they sat on a day.
    AsAt(NaiveDate),
}

/// Whether a successor takes over the past of those that it followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Follow {
    None,
    Successor,
}

/// Everything above an organisation by one placement, England not among it.
fn above(place: &placement::Model) -> impl Iterator<Item = OrganisationId> + use<> {
    [place.pcn_id, place.sub_icb_id, place.icb_id, place.training_hub_id, place.region_id]
        .into_iter()
        .flatten()
}

/// Where an organisation's figures of a month count, England not among it: where it sat
/// then or, on one day's boundaries, where it (or its successor) sat on that day.
pub(in crate::domain) fn places_on(
    directory: &Directory,
    organisation: &Organisation,
    month: Month,
    on: Option<(NaiveDate, Follow)>,
) -> impl Iterator<Item = OrganisationId> + use<> {
    let place = match on {
        None => place_at(organisation, month.last_day()),
        Some((day, follow)) => place_at(heir(directory, organisation, day, follow), day),
    };
    place.map(above).into_iter().flatten()
}

/// Whose placement on a day stands for an organisation: its own or, where it had closed
/// and successors are followed, that of its one successor, and of that one's in turn.
pub(in crate::domain) fn heir<'a>(
    directory: &'a Directory,
    organisation: &'a Organisation,
    day: NaiveDate,
    follow: Follow,
) -> &'a Organisation {
    const LONGEST: usize = 20;
    let mut heir = organisation;
    for _ in 0..LONGEST {
        let gone = heir.lifetime().1.is_some_and(|closed| closed <= day);
        if follow == Follow::None || !gone {
            return heir;
        }
        let Some(next) = successor(directory, heir, day) else { return heir };
        heir = next;
    }
    heir
}

/// The one organisation that followed on or before a day; none where there are several,
/// or the succession is disputed.
fn successor<'a>(
    directory: &'a Directory,
    organisation: &Organisation,
    day: NaiveDate,
) -> Option<&'a Organisation> {
    let sure = |row: &&entity::succession::Model| {
        row.occurred_on <= day
            && row.kind != SuccessionKind::Split
            && row.confidence != Confidence::Disputed
    };
    let mut successors = organisation.successors.iter().filter(sure);
    let first = successors.next()?;
    if successors.next().is_some() {
        return None;
    }
    directory.find(first.successor_id).map(|found| &**found)
}

/// Every organisation whose one successor, in the end, is this one on that day.
pub(super) fn forebears(
    directory: &Directory,
    organisation: &Organisation,
    day: NaiveDate,
) -> Vec<OrganisationId> {
    let mut found = Vec::new();
    let mut waiting = vec![organisation.id()];
    while let Some(id) = waiting.pop() {
        let Some(of) = directory.find(id) else { continue };
        for row in &of.predecessors {
            let Some(before) = directory.find(row.predecessor_id) else { continue };
            let ends_here =
                heir(directory, before, day, Follow::Successor).id() == organisation.id();
            if before.id() != organisation.id() && ends_here && !found.contains(&before.id()) {
                found.push(before.id());
                waiting.push(before.id());
            }
        }
    }
    found
}
