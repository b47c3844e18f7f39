//! The clock goes forward, and what the days bring comes true and is told.

use std::{net::IpAddr, sync::Arc};

use api::webhooks::names::Names;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

use super::{forward, register, reset, state};
use crate::{
    changes::{now, told},
    harness::{World, on_both_sandboxes, on_the_same, people},
};

/// How much of each kind waits for the hub.
async fn waiting(world: &World) -> Value {
    let asked = "{ trainingHub(by: { slug: \"west-yorkshire\" }) { worklist {
        counts { kind count } items(first: 100) { nodes { kind due } } } } }";
    let mut data = world.data(people::YORKSHIRE, asked, json!({})).await;
    data["trainingHub"]["worklist"].take()
}

fn count(worklist: &Value, kind: &str) -> i64 {
    let counts = worklist["counts"].as_array().unwrap().iter();
    let count = counts.filter(|it| it["kind"] == kind).map(|it| it["count"].as_i64().unwrap());
    count.sum()
}

#[test]
fn what_falls_due_is_overdue_and_what_was_dated_takes_effect() {
    on_both_sandboxes(async |world| {
        let other = on_the_same(world).await;
        let site = register(world, "one", "Y91001").await;
        let renamed = json!({ "id": site["id"], "expectedVersion": site["version"],
            "name": "Later Surgery", "from": "2026-02-10" });
        world.command(people::NATIONAL, "renameSite", renamed).await;
        let (before, cursor) = (waiting(world).await, now(world, people::NATIONAL).await);

        let moved = forward(world, "on", json!({ "days": 263 })).await;
        assert_eq!(moved["__typename"], "SandboxClockMoved", "{moved:#}");
        assert_eq!(moved["sandbox"]["aheadSeconds"], 263 * 86_400);
        let after = waiting(world).await;
        assert!(count(&after, "OVERDUE") > count(&before, "OVERDUE"), "{before:#} {after:#}");
        assert_eq!(world.site("Y91001").await["name"], "Later Surgery");
        let brought = told(world, people::NATIONAL, &cursor).await;
        assert_eq!(brought.of(&site["id"]), ["TOOK_EFFECT"]);
        // Whoever writes on another instance does so at the new time already.
        let later = register(&other, "two", "Y91002").await;
        let since = told(&other, people::NATIONAL, &brought.cursor).await;
        assert_eq!(since.of(&later["id"]), ["REGISTERED"]);
        let backwards = "SELECT COUNT(*) FROM change AS one JOIN change AS other
            ON other.position > one.position AND other.at < one.at";
        assert_eq!(world.number(backwards).await, 0, "the feed never runs backwards");

        reset(world, "back").await;
        assert_eq!(waiting(world).await, before);
        other.leave().await;
    });
}

#[test]
fn it_goes_forward_alone_and_not_beyond_all_bounds() {
    on_both_sandboxes(async |world| {
        forward(world, "on", json!({ "to": "2026-06-01T00:00:00Z" })).await;
        let there = state(world, people::NATIONAL).await;
        let later = json!("2026-06-01T00:00:00+00:00");
        assert_eq!(there["now"], later);
        for (to, problem) in [
            (json!({ "to": "2026-05-31T23:59:59Z" }), "input.forward.to CONTRADICTION"),
            (json!({ "to": "2026-06-01T00:00:00Z" }), "input.forward.to CONTRADICTION"),
            (json!({ "days": 0 }), "input.forward.days CONTRADICTION"),
            (json!({ "days": -3 }), "input.forward.days CONTRADICTION"),
            (json!({ "days": i32::MIN }), "input.forward.days CONTRADICTION"),
            (json!({ "days": i32::MAX }), "input.forward.days OUT_OF_RANGE"),
            (json!({ "days": 3653 }), "input.forward.days OUT_OF_RANGE"),
            (json!({ "to": "2100-01-01T00:00:00Z" }), "input.forward.to OUT_OF_RANGE"),
        ] {
            let refused = forward(world, "wrong", to.clone()).await;
            let found = &refused["problems"][0];
            let found = format!("{} {}", found["path"], found["code"]).replace('"', "");
            assert_eq!(found, problem, "{to}");
        }
        let again = forward(world, "on", json!({ "to": "2026-06-01T00:00:00Z" })).await;
        assert_eq!(again["sandbox"]["now"], later, "the same key moves it once");
        let other = forward(world, "on", json!({ "days": 1 })).await;
        assert_eq!(other["__typename"], "IdempotencyConflict");
        assert_eq!(state(world, people::NATIONAL).await, there);
    });
}

/// Leads nowhere.
struct NoNames;

impl Names for NoNames {
    fn addresses(&self, _: &str) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        async { Ok(Vec::new()) }.boxed()
    }
}

/// Receivers have clocks of their own, which nobody moves.
#[test]
fn webhooks_go_by_the_time_outside() {
    on_both_sandboxes(async |world| {
        forward(world, "on", json!({ "days": 90 })).await;
        let input = json!({ "idempotencyKey": "hook", "url": "https://hooks.example.org/gpa" });
        let registering =
            "mutation($input: RegisterWebhookInput!) { registerWebhook(input: $input) {
            ... on WebhookRegistered { webhook { id } } } }";
        let input = json!({ "input": input });
        let mut made = world.data(people::YORKSHIRE, registering, input).await;
        let hook = made["registerWebhook"]["webhook"].take();
        register(world, "one", "Y91001").await;
        world.app.couriers(Arc::new(NoNames)).unwrap().turn().await.unwrap();
        let log = "query($id: ID!) { webhook(id: $id) { deliveries(first: 1) { nodes { at } } } }";
        let log = world.data(people::YORKSHIRE, log, json!({ "id": hook["id"] })).await;
        let tried = &log["webhook"]["deliveries"]["nodes"][0]["at"];
        assert_eq!(*tried, "2026-01-15T09:00:00+00:00", "{log:#}");
    });
}
