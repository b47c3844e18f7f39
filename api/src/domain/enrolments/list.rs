//! Finding enrolments: by id, or in lists by id, always within the viewer's reach, and
//! where the site and the hub disagree about them.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::enrolment::State;

use super::disagreement::{Disagreement, disagreement};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{self, By, Direction, Key, Page, PageRequest},
        records::{Enrolment, Records, reach::Within},
        viewer::Viewer,
    },
};

/// Which enrolments a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct EnrolmentFilter {
    pub site: Option<OrganisationBy>,
    /// At a site of this training hub, or in a cohort of it.
    pub training_hub: Option<OrganisationBy>,
    pub cohort: Option<i64>,
    pub learner: Option<i64>,
    pub states: Option<BTreeSet<State>>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// Something happened to them that was recorded at this moment or later.
    pub recorded_since: Option<DateTime<Utc>>,
    /// Only those about which the site and the hub disagree.
    pub disagreed: bool,
}

/// The enrolment of that id, if there is one and the viewer may see it.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<Enrolment>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let reach = viewer.reach(Action::ReadEnrolments);
    let found = records.enrolment(id)?;
    Within::new(viewer, &directory, &records, reach).enrolment(found).then(|| found.clone())
}

/// One page of the enrolments within the viewer's reach.
pub fn list(
    viewer: &Viewer,
    filter: &EnrolmentFilter,
    request: &PageRequest,
) -> Result<Page<Arc<Enrolment>>, Failure> {
    viewer.permit(Action::ReadEnrolments)?;
    let window = request.window()?;
    let keyed = chosen(viewer, filter).into_iter().map(|it| (key(&it), it));
    Ok(page::page(keyed, Direction::Ascending, &window))
}

/// One page of the enrolments about which the site and the hub disagree.
pub fn disagreements(
    viewer: &Viewer,
    filter: &EnrolmentFilter,
    request: &PageRequest,
) -> Result<Page<(Arc<Enrolment>, Disagreement)>, Failure> {
    viewer.permit(Action::ReadEnrolments)?;
    let window = request.window()?;
    let all = chosen(viewer, filter).into_iter();
    let keyed = all.filter_map(|it| disagreement(&it).map(|found| (key(&it), (it, found))));
    Ok(page::page(keyed, Direction::Ascending, &window))
}

/// How many enrolments a filter lets through.
pub fn count(viewer: &Viewer, filter: &EnrolmentFilter) -> usize {
    chosen(viewer, filter).len()
}

fn key(it: &Enrolment) -> Key<'static> {
    Key { by: By::Nothing, id: it.row.id }
}

fn chosen(viewer: &Viewer, filter: &EnrolmentFilter) -> Vec<Arc<Enrolment>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let today = viewer.today();
    let named = |by: &Option<OrganisationBy>| match by {
        None => Some(None),
        Some(by) => resolve(&directory, by, today).map(|found| Some(found.id())),
    };
    let (Some(site), Some(hub)) = (named(&filter.site), named(&filter.training_hub)) else {
        return Vec::new();
    };
    let learner = match filter.learner.map(|id| records.holder(id)) {
        Some(None) => return Vec::new(),
        Some(Some(holder)) => Some(holder.row.id),
        None => None,
    };
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadEnrolments));
    let of_hub = |it: &Enrolment, hub: i64| {
        let cohort = records.cohort(it.row.cohort_id);
        let site = directory.find(it.row.site_id);
        cohort.is_some_and(|cohort| cohort.training_hub_id == hub)
            || site.is_some_and(|site| site.placed_within(hub, today))
    };
    let passes = |it: &&Arc<Enrolment>| {
        site.is_none_or(|site| it.row.site_id == site)
            && hub.is_none_or(|hub| of_hub(it, hub))
            && filter.cohort.is_none_or(|cohort| it.row.cohort_id == cohort)
            && filter.states.as_ref().is_none_or(|states| states.contains(&it.row.state))
            && filter.due_before.is_none_or(|day| it.row.due_on.is_some_and(|due| due < day))
            && filter.recorded_since.is_none_or(|at| it.events.iter().any(|event| event.at >= at))
            && (!filter.disagreed || disagreement(it).is_some())
            && within.enrolment(it)
    };
    candidates(&records, filter.cohort, learner, site).filter(passes).cloned().collect()
}

/// From the smallest set that the indexes offer.
fn candidates(
    records: &Records,
    cohort: Option<i64>,
    learner: Option<i64>,
    site: Option<i64>,
) -> Box<dyn Iterator<Item = &Arc<Enrolment>> + '_> {
    if let Some(learner) = learner {
        return Box::new(records.of_learner(learner));
    }
    if let Some(site) = site {
        let there = records.participant(site);
        return Box::new(there.into_iter().flat_map(|it| it.enrolments.iter()));
    }
    match cohort {
        Some(cohort) => Box::new(records.of_cohort(cohort)),
        None => Box::new(records.enrolments()),
    }
}
