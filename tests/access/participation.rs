//! What the matrix asks of sites' stages, posts and successions.

use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};
use crate::{
    harness::{World, people},
    participation::post,
};

const FIELDS: [&str; 9] = [
    "adoptionFunnel",
    "posts",
    "post",
    "successionImpact",
    "recordStage",
    "chooseRoleModel",
    "startPost",
    "movePost",
    "endPost",
];

pub(super) fn is_about(field: &str) -> bool {
    FIELDS.contains(&field)
}

/// A post at a target's own site, for the fields that are about one.
pub(super) async fn make(world: &World, field: &str, place: Place, target: &Target) -> Value {
    if !["posts", "post", "movePost", "endPost"].contains(&field) || place == Place::Unknown {
        return Value::Null;
    }
    let who = if place == Place::Outside { people::CHESHIRE } else { people::YORKSHIRE };
    let mut input = post("Y90001", &format!("post-{}", target.number), "2026-01-05");
    input["places"][0]["at"] = json!({ "odsCode": place.neighbour() });
    let done = world.command(who, "startPost", input).await;
    done["post"]["id"].clone()
}

fn site(place: Place) -> Value {
    let code = if place == Place::Unknown { "X0X0X" } else { place.neighbour() };
    json!({ "odsCode": code })
}

/// Whose funnel is everybody's.
fn region(place: Place) -> Value {
    let code = if place == Place::Unknown { "X0X0X" } else { place.region() };
    json!({ "odsCode": code })
}

fn own(place: Place, target: &Target) -> Value {
    json!({ "id": if place == Place::Unknown { unknown("Site") } else { target.site.clone() } })
}

fn id(place: Place, target: &Target) -> Value {
    if place == Place::Unknown { unknown("Post") } else { target.post.clone() }
}

pub(super) fn query(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    let asked = match field {
        "adoptionFunnel" => (
            "query($input: AdoptionFunnelInput!) { adoptionFunnel(input: $input) {
                steps { stage everReached } } }",
            json!({ "input": { "of": { "organisations": [region(place)] } } }),
        ),
        "posts" => (
            "query($within: OrganisationBy!) { posts(filter: { within: $within }) {
                nodes { id person } } }",
            json!({ "within": site(place) }),
        ),
        "post" => {
            let id = id(place, target);
            ("query($id: ID!) { post(id: $id) { id person } }", json!({ "id": id }))
        }
        "successionImpact" => (
            "query($input: SuccessionImpactInput!) { successionImpact(input: $input) {
                checks { of holds } } }",
            json!({ "input": { "predecessors": [site(place)], "occurredOn": "2026-02-01" } }),
        ),
        _ => return None,
    };
    Some((asked.0.to_owned(), asked.1))
}

/// The input of a command.
pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let id = id(place, target);
    Some(match field {
        "recordStage" => {
            json!({ "site": own(place, target), "expectedVersion": 0, "stage": "INTERESTED" })
        }
        "chooseRoleModel" => {
            json!({ "site": own(place, target), "expectedVersion": 0, "roleModel": "COMBINED" })
        }
        "startPost" => json!({
            "idempotencyKey": key, "funding": "ARRS",
            "startedOn": "2026-01-05",
            "places": [{ "at": site(place), "hours": 30 }],
        }),
        "movePost" => json!({
            "id": id, "expectedVersion": 1, "from": "2026-01-12",
            "places": [{ "at": site(place), "hours": 15 }],
        }),
        "endPost" => json!({
            "id": id, "expectedVersion": 1, "endedOn": "2026-01-12", "reason": "OTHER",
        }),
        _ => return None,
    })
}
