//! What is asked about figures, and what is recorded.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Context;
use api::clock::Clock;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::{Operation, get, post};
use crate::{
    ceiling::{Item, Plan, Record},
    load::Requests,
    world::figures::METRICS,
};

const NATIONAL: &str = "query National($metrics: [String!]!, $from: Month!, $to: Month!) {
  regions {
    name
    odsCode
    siteCounts { active eligible dormant }
    metricSeries(metrics: $metrics, periods: { from: $from, to: $to }) {
      metric { code }
      points { period { label } value { value } }
    }
  }
}";

const PORTAL: &str = "query HubPortal($by: Slug!, $metrics: [String!]!) {
  trainingHub(by: { slug: $by }) {
    id
    name
    sites(first: 50) {
      nodes {
        id odsCode name
        placement { region { name } pcn { odsCode name } }
        latest(metrics: $metrics) { metric { code } period { label } value { value } }
      }
    }
  }
}";

const OBSERVATIONS: &str = "query Observations(
  $metric: String!, $within: OdsCode!, $since: DateTime!, $after: String
) {
  observations(
    filter: { metrics: [$metric], within: { odsCode: $within }, recordedSince: $since }
    first: 500
    after: $after
  ) {
    nodes { id organisation { odsCode } month value recordedAt }
    pageInfo { endCursor hasNextPage }
  }
}";

const RECORD: &str = "mutation Record($input: RecordObservationsInput!) {
  recordObservations(input: $input) {
    ... on ObservationsRecorded { refused outcomes { index result } }
  }
}";

/// The windows of two years that begin in one of the first three; four metrics at once.
pub(super) fn national() -> Operation {
    windows(0..37)
}

/// Those windows that hold December 2023, asked after figures of that month were recorded,
/// and those figures. Tables that nobody keeps would be out of date.
pub(super) fn after_a_write(sites: &Arc<[String]>, token: String) -> (Operation, Requests) {
    let operation =
        Operation { title: "Q1 after a write", against: &[Plan::Facts], ..windows(12..36) };
    let recorder = Recorder::new(sites, [202312; 5]);
    (operation, Requests::made(move || post(RECORD, &input(&recorder.next()), Some(&token))))
}

fn windows(first: Range<i32>) -> Operation {
    let quads: [[usize; 4]; 3] = [[0, 2, 4, 9], [1, 3, 7, 10], [5, 6, 8, 11]];
    let windows = first.flat_map(|first| quads.map(|quad| (first, quad)));
    let month = |nth: i32| (2021 + nth / 12, nth % 12 + 1);
    let asked = windows.map(|(first, quad)| {
        let metrics = quad.map(|nth| METRICS[nth]);
        let ((year, from), (later, to)) = (month(first), month(first + 23));
        let variables = json!({
            "metrics": metrics,
            "from": format!("{year}-{from:02}"),
            "to": format!("{later}-{to:02}"),
        });
        let (metrics, from, to) = (metrics.join(","), year * 100 + from, later * 100 + to);
        let path = format!("/national?metrics={metrics}&from={from}&to={to}");
        (post(NATIONAL, &variables, None), get(&path))
    });
    Operation::of("q1", "Q1 dashboard", asked)
}

pub(super) fn portal(hubs: &[String]) -> Operation {
    let metrics = [METRICS[0], METRICS[7], METRICS[9]];
    let asked = hubs.iter().map(|by| {
        let variables = json!({ "by": by, "metrics": metrics });
        let path = format!("/portal?by={by}&metrics={}", metrics.join(","));
        (post(PORTAL, &variables, None), get(&path))
    });
    Operation::of("q2", "Q2 hub portal", asked)
}

