//! `moveSandboxClock`: later, at once.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, SimpleObject, Union};
use chrono::{DateTime, Utc};

use super::{after, object::Sandbox};
use crate::{
    auth::action::Action,
    domain::{
        idempotency::IdempotencyKey,
        sandbox::{self, moving::Move},
    },
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// Where to.
#[derive(InputObject)]
pub struct MoveSandboxClockInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the sandbox as it then is and moves nothing a second time.
    idempotency_key: ID,
    /// Where to.
    forward: SandboxMove,
}

/// Where a sandbox's clock is moved: always forward.
#[derive(OneofObject)]
pub enum SandboxMove {
    /// To a moment, at most ten years from now.
    To(DateTime<Utc>),
    /// So many days of 24 hours on.
    Days(i32),
}

/// What became of `moveSandboxClock`.
#[derive(Union)]
pub enum MoveSandboxClockPayload {
    SandboxClockMoved(SandboxClockMoved),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// It is later, and the change feed tells what has come with it.
#[derive(SimpleObject)]
pub struct SandboxClockMoved {
    /// The sandbox as it now is.
    sandbox: Sandbox,
}

#[derive(Default)]
pub struct MoveSandboxClockMutation;

#[Object]
impl MoveSandboxClockMutation {
    /// Moves the sandbox's clock forward, and tells in the change feed what the days bring
    /// that it passes: what falls due, opens, closes, begins and ends. It goes back only
    /// with `resetSandbox`. Everybody who uses the sandbox sees it. FORBIDDEN outside of a
    /// sandbox.
    #[graphql(directive = access::apply(Action::ControlSandbox.into()))]
    async fn move_sandbox_clock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: MoveSandboxClockInput,
    ) -> Result<Option<MoveSandboxClockPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ControlSandbox)?;
        let key = input.idempotency_key.to_string();
        let command = match input.forward {
            SandboxMove::To(moment) => Move::To(moment),
            SandboxMove::Days(days) => Move::Days(days),
        };
        let done = match IdempotencyKey::new(&key, "moveSandboxClock", &format!("{command:?}")) {
            Ok(key) => sandbox::moving::forward(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(after(viewer, done).await, |sandbox| Some(SandboxClockMoved { sandbox }.into()))
    }
}
