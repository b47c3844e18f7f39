//! Who owes what, and since when it is late: derived from schedules and the register.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{december, of_hubs, of_sites, problems, send, submitted};
use crate::harness::{Who, World, on_both, people, with};

const LIST: &str = "query($filter: ReturnFilter, $first: Int, $after: String, $last: Int,
    $before: String) {
    returns(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { id state month overdue dueOn organisation { name odsCode } schedule { title } } } }";

async fn list(world: &World, who: Who, variables: Value) -> Value {
    world.data(who, LIST, variables).await["returns"].take()
}

fn codes(list: &Value) -> BTreeSet<(&str, &str)> {
    let nodes = list["nodes"].as_array().unwrap().iter();
    let code = |node: &'_ Value| node["organisation"]["odsCode"].as_str().is_some();
    let of = |node: &&Value| code(node);
    nodes
        .filter(of)
        .map(|node| {
            let code = node["organisation"]["odsCode"].as_str().unwrap();
            (node["month"].as_str().unwrap(), code)
        })
        .collect()
}

#[test]
fn whoever_was_eligible_at_the_months_end_owes_and_nobody_else() {
    on_both(async |world| {
        of_sites(world).await;
        let filter = json!({ "filter": { "within": { "odsCode": "QWO" } }, "first": 100 });
        let owed = list(world, people::NORTH_EAST, filter).await;
        let owed = codes(&owed);
        for month in ["2025-10", "2025-11", "2025-12"] {
            assert!(owed.contains(&(month, "Y90001")), "{owed:?}");
        }
        let all = list(
            world,
            people::NATIONAL,
            json!({ "filter": { "organisation": { "odsCode": "Y90003" } } }),
        )
        .await;
        // Calder Hill closed on the first of December, which ends what it owes.
        assert_eq!(codes(&all), BTreeSet::from([("2025-10", "Y90003"), ("2025-11", "Y90003")]));
        let future = json!({ "filter": { "firstMonth": "2026-01", "lastMonth": "2026-06" } });
        assert_eq!(list(world, people::NATIONAL, future).await["totalCount"], 0);
    });
}

#[test]
fn a_schedule_within_a_place_asks_only_those_who_lay_there() {
    on_both(async |world| {
        let input = json!({
            "idempotencyKey": "cheshire", "title": "Cheshire's sites",
            "metrics": ["impact.appointments_released"], "owedBy": "SITE",
            "within": { "odsCode": "QYG" }, "firstMonth": "2025-12", "lastMonth": "2025-12",
            "dueDays": 10,
        });
        let done = send(world, people::NATIONAL, "scheduleReturns", input.clone()).await;
        let again = send(world, people::NATIONAL, "scheduleReturns", input.clone()).await;
        assert_eq!(again, done, "the same key gives the same answer");
        let other = with(&input, json!({ "title": "Others" }));
        let other = send(world, people::NATIONAL, "scheduleReturns", other).await;
        assert_eq!(other["__typename"], "IdempotencyConflict");

        let owed = list(world, people::CHESHIRE, json!({ "first": 100 })).await;
        assert!(codes(&owed).contains(&("2025-12", "Y90004")), "{owed:#}");
        // Dee Bridge lies in Cheshire, and is trained by West Yorkshire's hub.
        let owed = list(world, people::YORKSHIRE, json!({})).await;
        assert_eq!(codes(&owed), BTreeSet::from([("2025-12", "Y90005")]));
        for who in [people::PRACTICE, people::NORTH_EAST] {
            let seen = list(world, who, json!({})).await;
            assert!(seen["totalCount"] == 0 || who == people::NORTH_EAST, "{seen:#}");
            assert!(!codes(&seen).contains(&("2025-12", "Y90004")));
        }
    });
}

#[test]
fn it_is_late_from_the_day_after_it_is_due_until_it_is_in() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let filter = json!({
            "organisation": { "slug": "west-yorkshire" }, "overdue": true,
            "firstMonth": "2025-12",
        });
        let late = list(world, people::YORKSHIRE, json!({ "filter": filter })).await;
        assert_eq!(late["nodes"][0]["dueOn"], "2026-01-14");
        assert_eq!((&late["totalCount"], &late["nodes"][0]["overdue"]), (&json!(1), &json!(true)));
        submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let late = list(world, people::YORKSHIRE, json!({ "filter": filter })).await;
        assert_eq!(late["totalCount"], 0);
        let filter = with(&filter, json!({ "overdue": false }));
        let in_time = list(world, people::YORKSHIRE, json!({ "filter": filter })).await;
        assert_eq!(in_time["nodes"][0]["state"], "SUBMITTED");
    });
    on_both(async |world| {
        of_hubs(world, 15).await;
        let filter = json!({ "overdue": true, "firstMonth": "2025-12" });
        let late = list(world, people::YORKSHIRE, json!({ "filter": filter })).await;
        assert_eq!(late["totalCount"], 0, "it is due today");
    });
}

