//! `closeCohort`: nobody applies for it any more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Cohort,
    outcomes::{CohortConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::cohorts::change,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which cohort, as you read it, and when it closes.
#[derive(InputObject)]
pub struct CloseCohortInput {
    /// The cohort.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The first day on which nobody can apply; left out: today.
    closed_on: Option<Date>,
}

/// What became of `closeCohort`.
#[derive(Union)]
pub enum CloseCohortPayload {
    CohortClosed(CohortClosed),
    InvalidInput(InvalidInput),
    CohortConflict(CohortConflict),
}

/// Nobody applies for it from that day on; whoever is in it goes on.
#[derive(SimpleObject)]
pub struct CohortClosed {
    /// The cohort.
    cohort: Cohort,
}

#[derive(Default)]
pub struct CloseCohortMutation;

#[Object]
impl CloseCohortMutation {
    /// Closes a cohort to applications.
    #[graphql(directive = access::apply(Action::OpenCohort.into()))]
    async fn close_cohort(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cohort.")] input: CloseCohortInput,
    ) -> Result<Option<CloseCohortPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::OpenCohort)?;
        let command = change::CloseCohort {
            cohort: ids::read_as(&input.id, "Cohort")?,
            expected_version: input.expected_version,
            closed_on: input.closed_on.map(|day| day.0),
        };
        let done = change::close(viewer, permit, command).await;
        changing(ctx, done, |cohort| CohortClosed { cohort }.into())
    }
}
