//! The same figures on different maps: of the time, of today, of a day; and whose past a
//! successor takes over.

use serde_json::{Value, json};

use super::{POINTS, asked, item, months, record, site, told};
use crate::harness::{World, on_both, people};

/// What a place is shown for January and November 2025, on these boundaries.
async fn shown(world: &World, metric: &str, place: &Value, rest: Value) -> (String, String) {
    let mut input = json!({ "metrics": [metric], "of": { "organisations": [place] },
        "periods": months("2025-01", "2025-11") });
    for (field, value) in rest.as_object().unwrap() {
        input[field] = value.clone();
    }
    let told = told(&asked(world, people::PUBLIC, input, POINTS).await);
    let value = |point: &String| point.split(' ').nth(1).unwrap().to_owned();
    (value(&told[0]), value(&told[10]))
}

fn on(kind: &str, day: Option<&str>) -> Value {
    json!({ "boundaries": { "kind": kind, "asAt": day } })
}

async fn change(world: &World, code: &str, parent: &str, from: &str) {
    let child = world.site(code).await;
    let input = json!({ "id": child["id"], "expectedVersion": child["version"],
        "parent": site(parent), "from": from });
    let done = world.command(people::NATIONAL, "recordMembershipChange", input).await;
    assert_eq!(done["__typename"], "MembershipChangeRecorded", "{done:#}");
}

/// Mersey Bank reports 5 in January and 7 in November, and moves to Leeds in June.
#[test]
fn figures_move_with_the_map_that_is_asked_for() {
    on_both(async |world| {
        let of =
            |code: &str, month: &str, value: f64| item("survey.adopters", site(code), month, value);
        record(
            world,
            "figures",
            vec![
                of("Y90004", "2025-01", 5.0),
                of("Y90004", "2025-11", 7.0),
                of("Y90001", "2025-01", 100.0),
                of("Y90001", "2025-11", 100.0),
            ],
        )
        .await;
        change(world, "Y90004", "15F", "2025-06-01").await;
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let none = "NOT_SUBMITTED";
        for (boundaries, old, new) in [
            (on("AT_PERIOD", None), pair("5", none), pair("100", "107")),
            (on("CURRENT", None), pair(none, none), pair("105", "107")),
            (on("AS_AT", Some("2025-05-31")), pair("5", "7"), pair("100", "100")),
            (on("AS_AT", Some("2025-06-01")), pair(none, none), pair("105", "107")),
        ] {
            for (one, other) in [("QYG", "QWO"), ("Y62", "Y63"), ("99A", "15F")] {
                let metric = "survey.adopters";
                let seen = shown(world, metric, &site(one), boundaries.clone()).await;
                assert_eq!(seen, old, "{one} {boundaries}");
                let seen = shown(world, metric, &site(other), boundaries.clone()).await;
                assert_eq!(seen, new, "{other} {boundaries}");
            }
            let england = json!({ "slug": "national" });
            let seen = shown(world, "survey.adopters", &england, boundaries).await;
            assert_eq!(seen, pair("105", "107"));
        }
    });
}

/// Calder Hill (02T) closed in December 2025, and Moor View (15F) followed it.
#[test]
fn a_successor_takes_over_the_past_where_that_is_asked() {
    on_both(async |world| {
        let calder = json!({ "id": world.site("Y90003").await["id"] });
        let of =
            |by: &Value, month: &str, value: f64| item("survey.adopters", by.clone(), month, value);
        let moor = site("Y90001");
        record(
            world,
            "figures",
            vec![
                of(&calder, "2025-01", 3.0),
                of(&calder, "2025-11", 4.0),
                of(&moor, "2025-01", 10.0),
            ],
        )
        .await;
        let input = json!({ "idempotencyKey": "merger", "predecessor": calder["id"],
            "successor": world.site("Y90001").await["id"], "occurredOn": "2025-12-01", "kind": "MERGER" });
        world.command(people::NATIONAL, "recordSuccession", input).await;
        let follow = |follow: &str, on: Value| {
            let mut rest = on;
            rest["follow"] = json!(follow);
            rest
        };
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let metric = "survey.adopters";
        let none = "NOT_SUBMITTED";
        for (rest, place, expected) in [
            (follow("NONE", on("CURRENT", None)), &moor, pair("10", none)),
            (follow("SUCCESSOR", on("CURRENT", None)), &moor, pair("13", "4")),
            (follow("NONE", on("CURRENT", None)), &site("15F"), pair("10", none)),
            (follow("SUCCESSOR", on("CURRENT", None)), &site("15F"), pair("13", "4")),
            (follow("NONE", on("CURRENT", None)), &site("02T"), pair("3", "4")),
            (follow("SUCCESSOR", on("CURRENT", None)), &site("02T"), pair(none, none)),
            // Before the merger nobody had anything to take over.
            (follow("SUCCESSOR", on("AS_AT", Some("2025-11-30"))), &site("02T"), pair("3", "4")),
            (follow("SUCCESSOR", on("AT_PERIOD", None)), &site("02T"), pair("3", "4")),
            (follow("SUCCESSOR", on("CURRENT", None)), &site("Y63"), pair("13", "4")),
        ] {
            let seen = shown(world, metric, place, rest.clone()).await;
            assert_eq!(seen, expected, "{place} {rest}");
        }
    });
}

/// What an area says of itself stands where nothing is known of what is within it.
#[test]
fn an_areas_own_figure_stands_where_no_parts_are_known() {
    on_both(async |world| {
        let of =
            |by: &str, month: &str, value: f64| item("survey.adopters", site(by), month, value);
        record(world, "own", vec![of("QWO", "2025-01", 50.0), of("QWO", "2025-11", 60.0)]).await;
        let metric = "survey.adopters";
        let current = || on("CURRENT", None);
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(shown(world, metric, &site("QWO"), current()).await, pair("50", "60"));
        let above = shown(world, metric, &site("Y63"), current()).await;
        assert_eq!(above, pair("NOT_SUBMITTED", "NOT_SUBMITTED"));
        record(world, "parts", vec![of("Y90001", "2025-11", 2.0)]).await;
        assert_eq!(shown(world, metric, &site("QWO"), current()).await, pair("50", "2"));
        assert_eq!(shown(world, metric, &site("Y63"), current()).await, pair("NOT_SUBMITTED", "2"));
        for boundaries in [on("AT_PERIOD", None), on("AS_AT", Some("2025-08-01"))] {
            assert_eq!(shown(world, metric, &site("QWO"), boundaries).await, pair("50", "2"));
        }
    });
}
