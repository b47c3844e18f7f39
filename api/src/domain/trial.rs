//! What the domain's own tests share: a register in a temporary file, and a look at
//! whether the directory in memory is what the database holds.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{NaiveDate, NaiveTime};

use super::{
    directory::{Directory, load, organisation::Organisation},
    edit::Edit,
    opening,
    viewer::Viewer,
};
use crate::{
    auth::{action::Action, actor::Actor, policy::Permit},
    clock::Clock,
    config::Environment,
};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A new register that goes with the test, on a day in January 2026.
pub(super) struct Trial {
    pub viewer: Viewer,
    _folder: tempfile::TempDir,
}

impl Trial {
    pub(super) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("gpa.db").display());
        let clock = Clock::fixed(day("2026-01-15").and_time(NaiveTime::MIN).and_utc());
        let store = opening::open(&url, 2, clock, Environment::Development).await.unwrap();
        Self { viewer: Viewer::new(store, Actor::operator(), "test"), _folder: folder }
    }

    pub(super) fn permit(&self, action: Action) -> Permit {
        self.viewer.permit(action).unwrap()
    }

    pub(super) async fn edit(&self) -> Edit {
        Edit::begin(&self.viewer, self.permit(Action::LoadEdition)).await.unwrap()
    }

    /// The directory in memory, found to be just what the database holds.
    pub(super) async fn directory(&self) -> Arc<Directory> {
        let store = self.viewer.store();
        let (memory, stored) = (store.directory(), load::load(&store.reader).await.unwrap());
        assert_eq!(memory.position(), stored.position());
        let (memory_ids, stored_ids) = (by_id(&memory), by_id(&stored));
        assert!(memory_ids.keys().eq(stored_ids.keys()));
        for (id, organisation) in memory_ids {
            assert_eq!(organisation, stored_ids[&id]);
        }
        memory
    }
}

fn by_id(directory: &Directory) -> BTreeMap<i64, Arc<Organisation>> {
    directory.all().map(|each| (each.id(), each.clone())).collect()
}
