//! Metrics and figures: what is defined, recorded, shown and analysed.

mod baselines;
mod charts;
mod comparisons;
mod decompositions;
mod definitions;
mod forecasts;
mod geography;
mod knowledge;
mod national;
mod periods;
mod recording;
mod replays;
mod statements;
mod targets;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

/// An item of a batch: a value of a metric for a site, or any organisation that `by` names.
fn item(metric: &str, by: Value, month: &str, value: f64) -> Value {
    json!({ "metric": metric, "organisation": by, "month": month, "value": value })
}

/// As [`item`], of a ratio.
fn ratio(metric: &str, site: &str, month: &str, (above, below): (f64, f64)) -> Value {
    json!({ "metric": metric, "organisation": { "odsCode": site }, "month": month,
        "numerator": above, "denominator": below })
}

fn site(code: &str) -> Value {
    json!({ "odsCode": code })
}

/// Records items that nothing is wrong with.
async fn record(world: &World, key: &str, items: Vec<Value>) {
    record_as(world, "PROVISIONAL", key, items).await;
}

async fn record_as(world: &World, status: &str, key: &str, items: Vec<Value>) {
    let input = json!({ "idempotencyKey": key, "items": items, "status": status });
    let done = world.command(people::NATIONAL, "recordObservations", input).await;
    assert_eq!(done["refused"], 0, "{done:#}");
}

/// The series of a metric of one organisation, with fields of the test's choice.
async fn series(
    world: &World,
    who: Who,
    (metric, by): (&str, Value),
    periods: Value,
    fields: &str,
) -> Value {
    let input = json!({
        "metrics": [metric], "of": { "organisations": [by] }, "periods": periods,
    });
    asked(world, who, input, fields).await
}

/// The one series of an answer.
async fn asked(world: &World, who: Who, input: Value, fields: &str) -> Value {
    let document = format!(
        "query($input: MetricSeriesInput!) {{ metricSeries(input: $input) {{ {fields} }} }}"
    );
    let mut data = world.data(who, &document, json!({ "input": input })).await;
    assert_eq!(data["metricSeries"].as_array().unwrap().len(), 1, "{data:#}");
    data["metricSeries"][0].take()
}

const POINTS: &str = "points { period { label } value { state value } }";

/// The points of a series as `label value`, or `label STATE` where there is no value.
fn told(series: &Value) -> Vec<String> {
    let point = |point: &Value| {
        let (label, value) = (point["period"]["label"].as_str().unwrap(), &point["value"]);
        match value["value"].as_f64() {
            Some(number) => format!("{label} {number}"),
            None => format!("{label} {}", value["state"].as_str().unwrap()),
        }
    };
    series["points"].as_array().unwrap().iter().map(point).collect()
}

fn months(first: &str, last: &str) -> Value {
    json!({ "from": first, "to": last })
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found}, not {expected}");
}
