//! `endPost`: nobody holds the post any more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::PostEndReason,
    object::Post,
    outcomes::{PostConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::posts::end,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which post ended, and why.
#[derive(InputObject)]
pub struct EndPostInput {
    /// The post.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The first day without it; today or earlier.
    ended_on: Date,
    /// Why it ended.
    reason: PostEndReason,
}

/// What became of `endPost`.
#[derive(Union)]
pub enum EndPostPayload {
    PostEnded(PostEnded),
    InvalidInput(InvalidInput),
    PostConflict(PostConflict),
}

/// The post has ended; the stages and figures of its places follow.
#[derive(SimpleObject)]
pub struct PostEnded {
    /// The post.
    post: Post,
}

#[derive(Default)]
pub struct EndPostMutation;

#[Object]
impl EndPostMutation {
    /// Records that a post ended.
    #[graphql(directive = access::apply(Action::RecordPosts.into()))]
    async fn end_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post ended, and why.")] input: EndPostInput,
    ) -> Result<Option<EndPostPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordPosts)?;
        let command = end::EndPost {
            post: ids::read_as(&input.id, "Post")?,
            expected_version: input.expected_version,
            ended_on: input.ended_on.0,
            reason: input.reason.into(),
        };
        let done = end::end(viewer, permit, command).await;
        changing(ctx, done, |post| PostEnded { post }.into())
    }
}
