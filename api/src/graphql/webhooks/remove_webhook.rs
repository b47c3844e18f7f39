//! `removeWebhook`: nothing is sent there any more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::outcomes::{WebhookConflict, declined, read};
use crate::{
    auth::action::Action,
    domain::webhooks::remove,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which webhook.
#[derive(InputObject)]
pub struct RemoveWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `removeWebhook`.
#[derive(Union)]
pub enum RemoveWebhookPayload {
    WebhookRemoved(WebhookRemoved),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// The webhook is gone, with its secrets and its log.
#[derive(SimpleObject)]
pub struct WebhookRemoved {
    /// The id that it had.
    id: ID,
}

#[derive(Default)]
pub struct RemoveWebhookMutation;

#[Object]
impl RemoveWebhookMutation {
    /// Removes a webhook for good; what is being sent may still arrive.
    #[graphql(directive = access::apply(Action::RemoveWebhook.into()))]
    async fn remove_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: RemoveWebhookInput,
    ) -> Result<Option<RemoveWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RemoveWebhook)?;
        let read = read(&input.id, input.expected_version)?;
        match remove::remove(viewer, permit, read).await {
            Ok(id) => Ok(Some(WebhookRemoved { id: ids::id_of("Webhook", id) }.into())),
            Err(why) => declined(ctx, why).await,
        }
    }
}
