//! `adoptionFunnel`: who ever came how far, on which geography, and where they are now.

use serde_json::{Value, json};

use super::{prepared, site, started};
use crate::harness::{Who, World, on_both, people};

const FUNNEL: &str = "query($input: AdoptionFunnelInput!) { adoptionFunnel(input: $input) {
    organisation { odsCode } notEngaged declined lapsed
    steps { stage everReached reachedSince nowAt medianDays conversion } } }";

async fn funnel(world: &World, who: Who, input: Value) -> Vec<Value> {
    let mut data = world.data(who, FUNNEL, json!({ "input": input })).await;
    let Value::Array(funnels) = data["adoptionFunnel"].take() else { panic!("no list") };
    funnels
}

/// `everReached nowAt` of each stage.
fn counts(funnel: &Value) -> Vec<String> {
    let steps = funnel["steps"].as_array().unwrap().iter();
    steps.map(|step| format!("{} {}", step["everReached"], step["nowAt"])).collect()
}

async fn play(world: &World) {
    // Moor View goes all the way, Aire Bank loses its post, Dee Bridge is interested.
    prepared(world, "Y90001").await;
    started(world, "Y90001", "moor", "2024-12-02").await;
    let lost = started(world, "Y90002", "aire", "2025-01-06").await;
    let end = json!({
        "id": lost["id"], "expectedVersion": 1, "endedOn": "2025-07-01", "reason": "OTHER",
    });
    world.command(people::YORKSHIRE, "endPost", end).await;
    let input = json!({ "site": site("Y90005"), "expectedVersion": 0, "stage": "INTERESTED",
        "on": "2025-12-01" });
    world.command(people::YORKSHIRE, "recordStage", input).await;
}

#[test]
fn whoever_came_to_a_stage_counts_at_every_stage_before_it() {
    on_both(async |world| {
        play(world).await;
        let england = json!({ "of": { "england": true } });
        let whole = funnel(world, people::PUBLIC, england).await;
        assert_eq!(counts(&whole[0]), ["3 1", "2 0", "2 0", "2 0", "1 0", "1 1"]);
        assert_eq!(whole[0]["lapsed"], 1);
        assert_eq!(whole[0]["steps"][3]["conversion"], 1.0);
        assert_eq!(whole[0]["steps"][4]["conversion"], 0.5);
        // Moor View was in post for 365 days before it was sustained, Aire Bank for 176.
        assert_eq!(whole[0]["steps"][3]["medianDays"], 270.5);
        let since = json!({ "of": { "england": true }, "since": "2025-12-01" });
        let later = funnel(world, people::PUBLIC, since).await;
        let reached: Vec<_> = later[0]["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| &step["reachedSince"])
            .collect();
        assert_eq!(reached, [1, 0, 0, 0, 1, 1]);
    });
}

#[test]
fn the_funnel_of_an_earlier_day_and_of_any_level_is_known() {
    on_both(async |world| {
        play(world).await;
        let regions = json!({
            "of": { "every": { "kind": "REGION" } }, "asAt": "2025-03-31",
        });
        let seen = funnel(world, people::PUBLIC, regions).await;
        let of = |code: &str| seen.iter().find(|it| it["organisation"]["odsCode"] == code).unwrap();
        assert_eq!(counts(of("Y63")), ["2 0", "2 0", "2 0", "2 2", "0 0", "0 0"]);
        assert_eq!(counts(of("Y62")), ["0 0"; 6]);
        // Dee Bridge lies in Cheshire, and is trained by Yorkshire's hub.
        let hub = json!({ "of": { "organisations": [{ "slug": "west-yorkshire" }] } });
        let hub = funnel(world, people::PUBLIC, hub).await;
        assert_eq!(counts(&hub[0])[0], "3 1");
        let icb = json!({ "of": { "organisations": [{ "odsCode": "QYG" }] } });
        let icb = funnel(world, people::PUBLIC, icb).await;
        assert_eq!(counts(&icb[0])[0], "1 1");
    });
}

#[test]
fn a_day_to_come_is_refused() {
    on_both(async |world| {
        let input = json!({ "input": { "of": { "england": true }, "asAt": "2026-01-16" } });
        let answer = world.ask(people::PUBLIC, FUNNEL, input).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    });
}
