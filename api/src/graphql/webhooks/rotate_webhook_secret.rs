//! `rotateWebhookSecret`: a new secret, while the old one signs too for a while.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use chrono::{DateTime, Utc};

use super::{
    object::Webhook,
    outcomes::{WebhookConflict, declined, read},
};
use crate::{
    auth::action::Action,
    domain::webhooks::rotate,
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// Which webhook, and how long its secret of now stays good.
#[derive(InputObject)]
pub struct RotateWebhookSecretInput {
    /// The webhook.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// For so many hours messages bear a signature of the old secret beside the new one's, 0
    /// to 168. Whatever is older than it ends at once.
    #[graphql(default_with = "rotate::OVERLAP")]
    overlap_hours: i32,
}

/// What became of `rotateWebhookSecret`.
#[derive(Union)]
pub enum RotateWebhookSecretPayload {
    WebhookSecretRotated(WebhookSecretRotated),
    InvalidInput(InvalidInput),
    WebhookConflict(WebhookConflict),
}

/// The webhook has a new secret.
#[derive(SimpleObject)]
pub struct WebhookSecretRotated {
    /// The webhook.
    webhook: Webhook,
    /// The new secret: shown here, once, and nowhere again.
    secret: String,
    /// Until when messages are signed with the one before it, too.
    previous_valid_until: DateTime<Utc>,
}

#[derive(Default)]
pub struct RotateWebhookSecretMutation;

#[Object]
impl RotateWebhookSecretMutation {
    /// Gives a webhook a new secret to be signed with.
    #[graphql(directive = access::apply(Action::RotateWebhookSecret.into()))]
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: RotateWebhookSecretInput,
    ) -> Result<Option<RotateWebhookSecretPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RotateWebhookSecret)?;
        let command = rotate::RotateSecret {
            read: read(&input.id, input.expected_version)?,
            overlap_hours: input.overlap_hours,
        };
        match rotate::rotate(viewer, permit, command).await {
            Ok(rotated) => {
                let rotated = WebhookSecretRotated {
                    webhook: rotated.webhook.into(),
                    secret: rotated.secret.reveal().to_owned(),
                    previous_valid_until: rotated.previous_until,
                };
                Ok(Some(rotated.into()))
            }
            Err(why) => declined(ctx, why).await,
        }
    }
}
