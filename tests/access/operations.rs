//! What the matrix asks of registered operations: those of `portal` are within the reach of
//! itself, and those that everybody may ask for of nobody's but the programme team's.

use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};
use crate::harness::{World, people};

const REGISTER: &str = "mutation($input: RegisterOperationsInput!) {
    registerOperations(input: $input) { ... on OperationsRegistered {
        outcomes { operation { id version } } } } }";

/// An operation that can be retired.
pub(super) async fn make(world: &World, place: Place, number: usize) -> Value {
    let client = if place == Place::Inside { json!("portal") } else { Value::Null };
    let key = format!("target-operation-{number}");
    let operations = json!([operation(&number.to_string())]);
    let input = json!({ "idempotencyKey": key, "clientId": client, "operations": operations });
    let mut data = world.data(people::NATIONAL, REGISTER, json!({ "input": input })).await;
    data["registerOperations"]["outcomes"][0]["operation"].take()
}

/// One that nobody has registered: its text is its own.
fn operation(key: &str) -> Value {
    let key = key.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    json!({ "name": format!("made-{key}"), "document": format!("{{ viewer {{ role }} }} # {key}") })
}

pub(super) fn query(field: &str) -> Option<(String, Value)> {
    let asked = match field {
        "rateLimit" => "query { rateLimit { limit } }",
        "operations" => "query { operations { nodes { name document clientId } } }",
        "fieldUsers" => "query { fieldUsers(coordinate: \"Site.name\") { caller requests } }",
        _ => return None,
    };
    Some((asked.to_owned(), json!({})))
}

pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    match field {
        "registerOperations" => {
            Some(json!({ "idempotencyKey": key, "operations": [operation(key)] }))
        }
        "retireOperation" => {
            let gone = place == Place::Unknown;
            let made = &target.operation;
            let id = if gone { unknown("RegisteredOperation") } else { made["id"].clone() };
            let version = if gone { &json!(1) } else { &made["version"] };
            Some(json!({ "id": id, "expectedVersion": version }))
        }
        _ => None,
    }
}
