//! Targets, and how a series stands to them.

use serde_json::{Value, json};

use super::{
    close, item, months,
    national::{england, load},
    record, series, site,
};
use crate::harness::{World, on_both, people, with};

const TRAJECTORY: &str = "trajectory { __typename ... on AnalysisRefused { code hint }
    ... on Trajectory { latest { label } latestValue recentRate
        next { period { label } }
        targets { period { label } target due gap met neededRate projected onCourse } } }";

async fn set(world: &World, key: &str, of: (&str, Value), targets: Value) -> Value {
    let input =
        json!({ "idempotencyKey": key, "metric": of.0, "organisation": of.1, "targets": targets });
    world.command(people::NATIONAL, "setTargets", input).await
}

#[test]
fn a_series_stands_to_targets_due_and_ahead() {
    on_both(async |world| {
        if !load(world).await {
            return;
        }
        let of = || ("gpa.headcount", england());
        let targets =
            json!([{ "month": "2025-10", "value": 1600 }, { "month": "2026-03", "value": 2000 }]);
        set(world, "growth", of(), targets).await;
        let fields = format!("{TRAJECTORY} targets {{ month value }} points {{ target }}");
        let told = series(world, people::PUBLIC, of(), months("2025-01", "2026-01"), &fields).await;
        let trajectory = &told["trajectory"];
        assert_eq!(trajectory["latest"]["label"], "2025-11", "{told:#}");
        assert_eq!(trajectory["next"]["period"]["label"], "2026-03");
        // Through 1473, 1478, 1512, 1536, 1623 and 1660: 697 by 17.5.
        let rate = 697.0 / 17.5;
        close(&trajectory["recentRate"], rate);
        let [due, ahead] = &trajectory["targets"].as_array().unwrap()[..] else {
            panic!("{told:#}")
        };
        assert_eq!(
            (&due["due"], &due["gap"], &due["met"]),
            (&json!(true), &json!(23.0), &json!(true))
        );
        assert_eq!((&ahead["due"], &ahead["gap"]), (&json!(false), &json!(-340.0)));
        close(&ahead["neededRate"], 85.0);
        close(&ahead["projected"], 1660.0 + 4.0 * rate);
        assert_eq!(ahead["onCourse"], false);
        let points = told["points"].as_array().unwrap();
        assert_eq!((&points[9]["target"], &points[10]["target"]), (&json!(1600.0), &Value::Null));
        let months: Vec<_> =
            told["targets"].as_array().unwrap().iter().map(|t| &t["month"]).collect();
        assert_eq!(months, ["2025-10", "2026-03"]);
    });
}

#[test]
fn targets_of_months_make_those_of_longer_periods() {
    on_both(async |world| {
        let monthly = |months: &[&str]| -> Value {
            months.iter().map(|month| json!({ "month": month, "value": 10 })).collect()
        };
        let quarter = json!({ "type": "QUARTER", "from": "2025-04", "to": "2025-09" });
        let all = ["2025-04", "2025-05", "2025-06", "2025-07"];
        for (metric, expected) in [
            // What adds up has a target where each of its months has one.
            ("survey.adopters", json!([{ "target": 30.0 }, { "target": null }])),
            ("survey.engaged", json!([{ "target": 10.0 }, { "target": 10.0 }])),
        ] {
            let of = || (metric, site("Y90001"));
            set(world, metric, of(), monthly(&all)).await;
            let seen =
                series(world, people::PUBLIC, of(), quarter.clone(), "points { target }").await;
            assert_eq!(seen["points"], expected, "{metric}");
        }
    });
}

#[test]
fn a_target_is_taken_away_and_said_to_be() {
    on_both(async |world| {
        let of = || ("survey.engaged", site("Y90001"));
        let target = |value: Value| json!([{ "month": "2026-03", "value": value }]);
        set(world, "one", of(), target(json!(3))).await;
        let (position, rows) = (world.position().await, world.rows().await);
        set(world, "again", of(), target(json!(3))).await;
        set(world, "other-month", of(), json!([{ "month": "2026-04", "value": null }])).await;
        assert_eq!(world.rows().await, rows, "nothing differs, and something was written");
        set(world, "gone", of(), target(Value::Null)).await;
        assert_eq!(
            world.said_since(position).await,
            ["nadia SET_TARGETS: TARGET_SET - > survey.engaged 2026-03 none from 2026-03-01"]
        );
        let told = series(world, people::PUBLIC, of(), json!({ "last": 3 }), TRAJECTORY).await;
        assert_eq!(told["trajectory"]["code"], "NO_TARGETS");
        let of = || ("survey.training", site("Y90001"));
        set(world, "training", of(), target(json!(3))).await;
        let told = series(world, people::PUBLIC, of(), json!({ "last": 3 }), TRAJECTORY).await;
        assert_eq!(told["trajectory"]["code"], "NO_VALUES");
        record(world, "one-month", vec![item("survey.training", site("Y90001"), "2025-12", 1.0)])
            .await;
        let told = series(world, people::PUBLIC, of(), json!({ "last": 3 }), TRAJECTORY).await;
        assert_eq!(told["trajectory"]["recentRate"], Value::Null);
        assert_eq!(told["trajectory"]["targets"][0]["neededRate"], 2.0 / 3.0);
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let target = json!([{ "month": "2026-03", "value": 3 }]);
        let input = json!({ "idempotencyKey": "k", "metric": "survey.engaged",
            "organisation": site("Y90001"), "targets": target });
        for (changes, problem) in [
            (json!({ "metric": "no.such" }), "input.metric NOT_FOUND"),
            (json!({ "targets": [] }), "input.targets OUT_OF_RANGE"),
            (
                json!({ "targets": [{ "month": "2026-03", "value": 0.1234567 }] }),
                "input.targets OUT_OF_RANGE",
            ),
            (
                json!({ "targets": [{ "month": "2026-03", "value": 1 }, { "month": "2026-03", "value": 2 }] }),
                "input.targets CONTRADICTION",
            ),
            (json!({ "metric": "gpa.fte" }), "input.organisation WRONG_KIND"),
        ] {
            let named = world.problems(people::NATIONAL, "setTargets", with(&input, changes)).await;
            assert_eq!(named, [problem]);
        }
        for who in [people::YORKSHIRE, people::NORTH_WEST] {
            assert_eq!(world.refused(who, "setTargets", input.clone()).await, "FORBIDDEN");
        }
    });
}
