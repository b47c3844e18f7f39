//! `resumeWebhook`: it goes on where it stopped.

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
pub struct ResumeWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `resumeWebhook`.
#[derive(Union)]
pub enum ResumeWebhookPayload {
    WebhookResumed(WebhookResumed),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// It is sent what happened meanwhile, and then what happens.
#[derive(SimpleObject)]
pub struct WebhookResumed {
    /// The webhook.
    webhook: Webhook,
}

#[derive(Default)]
pub struct ResumeWebhookMutation;

#[Object]
impl ResumeWebhookMutation {
    /// Lets a webhook go on where it stopped, whoever paused it; one that waits after a
    /// failure is tried at once.
    #[graphql(directive = access::apply(Action::RunWebhook.into()))]
    async fn resume_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: ResumeWebhookInput,
    ) -> Result<Option<ResumeWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RunWebhook)?;
        let read = read(&input.id, input.expected_version)?;
        let done = run::resume(viewer, permit, read).await;
        answered(ctx, done, |webhook| WebhookResumed { webhook }.into()).await
    }
}
