//! A register with learners in it, and everything that somebody is shown of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

pub(super) const METRIC: &str = "survey.started";
pub(super) const MONTHS: [&str; 3] = ["2025-10", "2025-11", "2025-12"];
pub(super) const KINDS: [&str; 6] = ["REGION", "ICB", "SUB_ICB", "TRAINING_HUB", "PCN", "SITE"];

/// A place and a period: `ICB QWO`, `2025-11`.
pub(super) type Cell = (String, String);

/// What is shown of one cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub state: String,
    pub value: Option<i64>,
    pub rounded: bool,
}

/// A site, with where it sits, as everybody may read it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub code: String,
    /// Its region, ICB, sub-ICB location, training hub and itself, as cells name them.
    pub places: Vec<String>,
}

const SITES: &str = "query($after: String) {
    sites(filter: { eligible: true }, first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { odsCode placement { region { odsCode } icb { odsCode } subIcb { odsCode }
            trainingHub { slug } } } } }";

pub(super) async fn sites(world: &World) -> Vec<Site> {
    let mut sites = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = world.data(people::PUBLIC, SITES, json!({ "after": after })).await;
        for node in data["sites"]["nodes"].as_array().unwrap() {
            let place = &node["placement"];
            let named = |kind: &str, field: &str, code: &str| {
                let code = place[field][code].as_str()?;
                Some(format!("{kind} {code}"))
            };
            let places = [
                named("REGION", "region", "odsCode"),
                named("ICB", "icb", "odsCode"),
                named("SUB_ICB", "subIcb", "odsCode"),
                named("TRAINING_HUB", "trainingHub", "slug"),
            ];
            let code = node["odsCode"].as_str().unwrap().to_owned();
            let itself = Some(format!("SITE {code}"));
            let places = places.into_iter().chain([itself]).flatten().collect();
            sites.push(Site { code, places });
        }
        let page = &data["sites"]["pageInfo"];
        if page["hasNextPage"] == false {
            return sites;
        }
        after = page["endCursor"].clone();
    }
}

const RECORD: &str = "mutation($input: RecordObservationsInput!) {
    recordObservations(input: $input) { ... on ObservationsRecorded { refused } } }";

/// Records a count for every site and month; `count` says which, by their numbers.
pub(super) async fn record(
    world: &World,
    sites: &[Site],
    key: &str,
    count: impl Fn(usize, usize) -> u64,
) {
    let items: Vec<Value> = sites
        .iter()
        .enumerate()
        .flat_map(|(number, site)| {
            let count = &count;
            MONTHS.iter().enumerate().map(move |(month, name)| {
                json!({ "metric": METRIC, "organisation": { "odsCode": site.code },
                    "month": name, "value": count(number, month) })
            })
        })
        .collect();
    for (number, items) in items.chunks(900).enumerate() {
        let input = json!({ "idempotencyKey": format!("{key}-{number}"), "items": items });
        let data = world.data(people::NATIONAL, RECORD, json!({ "input": input })).await;
        assert_eq!(data["recordObservations"]["refused"], 0);
    }
}

const SERIES: &str = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
    organisation { kind odsCode slug }
    points { period { label } value { state value rounded } } } }";

/// Everything that somebody is shown: every kind of place and of period. `how` is what
/// they ask besides.
pub(super) async fn seen(world: &World, who: Who, how: Value) -> BTreeMap<Cell, Shown> {
    let mut seen = BTreeMap::new();
    let every = KINDS.iter().map(|kind| json!({ "every": { "kind": kind } }));
    for of in every.chain([json!({ "england": true })]) {
        for period in ["MONTH", "QUARTER", "FINANCIAL_YEAR", "CALENDAR_YEAR"] {
            let mut input = json!({
                "metrics": [METRIC],
                "of": of,
                "periods": { "type": period, "from": MONTHS[0], "to": MONTHS[2] },
            });
            for (field, value) in how.as_object().unwrap() {
                input[field] = value.clone();
            }
            let data = world.data(who, SERIES, json!({ "input": input })).await;
            for series in data["metricSeries"].as_array().unwrap() {
                let place = place(&series["organisation"]);
                for point in series["points"].as_array().unwrap() {
                    let label = point["period"]["label"].as_str().unwrap().to_owned();
                    seen.insert((place.clone(), label), shown(&point["value"]));
                }
            }
        }
    }
    seen
}

/// As cells name an organisation.
pub(super) fn place(organisation: &Value) -> String {
    let kind = organisation["kind"].as_str().unwrap();
    let code = organisation["odsCode"].as_str().filter(|_| kind != "TRAINING_HUB");
    let code = code.or(organisation["slug"].as_str()).unwrap();
    if kind == "PROGRAMME" { "ENGLAND".to_owned() } else { format!("{kind} {code}") }
}

pub(super) fn shown(value: &Value) -> Shown {
    Shown {
        state: value["state"].as_str().unwrap().to_owned(),
        value: value["value"].as_f64().map(|value| value as i64),
        rounded: value["rounded"].as_bool().unwrap(),
    }
}

/// Numbers that look random and are the same in every run.
pub(super) fn scattered(seed: u64) -> impl Fn(usize, usize) -> u64 {
    move |number, month| {
        let mixed = (number as u64 + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add((month as u64 + 3).wrapping_mul(0xD1B5_4A32_D192_ED03))
            .wrapping_add(seed.wrapping_mul(0x94D0_49BB_1331_11EB));
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        match mixed >> 40 & 15 {
            0..=8 => 0,
            9 => 1,
            10 => 2,
            11 => 5,
            12 => 7,
            13 => 9,
            14 => 14,
            _ => 23,
        }
    }
}
