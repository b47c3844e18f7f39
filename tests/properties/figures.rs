//! What must be true of figures after any sequence of recordings and of changes and
//! corrections of the register: sums are what the observations come to (3 and 5), and
//! what was said stays said (6).

use std::{cell::Cell, collections::BTreeMap};

use api::domain::observations::check;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    observation::{self, Column, Entity, State},
    placement,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{
    model::{Model, Sum, Sums},
    play::{self, Play, Step},
};
use crate::harness::{World, has_postgres, now, on_postgres, on_sqlite, people};

const STEPS: usize = 30;
/// What is recorded: of sites, of sites again, of networks, of a board itself, of networks.
pub(super) const METRICS: [&str; 5] =
    ["survey.adopters", "survey.adopters", "gpa.fte", "survey.adopters", "gpa.headcount"];

#[derive(Debug, Clone)]
enum Act {
    Register(Step),
    Record { what: usize, whose: usize, month: u32, said: u32, approved: bool },
}

fn act() -> impl Strategy<Value = Act> {
    let record = (0..METRICS.len(), 0..20_usize, 0..18_u32, 0..14_u32, any::<bool>());
    prop_oneof![
        2 => play::step().prop_map(Act::Register),
        3 => record.prop_map(|(what, whose, month, said, approved)| Act::Record {
            what, whose, month, said, approved
        }),
    ]
}

/// Month number so and so, July 2024 the first.
pub(super) fn month(number: u32) -> String {
    format!("{}-{:02}", 2024 + (number + 6) / 12, (number + 6) % 12 + 1)
}

fn input(play: &Play, number: usize, act: &Act) -> Option<Value> {
    let Act::Record { what, whose, month: at, said, approved } = act else { return None };
    let organisation = match what {
        0 | 1 => play.site(*whose),
        3 => json!({ "odsCode": if whose % 2 == 0 { "QWO" } else { "QYG" } }),
        _ => json!({ "odsCode": format!("DEMOP00{}", whose % 3 + 1) }),
    };
    let mut item =
        json!({ "metric": METRICS[*what], "organisation": organisation, "month": month(*at) });
    match said {
        10 => item["state"] = json!("NIL"),
        11 => item["state"] = json!("NOT_APPLICABLE"),
        12 | 13 => item["state"] = json!("WITHDRAWN"),
        value => item["value"] = json!(value),
    }
    let status = if *approved { "APPROVED" } else { "PROVISIONAL" };
    Some(json!({ "idempotencyKey": format!("act-{number}"), "items": [item], "status": status }))
}

async fn observations(world: &World) -> Vec<observation::Model> {
    Entity::find().order_by_asc(Column::Id).all(&world.raw).await.unwrap()
}

/// England's figures of all months, as they were known at a moment, or now.
async fn england(world: &World, at: Option<DateTime<Utc>>) -> Value {
    let document = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
        points { value { state value status } } } }";
    let input = json!({ "metrics": ["survey.adopters", "gpa.fte"], "of": { "england": true },
        "periods": { "from": month(0), "to": month(17) }, "knownAt": at });
    world.data(people::PUBLIC, document, json!({ "input": input })).await
}

async fn case(world: &World, acts: &[Act], done: &Cell<usize>) {
    let mut play = Play::begin(world).await;
    let mut known = Vec::new();
    let mut moments = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        if let Act::Register(step) = act {
            done.set(done.get() + usize::from(play.take(world, step).await));
        } else if let Some(input) = input(&play, number, act) {
            let at = now() + TimeDelta::minutes(i64::try_from(number).unwrap());
            world.app.store.clock().set(at);
            world.command(people::NATIONAL, "recordObservations", input).await;
            let rows = observations(world).await;
            if rows.len() > known.len() {
                done.set(done.get() + 1);
                moments.push((at, england(world, None).await));
            }
            // Invariant 6: what was recorded before stands there unchanged.
            assert_eq!(rows[..known.len()], known, "{act:?}");
            known = rows;
        }
    }
    assert_eq!(observations(world).await, known);
    for (at, then) in moments {
        assert_eq!(england(world, Some(at)).await, then, "as known at {at}");
    }
    let operator = api::app::operator(&world.app.store);
    let checked = check::rollups(&operator).await.map_err(|_| "no answer").unwrap();
    assert_eq!(checked.differences, []);
    sums_are_those_of_the_parts(world).await;
}

