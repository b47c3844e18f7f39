//! `publishMetricVersion`: from then on it is in use, and never changes.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::definition::MetricDefinition;
use crate::{
    auth::action::Action,
    domain::{
        error::Declined,
        metrics::{self, publish},
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Which draft to publish.
#[derive(InputObject)]
pub struct PublishMetricVersionInput {
    /// The id of the draft.
    id: ID,
    /// The `draftVersion` that you read.
    expected_version: i32,
}

/// What became of `publishMetricVersion`.
#[derive(Union)]
pub enum PublishMetricVersionPayload {
    MetricVersionPublished(MetricVersionPublished),
    InvalidInput(InvalidInput),
    MetricVersionConflict(MetricVersionConflict),
}

/// The version is in use.
#[derive(SimpleObject)]
pub struct MetricVersionPublished {
    /// The version.
    metric: MetricDefinition,
}

/// Somebody changed the draft since you read it; nothing was changed. Read it again.
#[derive(SimpleObject)]
pub struct MetricVersionConflict {
    /// The draft as it is now.
    current: MetricDefinition,
}

#[derive(Default)]
pub struct PublishMetricVersionMutation;

#[Object]
impl PublishMetricVersionMutation {
    /// Publishes a draft: figures are recorded under it from then on, and it never
    /// changes again. A new major version breaks the series visibly.
    #[graphql(directive = access::apply(Action::PublishMetricVersion.into()))]
    async fn publish_metric_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: PublishMetricVersionInput,
    ) -> Result<Option<PublishMetricVersionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::PublishMetricVersion)?;
        let id = ids::read_as(&input.id, "MetricDefinition")?;
        let command =
            publish::PublishMetricVersion { id, expected_version: input.expected_version };
        let found = |id| metrics::by_id(viewer, id).map(MetricDefinition);
        match publish::publish(viewer, permit, command).await {
            Ok(id) => {
                let metric = found(id).ok_or_else(Refusal::internal)?;
                Ok(Some(MetricVersionPublished { metric }.into()))
            }
            Err(Declined::VersionConflict(id)) => {
                let current = found(id).ok_or_else(Refusal::internal)?;
                Ok(Some(MetricVersionConflict { current }.into()))
            }
            Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
            Err(Declined::Failed(failure)) => Err(failure.into()),
            Err(Declined::KeyReused) => Err(Refusal::internal()),
        }
    }
}
