//! What must be true after any sequence of commands, tried with random ones.
//!
//! The commands go through the front door, by the national team, who may do anything;
//! the rules are checked on the rows of the database, by code of their own that shares
//! nothing with the program's.

mod agreement;
mod figures;
mod model;
mod play;
mod register;
mod rules;

use std::cell::Cell;

use proptest::test_runner::{Config, TestRunner};

use self::{
    play::{Play, Step},
    register::Register,
};
use crate::harness::{World, on_postgres, on_sqlite};

/// So many commands make up one case.
const STEPS: usize = 24;

fn try_sequences(cases: u32, on: impl Fn(&[Step], &Cell<usize>)) {
    let failure_persistence = None;
    let config = Config { cases, failure_persistence, max_shrink_iters: 30, ..Config::default() };
    let done = Cell::new(0);
    let sequences = proptest::collection::vec(play::step(), STEPS);
    let run = TestRunner::new(config).run(&sequences, |steps| {
        on(&steps, &done);
        Ok(())
    });
    run.unwrap();
    let tried = cases as usize * STEPS;
    assert!(done.get() > tried / 4, "of {tried} commands only {} did anything", done.get());
}

/// Plays the steps, and then holds everything to the rules.
async fn case(world: &World, steps: &[Step], done: &Cell<usize>) {
    let mut play = Play::begin(world).await;
    for step in steps {
        done.set(done.get() + usize::from(play.take(world, step).await));
    }
    let register = Register::read(&world.raw).await;
    rules::one_lead_of_a_region_at_a_time(&register);
    rules::one_parent_of_a_level_at_a_time(&register);
    rules::one_bearer_of_a_code_at_a_time(&register);
    rules::placements_tile_time(&register);
    rules::placements_follow_from_memberships(&register);
    agreement::every_write_is_recorded(world).await;
    agreement::memory_is_what_the_database_holds(world).await;
    agreement::reach_means_the_same_in_lists_and_for_one(world).await;
}

#[test]
fn the_rules_hold_after_any_sequence_on_sqlite() {
    try_sequences(8, |steps, done| on_sqlite(async |world| case(world, steps, done).await));
}

#[test]
fn the_rules_hold_after_any_sequence_on_postgres() {
    if crate::harness::has_postgres() {
        try_sequences(3, |steps, done| on_postgres(async |world| case(world, steps, done).await));
    }
}
