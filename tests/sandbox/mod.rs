//! A sandbox, as integrators use it: everything can be put back, the clock moved forward,
//! and faults had on request; and nothing of the kind can be done anywhere else.

mod clock;
mod elsewhere;
mod faults;
mod keys;
mod resets;
mod told;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

pub(super) const STATE: &str =
    "{ now aheadSeconds resets resetAt faults { kind operation remaining milliseconds } }";

/// What each command answers with when it succeeds.
const SUCCESSES: [(&str, &str); 4] = [
    ("resetSandbox", "SandboxReset"),
    ("moveSandboxClock", "SandboxClockMoved"),
    ("injectFaults", "FaultsInjected"),
    ("clearFaults", "FaultsCleared"),
];

fn document(command: &str) -> String {
    let success = SUCCESSES.iter().find(|(name, _)| *name == command).unwrap().1;
    let input = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    format!(
        "mutation($input: {input}!) {{ {command}(input: $input) {{ __typename
            ... on {success} {{ sandbox {STATE} }}
            ... on InvalidInput {{ problems {{ path code }} }}
            ... on IdempotencyConflict {{ message }} }} }}"
    )
}

/// Sends a command to the sandbox; gives its payload.
pub(super) async fn control(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut data = world.data(who, &document(command), json!({ "input": input })).await;
    data[command].take()
}

pub(super) async fn state(world: &World, who: Who) -> Value {
    let mut data = world.data(who, &format!("{{ sandbox {STATE} }}"), json!({})).await;
    data["sandbox"].take()
}

pub(super) async fn reset(world: &World, key: &str) -> Value {
    let done = control(world, people::NATIONAL, "resetSandbox", json!({ "idempotencyKey": key }));
    let done = done.await;
    assert_eq!(done["__typename"], "SandboxReset", "{done:#}");
    done["sandbox"].clone()
}

pub(super) async fn forward(world: &World, key: &str, to: Value) -> Value {
    let input = json!({ "idempotencyKey": key, "forward": to });
    control(world, people::YORKSHIRE, "moveSandboxClock", input).await
}

/// Registers a site; gives it.
pub(super) async fn register(world: &World, key: &str, code: &str) -> Value {
    let done = world.command(people::NATIONAL, "registerSite", site(key, code)).await;
    assert_eq!(done["__typename"], "SiteRegistered", "{done:#}");
    done["site"].clone()
}

pub(super) fn site(key: &str, code: &str) -> Value {
    json!({ "idempotencyKey": key, "name": "Sandpit Surgery", "odsCode": code,
        "openedOn": "2025-01-01", "subIcb": { "odsCode": "15F" } })
}
