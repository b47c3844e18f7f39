//! The answers about figures, in the shape of the GraphQL answers that they must equal.

use std::collections::HashMap;

use api::ids::GlobalId;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio_postgres::Row;

use super::super::answers::Answer;

pub(in crate::ceiling) struct Definition {
    pub code: String,
    pub series: i64,
    pub version: i64,
    pub decimals: i32,
    pub is_ratio: bool,
    pub units: i64,
}

impl Definition {
    /// What sums in millionths come to, as it is shown; nothing to divide by is 0.
    fn shown(&self, value: i64, above: i64, below: i64) -> f64 {
        let parts = match (self.is_ratio, below) {
            (false, _) => i128::from(value),
            (true, 0) => 0,
            (true, below) => {
                let scaled = i128::from(above) * i128::from(self.units) * 1_000_000;
                (scaled + i128::from(below) / 2) / i128::from(below)
            }
        };
        let step = 10_i128.pow(6 - self.decimals.unsigned_abs());
        ((parts + step / 2) / step * step) as f64 / 1e6
    }
}

fn label(month: i32) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

#[derive(Serialize)]
struct Coded<'a> {
    code: &'a str,
}

#[derive(Serialize)]
struct Labelled {
    label: String,
}

#[derive(Serialize)]
struct Valued {
    value: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct NationalAnswer<'a> {
    regions: Vec<Region<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    name: &'a str,
    ods_code: &'a str,
    site_counts: Counts,
    metric_series: Vec<Series<'a>>,
}

#[derive(Serialize)]
struct Counts {
    active: i64,
    eligible: i64,
    dormant: i64,
}

#[derive(Serialize)]
struct Series<'a> {
    metric: Coded<'a>,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    period: Labelled,
    value: Valued,
}

/// Value, numerator and denominator.
type Sums = (i64, i64, i64);

/// Regions: id, name, code and counts. Cells: region, series, month and sums.
pub(super) fn national<'a>(
    regions: &'a [Row],
    cells: &[Row],
    metrics: &[&'a Definition],
    (from, to): (i32, i32),
) -> Answer<NationalAnswer<'a>> {
    let index = |month: i32| (month / 100 * 12 + month % 100 - 1) as usize;
    let length = index(to) - index(from) + 1;
    let mut sums: HashMap<(i64, i64), Vec<Option<Sums>>> = HashMap::new();
    for row in cells {
        let of = sums.entry((row.get(0), row.get(1))).or_insert_with(|| vec![None; length]);
        of[index(row.get(2)) - index(from)] = Some((row.get(3), row.get(4), row.get(5)));
    }
    let series = |region: i64, metric: &&'a Definition| {
        let of = sums.get(&(region, metric.series));
        let point = |nth: usize| {
            let sums = of.and_then(|of| of[nth]);
            let month = index(from) + nth;
            Point {
                period: Labelled { label: format!("{:04}-{:02}", month / 12, month % 12 + 1) },
                value: Valued { value: sums.map(|(v, a, b)| metric.shown(v, a, b)) },
            }
        };
        Series { metric: Coded { code: &metric.code }, points: (0..length).map(point).collect() }
    };
    let region = |row: &'a Row| Region {
        name: row.get(1),
        ods_code: row.get(2),
        site_counts: Counts { active: row.get(3), eligible: row.get(4), dormant: row.get(5) },
        metric_series: metrics.iter().map(|metric| series(row.get(0), metric)).collect(),
    };
    Answer { data: NationalAnswer { regions: regions.iter().map(region).collect() } }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PortalAnswer<'a> {
    training_hub: Option<Hub<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    id: String,
    name: &'a str,
    sites: Nodes<Site<'a>>,
}

#[derive(Serialize)]
struct Nodes<Node> {
    nodes: Vec<Node>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Site<'a> {
    id: String,
    ods_code: &'a str,
    name: &'a str,
    placement: Placement<'a>,
    latest: Vec<Latest<'a>>,
}

#[derive(Serialize)]
struct Placement<'a> {
    region: Option<Named<'a>>,
    pcn: Option<Network<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Network<'a> {
    ods_code: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
struct Latest<'a> {
    metric: Coded<'a>,
    period: Option<Labelled>,
    value: Valued,
}

/// As the hub's own answer, and four columns more for each metric.
pub(super) fn portal<'a>(rows: &'a [Row], metrics: &[&'a Definition]) -> Answer<PortalAnswer<'a>> {
    let id = |type_name, row| GlobalId { type_name, row }.encode();
    let latest = |row: &'a Row, nth: usize| {
        let (metric, at) = (metrics[nth], 8 + 4 * nth);
        let month: Option<i32> = row.get(at);
        let sum = |column| row.get::<_, Option<i64>>(column).unwrap_or(0);
        let value = month.map(|_| metric.shown(sum(at + 1), sum(at + 2), sum(at + 3)));
        let period = month.map(|month| Labelled { label: label(month) });
        Latest { metric: Coded { code: &metric.code }, period, value: Valued { value } }
    };
    let sites = rows.iter().filter_map(|row| {
        let region = row.get::<_, Option<&str>>(5).map(|name| Named { name });
        let pcn = row.get::<_, Option<&str>>(6).map(|name| Network { ods_code: row.get(7), name });
        Some(Site {
            id: id("Site", row.get::<_, Option<i64>>(2)?),
            name: row.get(3),
            ods_code: row.get(4),
            placement: Placement { region, pcn },
            latest: (0..metrics.len()).map(|nth| latest(row, nth)).collect(),
        })
    });
    let training_hub = rows.first().map(|row| Hub {
        id: id("TrainingHub", row.get(0)),
        name: row.get(1),
        sites: Nodes { nodes: sites.collect() },
    });
    Answer { data: PortalAnswer { training_hub } }
}

#[derive(Serialize)]
pub(super) struct ObservationsAnswer<'a> {
    observations: Page<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    nodes: Vec<Observation<'a>>,
    page_info: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Observation<'a> {
    id: String,
    organisation: Organisation<'a>,
    month: String,
    value: Option<f64>,
    recorded_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Organisation<'a> {
    ods_code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    end_cursor: Option<String>,
    has_next_page: bool,
}

/// One row more than a page holds says that there is more.
pub(super) fn observations(rows: &[Row]) -> Answer<ObservationsAnswer<'_>> {
    const PAGE: usize = 500;
    let shown = &rows[..rows.len().min(PAGE)];
    let node = |row| {
        let value: Option<i64> = Row::get(row, 3);
        Observation {
            id: GlobalId { type_name: "Observation", row: row.get(0) }.encode(),
            organisation: Organisation { ods_code: row.get(1) },
            month: label(row.get(2)),
            value: value.map(|value| value as f64 / 1e6),
            recorded_at: row.get::<_, DateTime<Utc>>(4).to_rfc3339(),
        }
    };
    let cursor = |row: &Row| URL_SAFE_NO_PAD.encode(format!("{}:-", row.get::<_, i64>(0)));
    let end_cursor = shown.last().map(cursor);
    let page_info = PageInfo { end_cursor, has_next_page: rows.len() > PAGE };
    let page = Page { nodes: shown.iter().map(node).collect(), page_info };
    Answer { data: ObservationsAnswer { observations: page } }
}
