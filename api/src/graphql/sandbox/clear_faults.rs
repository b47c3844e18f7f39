//! `clearFaults`: no more faults.

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

/// That no more of your faults are wanted.
#[derive(InputObject)]
pub struct ClearFaultsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the sandbox as it then is and clears nothing a second time.
    idempotency_key: ID,
}

/// What became of `clearFaults`.
#[derive(Union)]
pub enum ClearFaultsPayload {
    FaultsCleared(FaultsCleared),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// You will meet no more of the faults that you asked for.
#[derive(SimpleObject)]
pub struct FaultsCleared {
    /// The sandbox as it now is.
    sandbox: Sandbox,
}

#[derive(Default)]
pub struct ClearFaultsMutation;

#[Object]
impl ClearFaultsMutation {
    /// Takes back all faults that you asked for and have not met. FORBIDDEN outside of a
    /// sandbox.
    #[graphql(directive = access::apply(Action::ControlSandbox.into()))]
    async fn clear_faults(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The faults.")] input: ClearFaultsInput,
    ) -> Result<Option<ClearFaultsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ControlSandbox)?;
        let key = input.idempotency_key.to_string();
        let done = match IdempotencyKey::new(&key, "clearFaults", "") {
            Ok(key) => sandbox::faults::clear(viewer, permit, key).await,
            Err(declined) => Err(declined),
        };
        creating(after(viewer, done).await, |sandbox| Some(FaultsCleared { sandbox }.into()))
    }
}
