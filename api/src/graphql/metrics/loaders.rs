//! What many organisations of one answer ask for, loaded for all of them at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};

use super::{
    latest::{LatestFigure, LatestFigures},
    series::MetricSeries,
};
use crate::{
    domain::{
        error::Failure,
        figures::{
            self,
            latest::{self, LatestFigure as Latest},
            selector::Selector,
            series::Question,
        },
        organisations::OrganisationBy,
        viewer::Viewer,
    },
    graphql::error::{Result, shared},
    ids::OrganisationId,
};

/// Loads figures for one viewer.
pub struct FigureLoader(pub Viewer);

/// As many keys as are loaded at once: as many as one answer may hold.
const AT_ONCE: usize = 100_000;

/// The latest figures of one organisation.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LatestOf {
    pub organisation: OrganisationId,
    pub metrics: Arc<Vec<String>>,
}

/// A question that several organisations ask of themselves, in one spelling.
#[derive(Clone)]
pub struct SeriesOf {
    pub organisation: OrganisationId,
    pub question: Arc<Question>,
    pub spelling: Arc<str>,
}

impl PartialEq for SeriesOf {
    fn eq(&self, other: &Self) -> bool {
        self.organisation == other.organisation && self.spelling == other.spelling
    }
}

impl Eq for SeriesOf {}

impl std::hash::Hash for SeriesOf {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.organisation, &self.spelling).hash(state);
    }
}

impl Loader<LatestOf> for FigureLoader {
    type Value = Vec<Latest>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[LatestOf],
    ) -> std::result::Result<HashMap<LatestOf, Self::Value>, Self::Error> {
        let mut groups: HashMap<Arc<Vec<String>>, Vec<OrganisationId>> = HashMap::new();
        for key in keys {
            groups.entry(key.metrics.clone()).or_default().push(key.organisation);
        }
        let mut loaded = HashMap::new();
        for (metrics, organisations) in groups {
            let found =
                latest::latest(&self.0, &organisations, &metrics).await.map_err(Arc::new)?;
            loaded.extend(found.iter().map(|(organisation, figures)| {
                let of = LatestOf { organisation: *organisation, metrics: metrics.clone() };
                (of, figures.clone())
            }));
        }
        Ok(loaded)
    }
}

impl Loader<SeriesOf> for FigureLoader {
    type Value = Vec<figures::Series>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[SeriesOf],
    ) -> std::result::Result<HashMap<SeriesOf, Self::Value>, Self::Error> {
        let mut groups: HashMap<Arc<str>, Vec<&SeriesOf>> = HashMap::new();
        for key in keys {
            groups.entry(key.spelling.clone()).or_default().push(key);
        }
        let mut loaded: HashMap<SeriesOf, Self::Value> = HashMap::new();
        for mut keys in groups.into_values() {
            // They come in any order; in one order, the same question is known again.
            keys.sort_unstable_by_key(|key| key.organisation);
            let Some(first) = keys.first() else { continue };
            let named = keys.iter().map(|key| OrganisationBy::Id(key.organisation)).collect();
            let question = Question { of: Selector::Named(named), ..(*first.question).clone() };
            for series in figures::series(&self.0, &question).await.map_err(Arc::new)? {
                let organisation = series.organisation.id();
                let key = SeriesOf { organisation, ..(*first).clone() };
                loaded.entry(key).or_default().push(series);
            }
        }
        Ok(loaded)
    }
}

pub fn loader(viewer: &Viewer) -> DataLoader<FigureLoader> {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    DataLoader::new(
        FigureLoader(viewer.clone()),
        async_graphql::runtime::TokioSpawner::current(),
        async_graphql::runtime::TokioTimer::default(),
    )
    .delay(gather)
    .max_batch_size(AT_ONCE)
}

/// The latest figures of an organisation.
pub async fn latest_of(
    ctx: &Context<'_>,
    organisation: OrganisationId,
    metrics: Vec<String>,
) -> Result<LatestFigures> {
    let loader = ctx.data_unchecked::<DataLoader<FigureLoader>>();
    let key = LatestOf { organisation, metrics: Arc::new(metrics) };
    let found = loader.load_one(key).await.map_err(shared)?;
    Ok(LatestFigures(found.unwrap_or_default().into_iter().map(LatestFigure::from).collect()))
}

/// The series of an organisation.
pub async fn series_of(
    ctx: &Context<'_>,
    organisation: OrganisationId,
    question: Question,
) -> Result<Vec<MetricSeries>> {
    let loader = ctx.data_unchecked::<DataLoader<FigureLoader>>();
    let (spelling, terms) = (Arc::from(format!("{question:?}")), question.terms());
    let key = SeriesOf { organisation, question: Arc::new(question), spelling };
    let found = loader.load_one(key).await.map_err(shared)?;
    let found = found.unwrap_or_default().into_iter();
    Ok(found.map(|series| MetricSeries(series, terms)).collect())
}
