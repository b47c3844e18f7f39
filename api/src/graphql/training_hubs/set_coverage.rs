//! `setCoverage`: which ICBs a training hub covers from a day on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::training_hubs::coverage,
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{
            by::OrganisationBy,
            kinds::TrainingHub,
            seen::{Seen, viewer},
        },
        outcomes::{InvalidInput, VersionConflict, changing},
        scalars::Date,
    },
};

/// Which ICBs a training hub covers from a day on.
#[derive(InputObject)]
pub struct SetCoverageInput {
    /// The training hub.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// All of the ICBs, and no others; none, if the hub covers nothing from then on.
    icbs: Vec<OrganisationBy>,
    /// The first day of it.
    from: Date,
}

/// What became of `setCoverage`.
#[derive(Union)]
pub enum SetCoveragePayload {
    CoverageSet(CoverageSet),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The hub covers just these ICBs; an ICB that another hub covered has moved.
#[derive(SimpleObject)]
pub struct CoverageSet {
    /// The hub, as it is today.
    training_hub: TrainingHub,
}

#[derive(Default)]
pub struct SetCoverageMutation;

#[Object]
impl SetCoverageMutation {
    /// Sets which ICBs a training hub covers from a day on, all of them and no others.
    /// An ICB that is left out is then covered by nobody.
    #[graphql(directive = access::apply(Action::SetCoverage.into()))]
    async fn set_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which hub, and which ICBs.")] input: SetCoverageInput,
    ) -> Result<Option<SetCoveragePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SetCoverage)?;
        let command = coverage::SetCoverage {
            training_hub: ids::read_as(&input.id, "TrainingHub")?,
            expected_version: input.expected_version,
            icbs: input.icbs.into_iter().map(OrganisationBy::read).collect::<Result<_>>()?,
            from: input.from.0,
        };
        changing(ctx, coverage::set(viewer, permit, command).await, |id| {
            let training_hub = TrainingHub(Seen::today(viewer, id)?);
            Some(CoverageSet { training_hub }.into())
        })
    }
}
