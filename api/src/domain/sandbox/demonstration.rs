//! The demonstration, made anew beside the sandbox: in a database of its own, so that
//! nobody waits while it is made, and as it is on the day it is made.

use std::sync::Arc;

use sea_orm::DbErr;
use tempfile::TempDir;

use crate::{
    clock::Clock,
    config::Environment,
    domain::{
        error::{Declined, Failure},
        founding, opening,
        store::Store,
    },
};

pub(super) struct Demonstration {
    pub store: Arc<Store>,
    _folder: TempDir,
}

impl Demonstration {
    /// As a new sandbox would have it, by the time outside.
    pub(super) async fn make(clock: &Clock) -> Result<Self, Declined> {
        let folder = tempfile::Builder::new().prefix("gpa-sandbox-").tempdir();
        let folder = folder.map_err(|error| broken(&error))?;
        let url = format!("sqlite://{}", folder.path().join("demonstration.db").display());
        let clock = Clock::fixed(clock.unmoved());
        let opened = opening::open(&url, 2, clock, Environment::Development).await;
        let store = opened.map_err(|error| broken(&error))?;
        founding::found(&store).await?;
        founding::demonstrate(&store).await?;
        Ok(Self { store, _folder: folder })
    }

    pub(super) async fn discard(self) {
        self.store.close().await;
    }
}

fn broken(error: &impl std::fmt::Display) -> Failure {
    Failure::Internal(DbErr::Custom(format!("the demonstration is not made: {error}")))
}
