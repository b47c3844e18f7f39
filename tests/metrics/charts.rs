//! Control charts: their limits, their labels and their rebases; and what is no chart.

use serde_json::{Value, json};

use super::{
    close, item, months,
    national::{england, load},
    record, series, site,
};
use crate::harness::{World, on_both, people};

const CHART: &str = "__typename ... on SpcChart { variation assurance target
    segments { from { label } to { label } mean lower upper nearLower nearUpper trial
        rebases { month reason role at } breaks { definition { version breakNote } } }
    points { period { label } value segment specialCause meaning } }
    ... on AnalysisRefused { code message hint }";

async fn chart(world: &World, of: (&str, Value), periods: Value, arguments: &str) -> Value {
    let fields = format!("spc{arguments} {{ {CHART} }}");
    series(world, people::PUBLIC, of, periods, &fields).await["spc"].take()
}

async fn rebase(world: &World, of: (&str, Value), month: &str) {
    let input = json!({
        "idempotencyKey": format!("rebase {month}").replace(' ', "-"), "metric": of.0,
        "organisation": of.1, "month": month, "reason": "The first intake was over",
    });
    let done = world.command(people::ANALYST, "rebaseSeries", input).await;
    assert_eq!(done["__typename"], "SeriesRebased", "{done:#}");
}

/// A flow of one site: 13 months from January 2024 of values around a level.
async fn steady(world: &World, code: &str, from: i32, level: f64) {
    let value =
        |number: i32| level + [0.0, 2.0, -1.0, 1.0, -2.0][number.unsigned_abs() as usize % 5];
    let month = |number: i32| format!("{}-{:02}", 2024 + number / 12, number % 12 + 1);
    let items = (from..from + 8).map(|number| {
        item("impact.appointments_released", site(code), &month(number), value(number))
    });
    record(world, &format!("{code}-{from}"), items.collect()).await;
}

#[test]
fn the_published_growth_since_april_2024_is_special_in_october_2025_alone() {
    on_both(async |world| {
        if !load(world).await {
            return;
        }
        rebase(world, ("gpa.net_change", england()), "2024-04").await;
        let periods = months("2023-04", "2026-01");
        let chart = chart(world, ("gpa.net_change", england()), periods, "").await;
        let segments = chart["segments"].as_array().unwrap();
        assert_eq!(segments.len(), 2, "{chart:#}");
        assert_eq!(segments[0]["from"]["label"], "2023-05");
        assert_eq!(segments[0]["to"]["label"], "2024-03");
        assert_eq!(segments[0]["trial"], true);
        assert_eq!(segments[1]["from"]["label"], "2024-04");
        assert_eq!(segments[1]["to"]["label"], "2025-11");
        assert_eq!(segments[1]["trial"], false);
        let rebase = &segments[1]["rebases"][0];
        assert_eq!(rebase["reason"], "The first intake was over");
        assert_eq!(rebase["role"], "programme_analyst");
        assert_eq!(rebase["month"], "2024-04");
        close(&segments[1]["mean"], 26.8);
        let special = chart["points"].as_array().unwrap().iter();
        let special: Vec<_> = special
            .filter(|point| point["segment"] == 1 && !point["specialCause"].is_null())
            .collect();
        assert_eq!(special.len(), 1, "{special:#?}");
        assert_eq!(special[0]["period"]["label"], "2025-10");
        assert_eq!(special[0]["specialCause"], "ABOVE_UPPER_LIMIT");
        assert_eq!(special[0]["meaning"], "IMPROVEMENT");
        assert_eq!(chart["variation"], "COMMON_CAUSE");
    });
}

#[test]
fn a_stock_is_refused_with_its_flow() {
    on_both(async |world| {
        for (metric, hint) in
            [("gpa.headcount", "gpa.net_change"), ("gpa.fte", "difference gpa.fte")]
        {
            let of = (metric, england());
            let refused = chart(world, of, months("2025-01", "2025-11"), "").await;
            assert_eq!(refused["code"], "SPC_NOT_FOR_STOCKS");
            assert!(refused["hint"].as_str().unwrap().contains(hint), "{refused:#}");
        }
    });
}

#[test]
fn a_gap_is_refused_and_what_is_missing_at_the_ends_is_left_out() {
    on_both(async |world| {
        let of = || ("impact.appointments_released", site("Y90001"));
        steady(world, "Y90001", 7, 40.0).await;
        let whole = chart(world, of(), months("2024-07", "2026-01"), "").await;
        let points = whole["points"].as_array().unwrap();
        assert_eq!(points.len(), 8);
        assert_eq!(points[0]["period"]["label"], "2024-08");
        let item = json!({ "metric": of().0, "organisation": site("Y90001"), "month": "2024-10",
            "state": "WITHDRAWN" });
        record(world, "gone", vec![item]).await;
        let refused = chart(world, of(), months("2024-07", "2026-01"), "").await;
        assert_eq!(refused["code"], "GAPS", "{refused:#}");
        assert!(refused["message"].as_str().unwrap().contains("2024-10"));
        let nothing = chart(world, of(), months("2025-06", "2025-11"), "").await;
        assert_eq!(nothing["code"], "NO_VALUES");
    });
}

