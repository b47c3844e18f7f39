//! What arrives, and in which order.

use std::collections::BTreeSet;

use api::clock::Clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    deliver,
    receiver::{Receiver, by_subject},
    register, rename, wait_until,
};
use crate::{
    changes::{now, told},
    harness::{World, on_both, people},
};

const SITES: [&str; 3] = ["Y90001", "Y90002", "Y90004"];

async fn rename_all(world: &World, round: usize) {
    for site in SITES {
        rename(world, site, &format!("{site} the {round}th")).await;
    }
}

#[test]
fn a_receiver_that_fails_for_a_while_gets_everything_afterwards_in_order() {
    on_both(async |world| {
        // A real receiver takes nothing that is not signed now.
        let clock = world.app.store.clock();
        clock.set(Clock::machine().now() - TimeDelta::minutes(4));
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        let before = now(world, people::NATIONAL).await;
        receiver.answer_with(503);
        for round in 0..4 {
            rename_all(world, round).await;
            deliver(world).await;
            let waits = hook.now(world).await;
            assert_eq!(
                (&waits["status"], &waits["failures"]),
                (&json!("ACTIVE"), &json!(round + 1))
            );
            let tried = receiver.came().len();
            deliver(world).await;
            assert_eq!(receiver.came().len(), tried, "nobody is asked again before it is time");
            wait_until(world, &waits["nextAttemptAt"]);
        }
        let refused = receiver.came().len();
        assert!(refused >= 4 && receiver.took().is_empty(), "{refused}");
        receiver.answer_with(204);
        deliver(world).await;

        let took = receiver.took();
        let feed = told(world, people::NATIONAL, &before).await;
        assert_eq!(took.len(), feed.changes.len(), "all of it, and nothing twice");
        assert!(took.len() >= 4 * SITES.len(), "{}", took.len());
        for message in &took {
            message.verify(&hook.secret);
        }
        for (subject, told) in by_subject(&took) {
            let of_it = feed.changes.iter().filter(|change| change["nodeId"] == subject.as_str());
            let of_it: Vec<_> = of_it
                .map(|it| (it["type"].as_str().unwrap().to_owned(), it["after"].clone()))
                .collect();
            assert_eq!(told, of_it, "{subject}");
        }
        let after = hook.now(world).await;
        assert_eq!((&after["status"], &after["failures"]), (&json!("ACTIVE"), &json!(0)));
        assert_eq!(after["cursor"], now(world, people::NATIONAL).await);
        let log = after["deliveries"]["nodes"].as_array().unwrap();
        assert_eq!(log.len(), refused + took.len());
        assert_eq!(after["deliveries"]["totalCount"], log.len());
        let failed: Vec<_> = log.iter().filter(|it| it["delivered"] == false).collect();
        assert_eq!(failed.len(), refused);
        for it in failed {
            assert_eq!(
                (&it["statusCode"], &it["failure"]),
                (&json!(503), &json!("it answered with 503"))
            );
        }
    });
}

#[test]
fn a_change_is_a_cloud_event_that_says_where_it_stands_in_the_feed() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        deliver(world).await;
        let [message] = &receiver.took()[..] else { panic!("{:#?}", receiver.came()) };
        assert_eq!(message.header("content-type"), "application/cloudevents+json; charset=utf-8");
        assert_eq!(message.header("webhook-timestamp"), "1768467600", "the clock's");
        assert!(message.is_signed_with(&hook.secret));
        let event = &message.event;
        let site = world.site("Y90001").await;
        let cursor = now(world, people::NATIONAL).await;
        assert_eq!(event["id"], message.header("webhook-id"));
        let expected = json!({
            "specversion": "1.0", "id": event["id"], "source": world.app.config.public_url,
            "type": "uk.nhs.gpa.renamed", "subject": site["id"], "time": "2026-01-15T09:00:00Z",
            "datacontenttype": "application/json",
            "data": { "cursor": cursor, "type": "RENAMED", "nodeId": site["id"],
                "effectiveOn": "2026-01-15", "before": "Moor View Surgery",
                "after": "Lark Rise Surgery" },
        });
        assert_eq!(*event, expected);
    });
}

#[test]
fn what_cannot_be_told_of_one_subject_holds_up_no_other() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        let stuck = world.site("Y90001").await["id"].clone();
        let (of, refused) = (stuck.clone(), stuck.clone());
        receiver.answer(move |event| (if event["subject"] == of { 400 } else { 200 }, None));
        rename_all(world, 1).await;
        rename_all(world, 2).await;
        deliver(world).await;
        let took = receiver.took();
        assert_eq!(took.len(), 4);
        assert!(took.iter().all(|it| *it.subject() != refused));
        let came = receiver.came();
        let of_stuck: Vec<_> = came.iter().filter(|it| *it.subject() == refused).collect();
        assert_eq!(of_stuck.len(), 1, "what follows in it is not tried before it");

        receiver.answer_with(200);
        receiver.forget();
        wait_until(world, &hook.now(world).await["nextAttemptAt"]);
        deliver(world).await;
        let names: Vec<Value> =
            receiver.came().iter().map(|it| it.event["data"]["after"].clone()).collect();
        assert_eq!(names, ["Y90001 the 1th", "Y90001 the 2th"], "and of the others nothing again");
    });
}

#[test]
fn types_narrow_what_is_sent() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let input = json!({ "idempotencyKey": "typed", "url": receiver.url,
            "types": ["STATUS_CHANGED"] });
        let made = super::done(world, people::NATIONAL, "registerWebhook", input).await;
        assert_eq!(made["webhook"]["types"], json!(["STATUS_CHANGED"]));
        rename(world, "Y90001", "Lark Rise Surgery").await;
        let site = world.site("Y90001").await;
        let closed = json!({ "id": site["id"], "expectedVersion": site["version"],
            "closedOn": "2026-01-15" });
        world.command(people::NATIONAL, "closeSite", closed).await;
        deliver(world).await;
        let types: BTreeSet<String> = receiver
            .came()
            .iter()
            .map(|it| it.event["data"]["type"].as_str().unwrap().to_owned())
            .collect();
        assert!(types.contains("STATUS_CHANGED") && !types.contains("RENAMED"), "{types:?}");
    });
}
