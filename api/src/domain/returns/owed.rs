//! What several organisations owe, each its own page of it.

use std::collections::HashMap;

use super::{
    Return,
    list::{Listing, ReturnFilter, fill, key, months},
};
use crate::{
    domain::{
        error::Failure,
        page::{self, Direction, Key, Page, PageRequest},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// A page of what an organisation owes, and how much that is in all.
#[derive(Debug, Clone)]
pub struct Owed {
    pub page: Page<Return>,
    pub total: usize,
}

/// The same page of each of several organisations, in as many statements as of one; of
/// those alone that lie within the viewer's reach.
pub async fn of_each(
    viewer: &Viewer,
    ids: &[OrganisationId],
    filter: &ReturnFilter,
    request: &PageRequest,
) -> Result<HashMap<OrganisationId, Owed>, Failure> {
    let window = request.window()?;
    let span = months(viewer, filter)?;
    let directory = viewer.directory();
    let whose = ids.iter().filter_map(|id| directory.find(*id).cloned()).collect();
    let listing = Listing::over(viewer, filter, span, whose);
    let mut listed: HashMap<OrganisationId, Vec<(Key<'static>, Return)>> =
        listing.organisations.iter().map(|each| (each.id(), Vec::new())).collect();
    for it in listing.of(viewer, listing.first, listing.last).await? {
        listed.entry(it.organisation.id()).or_default().push((key(&it), it));
    }
    let pages = listed.into_iter().map(|(id, all)| {
        let total = all.len();
        let page = page::page(all.into_iter(), Direction::Ascending, &window);
        (id, Owed { page, total })
    });
    let mut pages: HashMap<OrganisationId, Owed> = pages.collect();
    let shown = pages.values_mut().flat_map(|owed| &mut owed.page.items);
    fill(viewer, shown.map(|(_, it)| it)).await?;
    Ok(pages)
}
