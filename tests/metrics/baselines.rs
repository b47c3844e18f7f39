//! Changes from a baseline: one that is set, or one that is sent.

use serde_json::{Value, json};

use super::{
    close, months,
    national::{england, load},
    ratio, record, series, site,
};
use crate::harness::{World, on_both, people, with};

const CHANGE: &str = "__typename ... on AnalysisRefused { code message hint }
    ... on ChangeFromBaseline { first last baseline period { label } value absolute percent }";

async fn change(world: &World, of: (&str, Value), periods: Value, arguments: &str) -> Value {
    let fields = format!("changeFromBaseline{arguments} {{ {CHANGE} }}");
    series(world, people::PUBLIC, of, periods, &fields).await["changeFromBaseline"].take()
}

async fn set(world: &World, of: (&str, Value), (first, last): (&str, &str)) {
    let input = json!({ "idempotencyKey": format!("{}-{first}-{last}", of.0), "metric": of.0,
        "organisation": of.1, "first": first, "last": last });
    let done = world.command(people::NATIONAL, "setBaseline", input).await;
    assert_eq!(done["__typename"], "BaselineSet", "{done:#}");
}

#[test]
fn the_published_headcount_is_compared_with_the_year_before() {
    on_both(async |world| {
        if !load(world).await {
            return;
        }
        let of = || ("gpa.headcount", england());
        let last = || json!({ "last": 4 });
        let none = change(world, of(), last(), "").await;
        assert_eq!(none["code"], "NO_BASELINE");
        assert!(none["hint"].as_str().unwrap().contains("setBaseline"));
        set(world, of(), ("2024-04", "2025-03")).await;
        let year = change(world, of(), last(), "").await;
        // The twelve months come to 15,111.
        close(&year["baseline"], 15_111.0 / 12.0);
        close(&year["absolute"], 1_660.0 - 15_111.0 / 12.0);
        close(&year["percent"], 100.0 * (1_660.0 * 12.0 / 15_111.0 - 1.0));
        assert_eq!(year["period"]["label"], "2025-11");
        set(world, of(), ("2025-10", "2025-10")).await;
        assert_eq!(change(world, of(), last(), "").await["absolute"], 37.0);
        let sent = change(world, of(), last(), "(first: \"2023-04\", last: \"2023-04\")").await;
        assert_eq!(sent["absolute"], 1_469.0);
        // Net change of April to June 2024: 3, 21 and 3; of July to September 2025: 63.
        let flow = ("gpa.net_change", england());
        let quarters = json!({ "type": "QUARTER", "last": 4 });
        let quarter =
            change(world, flow, quarters, "(first: \"2024-04\", last: \"2024-06\")").await;
        assert_eq!(
            (&quarter["period"]["label"], &quarter["baseline"]),
            (&json!("2025 Q3"), &json!(27.0))
        );
        assert_eq!(quarter["absolute"], 36.0);
    });
}

/// 80 minutes in 1 day and 56 in 3 are 34 a day, not the mean of 80 and 19.
#[test]
fn ratios_of_a_baseline_are_divided_anew() {
    on_both(async |world| {
        let metric = "impact.gp_correspondence_minutes";
        let of = || (metric, site("Y90001"));
        let items = [("2025-01", (80.0, 1.0)), ("2025-02", (56.0, 3.0)), ("2025-11", (40.8, 8.0))];
        let items = items.map(|(month, parts)| ratio(metric, "Y90001", month, parts));
        record(world, "minutes", items.to_vec()).await;
        set(world, of(), ("2025-01", "2025-02")).await;
        let since = change(world, of(), json!({ "last": 3 }), "").await;
        close(&since["baseline"], 34.0);
        close(&since["percent"], -85.0);
        set(world, of(), ("2025-01", "2025-03")).await;
        let gap = change(world, of(), json!({ "last": 3 }), "").await;
        assert_eq!(gap["code"], "GAPS");
        assert!(gap["message"].as_str().unwrap().contains("2025-03"), "{gap:#}");
        let none = change(world, of(), months("2025-06", "2025-09"), "").await;
        assert_eq!(none["code"], "NO_VALUES");
    });
}

#[test]
fn what_makes_no_sense_is_named() {
    on_both(async |world| {
        let input = json!({ "idempotencyKey": "k", "metric": "survey.engaged",
            "organisation": site("Y90001"), "first": "2025-01", "last": "2025-03" });
        for (changes, problem) in [
            (json!({ "metric": "no.such" }), "input.metric NOT_FOUND"),
            (json!({ "last": "2024-12" }), "input.last OUT_OF_RANGE"),
            (json!({ "last": "2027-01" }), "input.last OUT_OF_RANGE"),
        ] {
            let named =
                world.problems(people::YORKSHIRE, "setBaseline", with(&input, changes)).await;
            assert_eq!(named, [problem]);
        }
        for arguments in ["(first: \"2025-01\")", "(first: \"2025-02\", last: \"2025-01\")"] {
            let document = format!(
                "query($input: MetricSeriesInput!) {{ metricSeries(input: $input) {{
                changeFromBaseline{arguments} {{ __typename }} }} }}"
            );
            let input = json!({ "metrics": ["gpa.fte"], "of": { "england": true }, "periods": { "last": 3 } });
            let answer = world.ask(people::PUBLIC, &document, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        }
    });
}
