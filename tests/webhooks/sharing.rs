//! Several instances share the work through the database, and none does another's.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::FutureExt;
use serde_json::Value;

use super::{couriers, receiver::Receiver, register, rename, wait};
use crate::harness::{Who, on_both, on_the_same, people};

/// Of different teams, so that there are webhooks of several owners.
const OWNERS: [Who; 3] = [people::NATIONAL, people::YORKSHIRE, people::CHESHIRE];

#[test]
fn two_instances_send_everything_once() {
    on_both(async |world| {
        let receivers: Vec<Receiver> = (0..4).map(|_| Receiver::new()).collect();
        for (number, receiver) in receivers.iter().enumerate() {
            for who in OWNERS {
                register(world, who, &format!("{}?{number}", receiver.url)).await;
            }
        }
        for round in 0..6 {
            rename(world, ["Y90001", "Y90002", "Y90004"][round % 3], &format!("Name {round}"))
                .await;
        }
        let other = on_the_same(world).await;
        let (ours, theirs) = (couriers(world), couriers(&other));
        loop {
            let (a, b) = tokio::join!(ours.turn(), theirs.turn());
            if !a.unwrap() && !b.unwrap() {
                break;
            }
        }
        for receiver in &receivers {
            let mut times: BTreeMap<String, usize> = BTreeMap::new();
            for message in receiver.came() {
                *times.entry(message.header("webhook-id").to_owned()).or_default() += 1;
            }
            assert_eq!(times.len(), OWNERS.len() * 6, "{times:#?}");
            assert!(times.values().all(|times| *times == 1), "{times:#?}");
        }
        other.leave().await;
    });
}

#[test]
fn nobody_sends_to_a_webhook_that_another_is_sending_to() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        rename(world, "Y90001", "Two").await;
        let other = on_the_same(world).await;
        let (ours, theirs) = (couriers(world), couriers(&other));
        receiver.open(false);
        let meanwhile = async {
            receiver.has_come(1).await;
            assert!(!theirs.turn().await.unwrap(), "it found something to do");
            assert_eq!(receiver.arrived(), 1);
            receiver.open(true);
        };
        let (delivered, ()) = tokio::join!(ours.turn(), meanwhile);
        delivered.unwrap();
        assert!(!theirs.turn().await.unwrap());
        assert_eq!(receiver.came().len(), 2);
        other.leave().await;
    });
}

#[test]
fn what_an_instance_leaves_undone_another_does_later() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        let other = on_the_same(world).await;
        let (ours, theirs) = (couriers(world), couriers(&other));
        receiver.open(false);
        {
            // Ours is gone while it waits for the answer.
            let turn = ours.turn().fuse();
            tokio::pin!(turn);
            tokio::select! {
                _ = &mut turn => panic!("it did not wait"),
                () = receiver.has_come(1) => {}
            }
        }
        receiver.open(true);
        assert!(!theirs.turn().await.unwrap());
        assert_eq!(receiver.arrived(), 1, "the claim holds for a while");
        wait(world, TimeDelta::seconds(61));
        wait(&other, TimeDelta::seconds(61));
        theirs.turn().await.unwrap();
        assert_eq!(receiver.arrived(), 2, "at least once");
        other.leave().await;
    });
}

#[test]
fn several_subjects_are_told_of_at_a_time_and_each_in_its_order() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::NATIONAL, &receiver.url).await;
        for name in ["One", "Two"] {
            for site in ["Y90001", "Y90002", "Y90004"] {
                rename(world, site, name).await;
            }
        }
        receiver.open(false);
        let couriers = couriers(world);
        let meanwhile = async {
            receiver.has_come(3).await;
            receiver.open(true);
        };
        let (delivered, ()) = tokio::join!(couriers.turn(), meanwhile);
        delivered.unwrap();
        // Three had come before any was answered, so each of another subject.
        let mut told: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for it in receiver.came() {
            let subject = it.event["subject"].as_str().unwrap().to_owned();
            told.entry(subject).or_default().push(it.event["data"]["after"].clone());
        }
        assert_eq!(told.len(), 3);
        assert!(told.values().all(|names| *names == ["One", "Two"]), "{told:?}");
    });
}

#[test]
fn the_program_sends_by_itself() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::NATIONAL, &receiver.url).await;
        world.app.follow();
        rename(world, "Y90001", "One").await;
        receiver.has_come(1).await;
        rename(world, "Y90001", "Two").await;
        receiver.has_come(2).await;
    });
}
