//! What is about persons is loaded for a whole answer at once, and audited in one
//! statement before any of it leaves.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, HashMapCache, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        learners::details::{self, Details},
        readings,
        viewer::Viewer,
    },
    graphql::error::{Result, shared},
    ids::OrganisationId,
};

/// Records whose enrolments and posts one viewer reads, each place once for a request.
pub struct Places(Viewer);

/// Loads who learners are, for one viewer.
pub struct People(Viewer);

/// What is read of one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfPlace(Action, OrganisationId);

/// Who a learner is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfLearner(i64);

/// What is read of places is remembered for the request; who somebody is never is, so that
/// each reading is audited.
pub fn loaders(viewer: &Viewer) -> (DataLoader<Places, HashMapCache>, DataLoader<People>) {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    let spawn = TokioSpawner::current;
    let time = TokioTimer::default;
    let places = Places(viewer.clone());
    let places = DataLoader::with_cache(places, spawn(), time(), HashMapCache::default());
    let people = DataLoader::new(People(viewer.clone()), spawn(), time());
    (places.delay(gather), people.delay(gather))
}

/// Records that enrolments or posts of these places are read, where that is audited.
/// Whatever shows them waits for it.
pub async fn places(
    ctx: &Context<'_>,
    action: Action,
    places: impl IntoIterator<Item = OrganisationId>,
) -> Result<()> {
    let viewer = ctx.data_unchecked::<Viewer>();
    let read: Vec<OfPlace> = places.into_iter().map(|place| OfPlace(action, place)).collect();
    if read.is_empty() || !readings::oversees(viewer) {
        return Ok(());
    }
    let loader = ctx.data_unchecked::<DataLoader<Places, HashMapCache>>();
    loader.load_many(read).await.map_err(shared)?;
    Ok(())
}

/// Who a learner is, if the viewer may know.
pub async fn details(ctx: &Context<'_>, learner: i64) -> Result<Option<Details>> {
    let loader = ctx.data_unchecked::<DataLoader<People>>();
    loader.load_one(OfLearner(learner)).await.map_err(shared)
}

impl Loader<OfPlace> for Places {
    type Value = ();
    type Error = Arc<Failure>;

    async fn load(&self, keys: &[OfPlace]) -> Result<HashMap<OfPlace, ()>, Arc<Failure>> {
        for action in [Action::ReadEnrolments, Action::ReadPosts] {
            let of = keys.iter().filter(|key| key.0 == action);
            readings::of_places(&self.0, action, of.map(|key| key.1)).await?;
        }
        Ok(keys.iter().map(|key| (*key, ())).collect())
    }
}

impl Loader<OfLearner> for People {
    type Value = Details;
    type Error = Arc<Failure>;

    async fn load(&self, keys: &[OfLearner]) -> Result<HashMap<OfLearner, Details>, Arc<Failure>> {
        let learners: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = details::read(&self.0, &learners).await?;
        Ok(found.into_iter().map(|(id, details)| (OfLearner(id), details)).collect())
    }
}
