//! `registerTrainingHub`: a hub that runs the programme locally.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, training_hubs::register},
    graphql::{
        access::access,
        enums::TrainingHubTier,
        error::Result,
        organisations::{
            by::RegionBy,
            kinds::TrainingHub,
            seen::{Seen, viewer},
        },
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::{Date, Slug},
    },
};

/// What is known of a training hub when it is registered.
#[derive(InputObject)]
pub struct RegisterTrainingHubInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and registers nothing twice.
    idempotency_key: ID,
    /// Its name.
    name: String,
    /// Its slug, which no other bears.
    slug: Slug,
    /// How far its work reaches.
    tier: TrainingHubTier,
    /// The region that it lies in.
    region: RegionBy,
    /// The day it opened.
    opened_on: Date,
}

/// What became of `registerTrainingHub`.
#[derive(Union)]
pub enum RegisterTrainingHubPayload {
    TrainingHubRegistered(TrainingHubRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The training hub is registered; it covers no ICB yet.
#[derive(SimpleObject)]
pub struct TrainingHubRegistered {
    /// The hub, as it is today.
    training_hub: TrainingHub,
}

#[derive(Default)]
pub struct RegisterTrainingHubMutation;

#[Object]
impl RegisterTrainingHubMutation {
    /// Registers a training hub; `setCoverage` then says which ICBs it covers.
    #[graphql(directive = access::apply(Action::RegisterTrainingHub.into()))]
    async fn register_training_hub(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The training hub.")] input: RegisterTrainingHubInput,
    ) -> Result<Option<RegisterTrainingHubPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterTrainingHub)?;
        let key = input.idempotency_key.to_string();
        let command = register::RegisterTrainingHub {
            name: input.name,
            slug: input.slug.0,
            tier: input.tier.into(),
            region: input.region.read()?,
            opened_on: input.opened_on.0,
        };
        let done = match IdempotencyKey::new(&key, "registerTrainingHub", &format!("{command:?}")) {
            Ok(key) => register::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            let training_hub = TrainingHub(Seen::today(viewer, id)?);
            Some(TrainingHubRegistered { training_hub }.into())
        })
    }
}
