//! `testWebhook`: an event that tells of nothing shows that it arrives.

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
pub struct TestWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `testWebhook`.
#[derive(Union)]
pub enum TestWebhookPayload {
    WebhookTested(WebhookTested),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// A test is sent within seconds: see `deliveries`.
#[derive(SimpleObject)]
pub struct WebhookTested {
    /// The webhook.
    webhook: Webhook,
}

#[derive(Default)]
pub struct TestWebhookMutation;

#[Object]
impl TestWebhookMutation {
    /// Sends a webhook an event of the type `uk.nhs.gpa.test`, even while it is paused; what
    /// came of it is told by its `deliveries`.
    #[graphql(directive = access::apply(Action::RunWebhook.into()))]
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: TestWebhookInput,
    ) -> Result<Option<TestWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RunWebhook)?;
        let read = read(&input.id, input.expected_version)?;
        let done = run::test(viewer, permit, read).await;
        answered(ctx, done, |webhook| WebhookTested { webhook }.into()).await
    }
}
