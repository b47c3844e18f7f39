//! Reading posts, out of memory.

use std::sync::Arc;

use entity::{organisation::Kind, post};

use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{self, By, Direction, Key, Page, PageRequest},
        records::{Post, Records, reach::Within},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// Which posts a list shows.
#[derive(Debug, Clone, Default)]
pub struct PostFilter {
    /// Held there, or within; of ended posts, where they were held last.
    pub within: Option<OrganisationBy>,
    /// Whether they are held today.
    pub active: Option<bool>,
    pub funding: Option<post::Funding>,
    pub learner: Option<i64>,
}

/// One page of the posts within the viewer's reach, in the order in which they were
/// recorded.
pub fn list(
    viewer: &Viewer,
    filter: &PostFilter,
    request: &PageRequest,
) -> Result<Page<Arc<Post>>, Failure> {
    let window = request.window()?;
    let records = viewer.records();
    let keyed = chosen(viewer, &records, filter)?.into_iter();
    let keyed = keyed.map(|post| (Key { by: By::Nothing, id: post.row.id }, post));
    Ok(page::page(keyed, Direction::Ascending, &window))
}

/// How many posts a filter lets through.
pub fn count(viewer: &Viewer, filter: &PostFilter) -> Result<usize, Failure> {
    Ok(chosen(viewer, &viewer.records(), filter)?.len())
}

/// The post of that id, if there is one and the viewer may see it.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<Post>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadPosts));
    records.post(id).filter(|post| within.post(post)).cloned()
}

/// Whether the viewer may know of the posts of an organisation.
pub fn may_read(viewer: &Viewer, organisation: OrganisationId) -> bool {
    let (directory, reach) = (viewer.directory(), viewer.reach(Action::ReadPosts));
    let found = directory.find(organisation);
    found.is_some_and(|found| directory.covers(&reach, found, viewer.today()))
}

fn chosen(
    viewer: &Viewer,
    records: &Records,
    filter: &PostFilter,
) -> Result<Vec<Arc<Post>>, Failure> {
    viewer.permit(Action::ReadPosts)?;
    let (directory, today) = (viewer.directory(), viewer.today());
    let reach = Within::new(viewer, &directory, records, viewer.reach(Action::ReadPosts));
    let place = match &filter.within {
        None => None,
        Some(by) => match resolve(&directory, by, today) {
            Some(place) => Some(place.clone()),
            None => return Ok(Vec::new()),
        },
    };
    let lies_there = |id: OrganisationId| {
        place.as_ref().is_none_or(|place| {
            let found = directory.find(id);
            id == place.id()
                || place.kind() == Kind::Programme
                || found.is_some_and(|found| found.placed_within(place.id(), today))
        })
    };
    let passes = |post: &&Arc<Post>| {
        let is_held = post.places_at(today).next().is_some();
        filter.active.is_none_or(|wanted| wanted == is_held)
            && filter.funding.is_none_or(|funding| post.row.funding == funding)
            && filter.learner.is_none_or(|learner| post.row.learner_id == Some(learner))
            && post.organisations().any(lies_there)
            && reach.post(post)
    };
    Ok(records.posts().filter(passes).cloned().collect())
}
