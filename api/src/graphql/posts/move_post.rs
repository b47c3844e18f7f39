//! `movePost`: a post is held elsewhere, or with other hours.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::{PostPlaceInput, places},
    object::Post,
    outcomes::{PostConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::posts::relocate,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which post is held where from a day on.
#[derive(InputObject)]
pub struct MovePostInput {
    /// The post.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The first day at the new places, or with the new hours; today or earlier.
    from: Date,
    /// Where it is held from then on: all of its places, 1 to 10.
    places: Vec<PostPlaceInput>,
}

/// What became of `movePost`.
#[derive(Union)]
pub enum MovePostPayload {
    PostMoved(PostMoved),
    InvalidInput(InvalidInput),
    PostConflict(PostConflict),
}

/// The post is held elsewhere, or with other hours; what was before stays known.
#[derive(SimpleObject)]
pub struct PostMoved {
    /// The post.
    post: Post,
}

#[derive(Default)]
pub struct MovePostMutation;

#[Object]
impl MovePostMutation {
    /// Records that a post is held elsewhere, or with other hours, from a day on.
    #[graphql(directive = access::apply(Action::RecordPosts.into()))]
    async fn move_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post is held where from a day on.")] input: MovePostInput,
    ) -> Result<Option<MovePostPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordPosts)?;
        let command = relocate::MovePost {
            post: ids::read_as(&input.id, "Post")?,
            expected_version: input.expected_version,
            from: input.from.0,
            places: places(input.places)?,
        };
        let done = relocate::relocate(viewer, permit, command).await;
        changing(ctx, done, |post| PostMoved { post }.into())
    }
}
