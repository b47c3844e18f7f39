//! The root fields that find posts.

use async_graphql::{Context, ID, Object};

use super::{input::PostFilter, object::Post};
use crate::{
    auth::action::Action,
    domain::{organisations::OrganisationBy, page::PageRequest, posts::list},
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
    },
    ids::OrganisationId,
};

#[derive(Default)]
pub struct PostQueries;

#[Object]
impl PostQueries {
    /// Posts within your reach, in the order in which they were recorded.
    #[graphql(directive = access::apply(Action::ReadPosts.into()))]
    async fn posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<PostFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Post>> {
        listed(ctx, filter.unwrap_or_default().read()?, &PageRequest { first, after, last, before })
    }

    /// One post; null if there is none of that id for you.
    #[graphql(directive = access::apply(Action::ReadPosts.into()))]
    async fn post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Post>> {
        let id = ids::read_as(&id, "Post")?;
        viewer(ctx).permit(Action::ReadPosts)?;
        Ok(list::find(viewer(ctx), id).map(Post))
    }
}

/// A page of the posts that a filter lets through.
pub fn listed(
    ctx: &Context<'_>,
    filter: list::PostFilter,
    request: &PageRequest,
) -> Result<Connected<Post>> {
    let viewer = viewer(ctx).clone();
    let page = list::list(&viewer, &filter, request)?;
    let total = Total::new(move || {
        let count = list::count(&viewer, &filter);
        async move { Ok(i32::try_from(count?).unwrap_or(i32::MAX)) }
    });
    Ok(connected(page, total, Post))
}

/// Those of one site; none where the viewer may not know of any there.
pub fn of_site(
    ctx: &Context<'_>,
    site: OrganisationId,
    active: Option<bool>,
    request: &PageRequest,
) -> Result<Option<Connected<Post>>> {
    if !list::may_read(viewer(ctx), site) {
        return Ok(None);
    }
    let within = Some(OrganisationBy::Id(site));
    listed(ctx, list::PostFilter { within, active, ..Default::default() }, request).map(Some)
}
