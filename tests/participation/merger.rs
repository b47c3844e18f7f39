//! A merger: what it would move, what it moves, and how the funnel counts it.

use serde_json::{Value, json};

use super::{post, site};
use crate::{
    enrolments::{application, cohort_input, done, mentor, step},
    harness::{World, on_both, on_the_same, people, with},
};

const MERGED_ON: &str = "2024-04-01";

/// A practice of West Yorkshire that opened on a day.
async fn practice(world: &World, code: &str, opened_on: &str) -> Value {
    let input = json!({
        "idempotencyKey": code, "name": format!("{code} Surgery"), "odsCode": code,
        "openedOn": opened_on, "subIcb": { "odsCode": "15F" },
    });
    let done = world.command(people::NATIONAL, "registerSite", input).await;
    done["site"].clone()
}

/// A learner who started there on the first of a month.
async fn learner(world: &World, cohort: &Value, code: &str, key: &str, started_on: &str) {
    let mut input =
        with(&application(key, cohort), json!({ "site": site(code), "appliedOn": "2023-01-10" }));
    input["learner"]["person"]["details"]["name"] = json!(format!("Learner {key}"));
    let applied = done(world, people::YORKSHIRE, "enrolLearner", input).await;
    let mut it = mentor(world, &applied, "2023-02-01").await;
    for (state, on) in
        [("OFFERED", "2023-02-01"), ("ACCEPTED", "2023-02-10"), ("STARTED", started_on)]
    {
        it = step(world, &it, state, on).await;
    }
}

/// The two sites of the example: 8,000 patients, in post since May 2023 with one learner;
/// and 5,000 patients with two learners.
async fn play(world: &World) -> World {
    practice(world, "Y91001", "2020-01-01").await;
    practice(world, "Y91002", "2020-01-01").await;
    for (code, patients) in [("Y91001", 8_000), ("Y91002", 5_000)] {
        let counted = format!(
            "INSERT INTO list_size SELECT organisation_id, '2024-01-01', {patients}
             FROM organisation_code WHERE code = '{code}'"
        );
        sea_orm::ConnectionTrait::execute_unprepared(&world.raw, &counted).await.unwrap();
    }
    let world = on_the_same(world).await;
    let rolling = json!({ "kind": "ROLLING", "startsOn": "2023-03-01", "places": 5 });
    let input = with(&cohort_input("merger"), rolling);
    let cohort = done(&world, people::YORKSHIRE, "openCohort", input).await;
    learner(&world, &cohort, "Y91001", "one", "2023-03-01").await;
    learner(&world, &cohort, "Y91002", "two", "2023-09-01").await;
    learner(&world, &cohort, "Y91002", "three", "2023-09-01").await;
    let started = post("Y91001", "post", "2023-05-02");
    let done = world.command(people::YORKSHIRE, "startPost", started).await;
    assert_eq!(done["__typename"], "PostStarted", "{done:#}");
    world
}

const IMPACT: &str = "query($input: SuccessionImpactInput!) { successionImpact(input: $input) {
    before { site { odsCode } stage firstInPostOn listSize enrolments fte }
    after { site { odsCode } stage firstInPostOn listSize enrolments learnersInTraining posts fte }
    enrolments posts everInTraining { none successor }
    region { before { inPost eligible } after { inPost eligible } }
    checks { of before after holds } } }";

const FUNNEL: &str = "query($input: AdoptionFunnelInput!) { adoptionFunnel(input: $input) {
    steps { stage everReached nowAt } } }";

async fn ever_in_training(world: &World, follow: &str) -> Value {
    let input = json!({
        "of": { "organisations": [{ "odsCode": "QWO" }] }, "asAt": MERGED_ON, "follow": follow,
    });
    let seen = world.data(people::PUBLIC, FUNNEL, json!({ "input": input })).await;
    seen["adoptionFunnel"][0]["steps"][2]["everReached"].clone()
}

/// The two sites become a third on the day.
async fn merge(world: &World) {
    let successor = practice(world, "Y91003", MERGED_ON).await;
    for code in ["Y91001", "Y91002"] {
        let known = world.site(code).await;
        let input = json!({
            "idempotencyKey": format!("into-{code}"), "predecessor": known["id"], "successor": successor["id"],
            "occurredOn": MERGED_ON, "kind": "MERGER",
        });
        let done = world.command(people::NATIONAL, "recordSuccession", input).await;
        assert_eq!(done["__typename"], "SuccessionRecorded", "{done:#}");
        let known = world.site(code).await;
        let closure = json!({
            "id": known["id"], "expectedVersion": known["version"], "closedOn": MERGED_ON,
        });
        let closed = world.command(people::NATIONAL, "closeSite", closure).await;
        assert_eq!(closed["__typename"], "SiteClosed", "{closed:#}");
    }
}

