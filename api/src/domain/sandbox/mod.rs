//! A sandbox, for integrators to try things out: everything in it is invented, can be put
//! back to how it was, has a clock that can be moved forward, and answers with faults to
//! whoever asks for them.
//!
//! Only a database that was begun as a sandbox is one, and it is nothing else for ever, so
//! that nobody's records can be reset by a wrong setting.

mod carry;
mod claim;
mod demonstration;
pub mod faults;
mod grants;
mod guards;
pub mod moving;
pub mod reset;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{sandbox, sandbox_fault};
use sea_orm::EntityTrait;

pub use self::carry::{KEPT, REPLACED};
pub(super) use self::claim::claim;
use super::{error::Failure, viewer::Viewer};
use crate::{auth::action::Action, config::Environment};

/// The name of the one row of a sandbox.
const ROW: &str = "sandbox";

/// How a sandbox is at the moment, as one caller sees it.
pub struct State {
    /// What time it is in it.
    pub now: DateTime<Utc>,
    /// By how much its clock is ahead.
    pub ahead: TimeDelta,
    pub resets: i64,
    pub reset_at: Option<DateTime<Utc>>,
    /// What the caller is yet to meet.
    pub faults: Vec<sandbox_fault::Model>,
}

/// How the sandbox is.
///
/// # Errors
///
/// FORBIDDEN where this is none.
pub async fn state(viewer: &Viewer) -> Result<State, Failure> {
    viewer.permit(Action::ControlSandbox)?;
    within(viewer)?;
    viewer.catch_up().await?;
    let store = viewer.store();
    let row = sandbox::Entity::find_by_id(ROW).one(&store.reader).await?;
    let row = row.ok_or(Failure::NotFound)?;
    let (now, ahead) = (store.clock().now(), store.clock().ahead());
    let faults = faults::pending(viewer).await?;
    Ok(State { now, ahead, resets: row.resets, reset_at: row.reset_at, faults })
}

/// What the program is run for.
pub fn environment(viewer: &Viewer) -> Environment {
    viewer.store().environment()
}

fn within(viewer: &Viewer) -> Result<(), Failure> {
    match environment(viewer) {
        Environment::Sandbox => Ok(()),
        Environment::Development | Environment::Production => Err(Failure::Forbidden(
            "this service is no sandbox: what it holds is never reset, nor its clock moved, nor \
             faults made up"
                .to_owned(),
        )),
    }
}
