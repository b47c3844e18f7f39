//! `changeCohort`: its name, places, provider and dates.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Cohort,
    outcomes::{CohortConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::cohorts::change,
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{by::ProviderBy, seen::viewer},
        outcomes::InvalidInput,
        scalars::Date,
    },
};

/// What becomes another; whatever is left out stays as it is.
#[derive(InputObject)]
pub struct ChangeCohortInput {
    /// The cohort.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What it is called.
    name: Option<String>,
    /// How many learners it is commissioned for; no fewer than are taken.
    places: Option<i32>,
    /// Who verifies and awards.
    provider: Option<ProviderBy>,
    /// The first day on which learners start; while nobody has.
    starts_on: Option<Date>,
    /// When its learners should be through; while nobody has started.
    ends_on: Option<Date>,
}

/// What became of `changeCohort`.
#[derive(Union)]
pub enum ChangeCohortPayload {
    CohortChanged(CohortChanged),
    InvalidInput(InvalidInput),
    CohortConflict(CohortConflict),
}

/// The cohort is as it was sent.
#[derive(SimpleObject)]
pub struct CohortChanged {
    /// The cohort.
    cohort: Cohort,
}

#[derive(Default)]
pub struct ChangeCohortMutation;

#[Object]
impl ChangeCohortMutation {
    /// Changes a cohort; its dates stay once somebody has started.
    #[graphql(directive = access::apply(Action::OpenCohort.into()))]
    async fn change_cohort(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cohort, and what becomes another.")] input: ChangeCohortInput,
    ) -> Result<Option<ChangeCohortPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::OpenCohort)?;
        let command = change::ChangeCohort {
            cohort: ids::read_as(&input.id, "Cohort")?,
            expected_version: input.expected_version,
            name: input.name,
            places: input.places,
            provider: input.provider.map(ProviderBy::read).transpose()?,
            starts_on: input.starts_on.map(|day| day.0),
            ends_on: input.ends_on.map(|day| day.0),
        };
        let done = change::change(viewer, permit, command).await;
        changing(ctx, done, |cohort| CohortChanged { cohort }.into())
    }
}
