//! Consumers that follow their cursors while many write, on several instances, and that are
//! stopped and started again, end with exactly what a full read shows: nothing missed, and
//! nothing applied twice.

mod consumer;
mod writer;

use std::{cell::Cell, rc::Rc};

use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use self::{consumer::Consumer, writer::Writer};
use crate::harness::{
    Who, World, has_postgres, on_new_postgres, on_new_sqlite, on_the_same_with, people,
};

/// Sites of the demonstration: enough that each region has some.
const SITES: usize = 63;
const WRITERS: usize = 8;
const RESTARTS: usize = 20;
/// How many changes the writers make at least.
const CHANGES: i64 = 10_000;

async fn follow(world: &World, seed: u64) {
    world.app.demonstrate_at_size(SITES, seed).await.unwrap();
    // Consumers that ask as fast as they can would spend what a minute allows.
    let unlimited = ["--rate-limit", "0"];
    let world = &on_the_same_with(world, &unlimited).await;
    let other = on_the_same_with(world, &unlimited).await;
    let instances = [world, &other];
    let followers = followers(world).await;
    let mut consumers = Vec::new();
    for who in &followers {
        consumers.push(Consumer::begin(*who, &instances).await);
    }
    let began = world.position().await;
    let goal = began + CHANGES;
    let writing = Rc::new(Cell::new(WRITERS));
    let writers = (0..WRITERS).map(|number| {
        let (writing, instances) = (writing.clone(), instances);
        async move {
            let mut random = StdRng::seed_from_u64(seed * 100 + number as u64);
            let mut writer = Writer::begin(number, instances[number % 2]).await;
            while instances[0].position().await < goal {
                writer.write(&mut random).await;
            }
            writing.set(writing.get() - 1);
            writer.wrote
        }
    });
    let restarts = Cell::new(0);
    let following = consumers.iter_mut().enumerate().map(|(number, consumer)| {
        let (writing, restarts) = (writing.clone(), &restarts);
        async move {
            let mut random = StdRng::seed_from_u64(seed * 1_000 + number as u64);
            while writing.get() > 0 {
                let at = instances[random.random_range(0..2)];
                consumer.follow(at, random.random_range(1..=100)).await;
                if restarts.get() < RESTARTS && random.random_bool(0.1) {
                    consumer.stop_and_start();
                    restarts.set(restarts.get() + 1);
                }
            }
        }
    });
    let (wrote, _) = tokio::join!(join_all(writers), join_all(following));
    assert!(wrote.iter().all(|wrote| *wrote > 10), "{wrote:?}");
    while restarts.get() < RESTARTS {
        consumers[restarts.get() % 3].stop_and_start();
        restarts.set(restarts.get() + 1);
    }
    let made = world.position().await - began;
    for consumer in &mut consumers {
        consumer.catch_up(&other).await;
        consumer.holds_what_a_full_read_shows(&other).await;
        eprintln!(
            "{} of {made} changes were theirs: {}",
            consumer.applied(),
            consumer.who.organisation
        );
    }
    other.leave().await;
    world.app.store.close().await;
}

/// A hub with learners, its region, and a site of it.
async fn followers(world: &World) -> [Who; 3] {
    let hub = writer::busiest_hub(world).await;
    let region = writer::region_of(world, hub).await;
    let site = writer::site_of(world, hub).await;
    [
        Who { organisation: hub, ..people::YORKSHIRE },
        Who { organisation: region, ..people::NORTH_EAST },
        Who { organisation: site, ..people::PRACTICE },
    ]
}

#[test]
fn consumers_end_with_what_a_full_read_shows_on_sqlite() {
    on_new_sqlite(async |world| follow(world, 5).await);
}

#[test]
fn consumers_end_with_what_a_full_read_shows_on_postgres() {
    if has_postgres() {
        on_new_postgres(async |world| follow(world, 6).await);
    }
}
