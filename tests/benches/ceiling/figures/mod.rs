//! The ceiling of what is asked about figures.

mod answers;
pub(super) mod facts;
pub(super) mod flat;

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio_postgres::{Client, Error, types::ToSql};

use self::answers::Definition;
use super::{Connection, Pool, failed, written};

/// What the statements need to know of each metric.
pub(super) struct Catalogue {
    by_code: HashMap<String, Definition>,
}

impl Catalogue {
    pub(super) async fn load(client: &Client) -> Result<Self, Error> {
        let asked = "
            SELECT code, series_id, id, decimals, aggregation = 'RATIO_OF_SUMS',
                CASE unit WHEN 'PERCENT' THEN 100 ELSE 1 END::bigint
            FROM metric_version WHERE state = 'PUBLISHED'";
        let rows = client.query(asked, &[]).await?;
        let definition = |row: &tokio_postgres::Row| {
            let definition = Definition {
                code: row.get(0),
                series: row.get(1),
                version: row.get(2),
                decimals: row.get(3),
                is_ratio: row.get(4),
                units: row.get(5),
            };
            (definition.code.clone(), definition)
        };
        Ok(Self { by_code: rows.iter().map(definition).collect() })
    }

    pub(super) fn find(&self, code: &str) -> actix_web::Result<&Definition> {
        self.by_code.get(code).ok_or_else(|| actix_web::error::ErrorBadRequest("no such metric"))
    }

    fn named(&self, codes: &str) -> actix_web::Result<Vec<&Definition>> {
        codes.split(',').map(|code| self.find(code)).collect()
    }
}

fn series(definitions: &[&Definition]) -> Vec<i64> {
    definitions.iter().map(|definition| definition.series).collect()
}

type Parameters<'a, const COUNT: usize> = [&'a (dyn ToSql + Sync); COUNT];

#[derive(Deserialize)]
pub(super) struct National {
    metrics: String,
    from: i32,
    to: i32,
}

/// The two statements do not wait for each other.
pub(super) async fn national(
    pool: Data<Pool>,
    asked: Query<National>,
) -> actix_web::Result<HttpResponse> {
    let metrics = pool.catalogue.named(&asked.metrics)?;
    let (series, today) = (series(&metrics), pool.clock.today());
    let Connection { client, prepared } = pool.next();
    let of_regions: Parameters<'_, 1> = [&today];
    let of_cells: Parameters<'_, 4> = [&series, &asked.from, &asked.to, &today];
    let (regions, cells) = tokio::try_join!(
        client.query(&prepared.regions, &of_regions),
        client.query(&prepared.cells, &of_cells),
    )
    .map_err(failed)?;
    written(&answers::national(&regions, &cells, &metrics, (asked.from, asked.to)))
}

#[derive(Deserialize)]
pub(super) struct Portal {
    by: String,
    metrics: String,
}

pub(super) async fn portal(
    pool: Data<Pool>,
    asked: Query<Portal>,
) -> actix_web::Result<HttpResponse> {
    let metrics = pool.catalogue.named(&asked.metrics)?;
    let [one, two, three] = series(&metrics)[..] else {
        return Err(actix_web::error::ErrorBadRequest("ask for three metrics"));
    };
    let today = pool.clock.today();
    let Connection { client, prepared } = pool.next();
    let rows = client.query(&prepared.portal, &[&asked.by, &today, &one, &two, &three]).await;
    written(&answers::portal(&rows.map_err(failed)?, &metrics))
}

#[derive(Deserialize)]
pub(super) struct Observations {
    metric: String,
    region: String,
    since: DateTime<Utc>,
    after: i64,
}

pub(super) async fn observations(
    pool: Data<Pool>,
    asked: Query<Observations>,
) -> actix_web::Result<HttpResponse> {
    let series = pool.catalogue.find(&asked.metric)?.series;
    let today = pool.clock.today();
    let Connection { client, prepared } = pool.next();
    let parameters: Parameters<'_, 5> =
        [&asked.region, &series, &asked.since, &asked.after, &today];
    let rows = client.query(&prepared.observations, &parameters).await;
    written(&answers::observations(&rows.map_err(failed)?))
}
