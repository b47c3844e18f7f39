//! `appointLeadTrainingHub`: who leads the programme in a region from a day on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::training_hubs::lead,
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{
            by::TrainingHubBy,
            kinds::Region,
            seen::{Seen, viewer},
        },
        outcomes::{InvalidInput, VersionConflict, changing},
        scalars::Date,
    },
};

/// Who leads a region from a day on.
#[derive(InputObject)]
pub struct AppointLeadTrainingHubInput {
    /// The region.
    id: ID,
    /// The version of the region that you read.
    expected_version: i32,
    /// The hub, one of the region's own.
    training_hub: TrainingHubBy,
    /// The first day of it.
    from: Date,
}

/// What became of `appointLeadTrainingHub`.
#[derive(Union)]
pub enum AppointLeadTrainingHubPayload {
    LeadTrainingHubAppointed(LeadTrainingHubAppointed),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The hub leads the region; whoever led before leads until then.
#[derive(SimpleObject)]
pub struct LeadTrainingHubAppointed {
    /// The region, as it is today.
    region: Region,
}

#[derive(Default)]
pub struct AppointLeadTrainingHubMutation;

#[Object]
impl AppointLeadTrainingHubMutation {
    /// Appoints the training hub that leads the programme in a region from a day on.
    /// A region has at most one at a time.
    #[graphql(directive = access::apply(Action::AppointLeadTrainingHub.into()))]
    async fn appoint_lead_training_hub(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which region, and who leads it.")] input: AppointLeadTrainingHubInput,
    ) -> Result<Option<AppointLeadTrainingHubPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AppointLeadTrainingHub)?;
        let command = lead::AppointLeadTrainingHub {
            region: ids::read_as(&input.id, "Region")?,
            expected_version: input.expected_version,
            training_hub: input.training_hub.read()?,
            from: input.from.0,
        };
        changing(ctx, lead::appoint(viewer, permit, command).await, |id| {
            let region = Region(Seen::today(viewer, id)?);
            Some(LeadTrainingHubAppointed { region }.into())
        })
    }
}
