//! Pausing, going on, sending again, trying, and removing.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{deliver, done, receiver::Receiver, register, rename, send, wait};
use crate::{
    changes::now,
    harness::{World, on_both, people},
};

fn names(receiver: &Receiver) -> Vec<Value> {
    receiver.took().iter().map(|it| it.event["data"]["after"].clone()).collect()
}

#[test]
fn what_happens_while_it_is_paused_comes_when_it_goes_on() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        let paused = hook.command(world, "pauseWebhook", json!({})).await;
        assert_eq!(
            (&paused["status"], &paused["pausedAt"]),
            (&json!("PAUSED"), &json!("2026-01-15T09:00:00+00:00"))
        );
        rename(world, "Y90001", "One").await;
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        assert_eq!(receiver.arrived(), 0);
        let again = json!({ "id": hook.id, "expectedVersion": paused["version"] });
        let again = send(world, people::YORKSHIRE, "pauseWebhook", again).await;
        assert_eq!(again["problems"][0]["code"], "UNCHANGED");
        hook.command(world, "resumeWebhook", json!({})).await;
        deliver(world).await;
        assert_eq!(names(&receiver), ["One", "Two"]);
    });
}

#[test]
fn what_was_sent_is_sent_again_from_a_cursor_on() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        let after_one = now(world, people::NATIONAL).await;
        rename(world, "Y90001", "Two").await;
        rename(world, "Y90002", "Three").await;
        deliver(world).await;
        assert_eq!(names(&receiver).len(), 3);
        let first: Vec<_> = receiver.took().iter().map(|it| it.event.clone()).collect();
        receiver.forget();
        hook.command(world, "replayWebhook", json!({ "from": after_one })).await;
        deliver(world).await;
        let again = receiver.took();
        assert_eq!(again.len(), 2);
        for message in again {
            assert!(first.contains(&message.event), "the same as before, by the same id");
        }
        // One that is registered late can begin early.
        let other = Receiver::new();
        let input = json!({ "idempotencyKey": "late", "url": other.url, "after": after_one });
        done(world, people::NATIONAL, "registerWebhook", input).await;
        deliver(world).await;
        assert_eq!(names(&other).len(), 2);
        let beyond = api::domain::page::Key { by: api::domain::page::By::Nothing, id: 999_999_999 };
        let version = hook.now(world).await["version"].clone();
        let input = json!({ "id": hook.id, "expectedVersion": version, "from": beyond.cursor() });
        let refused = send(world, people::NATIONAL, "replayWebhook", input).await;
        assert_eq!(refused["problems"][0]["path"], "input.from", "{refused:#}");
    });
}

#[test]
fn somebody_who_sets_the_cursor_during_a_delivery_is_heeded() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        let before = now(world, people::NATIONAL).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        rename(world, "Y90001", "Two").await;
        receiver.open(false);
        let (couriers, during) = (super::couriers(world), async {
            receiver.has_come(2).await;
            hook.command(world, "replayWebhook", json!({ "from": before })).await;
            receiver.open(true);
        });
        let (delivered, ()) = tokio::join!(couriers.turn(), during);
        delivered.unwrap();
        deliver(world).await;
        assert_eq!(names(&receiver), ["One", "Two", "One", "Two"]);
    });
}

#[test]
fn a_test_shows_that_messages_arrive_even_while_it_is_paused() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        hook.command(world, "pauseWebhook", json!({})).await;
        rename(world, "Y90001", "One").await;
        hook.command(world, "testWebhook", json!({})).await;
        deliver(world).await;
        deliver(world).await;
        let [message] = &receiver.took()[..] else { panic!("{:#?}", receiver.came()) };
        assert_eq!(message.event["type"], "uk.nhs.gpa.test");
        assert!(message.is_signed_with(&hook.secret));
        let log = hook.now(world).await["deliveries"].take();
        assert_eq!(log["totalCount"], 1);
        assert_eq!(
            (&log["nodes"][0]["type"], &log["nodes"][0]["statusCode"]),
            (&Value::Null, &json!(204))
        );
    });
}

#[test]
fn what_is_removed_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        let version = hook.now(world).await["version"].clone();
        let input = json!({ "id": hook.id, "expectedVersion": version });
        done(world, people::YORKSHIRE, "removeWebhook", input).await;
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        assert_eq!(names(&receiver), ["One"]);
        assert!(hook.now(world).await.is_null());
        for table in ["webhook", "webhook_secret", "webhook_delivery"] {
            assert_eq!(world.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        let again = json!({ "idempotencyKey": receiver.url, "url": receiver.url });
        let again = send(world, people::YORKSHIRE, "registerWebhook", again).await;
        assert_eq!(again["problems"][0]["path"], "input.idempotencyKey", "{again:#}");
    });
}

#[test]
fn the_log_is_kept_for_a_month() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        wait(world, TimeDelta::days(20));
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        wait(world, TimeDelta::days(11));
        assert_eq!(prune(world).await, 1);
        let log = hook.now(world).await["deliveries"].take();
        assert_eq!(log["totalCount"], 1, "{log:#}");
    });
}

async fn prune(world: &World) -> u64 {
    api::domain::webhooks::deliveries::prune(&world.app.store).await.unwrap()
}
