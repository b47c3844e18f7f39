//! The couriers themselves: whoever is free goes at once, and whoever is told to stop
//! finishes what they are about.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{couriers, program::Program, receiver::Receiver, register, rename};
use crate::harness::{on_both, people};

/// Longer than any test lasts: what happens before is not because time passed.
const HOURS: Duration = Duration::from_secs(10_000);

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

#[test]
fn whoever_is_back_goes_again_at_once() {
    const MANY: usize = 40;
    on_both(async |world| {
        let receiver = Receiver::new();
        for number in 0..MANY {
            register(world, people::NATIONAL, &format!("{}?{number}", receiver.url)).await;
        }
        rename(world, "Y90001", "One").await;
        // They look around once by themselves, and then only because others came back.
        let following = couriers(world).start(HOURS);
        receiver.has_come(MANY).await;
        following.end(soon()).await;
        let claimed = "SELECT COUNT(*) FROM webhook WHERE claimed_by IS NOT NULL";
        assert_eq!(world.number(claimed).await, 0);
        let behind = "SELECT COUNT(*) FROM webhook
            WHERE cursor < (SELECT MAX(position) FROM change)";
        assert_eq!(world.number(behind).await, 0);
    });
}

#[test]
fn a_slow_receiver_keeps_one_courier_and_not_the_others() {
    on_both(async |world| {
        let (slow, quick) = (Receiver::new(), Receiver::new());
        slow.open(false);
        register(world, people::NATIONAL, &slow.url).await;
        for number in 0..30 {
            register(world, people::NATIONAL, &format!("{}?{number}", quick.url)).await;
        }
        rename(world, "Y90001", "One").await;
        let following = couriers(world).start(HOURS);
        quick.has_come(30).await;
        assert!(slow.came().is_empty());
        slow.open(true);
        following.end(soon()).await;
        assert_eq!(slow.took().len(), 1);
    });
}

#[test]
fn whoever_is_told_to_stop_finishes_what_they_are_about_and_begins_nothing() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        rename(world, "Y90001", "Two").await;
        receiver.open(false);
        let following = couriers(world).start(Duration::from_millis(20));
        receiver.has_come(1).await;
        following.stop();
        receiver.open(true);
        following.end(soon()).await;
        assert_eq!(receiver.came().len(), 1);
        let left = hook.now(world).await;
        assert_eq!(left["deliveries"]["totalCount"], 1, "what arrived is written down");
        assert_eq!(left["failures"], 0);
        // Whoever comes after them need not wait, and sends nothing again.
        super::deliver(world).await;
        let names: Vec<_> =
            receiver.took().iter().map(|it| it.event["data"]["after"].clone()).collect();
        assert_eq!(names, ["One", "Two"]);
    });
}

#[test]
fn what_takes_too_long_is_broken_off_and_sent_again() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        receiver.open(false);
        let following = couriers(world).start(HOURS);
        receiver.has_come(1).await;
        following.end(Instant::now()).await;
        receiver.open(true);
        super::wait(world, chrono::TimeDelta::seconds(61));
        super::deliver(world).await;
        assert_eq!(receiver.arrived(), 2);
    });
}

#[test]
fn a_program_that_is_told_to_stop_brings_what_it_has_under_way() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        rename(world, "Y90001", "Two").await;
        receiver.open(false);
        let mut program = Program::start(world, &[]).await;
        receiver.has_come(1).await;
        program.terminate();
        // It says that it stops before it closes its door, which takes it a while.
        while program.answers().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        receiver.open(true);
        assert!(program.ends().await.success());
        let left = hook.now(world).await;
        assert_eq!(left["deliveries"]["totalCount"], 1);
        assert_eq!(left["deliveries"]["nodes"][0]["delivered"], json!(true));
        let claimed = "SELECT COUNT(*) FROM webhook WHERE claimed_by IS NOT NULL";
        assert_eq!(world.number(claimed).await, 0);
        assert_eq!(receiver.arrived(), 1);
    });
}
