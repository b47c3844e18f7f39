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
        learners::readings,
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
        let request = PageRequest { first, after, last, before };
        listed(ctx, filter.unwrap_or_default().read()?, &request).await
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
        let Some(post) = list::find(viewer(ctx), id) else { return Ok(None) };
        readings::places(ctx, Action::ReadPosts, post.organisations()).await?;
        Ok(Some(Post(post)))
    }
}

/// A page of the posts that a filter lets through.
pub async fn listed(
    ctx: &Context<'_>,
    filter: list::PostFilter,
    request: &PageRequest,
) -> Result<Connected<Post>> {
    let viewer = viewer(ctx).clone();
    let page = list::list(&viewer, &filter, request)?;
    let held = page.items.iter().flat_map(|(_, post)| post.organisations());
    readings::places(ctx, Action::ReadPosts, held).await?;
    let total = Total::new(move || {
        let count = list::count(&viewer, &filter);
        async move { Ok(i32::try_from(count?).unwrap_or(i32::MAX)) }
    });
    Ok(connected(page, total, Post))
}

/// Those of one site; none where the viewer may not know of any there.
pub async fn of_site(
    ctx: &Context<'_>,
    site: OrganisationId,
    active: Option<bool>,
    request: &PageRequest,
) -> Result<Option<Connected<Post>>> {
    if !list::may_read(viewer(ctx), site) {
        return Ok(None);
    }
    let within = Some(OrganisationBy::Id(site));
    let filter = list::PostFilter { within, active, ..Default::default() };
    listed(ctx, filter, request).await.map(Some)
}
