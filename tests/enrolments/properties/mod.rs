//! What must be true of enrolments after any sequence of commands: the states follow the
//! table, a start had its mentor and a completion its competencies (invariant 10), every
//! write is in the audit and in the feed (12), memory is what the database holds, and the
//! figures that were kept are what the records come to. The rules are checked on the rows,
//! by code that shares nothing with the program's.

mod play;
mod rules;

use std::{cell::Cell, collections::BTreeMap};

use entity::{
    enrolment::{self, State},
    enrolment_event,
};
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{EntityTrait, QueryOrder};

use self::{
    play::{Act, Play, act},
    rules::{
        completed_means_competent, each_start_had_a_mentor, memory_is_what_the_database_holds,
        no_place_is_taken_twice, nobody_has_two_that_are_not_over, states_follow_the_table,
        what_is_due_is_what_was_granted,
    },
};
use crate::{
    harness::{World, has_postgres, on_postgres, on_sqlite},
    participation::tallies::kept,
};

const STEPS: usize = 50;

async fn case(world: &World, acts: &[Act], did: &Cell<usize>, reached: &Cell<usize>) {
    let mut play = Play::begin(world).await;
    for act in acts {
        did.set(did.get() + usize::from(play.take(world, act).await));
    }
    let mut events: BTreeMap<i64, Vec<enrolment_event::Model>> = BTreeMap::new();
    let rows = enrolment_event::Entity::find()
        .order_by_asc(enrolment_event::Column::OccurredOn)
        .order_by_asc(enrolment_event::Column::Id);
    for event in rows.all(&world.raw).await.unwrap() {
        events.entry(event.enrolment_id).or_default().push(event);
    }
    let enrolments = enrolment::Entity::find().all(&world.raw).await.unwrap();
    for row in &enrolments {
        states_follow_the_table(row, &events[&row.id]);
        each_start_had_a_mentor(world, &events[&row.id]).await;
        what_is_due_is_what_was_granted(world, row, &events[&row.id]).await;
        if row.state == State::Completed {
            reached.set(reached.get() + 1);
            completed_means_competent(world, row).await;
        }
    }
    no_place_is_taken_twice(world, &enrolments, &events).await;
    nobody_has_two_that_are_not_over(&enrolments);
    memory_is_what_the_database_holds(world, &play).await;
    assert!(kept(world).await > 0, "no tally was carried here");
}

/// Tries so many sequences and, where it takes long for chance to bring somebody all the
/// way, as many again, up to ten times.
fn try_sequences(cases: u32, on: impl Fn(&[Act], &Cell<usize>, &Cell<usize>)) {
    const ROUNDS: u32 = 10;
    let (did, reached) = (Cell::new(0), Cell::new(0));
    let mut tried = 0;
    for _ in 0..ROUNDS {
        let failure_persistence = None;
        let config =
            Config { cases, failure_persistence, max_shrink_iters: 20, ..Config::default() };
        let run = TestRunner::new(config).run(&proptest::collection::vec(act(), STEPS), |acts| {
            on(&acts, &did, &reached);
            Ok(())
        });
        run.unwrap();
        tried += cases as usize * STEPS;
        if reached.get() > 0 || cases < 8 {
            break;
        }
    }
    assert!(did.get() > tried / 4, "of {tried} acts only {} did anything", did.get());
    assert!(cases < 8 || reached.get() > 0, "nobody completed");
    eprintln!("{} of {tried} acts did something, {} completed", did.get(), reached.get());
}

#[test]
fn the_rules_hold_after_any_sequence_on_sqlite() {
    try_sequences(8, |acts, did, reached| {
        on_sqlite(async |world| case(world, acts, did, reached).await);
    });
}

#[test]
fn the_rules_hold_after_any_sequence_on_postgres() {
    if has_postgres() {
        try_sequences(3, |acts, did, reached| {
            on_postgres(async |world| case(world, acts, did, reached).await);
        });
    }
}
