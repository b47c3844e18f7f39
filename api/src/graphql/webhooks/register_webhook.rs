//! `registerWebhook`: having changes sent to an address.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::object::Webhook;
use crate::{
    auth::action::Action,
    domain::{
        error::Declined,
        idempotency::IdempotencyKey,
        webhooks::{list, register},
    },
    graphql::{
        access::access,
        changes::position,
        enums::ChangeType,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        refusal::Refusal,
    },
};

/// Where changes are to be sent, and which.
#[derive(InputObject)]
pub struct RegisterWebhookInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer, without the secret, and does nothing twice.
    idempotency_key: ID,
    /// Where to: an https address in the internet, without a user, a password or a
    /// fragment. In development an http address of this machine will do.
    url: String,
    /// Of these types alone; left out, all of them. Those that take something away from you
    /// (LEFT_YOUR_REACH, REMOVED, RECORD_REMOVED) are sent in any case.
    types: Option<Vec<ChangeType>>,
    /// A cursor of the change feed to begin behind; left out, it begins now.
    after: Option<String>,
}

/// What became of `registerWebhook`.
#[derive(Union)]
pub enum RegisterWebhookPayload {
    WebhookRegistered(WebhookRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// What happens from here on is sent there.
#[derive(SimpleObject)]
pub struct WebhookRegistered {
    /// The webhook.
    webhook: Webhook,
    /// What it is signed with, in the spelling of Standard Webhooks. It is shown here, once,
    /// and nowhere again: lost, it is replaced by `rotateWebhookSecret`.
    secret: Option<String>,
}

#[derive(Default)]
pub struct RegisterWebhookMutation;

#[Object]
impl RegisterWebhookMutation {
    /// Has changes sent to an address of yours: those that you may know of, as `changes`
    /// would tell you at the moment of each delivery.
    #[graphql(directive = access::apply(Action::RegisterWebhook.into()))]
    async fn register_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to, and what.")] input: RegisterWebhookInput,
    ) -> Result<Option<RegisterWebhookPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterWebhook)?;
        let key = input.idempotency_key.to_string();
        let command = register::RegisterWebhook {
            url: input.url,
            types: input.types.map(|types| types.into_iter().map(Into::into).collect()),
            after: input.after.map(|after| position(Some(&after))).transpose()?,
        };
        let done = match IdempotencyKey::new(&key, "registerWebhook", &format!("{command:?}")) {
            Ok(key) => register::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        let done = match done {
            Ok((id, secret)) => {
                let row = list::find(viewer, id).await?.ok_or_else(Refusal::internal)?;
                let secret = secret.map(|secret| secret.reveal().to_owned());
                Ok(WebhookRegistered { webhook: row.into(), secret })
            }
            Err(declined) => Err::<_, Declined>(declined),
        };
        creating(done, |registered| Some(registered.into()))
    }
}
