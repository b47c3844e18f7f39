//! What must be true of enrolments after any sequence of commands: the states follow the
//! table, a start had its mentor and a completion its competencies (invariant 10), every
//! write is in the audit and in the feed (12), and memory is what the database holds. The
//! rules are checked on the rows, by code that shares nothing with the program's.

use std::{cell::Cell, collections::BTreeMap};

use chrono::{Months, NaiveDate};
use entity::{
    assessment::{self, AssessmentState},
    cohort,
    enrolment::{self, State},
    enrolment_event,
    extension::{self, Decision},
    mentor_assignment::{self, MentorKind},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{
    HUBS_OTHER, application, cohort_input, command_to, done, enrolment as seen, framework, read,
    send, to,
};
use crate::harness::{Who, World, has_postgres, on_postgres, on_sqlite, on_the_same, people, with};

const STEPS: usize = 40;
const STATES: [&str; 11] = [
    "OFFERED",
    "ACCEPTED",
    "STARTED",
    "PAUSED",
    "SUBMITTED",
    "REFERRED",
    "VERIFIED",
    "COMPLETED",
    "REJECTED",
    "CANCELLED",
    "WITHDRAWN",
];

#[derive(Debug, Clone)]
enum Act {
    Apply {
        who: usize,
        cohort: usize,
        site: usize,
    },
    /// What is possible next or, now and then, anything at all.
    Move {
        which: usize,
        next: Option<usize>,
        any: usize,
        day: u32,
    },
    Mentor {
        which: usize,
        day: u32,
    },
    EndMentor {
        which: usize,
        day: u32,
    },
    Ask {
        which: usize,
        months: i32,
    },
    Decide {
        which: usize,
        granted: bool,
    },
    Transfer {
        which: usize,
        site: usize,
        day: u32,
    },
    Report {
        which: usize,
        status: usize,
    },
    Assess {
        which: usize,
        competency: i64,
        good: bool,
    },
    Merge {
        keep: usize,
        merge: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let which = || 0..6_usize;
    let day = || 0..40_u32;
    let next = proptest::option::weighted(0.9, 0..3_usize);
    prop_oneof![
        3 => (0..4_usize, 0..2_usize, 0..2_usize)
            .prop_map(|(who, cohort, site)| Act::Apply { who, cohort, site }),
        12 => (which(), next, 0..STATES.len(), 0..3_u32)
            .prop_map(|(which, next, any, day)| Act::Move { which, next, any, day }),
        3 => (which(), day()).prop_map(|(which, day)| Act::Mentor { which, day }),
        1 => (which(), day()).prop_map(|(which, day)| Act::EndMentor { which, day }),
        2 => (which(), 1..4).prop_map(|(which, months)| Act::Ask { which, months }),
        2 => (which(), any::<bool>()).prop_map(|(which, granted)| Act::Decide { which, granted }),
        1 => (which(), 0..3_usize, 0..3_u32)
            .prop_map(|(which, site, day)| Act::Transfer { which, site, day }),
        1 => (which(), 0..3_usize).prop_map(|(which, status)| Act::Report { which, status }),
        4 => (which(), 1..3_i64, proptest::bool::weighted(0.9))
            .prop_map(|(which, competency, good)| Act::Assess { which, competency, good }),
        1 => (which(), which()).prop_map(|(keep, merge)| Act::Merge { keep, merge }),
    ]
}

/// A day of a span in which everything happens: March 2025, and those after what was last.
fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 3, 1).unwrap() + chrono::Days::new(u64::from(number))
}

fn site(number: usize) -> Value {
    let code = ["Y90001", "Y90002", "Y90004"][number];
    json!({ "odsCode": code })
}

struct Play {
    cohorts: [Value; 2],
    enrolments: Vec<Value>,
    number: usize,
}

impl Play {
    async fn begin(world: &World) -> Self {
        let fixed = cohort_input(world, "fixed").await;
        let rolling = json!({ "idempotencyKey": "rolling", "kind": "ROLLING", "places": 1 });
        let rolling = with(&fixed, rolling);
        let fixed = done(world, people::YORKSHIRE, "openCohort", fixed).await;
        let rolling = done(world, people::YORKSHIRE, "openCohort", rolling).await;
        Self { cohorts: [fixed, rolling], enrolments: Vec::new(), number: 0 }
    }

    /// Takes a step; says whether it changed anything.
    async fn take(&mut self, world: &World, act: &Act) -> bool {
        self.number += 1;
        let Some((who, command, input)) = self.command(world, act).await else { return false };
        let (rows, position) = (world.rows().await, world.position().await);
        let audits = world.number("SELECT COUNT(*) FROM audit").await;
        let payload = send(world, who, command, input).await;
        let outcome = payload["__typename"].as_str().unwrap();
        assert!(!outcome.ends_with("Conflict"), "{act:?}: {payload:#}");
        let wrote = !["InvalidInput", "AlreadyEnrolled"].contains(&outcome);
        assert_eq!(world.rows().await != rows, wrote, "{act:?}: {payload:#}");
        // Invariant 12.
        let audited = world.number("SELECT COUNT(*) FROM audit").await - audits;
        assert_eq!(audited, i64::from(wrote), "{act:?}");
        assert_eq!(world.position().await > position, wrote, "{act:?}");
        if outcome == "LearnerEnrolled" {
            self.enrolments.push(payload["enrolment"]["id"].clone());
        }
        wrote
    }

