//! What the matrix asks of machine clients: `portal` is within the reach of itself, and a
//! client that is made for one request is its hub's own: Yorkshire's inside, Cheshire's
//! outside.

use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};
use crate::harness::{World, people};

const REGISTER: &str = "mutation($input: RegisterApiClientInput!) {
    registerApiClient(input: $input) { ... on ApiClientRegistered {
        apiClient { id version clientId } } } }";
const READ: &str = "query($clientId: Slug!) { apiClient(clientId: $clientId) {
    id version clientId } }";

pub(super) fn is_about(field: &str) -> bool {
    field.contains("piClient")
}

/// A client as it now is; those that may be changed or revoked are made anew.
pub(super) async fn make(world: &World, field: &str, place: Place, number: usize) -> Value {
    if field == "apiClient" && place == Place::Inside {
        let mut data = world.data(people::NATIONAL, READ, json!({ "clientId": "portal" })).await;
        return data["apiClient"].take();
    }
    let code = format!("made-{number}");
    let input = match place {
        Place::Outside => {
            client(&code, &code, "cheshire-and-merseyside", "cheshires-secret-person")
        }
        _ => client(&code, &code, "west-yorkshire", "hana"),
    };
    let mut data = world.data(people::NATIONAL, REGISTER, json!({ "input": input })).await;
    data["registerApiClient"]["apiClient"].take()
}

fn client(key: &str, code: &str, hub: &str, contact: &str) -> Value {
    json!({
        "idempotencyKey": key, "clientId": code, "name": "Made",
        "contact": format!("{contact}@example.org"), "secret": true,
        "grants": [{ "organisation": { "slug": hub }, "scopes": ["SITES_READ"] }],
    })
}

pub(super) fn query(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    const SEEN: &str = "{ clientId name contact grants { scopes } keys { kid } secrets { hint } }";
    match field {
        "apiClients" => Some((format!("query {{ apiClients {{ nodes {SEEN} }} }}"), json!({}))),
        "apiClient" => {
            let code = &target.client["clientId"];
            let code = if place == Place::Unknown { &json!("no-such-client") } else { code };
            Some((format!("query {{ apiClient(clientId: {code}) {SEEN} }}"), json!({})))
        }
        _ => None,
    }
}

pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let gone = place == Place::Unknown;
    if field == "registerApiClient" {
        let code = format!("new-{}", target.number);
        let mut input = client(key, &code, "west-yorkshire", "hana");
        if gone {
            input["grants"][0]["organisation"] = json!({ "slug": "no-such-hub" });
        }
        return Some(input);
    }
    if !is_about(field) {
        return None;
    }
    let id = if gone { unknown("ApiClient") } else { target.client["id"].clone() };
    let mut input = json!({ "id": id, "expectedVersion": target.client["version"] });
    if field == "changeApiClient" {
        input["name"] = json!(format!("Changed {key}"));
    }
    Some(input)
}
