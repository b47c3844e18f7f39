//! What callers are held to: what they may spend in a minute, and which documents a client
//! may send; and what is counted of their requests.

mod documents;
mod paying;
mod rates;
mod usage;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{World, people};

/// The fixture's machine client, changed by the programme team.
pub(crate) async fn change_portal(world: &World, change: Value) -> Value {
    let read = "{ apiClient(clientId: \"portal\") { id version } }";
    let client = world.data(people::NATIONAL, read, json!({})).await["apiClient"].take();
    let mut input = json!({ "id": client["id"], "expectedVersion": client["version"] });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let document = "mutation($input: ChangeApiClientInput!) { changeApiClient(input: $input) {
        ... on ApiClientChanged { apiClient { costPerMinute documents } }
        ... on InvalidInput { problems { path code } } } }";
    let mut data = world.data(people::NATIONAL, document, json!({ "input": input })).await;
    data["changeApiClient"].take()
}

async fn register(world: &World, who: crate::harness::Who, mut input: Value) -> Value {
    // What is sent again is the same command.
    let digest = Sha256::digest(input.to_string());
    input["idempotencyKey"] =
        json!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let document =
        "mutation($input: RegisterOperationsInput!) { registerOperations(input: $input) {
        ... on OperationsRegistered { outcomes { created
            operation { id name sha256 clientId version } } }
        ... on InvalidInput { problems { path code message } } } }";
    world.ask(who, document, json!({ "input": input })).await
}
