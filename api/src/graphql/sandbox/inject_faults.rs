//! `injectFaults`: what goes wrong on request.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    after,
    object::{FaultKind, Sandbox},
};
use crate::{
    auth::action::Action,
    domain::{
        idempotency::IdempotencyKey,
        sandbox::{self, faults::Injection},
    },
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// What shall go wrong, and how often.
#[derive(InputObject)]
pub struct InjectFaultsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the sandbox as it then is and adds nothing a second time.
    idempotency_key: ID,
    /// What shall go wrong.
    kind: FaultKind,
    /// How many of your next requests it befalls, 1 to 1000.
    #[graphql(default = 1)]
    requests: i32,
    /// The name of the operation that it befalls, as in `query Name { … }`; left out, all.
    operation: Option<String>,
    /// For SLOW, and for it alone: how much later the answer comes, 1 to 60000.
    milliseconds: Option<i32>,
}

/// What became of `injectFaults`.
#[derive(Union)]
pub enum InjectFaultsPayload {
    FaultsInjected(FaultsInjected),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// Your next requests will meet it.
#[derive(SimpleObject)]
pub struct FaultsInjected {
    /// The sandbox as it now is.
    sandbox: Sandbox,
}

#[derive(Default)]
pub struct InjectFaultsMutation;

#[Object]
impl InjectFaultsMutation {
    /// Lets something go wrong with your own next requests, and nobody else's, to see what
    /// your program makes of it. Of several faults that fit, a request meets the one that
    /// you asked for first, and no other. Queries and mutations that are sent to `/graphql`
    /// by themselves meet them. What is sent over a WebSocket meets none, nor do
    /// subscriptions as event streams, the files of `/export` and whatever else is asked
    /// beside GraphQL, nor the fields that control the sandbox. FORBIDDEN outside of a
    /// sandbox.
    #[graphql(directive = access::apply(Action::ControlSandbox.into()))]
    async fn inject_faults(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fault.")] input: InjectFaultsInput,
    ) -> Result<Option<InjectFaultsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ControlSandbox)?;
        let key = input.idempotency_key.to_string();
        let command = Injection {
            kind: input.kind.into(),
            requests: input.requests,
            operation: input.operation,
            milliseconds: input.milliseconds,
        };
        let done = match IdempotencyKey::new(&key, "injectFaults", &format!("{command:?}")) {
            Ok(key) => sandbox::faults::inject(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(after(viewer, done).await, |sandbox| Some(FaultsInjected { sandbox }.into()))
    }
}
