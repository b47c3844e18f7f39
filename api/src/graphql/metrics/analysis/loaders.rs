//! What the analyses of many series need, loaded for all of them at once.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};

use crate::{
    domain::{
        error::Failure,
        figures::{
            Point, Series, Terms,
            analysis::{
                Refused,
                baseline::{self, BaselineOf, Months},
                forecast::{self, Forecast},
                setting::{self, Setting, SettingOf},
            },
        },
    },
    graphql::{
        error::{Result, shared},
        metrics::loaders::FigureLoader,
        organisations::seen::viewer,
    },
};

/// As many forecasts as one request may ask for: each is a search that takes a while.
const FORECASTS: usize = 100;

/// How many forecasts a request has asked for.
#[derive(Default)]
pub struct Forecasts(AtomicUsize);

impl Loader<SettingOf> for FigureLoader {
    type Value = Setting;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[SettingOf],
    ) -> std::result::Result<HashMap<SettingOf, Setting>, Self::Error> {
        setting::of(&self.0, keys).await.map_err(Arc::new)
    }
}

impl Loader<BaselineOf> for FigureLoader {
    type Value = Vec<Point>;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[BaselineOf],
    ) -> std::result::Result<HashMap<BaselineOf, Vec<Point>>, Self::Error> {
        baseline::figures(&self.0, keys).await.map_err(Arc::new)
    }
}

/// What is set for a series.
pub async fn setting(ctx: &Context<'_>, series: &Series) -> Result<Setting> {
    let loader = ctx.data_unchecked::<DataLoader<FigureLoader>>();
    let found = loader.load_one(SettingOf::series(series)).await.map_err(shared)?;
    Ok(found.unwrap_or_default())
}

/// The figures of a series in the months of a baseline.
pub async fn baseline_figures(
    ctx: &Context<'_>,
    series: &Series,
    terms: Terms,
    months: Months,
) -> Result<Vec<Point>> {
    let loader = ctx.data_unchecked::<DataLoader<FigureLoader>>();
    let found = loader.load_one(BaselineOf::new(series, terms, months)).await.map_err(shared)?;
    Ok(found.unwrap_or_default())
}

/// Makes a forecast, unless the request has had too many made. Others are let by first.
pub async fn forecast(
    ctx: &Context<'_>,
    series: &Series,
    horizon: usize,
) -> Result<Forecast, Refused> {
    let cumulative = forecast::cumulative(viewer(ctx), series)?;
    tokio::task::yield_now().await;
    let before = ctx.data_unchecked::<Forecasts>().0.fetch_add(1, Ordering::Relaxed);
    if before < FORECASTS {
        cumulative.forecast(horizon)
    } else {
        Err(forecast::too_many(FORECASTS))
    }
}
