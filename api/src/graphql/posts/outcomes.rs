//! What commands about posts can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::Post;
use crate::{
    domain::{error::Declined, posts::list},
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Somebody changed the post since you read it; nothing was changed. Read it again, and
/// send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct PostConflict {
    /// The post as it is now.
    current: Post,
}

/// The answer of a command about a post that the caller has read.
pub fn changing<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(Post) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<PostConflict>,
{
    let find = |id| list::find(viewer(ctx), id).map(Post).ok_or_else(Refusal::internal);
    match done {
        Ok(id) => Ok(Some(success(find(id)?))),
        Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
        Err(Declined::VersionConflict(id)) => Ok(Some(PostConflict { current: find(id)? }.into())),
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}
