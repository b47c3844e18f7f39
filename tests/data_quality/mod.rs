//! What may be wrong with the data: each rule finds it, an acceptance holds for the very
//! thing that was looked at, and what is fixed is gone.

mod accept;
mod missing;
mod pages;
mod rules;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

const LIST: &str = "query($filter: DataQualityFilter, $first: Int, $after: String, $last: Int,
    $before: String) { dataQuality(filter: $filter, first: $first, after: $after, last: $last,
    before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { key rule what toDo since state organisation { name ... on Site { odsCode } }
        acceptance { reason role at } } } }";

/// The issues that somebody sees, with a filter.
async fn issues(world: &World, who: Who, filter: Value) -> Vec<Value> {
    let data = world.data(who, LIST, json!({ "filter": filter, "first": 100 })).await;
    let list = &data["dataQuality"];
    let nodes = list["nodes"].as_array().unwrap().clone();
    assert_eq!(list["totalCount"], nodes.len());
    nodes
}

/// The issues of one rule.
async fn found(world: &World, who: Who, rule: &str) -> Vec<Value> {
    issues(world, who, json!({ "rules": [rule] })).await
}

/// Records values of a metric of a site, month after month from one on.
async fn record(world: &World, who: Who, metric: &str, code: &str, from: &str, values: &[f64]) {
    let from: api::ids::Month = from.parse().unwrap();
    let item = |(after, value): (i32, &f64)| {
        json!({ "metric": metric, "organisation": { "odsCode": code },
                "month": from.plus(after).to_string(), "value": value,
                "explanation": "made up" })
    };
    let items: Vec<Value> = (0..).zip(values).map(item).collect();
    let key = format!("{metric}-{code}-{from}-{}-{}", values.len(), values[values.len() - 1]);
    let input = json!({ "idempotencyKey": key, "items": items });
    let document = "mutation($input: RecordObservationsInput!) {
        recordObservations(input: $input) { ... on ObservationsRecorded { refused } } }";
    let done = world.data(who, document, json!({ "input": input })).await;
    assert_eq!(done["recordObservations"]["refused"], 0, "{done:#}");
}

const HOURS: &str = "impact.gp_hours_released";

/// Twelve months that move a little.
const STEADY: [f64; 12] = [10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 10.0, 9.0, 11.0, 12.0, 10.0];

async fn accept(world: &World, who: Who, key: &Value, reason: &str, idempotency: &str) -> Value {
    let document = "mutation($input: AcceptDataQualityIssueInput!) {
        acceptDataQualityIssue(input: $input) { __typename
            ... on DataQualityIssueAccepted { issue { key state acceptance { reason role at } } }
            ... on InvalidInput { problems { path code } } } }";
    let input = json!({ "idempotencyKey": idempotency, "key": key, "reason": reason });
    let answer = world.ask(who, document, json!({ "input": input })).await;
    match answer.get("errors") {
        Some(errors) => errors[0]["extensions"]["code"].clone(),
        None => answer["data"]["acceptDataQualityIssue"].clone(),
    }
}

/// A steady year of Moor View's, and a month that is unlike it.
async fn outlier(world: &World) -> Value {
    record(world, people::YORKSHIRE, HOURS, "Y90001", "2024-11", &STEADY).await;
    record(world, people::YORKSHIRE, HOURS, "Y90001", "2025-11", &[50.0]).await;
    let found = found(world, people::YORKSHIRE, "OUTLIER").await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}
