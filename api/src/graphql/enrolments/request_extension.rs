//! `requestExtension`: asks for more time for an enrolment.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{enums::ExtensionReason, object::Enrolment};
use crate::{
    auth::action::Action,
    domain::{
        enrolments::{extensions, list},
        idempotency::IdempotencyKey,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// Who needs how much more time.
#[derive(InputObject)]
pub struct RequestExtensionInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// The enrolment.
    enrolment: ID,
    /// How many months more, 1 to 3; an enrolment has 3 at most in all.
    months: i32,
    /// Why: coded, so that nothing is written of anybody's health.
    reason: ExtensionReason,
}

/// What became of `requestExtension`.
#[derive(Union)]
pub enum RequestExtensionPayload {
    ExtensionRequested(ExtensionRequested),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// It is asked for: somebody else decides.
#[derive(SimpleObject)]
pub struct ExtensionRequested {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct RequestExtensionMutation;

#[Object]
impl RequestExtensionMutation {
    /// Asks for more time for an enrolment.
    #[graphql(directive = access::apply(Action::RequestExtension.into()))]
    async fn request_extension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enrolment, and how much.")] input: RequestExtensionInput,
    ) -> Result<Option<RequestExtensionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RequestExtension)?;
        let key = input.idempotency_key.to_string();
        let enrolment = ids::read_as(&input.enrolment, "Enrolment")?;
        let (months, reason) = (input.months, input.reason.into());
        let command = extensions::RequestExtension { enrolment, months, reason };
        let done = match IdempotencyKey::new(&key, "requestExtension", &format!("{command:?}")) {
            Ok(key) => extensions::request(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |_| {
            let enrolment = Enrolment(list::find(viewer, enrolment)?);
            Some(ExtensionRequested { enrolment }.into())
        })
    }
}
