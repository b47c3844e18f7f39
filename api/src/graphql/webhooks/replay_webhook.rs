//! `replayWebhook`: it goes on from a cursor.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Webhook,
    outcomes::{WebhookConflict, answered, read},
};
use crate::{
    auth::action::Action,
    domain::webhooks::run,
    graphql::{
        access::access, changes::position, error::Result, organisations::seen::viewer,
        outcomes::InvalidInput,
    },
};

/// Which webhook, and from where.
#[derive(InputObject)]
pub struct ReplayWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// A cursor of the change feed, such as a delivery, a change or `service` gives.
    from: String,
}

/// What became of `replayWebhook`.
#[derive(Union)]
pub enum ReplayWebhookPayload {
    WebhookReplayed(WebhookReplayed),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// It goes on behind the cursor.
#[derive(SimpleObject)]
pub struct WebhookReplayed {
    /// The webhook.
    webhook: Webhook,
}

#[derive(Default)]
pub struct ReplayWebhookMutation;

#[Object]
impl ReplayWebhookMutation {
    /// Sends a webhook everything behind a cursor of the feed, whether or not it was sent
    /// before; one that is paused stays so. A cursor further on than its own leaves out what
    /// lies between.
    #[graphql(directive = access::apply(Action::RunWebhook.into()))]
    async fn replay_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: ReplayWebhookInput,
    ) -> Result<Option<ReplayWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RunWebhook)?;
        let read = read(&input.id, input.expected_version)?;
        let from = position(Some(&input.from))?;
        let done = run::replay(viewer, permit, read, from).await;
        answered(ctx, done, |webhook| WebhookReplayed { webhook }.into()).await
    }
}
