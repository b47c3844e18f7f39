//! Forecasts: the published series with its backtest, and what is not forecast.

use serde_json::{Value, json};

use super::{
    item, months,
    national::{england, load},
    record, series, site,
};
use crate::harness::{World, on_both, people};

const FORECAST: &str = "__typename ... on AnalysisRefused { code message hint }
    ... on Forecast { innovation imitation potential rmse from { label } to { label } periods
        fitted { period { label } actual fitted } points { period { label } value }
        backtest { __typename ... on AnalysisRefused { code }
            ... on Backtest { knownTo { label } heldOut forecast actual errorPercent } } }";

async fn forecast(world: &World, of: (&str, Value), periods: Value, arguments: &str) -> Value {
    let fields = format!("forecast{arguments} {{ {FORECAST} }}");
    series(world, people::PUBLIC, of, periods, &fields).await["forecast"].take()
}

#[test]
fn the_published_headcount_is_forecast_with_the_error_of_its_backtest() {
    on_both(async |world| {
        if !load(world).await {
            return;
        }
        let of = ("gpa.headcount", england());
        let made = forecast(world, of, months("2023-04", "2026-01"), "(horizon: 4)").await;
        assert_eq!(made["periods"], 32, "{made:#}");
        assert_eq!(
            (&made["from"]["label"], &made["to"]["label"]),
            (&json!("2023-04"), &json!("2025-11"))
        );
        let backtest = &made["backtest"];
        assert!(
            (backtest["errorPercent"].as_f64().unwrap() + 13.154).abs() < 0.001,
            "{backtest:#}"
        );
        assert_eq!(backtest["heldOut"], 8);
        assert_eq!(backtest["knownTo"]["label"], "2025-03");
        assert_eq!(backtest["actual"], 1660.0);
        let labels: Vec<_> = made["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| &point["period"]["label"])
            .collect();
        assert_eq!(labels, ["2025-12", "2026-01", "2026-02", "2026-03"]);
        let fitted = made["fitted"].as_array().unwrap();
        assert_eq!((fitted.len(), &fitted[31]["actual"]), (32, &json!(1660.0)));
        let (last, next) = (fitted[31]["fitted"].as_f64(), made["points"][0]["value"].as_f64());
        assert!(last < next && next.unwrap() < made["potential"].as_f64().unwrap());
    });
}

#[test]
fn what_says_nothing_of_its_end_is_refused() {
    on_both(async |world| {
        let fill = async |metric: &str, value: fn(i32) -> f64| {
            let month = |number: i32| format!("{}-{:02}", 2024 + number / 12, number % 12 + 1);
            let items = (6..22).map(|n| item(metric, site("Y90001"), &month(n), value(n - 5)));
            record(world, metric, items.collect()).await;
        };
        fill("survey.engaged", |n| f64::from(n) * 10.0).await;
        fill("survey.training", |n| if n < 9 { f64::from(n) } else { 2.0 }).await;
        let periods = || months("2024-07", "2025-10");
        let straight = forecast(world, ("survey.engaged", site("Y90001")), periods(), "").await;
        let code = straight["code"].as_str().unwrap();
        assert!(["ON_BOUND", "NOT_CONVERGED"].contains(&code), "{straight:#}");
        let falling = forecast(world, ("survey.training", site("Y90001")), periods(), "").await;
        assert_eq!(falling["code"], "NOT_CUMULATIVE");
        let short =
            forecast(world, ("survey.engaged", site("Y90001")), months("2024-07", "2025-05"), "")
                .await;
        assert_eq!(short["code"], "TOO_SHORT");
        let rate = forecast(world, ("adoption.rate", site("Y90001")), periods(), "").await;
        assert_eq!(rate["code"], "NOT_CUMULATIVE");
        let none = forecast(world, ("survey.in_post", site("Y90001")), periods(), "").await;
        assert_eq!(none["code"], "NO_VALUES");
        for horizon in [0, 121] {
            let document = format!(
                "query($input: MetricSeriesInput!) {{ metricSeries(input: $input) {{
                forecast(horizon: {horizon}) {{ __typename }} }} }}"
            );
            let input = json!({ "metrics": ["survey.engaged"], "of": { "england": true }, "periods": { "last": 3 } });
            let answer = world.ask(people::PUBLIC, &document, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        }
    });
}

/// What adds up is forecast as its running sum: the same curve as the stock that it fills.
#[test]
fn a_flow_is_forecast_as_what_it_has_come_to() {
    on_both(async |world| {
        let added = [3, 5, 8, 12, 18, 24, 30, 33, 31, 26, 19, 13, 9, 6, 4, 2];
        let month =
            |number: usize| format!("{}-{:02}", 2024 + (number + 6) / 12, (number + 6) % 12 + 1);
        let mut total = 0;
        let mut items = Vec::new();
        for (number, more) in added.into_iter().enumerate() {
            total += more;
            let at = month(number);
            items.push(item("survey.adopters", site("Y90001"), &at, f64::from(more)));
            items.push(item("survey.engaged", site("Y90001"), &at, f64::from(total)));
        }
        record(world, "flow", items).await;
        let periods = || months("2024-07", "2025-10");
        let flow = forecast(world, ("survey.adopters", site("Y90001")), periods(), "").await;
        let stock = forecast(world, ("survey.engaged", site("Y90001")), periods(), "").await;
        assert_eq!(flow["__typename"], "Forecast", "{flow:#}");
        assert_eq!(flow, stock);
        assert_eq!(flow["points"].as_array().unwrap().len(), 12);
        let potential = flow["potential"].as_f64().unwrap();
        assert!((potential - 245.0).abs() < 10.0, "{potential}");
    });
}
