//! What is about persons is loaded for a whole answer at once, and audited in one
//! statement before any of it leaves.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, HashMapCache, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use crate::{
    domain::{
        error::Failure,
        learners::details::{self, Details},
        readings,
        viewer::Viewer,
    },
    graphql::error::{Result, shared},
    ids::OrganisationId,
};

/// Records whose enrolments one viewer reads, each site once for a request.
pub struct Sites(Viewer);

/// Loads who learners are, for one viewer.
pub struct People(Viewer);

/// The enrolments of one site.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfSite(OrganisationId);

/// Who a learner is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfLearner(i64);

/// What is read of sites is remembered for the request; who somebody is never is, so that
/// each reading is audited.
pub fn loaders(viewer: &Viewer) -> (DataLoader<Sites, HashMapCache>, DataLoader<People>) {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    let spawn = TokioSpawner::current;
    let time = TokioTimer::default;
    let sites = Sites(viewer.clone());
    let sites = DataLoader::with_cache(sites, spawn(), time(), HashMapCache::default());
    let people = DataLoader::new(People(viewer.clone()), spawn(), time());
    (sites.delay(gather), people.delay(gather))
}

/// Records that enrolments of these sites are read, where that is audited. Whatever shows
/// enrolments waits for it.
pub async fn sites(ctx: &Context<'_>, sites: Vec<OrganisationId>) -> Result<()> {
    let viewer = ctx.data_unchecked::<Viewer>();
    if sites.is_empty() || !readings::oversees(viewer) {
        return Ok(());
    }
    let loader = ctx.data_unchecked::<DataLoader<Sites, HashMapCache>>();
    loader.load_many(sites.into_iter().map(OfSite)).await.map_err(shared)?;
    Ok(())
}

/// Who a learner is, if the viewer may know.
pub async fn details(ctx: &Context<'_>, learner: i64) -> Result<Option<Details>> {
    let loader = ctx.data_unchecked::<DataLoader<People>>();
    loader.load_one(OfLearner(learner)).await.map_err(shared)
}

impl Loader<OfSite> for Sites {
    type Value = ();
    type Error = Arc<Failure>;

    async fn load(&self, keys: &[OfSite]) -> Result<HashMap<OfSite, ()>, Arc<Failure>> {
        let sites: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        readings::of_enrolments(&self.0, &sites).await?;
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