    async fn it(&self, world: &World, which: usize) -> Option<Value> {
        let id = self.enrolments.get(which % self.enrolments.len().max(1))?;
        let it = seen(world, people::YORKSHIRE, id).await;
        (!it.is_null()).then_some(it)
    }

    async fn command(&self, world: &World, act: &Act) -> Option<(Who, &'static str, Value)> {
        let key = format!("act-{}", self.number);
        let keyed =
            |it: &Value, more| with(&json!({ "idempotencyKey": key, "enrolment": it["id"] }), more);
        let last = |it: &Value| -> NaiveDate {
            let events = it["events"].as_array().unwrap();
            events.last().unwrap()["on"].as_str().unwrap().parse().unwrap()
        };
        let hub = people::YORKSHIRE;
        Some(match act {
            Act::Apply { who, cohort, site: at } => {
                let name = ["amy", "ben", "cay", "dee"][*who];
                let input = application(name, &self.cohorts[*cohort]);
                (
                    hub,
                    "enrolLearner",
                    with(&input, json!({ "idempotencyKey": key, "site": site(*at) })),
                )
            }
            Act::Move { which, next, any, day: after } => {
                let it = self.it(world, *which).await?;
                let steps = it["next"].as_array().unwrap();
                let chosen = next.and_then(|next| steps.get(next % steps.len().max(1)));
                let state = chosen.map_or(STATES[*any], |step| step["state"].as_str().unwrap());
                let on = (last(&it) + chrono::Days::new(u64::from(*after))).max(day(0));
                let (command, who) = command_to(state);
                (who, command, to(&it, state, &on.to_string()))
            }
            Act::Mentor { which, day: from } => {
                let it = self.it(world, *which).await?;
                let person = json!({ "kind": "GP_MENTOR", "person": { "subject": "asha" },
                    "from": day(*from) });
                (hub, "assignMentor", keyed(&it, person))
            }
            Act::EndMentor { which, day: until } => {
                let it = self.it(world, *which).await?;
                let mentor = it["mentors"].as_array().unwrap().last()?;
                let input = read(&it, json!({ "id": mentor["id"], "to": day(*until) }));
                (hub, "endMentorAssignment", input)
            }
            Act::Ask { which, months } => {
                let it = self.it(world, *which).await?;
                let asked = json!({ "months": months, "reason": "WORKLOAD" });
                (hub, "requestExtension", keyed(&it, asked))
            }
            Act::Decide { which, granted } => {
                let it = self.it(world, *which).await?;
                let extension = it["extensions"].as_array().unwrap().last()?;
                let decision = if *granted { "GRANTED" } else { "REFUSED" };
                (HUBS_OTHER, "decideExtension", read(extension, json!({ "decision": decision })))
            }
            Act::Transfer { which, site: at, day: after } => {
                let it = self.it(world, *which).await?;
                let on = last(&it) + chrono::Days::new(u64::from(*after));
                (hub, "transferEnrolment", read(&it, json!({ "site": site(*at), "on": on })))
            }
            Act::Report { which, status } => {
                let it = self.it(world, *which).await?;
                let status = ["EMPLOYED", "ON_LEAVE", "LEFT"][*status];
                (hub, "reportEmployment", keyed(&it, json!({ "status": status })))
            }
            Act::Assess { which, competency, good } => {
                let it = self.it(world, *which).await?;
                let state = if *good { "COMPETENT" } else { "REFERRED_BACK" };
                if it["state"] != "COMPLETED" {
                    framework::assess(world, &it, *competency, state).await;
                }
                return None;
            }
            Act::Merge { keep, merge } => {
                let (keep, merge) = (self.it(world, *keep).await?, self.it(world, *merge).await?);
                let input = json!({ "keep": keep["learner"]["id"], "merge": merge["learner"]["id"],
                    "expectedVersion": keep["learner"]["version"] });
                (hub, "mergeLearners", input)
            }
        })
    }
}

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
}

fn states_follow_the_table(row: &enrolment::Model, events: &[enrolment_event::Model]) {
    use State::{
        Accepted, Applied, Cancelled, Completed, Offered, Paused, Referred, Rejected, Started,
        Submitted, Verified, Withdrawn,
    };
    assert_eq!(events[0].state, Applied);
    assert_eq!(
        events.last().map(|last| (last.state, last.site_id)),
        Some((row.state, row.site_id))
    );
    for pair in events.windows(2) {
        let (from, to) = (pair[0].state, pair[1].state);
        let moved = from == to && pair[0].site_id != pair[1].site_id;
        let stepped = pair[0].site_id == pair[1].site_id
            && matches!(
                (from, to),
                (Applied, Offered | Rejected | Cancelled)
                    | (Offered, Accepted | Cancelled)
                    | (Accepted, Started | Cancelled)
                    | (Started, Paused | Submitted | Withdrawn)
                    | (Paused, Started | Withdrawn)
                    | (Submitted, Referred | Verified | Withdrawn)
                    | (Referred, Submitted | Withdrawn)
                    | (Verified, Completed | Withdrawn)
            );
        assert!(moved || stepped, "{pair:?}");
    }
    let ended = matches!(row.state, Rejected | Cancelled | Withdrawn);
    assert_eq!(row.exit_reason.is_some(), ended, "{row:?}");
}

