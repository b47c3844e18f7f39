//! `pauseWebhook`: nothing is sent until it is to go on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Webhook,
    outcomes::{WebhookConflict, answered, read},
};
use crate::{
    auth::action::Action,
    domain::webhooks::run,
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// Which webhook.
#[derive(InputObject)]
pub struct PauseWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `pauseWebhook`.
#[derive(Union)]
pub enum PauseWebhookPayload {
    WebhookPaused(WebhookPaused),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// Nothing is sent to it; what happens meanwhile is kept for it in the feed.
#[derive(SimpleObject)]
pub struct WebhookPaused {
    /// The webhook.
    webhook: Webhook,
}

#[derive(Default)]
pub struct PauseWebhookMutation;

#[Object]
impl PauseWebhookMutation {
    /// Sends nothing to a webhook until `resumeWebhook`; nothing is lost meanwhile.
    #[graphql(directive = access::apply(Action::RunWebhook.into()))]
    async fn pause_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: PauseWebhookInput,
    ) -> Result<Option<PauseWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RunWebhook)?;
        let read = read(&input.id, input.expected_version)?;
        let done = run::pause(viewer, permit, read).await;
        answered(ctx, done, |webhook| WebhookPaused { webhook }.into()).await
    }
}
