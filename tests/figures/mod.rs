//! Figures that are found in quick ways: each way says what the plain one says.

mod kept;
mod pages;
mod told;

use serde_json::{Value, json};

use crate::harness::{World, people};

const SITES: [&str; 4] = ["Y90001", "Y90002", "Y90004", "Y90005"];

fn item(metric: &str, site: &str, month: &str, value: f64) -> Value {
    json!({ "metric": metric, "organisation": { "odsCode": site }, "month": month, "value": value })
}

/// Records items that nothing is wrong with.
async fn record(world: &World, key: &str, items: Vec<Value>) {
    let input = json!({ "idempotencyKey": key, "items": items });
    let done = command(world, input).await;
    assert_eq!(done["recordObservations"]["refused"], 0, "{done:#}");
}

async fn command(world: &World, input: Value) -> Value {
    let document = "mutation ($input: RecordObservationsInput!) {
        recordObservations(input: $input) {
            ... on ObservationsRecorded { refused outcomes { findings { message } } }
        } }";
    world.data(people::NATIONAL, document, json!({ "input": input })).await
}
