//! Webhooks, from their registration to their end: whatever happens to a receiver, it gets
//! every change that its owner may know of, in order, signed, and nothing else.

mod couriers;
mod delivery;
mod failing;
mod midway;
mod narrowed;
mod owners;
mod program;
mod receiver;
mod running;
mod secrets;
mod secure;
mod sharing;
mod targets;

pub(crate) use self::receiver::Receiver;

use std::sync::Arc;

use api::webhooks::{Couriers, names::SystemNames};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::harness::{Who, World, people};

/// What every test asks of a webhook.
const WEBHOOK: &str = "{ id url types status pausedAt pausedBecause cursor failures
    nextAttemptAt registeredBy apiClient organisation { id } version
    deliveries(first: 100) { totalCount nodes {
        at messageId cursor type delivered statusCode failure milliseconds } } }";

fn success(command: &str) -> &'static str {
    match command {
        "registerWebhook" => "WebhookRegistered",
        "changeWebhook" => "WebhookChanged",
        "rotateWebhookSecret" => "WebhookSecretRotated",
        "pauseWebhook" => "WebhookPaused",
        "resumeWebhook" => "WebhookResumed",
        "replayWebhook" => "WebhookReplayed",
        "testWebhook" => "WebhookTested",
        "removeWebhook" => "WebhookRemoved",
        other => panic!("{other} is no command of webhooks"),
    }
}

/// Sends a command; gives its payload, which must come.
async fn send(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let (payload, shown) = match command {
        "registerWebhook" => ("WebhookRegistered", format!("secret webhook {WEBHOOK}")),
        "rotateWebhookSecret" => {
            ("WebhookSecretRotated", format!("secret previousValidUntil webhook {WEBHOOK}"))
        }
        "removeWebhook" => ("WebhookRemoved", "id".to_owned()),
        other => (success(other), format!("webhook {WEBHOOK}")),
    };
    let conflict = if command == "registerWebhook" {
        "... on IdempotencyConflict { message }".to_owned()
    } else {
        format!("... on WebhookConflict {{ current {WEBHOOK} }}")
    };
    let document = format!(
        "mutation($input: {kind}Input!) {{ {command}(input: $input) {{ __typename
            ... on {payload} {{ {shown} }} {conflict}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}"
    );
    let mut data = world.data(who, &document, json!({ "input": input })).await;
    data[command].take()
}

/// Sends a command that must succeed.
async fn done(world: &World, who: Who, command: &str, input: Value) -> Value {
    let payload = send(world, who, command, input.clone()).await;
    assert_eq!(payload["__typename"], success(command), "{input:#}\n{payload:#}");
    payload
}

/// A webhook, and what it is signed with.
struct Registered {
    who: Who,
    id: Value,
    secret: String,
}

/// Has everything from now on sent to an address.
async fn register(world: &World, who: Who, url: &str) -> Registered {
    let input = json!({ "idempotencyKey": url, "url": url });
    let made = done(world, who, "registerWebhook", input).await;
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    Registered { who, id: made["webhook"]["id"].clone(), secret }
}

impl Registered {
    /// As it now is.
    async fn now(&self, world: &World) -> Value {
        let document = format!("query($id: ID!) {{ webhook(id: $id) {WEBHOOK} }}");
        world.data(self.who, &document, json!({ "id": self.id })).await["webhook"].take()
    }

    /// Sends a command about it; gives it as it then is.
    async fn command(&self, world: &World, command: &str, more: Value) -> Value {
        let version = self.now(world).await["version"].clone();
        let mut input = json!({ "id": self.id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        done(world, self.who, command, input).await["webhook"].take()
    }
}

fn couriers(world: &World) -> Couriers {
    world.app.couriers(Arc::new(SystemNames)).unwrap()
}

/// Delivers until there is nothing to do for now.
async fn deliver(world: &World) {
    const MANY: usize = 100;
    let couriers = couriers(world);
    for _ in 0..MANY {
        if !couriers.turn().await.unwrap() {
            return;
        }
    }
    panic!("it does not end");
}

/// Lets time pass.
fn wait(world: &World, by: TimeDelta) {
    let clock = world.app.store.clock();
    clock.set(clock.now() + by);
}

/// Lets time pass until a moment, such as a webhook's next attempt.
fn wait_until(world: &World, moment: &Value) {
    let moment: DateTime<Utc> = moment.as_str().expect("a moment").parse().unwrap();
    world.app.store.clock().set(moment);
}

/// Gives a site another name, which the feed tells as RENAMED.
async fn rename(world: &World, code: &str, name: &str) {
    let site = world.site(code).await;
    let input = json!({ "id": site["id"], "expectedVersion": site["version"], "name": name });
    let done = world.command(people::NATIONAL, "renameSite", input).await;
    assert_eq!(done["__typename"], "SiteRenamed", "{done:#}");
}