/// First pages since several days, and pages further on.
pub(super) async fn observations(url: &str, regions: &[String]) -> anyhow::Result<Operation> {
    let range = "SELECT min(id), max(id) FROM observation WHERE month BETWEEN 202101 AND 202512";
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let running = tokio::spawn(connection);
    let row = client.query_one(range, &[]).await?;
    let (first, last): (Option<i64>, Option<i64>) = (row.get(0), row.get(1));
    drop(client);
    running.await??;
    let (first, last) = (first.context("observations")?, last.context("observations")?);
    let since = ["2021-01-01", "2023-06-15", "2025-06-15", "2025-12-20"];
    let mut asked = Vec::new();
    for (nth, region) in regions.iter().enumerate() {
        for (number, metric) in METRICS.iter().enumerate().skip(nth % 2).step_by(2) {
            for (eighths, since) in [(0, since[number % 4]), (0, since[nth % 4]), (5, since[0])] {
                let since = format!("{since}T00:00:00Z");
                let after = first + (last - first) / 8 * eighths - 1;
                let cursor = (eighths > 0).then(|| URL_SAFE_NO_PAD.encode(format!("{after}:-")));
                let variables = json!({
                    "metric": metric, "within": region, "since": since, "after": cursor,
                });
                let path = format!(
                    "/observations?metric={metric}&region={region}&since={since}&after={after}"
                );
                asked.push((post(OBSERVATIONS, &variables, None), get(&path)));
            }
        }
    }
    Ok(Operation::of("q3", "Q3 observations", asked.into_iter()))
}

/// Twelve figures of one site and month, never the same twice. Either side has months of
/// its own, so that both record new figures at first, and revisions once they come round.
pub(super) fn record(sites: &Arc<[String]>, token: String) -> Operation {
    let ours = Recorder::new(sites, [202601, 202602, 202603, 202604, 202605]);
    let theirs = Recorder::new(sites, [202606, 202607, 202608, 202609, 202610]);
    Operation {
        name: "m1",
        title: "M1 record 12",
        ours: Requests::made(move || post(RECORD, &input(&ours.next()), Some(&token))),
        ceiling: Requests::made(move || {
            let body = serde_json::to_string(&theirs.next()).unwrap_or_default();
            let head = "POST /record HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
            format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
        }),
        against: &[Plan::Facts],
    }
}

struct Recorder {
    sites: Arc<[String]>,
    months: [i32; 5],
    number: AtomicU64,
    run: i64,
}

impl Recorder {
    fn new(sites: &Arc<[String]>, months: [i32; 5]) -> Self {
        let run = Clock::machine().now().timestamp_micros();
        Self { sites: sites.clone(), months, number: AtomicU64::new(0), run }
    }

    fn next(&self) -> Record {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let (nth, sites) = (number as usize, self.sites.len());
        // Another value in every round, so that no round says what the one before said.
        let salt = number + (nth / sites / self.months.len()) as u64;
        let items = (0..).zip(METRICS).map(|(nth, metric)| item(metric, salt + nth));
        Record {
            key: format!("bench-{}-{}-{number}", self.run, self.months[0]),
            site: self.sites[nth % sites].clone(),
            month: self.months[nth / sites % self.months.len()],
            items: items.collect(),
        }
    }
}

/// A figure like those of the years before, so that no rule finds anything wrong with it.
fn item(metric: &str, number: u64) -> Item {
    const ONE: i64 = 1_000_000;
    let metric = metric.to_owned();
    let units = match metric.as_str() {
        "impact.letters_to_gp_share" | "impact.misrouted_rate" => 100,
        "impact.gp_correspondence_minutes" => 1,
        _ => {
            let most = match metric.as_str() {
                "bench.covered" => 9_000,
                released if released.starts_with("impact.") => 80,
                _ => 2,
            };
            let value = (number % most) as i64 * ONE;
            return Item { metric, value, numerator: None, denominator: None };
        }
    };
    let (above, below) = ((number % 19) as i64 * ONE, (97 + number % 1_009) as i64 * ONE);
    let value = (above * units * ONE + below / 2) / below;
    Item { metric, value, numerator: Some(above), denominator: Some(below) }
}

/// The same as a client of GraphQL sends it.
fn input(record: &Record) -> Value {
    let number = |amount: i64| amount as f64 / 1e6;
    let month = format!("{}-{:02}", record.month / 100, record.month % 100);
    let item = |item: &Item| {
        let mut sent = json!({
            "metric": item.metric,
            "organisation": { "odsCode": record.site },
            "month": month,
        });
        match (item.numerator, item.denominator) {
            (Some(above), Some(below)) => {
                sent["numerator"] = number(above).into();
                sent["denominator"] = number(below).into();
            }
            _ => sent["value"] = number(item.value).into(),
        }
        sent
    };
    let items: Vec<_> = record.items.iter().map(item).collect();
    json!({ "input": { "idempotencyKey": record.key, "items": items } })
}
