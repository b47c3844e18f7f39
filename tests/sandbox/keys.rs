//! Keys of commands whose effects a reset leaves are good after it, too: whoever heard no
//! answer, and sends the same again after somebody has reset the sandbox, has it done once.

use serde_json::{Value, json};

use super::{control, forward, reset, state};
use crate::harness::{World, on_both_sandboxes, on_the_same, people};

async fn register_webhook(world: &World) -> Value {
    let document = "mutation($input: RegisterWebhookInput!) { registerWebhook(input: $input) {
        __typename ... on WebhookRegistered { secret webhook { id } } } }";
    let input = json!({ "idempotencyKey": "hook", "url": "https://hooks.example.org/gpa" });
    let mut made = world.data(people::YORKSHIRE, document, json!({ "input": input })).await;
    made["registerWebhook"].take()
}

async fn register_client(world: &World) -> Value {
    let document = "mutation($input: RegisterApiClientInput!) {
        registerApiClient(input: $input) { __typename
            ... on ApiClientRegistered { secret apiClient { id } } } }";
    let input = json!({ "idempotencyKey": "client", "clientId": "vendor", "name": "Vendor",
        "contact": "vendor@example.org", "secret": true,
        "grants": [{ "organisation": { "slug": "west-yorkshire" }, "scopes": ["SITES_READ"] }] });
    let mut made = world.data(people::NATIONAL, document, json!({ "input": input })).await;
    made["registerApiClient"].take()
}

#[test]
fn what_a_reset_leaves_is_not_done_a_second_time() {
    on_both_sandboxes(async |world| {
        reset(world, "first").await;
        let (hook, client) = (register_webhook(world).await, register_client(world).await);
        assert!(hook["secret"].is_string() && client["secret"].is_string());
        let fault = json!({ "idempotencyKey": "fault", "kind": "TIMEOUT", "operation": "Never" });
        control(world, people::YORKSHIRE, "injectFaults", fault.clone()).await;
        assert_eq!(reset(world, "second").await["resets"], 2);

        assert_eq!(reset(world, "first").await["resets"], 2, "it was done before the other");
        assert_eq!(reset(world, "second").await["resets"], 2);
        let again = register_webhook(world).await;
        assert_eq!(again["webhook"], hook["webhook"]);
        assert!(again["secret"].is_null());
        let again = register_client(world).await;
        assert_eq!(again["apiClient"], client["apiClient"]);
        assert!(again["secret"].is_null());
        let faults = control(world, people::YORKSHIRE, "injectFaults", fault.clone()).await;
        assert_eq!(faults["sandbox"]["faults"].as_array().unwrap().len(), 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM webhook").await, 1);

        let clear = json!({ "idempotencyKey": "clear" });
        control(world, people::YORKSHIRE, "clearFaults", clear.clone()).await;
        reset(world, "third").await;
        let other = json!({ "idempotencyKey": "other", "kind": "TIMEOUT", "operation": "Never" });
        control(world, people::YORKSHIRE, "injectFaults", other).await;
        let left = control(world, people::YORKSHIRE, "clearFaults", clear).await;
        assert_eq!(left["sandbox"]["faults"].as_array().unwrap().len(), 1, "{left:#}");
    });
}

#[test]
fn what_a_reset_takes_away_can_be_done_again() {
    on_both_sandboxes(async |world| {
        let moved = forward(world, "on", json!({ "days": 3 })).await;
        assert_eq!(moved["sandbox"]["aheadSeconds"], 3 * 86_400);
        reset(world, "back").await;
        let moved = forward(world, "on", json!({ "days": 3 })).await;
        assert_eq!(moved["sandbox"]["aheadSeconds"], 3 * 86_400);
    });
}

#[test]
fn many_who_reset_at_once_take_their_turns() {
    on_both_sandboxes(async |world| {
        let other = on_the_same(world).await;
        let same = futures_util::future::join_all([world, &other, world].map(|at| reset(at, "a")));
        let each = async { futures_util::join!(reset(world, "b"), reset(&other, "c")) };
        futures_util::join!(same, each);
        assert_eq!(state(world, people::NATIONAL).await["resets"], 3);
        other.leave().await;
    });
}
