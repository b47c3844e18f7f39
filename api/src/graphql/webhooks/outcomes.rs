//! What commands about webhooks can answer besides success.

use async_graphql::{Context, ID, SimpleObject};
use entity::webhook::Model;

use super::object::Webhook;
use crate::{
    domain::{
        error::Declined,
        webhooks::{AsRead, list},
    },
    graphql::{
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Somebody, or the service, changed the webhook since you read it; nothing was changed.
/// Read it again, and send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct WebhookConflict {
    /// The webhook as it is now.
    current: Webhook,
}

/// A webhook as the caller has read it.
pub fn read(id: &ID, expected_version: i32) -> Result<AsRead> {
    Ok(AsRead { webhook: ids::read_as(id, "Webhook")?, expected_version })
}

/// What a command about a webhook comes to.
pub async fn answered<P>(
    ctx: &Context<'_>,
    done: std::result::Result<Model, Declined>,
    success: impl FnOnce(Webhook) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<WebhookConflict>,
{
    match done {
        Ok(row) => Ok(Some(success(row.into()))),
        Err(why) => declined(ctx, why).await,
    }
}

/// What a command came to, if it did not succeed.
pub async fn declined<P>(ctx: &Context<'_>, declined: Declined) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<WebhookConflict>,
{
    match declined {
        Declined::Invalid(problems) => Ok(Some(invalid(problems))),
        Declined::VersionConflict(id) => {
            let current = list::find(viewer(ctx), id).await?.ok_or_else(Refusal::internal)?;
            Ok(Some(WebhookConflict { current: current.into() }.into()))
        }
        Declined::Failed(failure) => Err(failure.into()),
        Declined::KeyReused => Err(Refusal::internal()),
    }
}
