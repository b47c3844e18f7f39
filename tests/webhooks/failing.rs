//! Receivers that fail for long, or for ever.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{deliver, receiver::Receiver, register, rename, wait, wait_until};
use crate::harness::{on_both, people};

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn whoever_fails_for_half_a_day_is_paused_and_loses_nothing() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        receiver.answer_with(500);
        let began = world.app.store.clock().now();
        let mut waits = Vec::new();
        let paused = loop {
            deliver(world).await;
            let now = hook.now(world).await;
            if now["status"] != "ACTIVE" {
                break now;
            }
            let next = moment(&now["nextAttemptAt"]);
            waits.push(next - world.app.store.clock().now());
            assert!(waits.len() < 50, "it is never paused");
            wait_until(world, &now["nextAttemptAt"]);
        };
        assert!(waits[0] >= TimeDelta::seconds(5) && waits[0] <= TimeDelta::seconds(10));
        let longest = *waits.iter().max().unwrap();
        assert!(longest >= TimeDelta::hours(1) && longest <= TimeDelta::hours(2), "{longest}");
        let took = world.app.store.clock().now() - began;
        assert!(took > TimeDelta::hours(6) && took < TimeDelta::hours(36), "{took}");
        assert_eq!(paused["status"], "PAUSED_BY_FAILURE");
        let because = paused["pausedBecause"].as_str().unwrap();
        assert!(because.ends_with("it answered with 500"), "{because}");
        assert_eq!(moment(&paused["pausedAt"]), world.app.store.clock().now());

        let tried = receiver.came().len();
        rename(world, "Y90001", "Candleford Surgery").await;
        wait(world, TimeDelta::days(3));
        receiver.answer_with(200);
        deliver(world).await;
        assert_eq!(receiver.came().len(), tried, "nothing is sent while it is paused");
        let on = hook.command(world, "resumeWebhook", json!({})).await;
        assert_eq!((&on["status"], &on["pausedBecause"]), (&json!("ACTIVE"), &Value::Null));
        deliver(world).await;
        let names: Vec<_> =
            receiver.took().iter().map(|it| it.event["data"]["after"].clone()).collect();
        assert_eq!(names, ["Lark Rise Surgery", "Candleford Surgery"]);
    });
}

#[test]
fn a_receiver_that_is_gone_is_paused_at_once() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        receiver.answer_with(410);
        deliver(world).await;
        let paused = hook.now(world).await;
        assert_eq!(paused["status"], "PAUSED_BY_FAILURE");
        assert_eq!(paused["pausedBecause"], "it answered that it is gone (410)");
        assert_eq!(receiver.came().len(), 1);
    });
}

#[test]
fn a_receiver_that_asks_for_time_is_given_it() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        receiver.answer(|_| (429, Some(("retry-after", "7200".to_owned()))));
        deliver(world).await;
        let waits = hook.now(world).await;
        let next = moment(&waits["nextAttemptAt"]);
        assert_eq!(next - world.app.store.clock().now(), TimeDelta::hours(2));
        wait(world, TimeDelta::minutes(119));
        deliver(world).await;
        assert_eq!(receiver.came().len(), 1);
        receiver.answer_with(200);
        wait(world, TimeDelta::minutes(1));
        deliver(world).await;
        assert_eq!(receiver.took().len(), 1);
    });
}

#[test]
fn nobody_there_is_a_failure_like_any_other() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let url = receiver.url.clone();
        let hook = register(world, people::NATIONAL, &url).await;
        drop(receiver);
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = format!("http://{}/", free.local_addr().unwrap());
        drop(free);
        hook.command(world, "changeWebhook", json!({ "url": nobody })).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        deliver(world).await;
        let waits = hook.now(world).await;
        assert_eq!(waits["failures"], 1);
        let log = &waits["deliveries"]["nodes"][0];
        assert_eq!(
            (&log["statusCode"], &log["failure"]),
            (&Value::Null, &json!("it cannot be reached"))
        );
        let other = Receiver::new();
        hook.command(world, "changeWebhook", json!({ "url": other.url })).await;
        deliver(world).await;
        assert_eq!(other.took().len(), 1, "another address is tried at once");
    });
}
