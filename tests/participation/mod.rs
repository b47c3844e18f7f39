//! Sites' parts in the programme: what hubs record, the stages that follow from facts, the
//! funnel, and posts.

mod funnel;
mod merger;
mod posts;
mod stages;
pub(crate) mod tallies;
mod week;

use serde_json::{Value, json};

use crate::harness::{World, people};

pub(crate) fn site(code: &str) -> Value {
    json!({ "odsCode": code })
}

/// Moor View is interested, and then preparing.
pub(crate) async fn prepared(world: &World, code: &str) {
    let interested = json!({
        "site": site(code), "expectedVersion": 0, "stage": "INTERESTED", "on": "2025-02-03",
    });
    let done = world.command(people::YORKSHIRE, "recordStage", interested).await;
    assert_eq!(done["participation"]["stage"], "INTERESTED", "{done:#}");
    let done = world.command(people::YORKSHIRE, "recordStage", preparing(code, 1)).await;
    assert_eq!(done["participation"]["stage"], "PREPARING", "{done:#}");
}

pub(crate) fn preparing(code: &str, version: i32) -> Value {
    json!({
        "site": site(code), "expectedVersion": version, "stage": "PREPARING", "on": "2025-04-01",
        "roleModel": "COMBINED", "gpMentorNamed": true, "protectedTimeAgreed": true,
    })
}

/// A full-time post at a site.
pub(crate) fn post(code: &str, key: &str, started_on: &str) -> Value {
    json!({
        "idempotencyKey": key, "funding": "ARRS", "startedOn": started_on,
        "places": [{ "at": site(code), "hours": 37.5 }],
    })
}

/// Starts it, as the site's own hub.
pub(crate) async fn started(world: &World, code: &str, key: &str, on: &str) -> Value {
    let who = if code == "Y90004" { people::CHESHIRE } else { people::YORKSHIRE };
    let mut done = world.command(who, "startPost", post(code, key, on)).await;
    assert_eq!(done["__typename"], "PostStarted", "{done:#}");
    done["post"].take()
}
