//! `changeWebhook`: where it leads, and what it is sent.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject, Union};

use super::{
    object::Webhook,
    outcomes::{WebhookConflict, answered, read},
};
use crate::{
    auth::action::Action,
    domain::webhooks::change,
    graphql::{
        access::access, enums::ChangeType, error::Result, organisations::seen::viewer,
        outcomes::InvalidInput,
    },
};

/// What becomes another; whatever is left out stays as it is.
#[derive(InputObject)]
pub struct ChangeWebhookInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// Where it leads from now on.
    url: Option<String>,
    /// The types of change that it is sent from now on; null for all of them.
    types: MaybeUndefined<Vec<ChangeType>>,
}

/// What became of `changeWebhook`.
#[derive(Union)]
pub enum ChangeWebhookPayload {
    WebhookChanged(WebhookChanged),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// The webhook is as it was sent.
#[derive(SimpleObject)]
pub struct WebhookChanged {
    /// The webhook.
    webhook: Webhook,
}

#[derive(Default)]
pub struct ChangeWebhookMutation;

#[Object]
impl ChangeWebhookMutation {
    /// Changes a webhook. Another address is tried at once, if the one before it failed.
    #[graphql(directive = access::apply(Action::RegisterWebhook.into()))]
    async fn change_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook, and what becomes another.")] input: ChangeWebhookInput,
    ) -> Result<Option<ChangeWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterWebhook)?;
        let types = |types: Vec<ChangeType>| types.into_iter().map(Into::into).collect();
        let command = change::ChangeWebhook {
            read: read(&input.id, input.expected_version)?,
            url: input.url,
            types: match input.types {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(wanted) => Some(Some(types(wanted))),
            },
        };
        let done = change::change(viewer, permit, command).await;
        answered(ctx, done, |webhook| WebhookChanged { webhook }.into()).await
    }
}
