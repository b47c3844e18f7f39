//! Worklists of many organisations of one answer, made for all of them at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use super::object::Worklist;
use crate::{
    domain::{error::Failure, viewer::Viewer, worklists::list},
    graphql::error::{Result, shared},
    ids::OrganisationId,
};

/// Makes worklists for one viewer.
pub struct Worklists(Viewer);

/// The worklist of an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorklistOf(OrganisationId);

impl Loader<WorklistOf> for Worklists {
    type Value = Worklist;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[WorklistOf],
    ) -> std::result::Result<HashMap<WorklistOf, Self::Value>, Self::Error> {
        let organisations: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let found = list::of_organisations(&self.0, &organisations).await?;
        Ok(found.into_iter().map(|(id, list)| (WorklistOf(id), Worklist(Arc::new(list)))).collect())
    }
}

pub fn loader(viewer: &Viewer) -> DataLoader<Worklists> {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    let loader = Worklists(viewer.clone());
    DataLoader::new(loader, TokioSpawner::current(), TokioTimer::default()).delay(gather)
}

/// The worklist of an organisation; none where the viewer may not know of it.
pub async fn of(ctx: &Context<'_>, organisation: OrganisationId) -> Result<Option<Worklist>> {
    let loader = ctx.data_unchecked::<DataLoader<Worklists>>();
    loader.load_one(WorklistOf(organisation)).await.map_err(shared)
}
