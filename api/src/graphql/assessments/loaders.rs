//! Assessments of many enrolments of one answer, loaded for all of them at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use entity::assessment;

use super::object::{Assessment, EnrolmentProgress};
use crate::{
    domain::{
        assessments::{progress as domain, rows},
        error::Failure,
        records::Enrolment,
        viewer::Viewer,
    },
    graphql::{
        error::{Result, shared},
        organisations::seen::viewer,
    },
};

/// Loads assessments for one viewer.
pub struct Assessments(Viewer);

/// The newest ones of an enrolment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Newest(i64);

/// All of an enrolment and a competency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct History(i64, i64);

impl Loader<Newest> for Assessments {
    type Value = Vec<assessment::Model>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[Newest],
    ) -> std::result::Result<HashMap<Newest, Self::Value>, Self::Error> {
        let enrolments: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = rows::newest(&self.0, &enrolments).await?;
        Ok(found.into_iter().map(|(enrolment, rows)| (Newest(enrolment), rows)).collect())
    }
}

impl Loader<History> for Assessments {
    type Value = Vec<assessment::Model>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[History],
    ) -> std::result::Result<HashMap<History, Self::Value>, Self::Error> {
        let keys: Vec<(i64, i64)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = rows::histories(&self.0, &keys).await?;
        Ok(found.into_iter().map(|(key, rows)| (History(key.0, key.1), rows)).collect())
    }
}

pub fn loader(viewer: &Viewer) -> DataLoader<Assessments> {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    let loader = Assessments(viewer.clone());
    DataLoader::new(loader, TokioSpawner::current(), TokioTimer::default()).delay(gather)
}

/// How far an enrolment has come; none where its framework is not to be seen.
pub async fn progress(
    ctx: &Context<'_>,
    enrolment: &Enrolment,
) -> Result<Option<EnrolmentProgress>> {
    let Some(framework) = domain::framework(viewer(ctx), enrolment) else { return Ok(None) };
    let id = enrolment.row.id;
    let loader = ctx.data_unchecked::<DataLoader<Assessments>>();
    let newest = loader.load_one(Newest(id)).await.map_err(shared)?;
    let progress = domain::progress(&framework, id, newest.unwrap_or_default());
    Ok(Some(EnrolmentProgress(progress)))
}

/// Everything that was said of one competency; nothing of one that is not there.
pub async fn history(
    ctx: &Context<'_>,
    enrolment: &Enrolment,
    code: &str,
) -> Result<Vec<Assessment>> {
    let framework = domain::framework(viewer(ctx), enrolment);
    let mut all = framework.iter().flat_map(|framework| framework.competencies());
    let Some(competency) = all.find(|each| each.row.code == code) else { return Ok(Vec::new()) };
    let key = History(enrolment.row.id, competency.row.id);
    let loader = ctx.data_unchecked::<DataLoader<Assessments>>();
    let found = loader.load_one(key).await.map_err(shared)?.unwrap_or_default();
    Ok(found.into_iter().map(|row| Assessment(Arc::new(row))).collect())
}