#[test]
fn pages_meet_without_gaps_in_both_directions_and_states_narrow() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        of_sites(world).await;
        submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let all = list(world, people::YORKSHIRE, json!({ "first": 100 })).await;
        let all_nodes = all["nodes"].as_array().unwrap();
        assert_eq!(all["totalCount"], all_nodes.len());
        assert!(all_nodes.len() > 6, "{all:#}");
        for (size, edge, cursor, more) in [
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ] {
            let (mut met, mut at) = (Vec::new(), Value::Null);
            loop {
                let page = list(world, people::YORKSHIRE, json!({ size: 3, edge: at })).await;
                let nodes = page["nodes"].as_array().unwrap().clone();
                if size == "first" {
                    met.extend(nodes)
                } else {
                    met = [nodes, met].concat()
                }
                at = page["pageInfo"][cursor].clone();
                if page["pageInfo"][more] == false {
                    break;
                }
            }
            assert_eq!(&met, all_nodes, "{size}");
        }
        let states = |states: Value| json!({ "filter": { "states": states }, "first": 100 });
        let begun = list(world, people::YORKSHIRE, states(json!(["SUBMITTED"]))).await;
        assert_eq!(
            (&begun["totalCount"], &begun["nodes"][0]["month"]),
            (&json!(1), &json!("2025-12"))
        );
        let rest = list(world, people::YORKSHIRE, states(json!(["NOT_STARTED"]))).await;
        assert_eq!(rest["totalCount"], all_nodes.len() - 1);
    });
}

#[test]
fn a_schedule_that_ends_asks_for_later_months_no_longer() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let end = json!({ "id": schedule, "expectedVersion": 1, "lastMonth": "2025-11" });
        let early = with(&end, json!({ "lastMonth": "2025-09" }));
        assert_eq!(
            problems(world, people::NATIONAL, "endReturnSchedule", early).await,
            ["input.lastMonth OUT_OF_RANGE"]
        );
        let done = send(world, people::NATIONAL, "endReturnSchedule", end.clone()).await;
        assert_eq!(
            (&done["schedule"]["lastMonth"], &done["schedule"]["version"]),
            (&json!("2025-11"), &json!(2))
        );
        let stale = send(world, people::NATIONAL, "endReturnSchedule", end.clone()).await;
        assert_eq!(stale["current"]["version"], 2);
        let later = with(&end, json!({ "expectedVersion": 2, "lastMonth": "2025-12" }));
        assert_eq!(
            problems(world, people::NATIONAL, "endReturnSchedule", later).await,
            ["input.lastMonth CONTRADICTION"]
        );
        let owed = list(world, people::YORKSHIRE, json!({})).await;
        let months: Vec<_> =
            owed["nodes"].as_array().unwrap().iter().map(|node| &node["month"]).collect();
        assert_eq!(months, ["2025-11", "2025-10"]);
    });
}

#[test]
fn every_mistake_in_a_schedule_is_named_with_its_place() {
    on_both(async |world| {
        of_hubs(world, 14).await;
        let good = json!({
            "idempotencyKey": "new", "title": "Applications", "metrics": ["survey.applied"],
            "owedBy": "TRAINING_HUB", "firstMonth": "2025-10", "dueDays": 10,
        });
        for (changes, problem) in [
            (json!({ "title": " " }), "input.title REQUIRED"),
            (json!({ "metrics": [] }), "input.metrics OUT_OF_RANGE"),
            (json!({ "metrics": ["no.such"] }), "input.metrics NOT_FOUND"),
            (json!({ "metrics": ["adoption.rate"] }), "input.metrics WRONG_KIND"),
            (json!({ "metrics": ["places.filled"] }), "input.metrics WRONG_KIND"),
            (
                json!({ "metrics": ["survey.applied", "survey.applied"] }),
                "input.metrics ALREADY_EXISTS",
            ),
            (json!({ "metrics": ["survey.places"] }), "input.metrics CONTRADICTION"),
            (
                json!({ "metrics": ["survey.places"], "within": { "odsCode": "Y63" } }),
                "input.metrics CONTRADICTION",
            ),
            (
                json!({ "owedBy": "SITE", "metrics": ["survey.offered"] }),
                "input.metrics WRONG_KIND",
            ),
            (json!({ "within": { "odsCode": "Y99" } }), "input.within NOT_FOUND"),
            (json!({ "within": { "slug": "dales-college" } }), "input.within WRONG_KIND"),
            (json!({ "lastMonth": "2025-09" }), "input.lastMonth OUT_OF_RANGE"),
            (json!({ "firstMonth": "2019-03" }), "input.firstMonth OUT_OF_RANGE"),
            (json!({ "dueDays": 366 }), "input.dueDays OUT_OF_RANGE"),
        ] {
            let wrong = with(&good, changes);
            let named = problems(world, people::NATIONAL, "scheduleReturns", wrong).await;
            assert_eq!(named, [problem]);
        }
        let wrong = with(&good, json!({ "owedBy": "PROVIDER" }));
        let named = problems(world, people::NATIONAL, "scheduleReturns", wrong).await;
        assert_eq!(named[0], "input.owedBy WRONG_KIND");
        let before = with(
            &good,
            json!({ "metrics": ["survey.places"], "firstMonth": "2025-08",
            "lastMonth": "2025-09" }),
        );
        let done = send(world, people::NATIONAL, "scheduleReturns", before).await;
        assert_eq!(done["__typename"], "ReturnsScheduled", "months apart are no matter");
    });
}
