//! The root field of those who assess.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::object::Worklist;
use crate::{
    auth::action::Action,
    domain::worklists::list,
    graphql::{access::access, error::Result, organisations::seen::viewer},
};

#[derive(Default)]
pub struct WorklistQueries;

#[Object]
impl WorklistQueries {
    /// What waits to be assessed or followed up: of an assessor, in the enrolments that
    /// they are assigned to; of whoever else has a worklist, in all of theirs.
    #[graphql(directive = access::apply(Action::ReadWorklist.into()))]
    async fn assessor_inbox(&self, ctx: &Context<'_>) -> Result<Worklist> {
        Ok(Worklist(Arc::new(list::inbox(viewer(ctx)).await?)))
    }
}
