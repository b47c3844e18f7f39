//! `changes`, followed: across instances, across breaks, and by each as far as they reach.

use std::time::Duration;

use serde_json::json;

use super::{client::Client, following, rename, words};
use crate::{
    changes::{now, told},
    enrolments::{cohort, done, read, started},
    harness::{Served, World, on_both, on_postgres, on_the_same, people},
};

/// A poll that no test lives to see.
const NEVER: Duration = Duration::from_secs(3_600);

/// PostgreSQL tells the other instances: nothing here is ever polled.
#[test]
fn what_one_instance_writes_another_tells_at_once() {
    on_postgres(async |world| tells_of_another(world, NEVER).await);
}

#[test]
fn an_instance_that_lost_its_connection_listens_again() {
    on_postgres(async |world| {
        let other = on_the_same(world).await;
        let looking = actix_web::rt::spawn(other.app.store.clone().follow(NEVER));
        let served = Served::of(&other);
        let mut client = following(&other, &served, people::YORKSHIRE, None).await;
        rename(world, "Y90001", "Before").await;
        assert_eq!(words(&client.event().await), "RENAMED Before");
        let cut_off = world.number(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN %'",
        );
        assert!(cut_off.await > 0);
        rename(world, "Y90001", "After").await;
        assert_eq!(words(&client.event().await), "RENAMED After");
        looking.abort();
        served.stop().await;
        other.leave().await;
    });
}

#[test]
fn what_one_instance_writes_another_tells_after_its_poll() {
    on_both(async |world| tells_of_another(world, Duration::from_millis(200)).await);
}

async fn tells_of_another(world: &World, poll: Duration) {
    let other = on_the_same(world).await;
    let looking = actix_web::rt::spawn(other.app.store.clone().follow(poll));
    let served = Served::of(&other);
    let mut client = following(&other, &served, people::YORKSHIRE, None).await;
    let first = now(&other, people::YORKSHIRE).await;
    for name in ["One", "Two", "Three"] {
        rename(world, "Y90001", name).await;
        let event = client.event().await;
        assert_eq!(words(&event), format!("RENAMED {name}"));
        assert_ne!(event["data"]["changes"]["cursor"], json!(first));
    }
    looking.abort();
    served.stop().await;
    other.leave().await;
}

#[test]
fn after_a_break_nothing_is_missing_and_nothing_comes_twice() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut cursor = now(world, people::NORTH_EAST).await;
        let began = cursor.clone();
        let mut heard = Vec::new();
        for round in 0..4 {
            // Some of it while nobody follows, and some while somebody does.
            for half in 0..3 {
                rename(world, "Y90001", &format!("Away {round} {half}")).await;
            }
            let mut client = following(world, &served, people::NORTH_EAST, Some(&cursor)).await;
            rename(world, "Y90001", &format!("There {round}")).await;
            // One of them is left unheard, and comes again after the break.
            for _ in 0..3 {
                let event = client.event().await;
                heard.push(words(&event));
                event["data"]["changes"]["cursor"].as_str().unwrap().clone_into(&mut cursor);
            }
        }
        let mut client = following(world, &served, people::NORTH_EAST, Some(&cursor)).await;
        while heard.len() < 16 {
            heard.push(words(&client.event().await));
        }
        let all = told(world, people::NORTH_EAST, &began).await;
        let word = |change: &serde_json::Value| {
            format!("{} {}", change["type"].as_str().unwrap(), change["after"].as_str().unwrap())
        };
        let all: Vec<_> = all.changes.iter().map(word).collect();
        assert_eq!(heard, all);
        served.stop().await;
    });
}

#[test]
fn what_leaves_the_reach_of_a_follower_is_told_once_and_then_no_more() {
    on_both(async |world| {
        let served = Served::of(world);
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        let mut site = following(world, &served, people::PRACTICE, None).await;
        let mut hub = following(world, &served, people::YORKSHIRE, None).await;
        let mut other = following(world, &served, people::CHESHIRE, None).await;
        let to = json!({ "site": { "odsCode": "Y90002" }, "on": "2025-06-02" });
        let it = done(world, people::YORKSHIRE, "transferEnrolment", read(&it, to)).await;
        let on = json!({ "to": "PAUSED", "on": "2025-07-01" });
        done(world, people::YORKSHIRE, "advanceEnrolment", read(&it, on)).await;
        rename(world, "Y90001", "The end").await;

        let mut left = Vec::new();
        loop {
            let event = site.event().await;
            if words(&event) == "RENAMED The end" {
                break;
            }
            let change = &event["data"]["changes"]["node"];
            // Its own stage goes by who is there, and the cohort stays the hub's.
            if ![&it["id"], &it["learner"]["id"]].contains(&&change["nodeId"]) {
                continue;
            }
            left.push(format!("{} {}", change["nodeId"], change["type"]));
            assert!(change["node"].is_null() && change["after"].is_null(), "{event:#}");
        }
        let mut gone =
            [&it["id"], &it["learner"]["id"]].map(|id| format!("{id} \"LEFT_YOUR_REACH\""));
        left.sort();
        gone.sort();
        assert_eq!(left, gone);
        assert_eq!(words(&other.event().await), "RENAMED The end", "Cheshire has no part in it");
        let mut types = Vec::new();
        loop {
            let event = hub.event().await;
            let change = &event["data"]["changes"]["node"];
            if words(&event) == "RENAMED The end" {
                break;
            }
            if change["nodeId"] == it["id"] {
                types.push(change["type"].clone());
                assert_eq!(change["node"]["id"], it["id"]);
            }
        }
        assert_eq!(types, ["ENROLMENT_TRANSFERRED", "ENROLMENT_TRANSFERRED", "ENROLMENT_ADVANCED"]);
        served.stop().await;
    });
}

#[test]
fn only_the_types_that_were_named_are_told() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut client = Client::signed_in(&served, world.token(people::YORKSHIRE)).await;
        client.subscribe("1", super::CHANGES, json!({ "types": ["COHORT_OPENED"] })).await;
        rename(world, "Y90001", "Unheard").await;
        cohort(world).await;
        assert!(words(&client.event().await).starts_with("COHORT_OPENED"));
        served.stop().await;
    });
}
