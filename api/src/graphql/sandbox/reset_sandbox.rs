//! `resetSandbox`: everything as it was at the beginning.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{after, object::Sandbox};
use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, sandbox},
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// That everything shall be put back.
#[derive(InputObject)]
pub struct ResetSandboxInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the sandbox as it then is and resets nothing a second time.
    idempotency_key: ID,
}

/// What became of `resetSandbox`.
#[derive(Union)]
pub enum ResetSandboxPayload {
    SandboxReset(SandboxReset),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// Everything is put back.
#[derive(SimpleObject)]
pub struct SandboxReset {
    /// The sandbox as it now is.
    sandbox: Sandbox,
}

#[derive(Default)]
pub struct ResetSandboxMutation;

#[Object]
impl ResetSandboxMutation {
    /// Puts the sandbox back to how it began, its clock included: whatever anybody wrote is
    /// gone, and the demonstration is as new, with the same ids. Cursors of the change feed
    /// that were given before are refused from then on, because what they would go on from
    /// is gone. Machine clients, the audit and everybody's faults stay. Everybody who uses
    /// the sandbox sees it. FORBIDDEN outside of a sandbox.
    #[graphql(directive = access::apply(Action::ControlSandbox.into()))]
    async fn reset_sandbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reset.")] input: ResetSandboxInput,
    ) -> Result<Option<ResetSandboxPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ControlSandbox)?;
        let key = input.idempotency_key.to_string();
        let done = match IdempotencyKey::new(&key, "resetSandbox", "") {
            Ok(key) => sandbox::reset::reset(viewer, permit, key).await,
            Err(declined) => Err(declined),
        };
        creating(after(viewer, done).await, |sandbox| Some(SandboxReset { sandbox }.into()))
    }
}
