//! Finding cohorts: by id, or in lists, always within the viewer's reach.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::cohort;

use super::takes_applications;
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{self, By, Direction, Key, Page, PageRequest},
        records::reach::Within,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// Which cohorts a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct CohortFilter {
    pub training_hub: Option<OrganisationBy>,
    pub provider: Option<OrganisationBy>,
    /// Starting on this day or later.
    pub starts_from: Option<NaiveDate>,
    /// Starting on this day or earlier.
    pub starts_to: Option<NaiveDate>,
    /// Whether somebody can apply today.
    pub open: Option<bool>,
}

/// What a list of cohorts is ordered by; the id settles what is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CohortOrder {
    Id,
    StartsOn,
    Name,
}

/// The cohort of that id, if there is one and the viewer may see it.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<cohort::Model>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let reach = viewer.reach(Action::ReadCohorts);
    let found = records.cohort(id)?;
    Within::new(viewer, &directory, &records, reach).cohort(found).then(|| found.clone())
}

/// One page of the cohorts within the viewer's reach.
pub fn list(
    viewer: &Viewer,
    filter: &CohortFilter,
    order: (CohortOrder, Direction),
    request: &PageRequest,
) -> Result<Page<Arc<cohort::Model>>, Failure> {
    viewer.permit(Action::ReadCohorts)?;
    let window = request.window()?;
    let (by, direction) = order;
    let keyed = chosen(viewer, filter);
    let keyed = keyed.into_iter().map(|row| (key(&row, by), row));
    Ok(page::page(keyed, direction, &window))
}

/// How many cohorts a filter lets through.
pub fn count(viewer: &Viewer, filter: &CohortFilter) -> usize {
    chosen(viewer, filter).len()
}

fn key(row: &cohort::Model, by: CohortOrder) -> Key<'static> {
    let by = match by {
        CohortOrder::Id => By::Nothing,
        CohortOrder::StartsOn => {
            By::Number(i64::from(chrono::Datelike::num_days_from_ce(&row.starts_on)))
        }
        CohortOrder::Name => By::Text(row.name.clone().into()),
    };
    Key { by, id: row.id }
}

fn chosen(viewer: &Viewer, filter: &CohortFilter) -> Vec<Arc<cohort::Model>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let today = viewer.today();
    let named = |by: &Option<OrganisationBy>| match by {
        None => Some(None),
        Some(by) => resolve(&directory, by, today).map(|found| Some(found.id())),
    };
    let (Some(hub), Some(provider)) = (named(&filter.training_hub), named(&filter.provider)) else {
        return Vec::new();
    };
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadCohorts));
    let passes = |row: &&Arc<cohort::Model>| {
        hub.is_none_or(|hub: OrganisationId| row.training_hub_id == hub)
            && provider.is_none_or(|provider| row.provider_id == Some(provider))
            && filter.starts_from.is_none_or(|day| row.starts_on >= day)
            && filter.starts_to.is_none_or(|day| row.starts_on <= day)
            && filter.open.is_none_or(|open| takes_applications(row, today) == open)
            && within.cohort(row)
    };
    records.cohorts().filter(passes).cloned().collect()
}

/// How many of a cohort's places are taken.
pub fn places_taken(viewer: &Viewer, cohort: i64) -> i32 {
    super::places_taken(&viewer.records(), cohort)
}
