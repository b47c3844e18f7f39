//! `registerProvider`: a university or body that verifies and awards.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, providers},
    graphql::{
        access::access,
        error::Result,
        organisations::{
            kinds::Provider,
            seen::{Seen, viewer},
        },
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::{Date, Slug},
    },
};

/// What is known of a provider when it is registered.
#[derive(InputObject)]
pub struct RegisterProviderInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// Its name.
    name: String,
    /// Its slug, which no other bears.
    slug: Slug,
    /// The day from which it is one; today or earlier.
    opened_on: Date,
}

/// What became of `registerProvider`.
#[derive(Union)]
pub enum RegisterProviderPayload {
    ProviderRegistered(ProviderRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The provider is registered: cohorts can name it.
#[derive(SimpleObject)]
pub struct ProviderRegistered {
    /// The provider, as it is today.
    provider: Provider,
}

#[derive(Default)]
pub struct RegisterProviderMutation;

#[Object]
impl RegisterProviderMutation {
    /// Registers a provider: a university or body that verifies what learners submit, and
    /// awards.
    #[graphql(directive = access::apply(Action::RegisterProvider.into()))]
    async fn register_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider.")] input: RegisterProviderInput,
    ) -> Result<Option<RegisterProviderPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterProvider)?;
        let key = input.idempotency_key.to_string();
        let command = providers::RegisterProvider {
            name: input.name,
            slug: input.slug.0,
            opened_on: input.opened_on.0,
        };
        let done = match IdempotencyKey::new(&key, "registerProvider", &format!("{command:?}")) {
            Ok(key) => providers::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            let provider = Provider(Seen::today(viewer, id)?);
            Some(ProviderRegistered { provider }.into())
        })
    }
}
