//! Whoever is told of changes by a webhook learns that the sandbox was reset: it is paused,
//! and says why, because what it would have gone on with is gone.

use std::sync::Arc;

use api::webhooks::names::SystemNames;
use serde_json::{Value, json};

use super::{register, reset};
use crate::{
    changes::now,
    harness::{World, on_both_sandboxes, on_the_same_with, people},
    webhooks::Receiver,
};

const HOOK: &str = "webhook { id version status pausedBecause }";

async fn send(world: &World, command: &str, payload: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {command}(input: $input) {{
            ... on {payload} {{ {HOOK} }} }} }}"
    );
    let mut done = world.data(people::YORKSHIRE, &document, json!({ "input": input })).await;
    done[command]["webhook"].take()
}

async fn deliver(world: &World) {
    let couriers = world.app.couriers(Arc::new(SystemNames)).unwrap();
    while couriers.turn().await.unwrap() {}
}

#[test]
fn a_webhook_is_paused_by_a_reset_and_goes_on_from_where_its_owner_says() {
    on_both_sandboxes(async |plain| {
        let world = &on_the_same_with(plain, &["--webhook-private-addresses", "on"]).await;
        let receiver = Receiver::new();
        let input = json!({ "idempotencyKey": "hook", "url": receiver.url });
        let hook = send(world, "registerWebhook", "WebhookRegistered", input).await;
        register(world, "one", "Y91001").await;
        deliver(world).await;
        let before = receiver.arrived();
        assert!(before > 0);
        register(world, "two", "Y91002").await;
        reset(world, "back").await;
        register(world, "three", "Y91003").await;
        deliver(world).await;
        assert_eq!(receiver.arrived(), before, "nothing that is gone, nor what came after");
        let document =
            format!("query($id: ID!) {{ {} }}", HOOK.replace("webhook", "webhook(id: $id)"));
        let paused = world.data(people::YORKSHIRE, &document, json!({ "id": hook["id"] })).await;
        let paused = &paused["webhook"];
        assert_eq!(paused["status"], "PAUSED_BY_FAILURE");
        let because = paused["pausedBecause"].as_str().unwrap();
        assert!(because.contains("the sandbox was reset"), "{because}");

        let from = now(world, people::YORKSHIRE).await;
        let input = json!({ "id": hook["id"], "expectedVersion": paused["version"], "from": from });
        let placed = send(world, "replayWebhook", "WebhookReplayed", input).await;
        let input = json!({ "id": hook["id"], "expectedVersion": placed["version"] });
        send(world, "resumeWebhook", "WebhookResumed", input).await;
        let site = register(world, "four", "Y91004").await;
        deliver(world).await;
        let told: Vec<Value> =
            receiver.took().iter().skip(before).map(|it| it.subject().clone()).collect();
        assert!(told.contains(&site["id"]), "{told:?}");
    });
}

#[test]
fn a_reset_in_the_middle_of_a_round_ends_it() {
    on_both_sandboxes(async |plain| {
        let world = &on_the_same_with(plain, &["--webhook-private-addresses", "on"]).await;
        let receiver = Receiver::new();
        let input = json!({ "idempotencyKey": "hook", "url": receiver.url });
        send(world, "registerWebhook", "WebhookRegistered", input).await;
        let mut site = register(world, "one", "Y91001").await;
        for name in ["One", "Two"] {
            let input = json!({ "id": site["id"], "expectedVersion": site["version"],
                "name": name });
            site = world.command(people::NATIONAL, "renameSite", input).await["site"].take();
        }
        receiver.open(false);
        let couriers = world.app.couriers(Arc::new(SystemNames)).unwrap();
        let meanwhile = async {
            receiver.has_come(1).await;
            reset(world, "back").await;
            receiver.open(true);
        };
        let (delivered, ()) = tokio::join!(couriers.turn(), meanwhile);
        delivered.unwrap();
        deliver(world).await;
        let told: Vec<Value> = receiver.came().iter().map(|it| it.event.clone()).collect();
        let renamed = told.iter().filter(|it| it["type"] == "uk.nhs.gpa.renamed").count();
        assert_eq!(renamed, 0, "{told:#?}");
    });
}