/// Invariant 3, and that every sum is what the observations come to, worked out here from
/// the rows of observations and placements alone.
async fn sums_are_those_of_the_parts(world: &World) {
    let model = Model::read(world).await;
    for metric in ["survey.adopters", "gpa.fte"] {
        for at_period in [true, false] {
            let expected = model.sums(metric, at_period);
            let mut totals: BTreeMap<&str, BTreeMap<u32, Sum>> = BTreeMap::new();
            for kind in ["REGION", "ICB", "SUB_ICB", "TRAINING_HUB"] {
                for (place, month, shown) in shown(world, metric, kind, at_period).await {
                    let expected = expected.get(&(place, month)).copied().unwrap_or_default();
                    let context = format!("{metric} of {kind} {place}, {month}, {at_period}");
                    assert_eq!(shown, expected.shown(), "{context}");
                    totals
                        .entry(kind)
                        .or_default()
                        .entry(month)
                        .or_default()
                        .add(expected.within());
                }
            }
            for (_, month, whole) in shown(world, metric, "PROGRAMME", at_period).await {
                let all = model.all(metric, month, |_| true);
                assert_eq!(whole, Sums::of(all).shown(), "England's {metric}, {month}");
                // Whoever sits in no region counts for England alone.
                for (kind, seat) in SEATS {
                    let seated =
                        |id| model.place(id, month, at_period).is_some_and(|at| seat(at).is_some());
                    let total = totals[kind].get(&month).copied().unwrap_or_default();
                    assert_eq!(
                        total,
                        model.all(metric, month, seated),
                        "{metric}: {kind}, {month}"
                    );
                }
            }
        }
    }
}

type Seat = fn(&placement::Model) -> Option<i64>;

/// Levels that divide England, and where a placement names theirs.
const SEATS: [(&str, Seat); 3] =
    [("REGION", |at| at.region_id), ("ICB", |at| at.icb_id), ("SUB_ICB", |at| at.sub_icb_id)];

/// Every value of the places of a kind, by place and number of the month.
async fn shown(
    world: &World,
    metric: &str,
    kind: &str,
    at_period: bool,
) -> Vec<(i64, u32, Option<i64>)> {
    let document = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
        organisation { id } points { value { value } } } }";
    let boundaries = if at_period { "AT_PERIOD" } else { "CURRENT" };
    let input = json!({ "metrics": [metric], "of": { "every": { "kind": kind } },
        "periods": { "from": month(0), "to": month(17) }, "boundaries": { "kind": boundaries } });
    let data = world.data(people::PUBLIC, document, json!({ "input": input })).await;
    let mut shown = Vec::new();
    for series in data["metricSeries"].as_array().unwrap() {
        let id = series["organisation"]["id"].as_str().unwrap();
        let (_, place) = api::ids::decode_global_id(id).unwrap();
        for (number, point) in (0..).zip(series["points"].as_array().unwrap()) {
            let value = point["value"]["value"].as_f64();
            shown.push((place, number, value.map(|value| value as i64)));
        }
    }
    shown
}

fn try_sequences(cases: u32, on: impl Fn(&[Act], &Cell<usize>)) {
    let failure_persistence = None;
    let config = Config { cases, failure_persistence, max_shrink_iters: 30, ..Config::default() };
    let done = Cell::new(0);
    let run = TestRunner::new(config).run(&proptest::collection::vec(act(), STEPS), |acts| {
        on(&acts, &done);
        Ok(())
    });
    run.unwrap();
    let tried = cases as usize * STEPS;
    assert!(done.get() > tried / 4, "of {tried} acts only {} did anything", done.get());
}

#[test]
fn figures_are_what_was_said_after_any_sequence_on_sqlite() {
    try_sequences(6, |acts, done| on_sqlite(async |world| case(world, acts, done).await));
}

#[test]
fn figures_are_what_was_said_after_any_sequence_on_postgres() {
    if has_postgres() {
        try_sequences(2, |acts, done| on_postgres(async |world| case(world, acts, done).await));
    }
}

/// What an observation counts for.
pub(super) fn counted(row: &observation::Model) -> Sum {
    let mut sum = Sum::default();
    match row.state {
        State::Value | State::Nil => {
            sum.reported = 1;
            sum.value = row.value.unwrap_or(0) / 1_000_000;
        }
        State::NotApplicable => sum.not_applicable = 1,
        State::Withdrawn => {}
    }
    sum
}

/// The last day of a month that is told by its number.
pub(super) fn last_day(number: u32) -> NaiveDate {
    let first: NaiveDate = format!("{}-01", month(number + 1)).parse().unwrap();
    first.pred_opt().unwrap()
}
