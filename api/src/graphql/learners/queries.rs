//! The root fields that find learners.

use async_graphql::{Context, Object};

use super::{
    input::LearnerLookupBy,
    object::{DuplicateLearners, Learner},
    readings,
};
use crate::{
    auth::action::Action,
    domain::learners::{
        duplicates,
        list::{self, LearnerLookup},
    },
    graphql::{access::access, error::Result, organisations::seen::viewer},
};

#[derive(Default)]
pub struct LearnerQueries;

#[Object]
impl LearnerQueries {
    /// One learner; null if there is none so named for you. The id and the reference of
    /// one who was merged go on to find them.
    #[graphql(directive = access::apply(Action::ReadEnrolments.into()))]
    async fn learner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: LearnerLookupBy,
    ) -> Result<Option<Learner>> {
        viewer(ctx).permit(Action::ReadEnrolments)?;
        shown(ctx, &by.read()?).await
    }

    /// Learners within your reach who may be one and the same, 100 pairs at most. To ask
    /// is to read who they are, and is audited.
    #[graphql(directive = access::apply(Action::MergeLearners.into()))]
    async fn duplicate_learners(&self, ctx: &Context<'_>) -> Result<Vec<DuplicateLearners>> {
        let found = duplicates::list(viewer(ctx)).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }
}

/// The learner so named, if the viewer may see them; that they did is on record first,
/// where it is audited.
pub async fn shown(ctx: &Context<'_>, by: &LearnerLookup) -> Result<Option<Learner>> {
    let viewer = viewer(ctx);
    let Some(found) = list::find(viewer, by) else { return Ok(None) };
    readings::places(ctx, Action::ReadEnrolments, list::sites(viewer, found.row.id)).await?;
    Ok(Some(Learner(found)))
}
