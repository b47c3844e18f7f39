//! `figuresUpdated`: to each the figures that they may see, and nothing that they may not.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::{Served, Who, World, on_both, people};

const FIGURES: &str = "subscription($metrics: [String!]!, $current: Boolean!) {
    figuresUpdated(metrics: $metrics, current: $current,
        of: { organisations: [{ slug: \"west-yorkshire\" }] },
        periods: { from: \"2025-11\", to: \"2025-11\" }) {
        metric { code } organisation { name } period { label }
        value { state value text } before { state value } } }";
const BOTH: [&str; 2] = ["survey.started", "survey.engaged"];

async fn watching(world: &World, served: &Served, who: Who, current: bool) -> Client {
    let mut client = Client::signed_in(served, world.token(who)).await;
    let variables = json!({ "metrics": BOTH, "current": current });
    client.subscribe("figures", FIGURES, variables).await;
    client
}

async fn record(world: &World, key: &str, metric: &str, value: f64) {
    let item = json!({ "metric": metric, "organisation": { "odsCode": "Y90001" },
        "month": "2025-11", "value": value });
    let input = json!({ "idempotencyKey": key, "items": [item], "status": "PROVISIONAL" });
    let done = world.command(people::NATIONAL, "recordObservations", input).await;
    assert_eq!(done["refused"], 0, "{done:#}");
}

/// An event as `metric before > after`.
fn told(event: &Value) -> String {
    let update = &event["data"]["figuresUpdated"];
    let shown = |figure: &Value| match figure["value"].as_f64() {
        Some(value) => value.to_string(),
        None => figure["state"].as_str().unwrap_or("-").to_owned(),
    };
    assert_eq!(update["period"]["label"], "2025-11", "{event:#}");
    let (before, after) = (shown(&update["before"]), shown(&update["value"]));
    format!("{} {before} > {after}", update["metric"]["code"].as_str().unwrap())
}

#[test]
fn the_hub_is_told_each_figure_and_the_public_what_it_may_see() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut hub = watching(world, &served, people::YORKSHIRE, true).await;
        let mut public = watching(world, &served, people::PUBLIC, true).await;
        for client in [&mut hub, &mut public] {
            assert_eq!(told(&client.event().await), "survey.started - > NOT_SUBMITTED");
            assert_eq!(told(&client.event().await), "survey.engaged - > NOT_SUBMITTED");
        }
        record(world, "one", "survey.started", 3.0).await;
        assert_eq!(told(&hub.event().await), "survey.started NOT_SUBMITTED > 3");
        assert_eq!(told(&public.event().await), "survey.started NOT_SUBMITTED > SUPPRESSED");
        record(world, "two", "survey.started", 4.0).await;
        assert_eq!(told(&hub.event().await), "survey.started 3 > 4");
        record(world, "three", "survey.engaged", 1.0).await;
        assert_eq!(told(&hub.event().await), "survey.engaged NOT_SUBMITTED > 1");
        // That three became four is nothing that the public may know.
        assert_eq!(told(&public.event().await), "survey.engaged NOT_SUBMITTED > 1");
        served.stop().await;
    });
}

#[test]
fn without_the_current_figures_only_what_changes_is_told() {
    on_both(async |world| {
        let served = Served::of(world);
        record(world, "one", "survey.started", 3.0).await;
        let mut hub = watching(world, &served, people::YORKSHIRE, false).await;
        // When it began to watch cannot be seen from here: so something changes until it has.
        let mut changes = 0;
        let first = loop {
            changes += 1;
            let value = f64::from(changes % 2);
            record(world, &format!("change-{changes}"), "survey.engaged", value).await;
            tokio::select! {
                event = hub.event() => break told(&event),
                () = tokio::time::sleep(std::time::Duration::from_millis(300)) => {}
            }
        };
        assert!(first.starts_with("survey.engaged"), "{first}");
        served.stop().await;
    });
}
