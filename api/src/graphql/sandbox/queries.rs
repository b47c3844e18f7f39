//! The root field that shows the sandbox.

use async_graphql::{Context, Object};

use super::object::Sandbox;
use crate::{
    auth::action::Action,
    domain::sandbox,
    graphql::{access::access, error::Result, organisations::seen::viewer},
};

#[derive(Default)]
pub struct SandboxQueries;

#[Object]
impl SandboxQueries {
    /// How the sandbox is: its clock, its last reset, and your own faults. FORBIDDEN where
    /// `service { environment }` is not SANDBOX.
    #[graphql(directive = access::apply(Action::ControlSandbox.into()))]
    async fn sandbox(&self, ctx: &Context<'_>) -> Result<Option<Sandbox>> {
        Ok(Some(Sandbox(sandbox::state(viewer(ctx)).await?)))
    }
}
