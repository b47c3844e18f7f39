//! What webhooks are signed with: shown once, changed without a gap, and told nobody else.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{deliver, done, receiver::Receiver, register, rename, send, wait};
use crate::harness::{on_both, people};

#[test]
fn the_old_secret_signs_beside_the_new_one_until_it_ends() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        let version = hook.now(world).await["version"].clone();
        let input = json!({ "id": hook.id, "expectedVersion": version, "overlapHours": 2 });
        let rotated = done(world, people::YORKSHIRE, "rotateWebhookSecret", input).await;
        let new = rotated["secret"].as_str().unwrap();
        assert_eq!(rotated["previousValidUntil"], "2026-01-15T11:00:00+00:00");
        assert_ne!(new, hook.secret);
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        wait(world, TimeDelta::hours(2));
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        let [during, after] = &receiver.took()[..] else { panic!("{:#?}", receiver.came()) };
        assert!(during.is_signed_with(new) && during.is_signed_with(&hook.secret));
        assert!(after.is_signed_with(new) && !after.is_signed_with(&hook.secret));
        assert_eq!(after.header("webhook-signature").split(' ').count(), 1);

        let version = rotated["webhook"]["version"].clone();
        for hours in [-1, 169] {
            let input = json!({ "id": hook.id, "expectedVersion": version, "overlapHours": hours });
            let refused = send(world, people::YORKSHIRE, "rotateWebhookSecret", input).await;
            assert_eq!(refused["problems"][0]["path"], "input.overlapHours");
        }
        let input = json!({ "id": hook.id, "expectedVersion": version, "overlapHours": 0 });
        let last = done(world, people::YORKSHIRE, "rotateWebhookSecret", input).await;
        rename(world, "Y90001", "Three").await;
        deliver(world).await;
        let third = receiver.took().pop().unwrap();
        assert!(third.is_signed_with(last["secret"].as_str().unwrap()));
        assert!(!third.is_signed_with(new), "it ended at once");
    });
}

#[test]
fn a_secret_is_shown_once_and_told_nowhere_else() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let input = json!({ "idempotencyKey": "once", "url": receiver.url });
        let made = done(world, people::NATIONAL, "registerWebhook", input.clone()).await;
        let secret = made["secret"].as_str().unwrap();
        let again = done(world, people::NATIONAL, "registerWebhook", input).await;
        assert_eq!(again["webhook"]["id"], made["webhook"]["id"]);
        assert_eq!(again["secret"], Value::Null);
        rename(world, "Y90001", "One").await;
        receiver.answer_with(500);
        deliver(world).await;
        let everything = "{ webhooks { nodes { id url types status pausedBecause cursor
            registeredBy deliveries { nodes { messageId failure } } } }
            audit(first: 50) { nodes { action subject requestId } }
            changes(first: 100) { nodes { type before after } } }";
        let all = world.data(people::NATIONAL, everything, Value::Null).await;
        assert!(!all.to_string().contains("whsec"), "{all:#}");
        assert!(all["audit"].to_string().contains("REGISTER_WEBHOOK"), "{all:#}");
        let schema = "{ __type(name: \"Webhook\") { fields { name } } }";
        let fields = world.data(people::NATIONAL, schema, Value::Null).await.to_string();
        assert!(fields.contains("url") && !fields.to_lowercase().contains("secret"), "{fields}");
        for (table, columns) in [
            ("webhook", "url || COALESCE(types, '') || delivered || COALESCE(claimed_by, '')"),
            ("idempotency_key", "request_digest || COALESCE(answer, '')"),
            ("webhook_delivery", "message_id || COALESCE(failure, '')"),
            ("audit", "issuer || subject || request_id || action"),
            ("change", "COALESCE(before, '') || COALESCE(after, '')"),
        ] {
            let key = secret.trim_start_matches("whsec_");
            let holds = format!("SELECT COUNT(*) FROM {table} WHERE {columns} LIKE '%{key}%'");
            assert_eq!(world.number(&holds).await, 0, "{table}");
        }
    });
}