#[test]
fn what_is_hidden_from_somebody_is_no_chart_for_them() {
    on_both(async |world| {
        let items = (1..=9)
            .map(|month| item("survey.started", site("Y90001"), &format!("2025-0{month}"), 2.0));
        record(world, "starts", items.collect()).await;
        let of = || ("survey.started", site("Y90001"));
        let fields = format!("spc {{ {CHART} }}");
        let periods = || months("2025-01", "2025-09");
        let refused = series(world, people::PUBLIC, of(), periods(), &fields).await;
        assert_eq!(refused["spc"]["code"], "HIDDEN");
        let seen = series(world, people::YORKSHIRE, of(), periods(), &fields).await;
        assert_eq!(seen["spc"]["segments"][0]["mean"], 2.0);
        // It does not move at all: its limits are its mean.
        assert_eq!(seen["spc"]["segments"][0]["upper"], 2.0);
        assert_eq!(seen["spc"]["variation"], "COMMON_CAUSE");
    });
}

#[test]
fn the_arguments_change_limits_and_assurance() {
    on_both(async |world| {
        steady(world, "Y90001", 6, 40.0).await;
        let of = || ("impact.appointments_released", site("Y90001"));
        let periods = || months("2024-07", "2025-12");
        let fixed = chart(world, of(), periods(), "(fixAfter: 2, target: 20)").await;
        // 42 and 39 make the limits of all: mean 40.5, moving range 3.
        close(&fixed["segments"][0]["mean"], 40.5);
        close(&fixed["segments"][0]["upper"], 40.5 + 2.66 * 3.0);
        close(&fixed["segments"][0]["nearLower"], 40.5 - 2.66 * 2.0);
        assert_eq!(fixed["assurance"], "CONSISTENT_PASS");
        let failing = chart(world, of(), periods(), "(target: 90)").await;
        assert_eq!(
            (&failing["assurance"], &failing["target"]),
            (&json!("CONSISTENT_FAIL"), &json!(90.0))
        );
        let input = json!({ "idempotencyKey": "t", "metric": of().0, "organisation": of().1,
            "targets": [{ "month": "2025-02", "value": 41.0 }] });
        world.command(people::NORTH_EAST, "setTargets", input).await;
        let set = chart(world, of(), periods(), "(screenOutliers: false)").await;
        assert_eq!((&set["assurance"], &set["target"]), (&json!("INCONSISTENT"), &json!(41.0)));
        let document = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
            spc(fixAfter: 1) { __typename } } }";
        let input = json!({ "metrics": [of().0], "of": { "organisations": [of().1] }, "periods": periods() });
        let answer = world.ask(people::PUBLIC, document, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    });
}

/// A rebase outside the periods begins no segment; one within a quarter begins it.
#[test]
fn a_rebase_counts_in_the_period_around_its_month() {
    on_both(async |world| {
        steady(world, "Y90001", 6, 40.0).await;
        steady(world, "Y90001", 14, 80.0).await;
        let of = || ("impact.appointments_released", site("Y90001"));
        for month in ["2024-01", "2024-07", "2025-03", "2025-12"] {
            rebase(world, of(), month).await;
        }
        let months_of = |chart: &Value| -> Vec<Vec<String>> {
            let segments = chart["segments"].as_array().unwrap().iter();
            let rebases = segments.map(|segment| segment["rebases"].as_array().unwrap().clone());
            rebases
                .map(|all| {
                    all.iter().map(|one| one["month"].as_str().unwrap().to_owned()).collect()
                })
                .collect()
        };
        let monthly = chart(world, of(), months("2024-07", "2025-11"), "").await;
        assert_eq!(months_of(&monthly), [vec!["2024-07"], vec!["2025-03"]]);
        let mut periods = months("2024-07", "2025-11");
        periods["type"] = json!("QUARTER");
        let quarterly = chart(world, of(), periods, "").await;
        assert_eq!(months_of(&quarterly), [vec!["2024-07"], vec!["2025-03"], vec!["2025-12"]]);
        assert_eq!(quarterly["segments"][1]["from"]["label"], "2025 Q1");
        let shown = series(
            world,
            people::PUBLIC,
            of(),
            months("2025-01", "2025-02"),
            "rebases { month role }",
        )
        .await;
        assert_eq!(shown["rebases"].as_array().unwrap().len(), 4);
    });
}
