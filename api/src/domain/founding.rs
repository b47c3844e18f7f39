//! What a register begins with: what the program brings of its own, and on request a
//! programme that is invented.

use std::sync::Arc;

use super::{
    error::{Declined, Failure},
    metrics, programme,
    reference::{self, Loaded},
    store::Store,
    validation,
    viewer::Viewer,
};
use crate::auth::{action::Action, actor::Actor, policy::Permit};

/// The story that everybody sees who starts the program for the first time.
const SEED: u64 = 1;

/// The person at the machine itself.
pub fn operator(store: &Arc<Store>) -> Viewer {
    Viewer::new(store.clone(), Actor::operator(), uuid::Uuid::now_v7().to_string())
}

/// The operator, with leave to load what is to be there.
pub fn loading(store: &Arc<Store>) -> Result<(Viewer, Permit), Failure> {
    let viewer = operator(store);
    let permit = viewer.permit(Action::LoadEdition)?;
    Ok((viewer, permit))
}

/// Brings in what the program brings, unless it is there: the reference data, the metrics,
/// the rules, and what is taught.
pub async fn found(store: &Arc<Store>) -> Result<(), Declined> {
    let (viewer, permit) = loading(store)?;
    reference::load_reference(&viewer, permit).await?;
    let (viewer, permit) = loading(store)?;
    metrics::shipped::load(&viewer, permit).await?;
    let (viewer, permit) = loading(store)?;
    validation::shipped::load(&viewer, permit).await?;
    let (viewer, permit) = loading(store)?;
    programme::shipped::load(&viewer, permit).await?;
    Ok(())
}

/// Loads the demonstration, unless the register holds any site already; says whether it did.
pub async fn demonstrate(store: &Arc<Store>) -> Result<bool, Declined> {
    let (viewer, permit) = loading(store)?;
    if reference::load_demonstration(&viewer, permit, None).await? == Loaded::Already {
        return Ok(false);
    }
    let (viewer, permit) = loading(store)?;
    reference::tell_stories(&viewer, permit, SEED, false).await?;
    Ok(true)
}