#[test]
fn a_merger_moves_what_is_open_and_loses_nothing() {
    on_both(async |world| {
        let world = play(world).await;
        let asked = json!({ "input": {
            "predecessors": [site("Y91001"), site("Y91002")], "occurredOn": MERGED_ON,
        } });
        let seen = world.data(people::YORKSHIRE, IMPACT, asked).await["successionImpact"].take();
        let stages: Vec<_> =
            seen["before"].as_array().unwrap().iter().map(|it| &it["stage"]).collect();
        assert_eq!(stages, ["IN_POST", "TRAINING"]);
        let merged = json!({
            "site": null, "stage": "IN_POST", "firstInPostOn": "2023-05-02", "listSize": 13_000,
            "enrolments": 3, "learnersInTraining": 3, "posts": 1, "fte": 1.0,
        });
        assert_eq!(seen["after"], merged);
        assert_eq!(seen["everInTraining"], json!({ "none": 2, "successor": 1 }));
        let (before, after) = (&seen["region"]["before"], &seen["region"]["after"]);
        assert_eq!(before["inPost"], after["inPost"]);
        let fewer = before["eligible"].as_i64().unwrap() - 1;
        assert_eq!(after["eligible"], fewer);
        for check in seen["checks"].as_array().unwrap() {
            assert_eq!(check["holds"], true, "{check}");
        }
        assert_eq!(
            world.number("SELECT COUNT(*) FROM succession WHERE occurred_on = '2024-04-01'").await,
            0
        );

        merge(&world).await;
        let query = "{ site(by: { odsCode: \"Y91003\" }) {
            participation { stage(asAt: \"2024-04-01\") firstInPostOn
                stageEvents { stage on cause takenOver } }
            enrolments(first: 10) { totalCount nodes { state events { on state site { odsCode } } } }
            posts { nodes { fte startedOn places { organisation { odsCode } from to } } } } }";
        let seen = world.data(people::YORKSHIRE, query, Value::Null).await["site"].take();
        assert_eq!(seen["participation"]["stage"], "IN_POST");
        assert_eq!(seen["participation"]["firstInPostOn"], "2023-05-02");
        let first = &seen["participation"]["stageEvents"][0];
        assert_eq!((&first["on"], &first["takenOver"]), (&json!(MERGED_ON), &json!(true)));
        assert_eq!(seen["enrolments"]["totalCount"], 3);
        for it in seen["enrolments"]["nodes"].as_array().unwrap() {
            let last = it["events"].as_array().unwrap().last().unwrap();
            assert_eq!(
                (&last["on"], &last["site"]["odsCode"]),
                (&json!(MERGED_ON), &json!("Y91003"))
            );
            assert_eq!(it["state"], "STARTED", "a transfer changes no state");
        }
        let held = &seen["posts"]["nodes"][0];
        assert_eq!((&held["fte"], &held["startedOn"]), (&json!(1.0), &json!("2023-05-02")));
        assert_eq!(held["places"][0]["to"], MERGED_ON);
        assert_eq!(ever_in_training(&world, "NONE").await, 2);
        assert_eq!(ever_in_training(&world, "SUCCESSOR").await, 1);
        world.leave().await;
    });
}

#[test]
fn a_merger_to_come_is_shown_and_not_recorded() {
    on_both(async |world| {
        let world = play(world).await;
        let successor = practice(&world, "Y91003", MERGED_ON).await;
        let known = world.site("Y91001").await;
        let input = json!({
            "idempotencyKey": "early", "predecessor": known["id"], "successor": successor["id"],
            "occurredOn": "2026-02-01", "kind": "MERGER",
        });
        let problems = world.problems(people::NATIONAL, "recordSuccession", input.clone()).await;
        assert_eq!(problems, ["input.occurredOn OUT_OF_RANGE"]);
        // Who goes where after a split is for people to say: nothing moves by itself.
        let split = with(&input, json!({ "kind": "SPLIT", "occurredOn": "2026-01-01" }));
        world.command(people::NATIONAL, "recordSuccession", split).await;
        let query = "{ site(by: { odsCode: \"Y91001\" }) { enrolments { totalCount } } }";
        let seen = world.data(people::YORKSHIRE, query, Value::Null).await;
        assert_eq!(seen["site"]["enrolments"]["totalCount"], 1);
        let outside = json!({ "input": {
            "predecessors": [site("Y90004")], "occurredOn": "2026-02-01",
        } });
        let answer = world.ask(people::YORKSHIRE, IMPACT, outside).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
        world.leave().await;
    });
}