fn starts(events: &[enrolment_event::Model]) -> impl Iterator<Item = &enrolment_event::Model> {
    let pairs = events.windows(2);
    let begun =
        pairs.filter(|pair| pair[1].state == State::Started && pair[0].state != State::Started);
    begun.map(|pair| &pair[1])
}

async fn each_start_had_a_mentor(world: &World, events: &[enrolment_event::Model]) {
    let mentors = mentor_assignment::Entity::find().all(&world.raw).await.unwrap();
    for start in starts(events) {
        let there = mentors.iter().any(|row| {
            row.enrolment_id == start.enrolment_id
                && row.kind == MentorKind::GpMentor
                && row.valid_from <= start.occurred_on
                && row.valid_to.is_none_or(|to| start.occurred_on < to)
        });
        assert!(there, "nobody was the mentor on {start:?}");
    }
}

async fn what_is_due_is_what_was_granted(
    world: &World,
    row: &enrolment::Model,
    events: &[enrolment_event::Model],
) {
    let asked = extension::Entity::find().all(&world.raw).await.unwrap();
    let mine = asked.iter().filter(|each| each.enrolment_id == row.id);
    let granted = mine.filter(|each| each.decision == Some(Decision::Granted));
    let granted: Vec<&extension::Model> = granted.collect();
    assert!(granted.iter().map(|each| each.months).sum::<i32>() <= 3);
    for each in &granted {
        assert_ne!(Some(&each.requested_subject), each.decided_subject.as_ref());
    }
    let after = |day: NaiveDate, months: i32| {
        day.checked_add_months(Months::new(u32::try_from(months).unwrap())).unwrap()
    };
    let due = starts(events).next().map(|start| {
        granted.iter().fold(after(start.occurred_on, 9), |day, each| after(day, each.months))
    });
    assert_eq!(row.due_on, due, "{row:?}");
}

async fn completed_means_competent(world: &World, row: &enrolment::Model) {
    for competency in [900_103, 900_104] {
        let rows = assessment::Entity::find()
            .order_by_desc(assessment::Column::Revision)
            .all(&world.raw)
            .await
            .unwrap();
        let mut mine =
            rows.iter().filter(|it| it.enrolment_id == row.id && it.competency_id == competency);
        assert_eq!(mine.next().map(|it| it.state), Some(AssessmentState::Competent), "{row:?}");
    }
}

async fn no_place_is_taken_twice(
    world: &World,
    enrolments: &[enrolment::Model],
    events: &BTreeMap<i64, Vec<enrolment_event::Model>>,
) {
    for cohort in cohort::Entity::find().all(&world.raw).await.unwrap() {
        let held = enrolments.iter().filter(|row| {
            let offered = matches!(row.state, State::Offered | State::Accepted);
            row.cohort_id == cohort.id && (offered || starts(&events[&row.id]).next().is_some())
        });
        assert!(held.count() <= usize::try_from(cohort.places).unwrap(), "{cohort:?}");
    }
}

fn nobody_has_two_that_are_not_over(enrolments: &[enrolment::Model]) {
    let over = [State::Completed, State::Rejected, State::Cancelled, State::Withdrawn];
    let mut open: Vec<i64> = enrolments
        .iter()
        .filter(|row| !over.contains(&row.state))
        .map(|row| row.learner_id)
        .collect();
    open.sort_unstable();
    assert!(open.windows(2).all(|pair| pair[0] != pair[1]), "{open:?}");
}

async fn memory_is_what_the_database_holds(world: &World, play: &Play) {
    let fresh = on_the_same(world).await;
    for id in &play.enrolments {
        let (known, read) =
            (seen(world, people::YORKSHIRE, id).await, seen(&fresh, people::YORKSHIRE, id).await);
        assert_eq!(known, read);
    }
    let cohorts = "{ cohorts { nodes { id name placesTaken version enrolments { totalCount } } } }";
    let known = world.data(people::YORKSHIRE, cohorts, json!({})).await;
    assert_eq!(known, fresh.data(people::YORKSHIRE, cohorts, json!({})).await);
    fresh.leave().await;
}

fn try_sequences(cases: u32, on: impl Fn(&[Act], &Cell<usize>, &Cell<usize>)) {
    let failure_persistence = None;
    let config = Config { cases, failure_persistence, max_shrink_iters: 20, ..Config::default() };
    let (did, reached) = (Cell::new(0), Cell::new(0));
    let run = TestRunner::new(config).run(&proptest::collection::vec(act(), STEPS), |acts| {
        on(&acts, &did, &reached);
        Ok(())
    });
    run.unwrap();
    let tried = cases as usize * STEPS;
    assert!(did.get() > tried / 5, "of {tried} acts only {} did anything", did.get());
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
