//! What the matrix asks of webhooks: within reach is the hub's own for its team, and
//! `portal`'s own for `portal`; beyond it is the other hub's.

use serde_json::{Value, json};

use super::requests::{Place, unknown};
use crate::harness::{Who, World, people};

const REGISTER: &str = "mutation($input: RegisterWebhookInput!) {
    registerWebhook(input: $input) { ... on WebhookRegistered { webhook { id version } } } }";

const PAUSE: &str = "mutation($input: PauseWebhookInput!) {
    pauseWebhook(input: $input) { ... on WebhookPaused { webhook { id version } } } }";

pub(super) fn is_about(field: &str) -> bool {
    field.contains("ebhook")
}

/// Two webhooks: a team's, and a machine's where it has one there. One that is to go on is
/// paused.
pub(super) async fn make(world: &World, field: &str, place: Place, number: usize) -> Value {
    let team = if place == Place::Outside { people::CHESHIRE } else { people::YORKSHIRE };
    let machine = if place == Place::Outside { people::CHESHIRE } else { people::PORTAL };
    let mut made = json!({});
    for (of, who) in [("team", team), ("machine", machine)] {
        let input = webhook(&format!("made-{of}-{number}"));
        let mut data = world.data(who, REGISTER, json!({ "input": input })).await;
        made[of] = data["registerWebhook"]["webhook"].take();
        if field == "resumeWebhook" {
            let input = json!({ "id": made[of]["id"], "expectedVersion": made[of]["version"] });
            let mut data = world.data(who, PAUSE, json!({ "input": input })).await;
            made[of] = data["pauseWebhook"]["webhook"].take();
        }
    }
    made
}

fn webhook(key: &str) -> Value {
    let url = format!("https://secret-person.example/{key}");
    json!({ "idempotencyKey": key, "url": url })
}

fn of(made: &Value, who: Who) -> &Value {
    &made[if who == people::PORTAL { "machine" } else { "team" }]
}

pub(super) fn query(field: &str, place: Place, made: &Value, who: Who) -> Option<(String, Value)> {
    let seen = "status registeredBy organisation { id } deliveries { totalCount }";
    let id = &of(made, who)["id"];
    let id = if place == Place::Unknown { &unknown("Webhook") } else { id };
    let document = match field {
        "webhooks" => format!("query {{ webhooks {{ nodes {{ id {seen} }} }} }}"),
        "webhook" => format!("query {{ webhook(id: {id}) {{ {seen} }} }}"),
        "node Webhook" => {
            format!("query {{ node(id: {id}) {{ id ... on Webhook {{ {seen} }} }} }}")
        }
        _ => return None,
    };
    Some((document, json!({})))
}

pub(super) fn input(field: &str, place: Place, made: &Value, key: &str, who: Who) -> Option<Value> {
    let gone = place == Place::Unknown;
    if field == "registerWebhook" {
        let mut input = webhook(key);
        if gone {
            input["url"] = json!("https://10.0.0.1/");
        }
        return Some(input);
    }
    if !is_about(field) {
        return None;
    }
    let known = of(made, who);
    let id = if gone { &unknown("Webhook") } else { &known["id"] };
    let mut input = json!({ "id": id, "expectedVersion": known["version"].as_i64().unwrap_or(1) });
    match field {
        "changeWebhook" => input["url"] = json!(format!("https://portal.example/{key}")),
        // A cursor before everything.
        "replayWebhook" => input["from"] = json!("MDot"),
        _ => {}
    }
    Some(input)
}
