//! The sandbox: how it is, and what integrators do with it.

pub mod clear_faults;
pub mod inject_faults;
pub mod move_sandbox_clock;
pub mod object;
pub mod queries;
pub mod reset_sandbox;

use async_graphql::MergedObject;

use self::object::Sandbox;
use crate::{
    domain::{error::Declined, sandbox, viewer::Viewer},
    graphql::error::Result,
};

#[derive(MergedObject, Default)]
pub struct SandboxMutations(
    reset_sandbox::ResetSandboxMutation,
    move_sandbox_clock::MoveSandboxClockMutation,
    inject_faults::InjectFaultsMutation,
    clear_faults::ClearFaultsMutation,
);

/// The root fields by which a sandbox is controlled. No fault befalls them, so that whoever
/// asked for one can always take it back.
pub const CONTROLS: [&str; 5] =
    ["sandbox", "resetSandbox", "moveSandboxClock", "injectFaults", "clearFaults"];

/// The sandbox as a command left it.
async fn after(viewer: &Viewer, done: Result<(), Declined>) -> Result<Sandbox, Declined> {
    done?;
    Ok(Sandbox(sandbox::state(viewer).await?))
}
