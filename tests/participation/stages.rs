//! `recordStage`, `chooseRoleModel`, and the stages that nobody records.

use serde_json::{Value, json};

use super::{post, prepared, preparing, site, started};
use crate::harness::{on_both, people, with};

#[test]
fn a_hub_records_the_stages_before_training_in_their_order() {
    on_both(async |world| {
        prepared(world, "Y90001").await;
        let query = "{ site(by: { odsCode: \"Y90001\" }) { participation { stage roleModel phase
            version stageEvents { stage on cause reason
                recordedBy { role organisation { name } } audit { subject } } } } }";
        let seen = world.data(people::PRACTICE, query, Value::Null).await;
        let by = json!({ "role": "HUB_TEAM", "organisation": { "name": "West Yorkshire Training Hub" } });
        assert_eq!(
            seen["site"]["participation"],
            json!({
                "stage": "PREPARING", "roleModel": "COMBINED", "phase": "NATIONAL", "version": 2,
                "stageEvents": [
                    { "stage": "INTERESTED", "on": "2025-02-03", "cause": "RECORDED",
                      "reason": null, "recordedBy": by, "audit": null },
                    { "stage": "PREPARING", "on": "2025-04-01", "cause": "RECORDED",
                      "reason": null, "recordedBy": by, "audit": null },
                ],
            })
        );
        let seen = world.data(people::YORKSHIRE, query, Value::Null).await;
        let events = &seen["site"]["participation"]["stageEvents"];
        assert_eq!(events[0]["recordedBy"], by);
        assert_eq!(events[0]["audit"]["subject"], people::YORKSHIRE.subject);
        let declined = json!({
            "site": site("Y90001"), "expectedVersion": 2, "stage": "DECLINED",
            "reason": "the mentor left",
        });
        let done = world.command(people::YORKSHIRE, "recordStage", declined).await;
        let events = done["participation"]["stageEvents"].as_array().unwrap();
        assert_eq!(events[2]["stage"], "DECLINED");
        assert_eq!(events[2]["reason"], "the mentor left");
        let again = json!({ "site": site("Y90001"), "expectedVersion": 3, "stage": "INTERESTED" });
        let done = world.command(people::YORKSHIRE, "recordStage", again).await;
        assert_eq!(done["participation"]["stage"], "INTERESTED");
    });
}

#[test]
fn what_cannot_be_recorded_is_named_and_nothing_is_written() {
    on_both(async |world| {
        let record = async |input| world.problems(people::YORKSHIRE, "recordStage", input).await;
        let interested =
            json!({ "site": site("Y90001"), "expectedVersion": 0, "stage": "INTERESTED" });
        for (changes, problems) in [
            (json!({ "on": "2026-01-16" }), vec!["input.on OUT_OF_RANGE"]),
            (json!({ "on": "2024-06-30" }), vec!["input.site WRONG_KIND"]),
            (json!({ "stage": "DECLINED" }), vec!["input.reason REQUIRED"]),
            (
                json!({ "stage": "PREPARING" }),
                vec![
                    "input.stage CONTRADICTION",
                    "input.roleModel REQUIRED",
                    "input.gpMentorNamed REQUIRED",
                    "input.protectedTimeAgreed REQUIRED",
                ],
            ),
        ] {
            assert_eq!(record(with(&interested, changes)).await, problems);
        }
        prepared(world, "Y90001").await;
        let back = json!({ "expectedVersion": 2, "on": "2025-03-01" });
        let problems = record(with(&interested, back)).await;
        assert_eq!(problems, ["input.on CONTRADICTION", "input.stage CONTRADICTION"]);
        started(world, "Y90001", "post", "2025-06-02").await;
        let declined = json!({ "expectedVersion": 2, "stage": "DECLINED", "reason": "so" });
        let problems = record(with(&interested, declined)).await;
        assert_eq!(problems, ["input.stage CONTRADICTION"], "a post is a fact");
        let stale = world.command(people::YORKSHIRE, "recordStage", preparing("Y90001", 1)).await;
        assert_eq!(stale["current"]["version"], 2);
    });
}

#[test]
fn a_post_brings_the_stage_and_the_figures_within_the_same_answer() {
    on_both(async |world| {
        prepared(world, "Y90001").await;
        let document = "mutation($input: StartPostInput!) { startPost(input: $input) {
            ... on PostStarted { post { places { organisation { ... on Site {
                participation { stage stageSince firstInPostOn nextStage { stage on } }
                placement { region { stageCounts { stage sites }
                    metricSeries(metrics: [\"sites.in_post\", \"sites.new_adopters\"],
                        periods: { from: \"2025-12\", to: \"2026-01\" }) {
                        points { value { value } } } } } } } } } } } }";
        let input = json!({ "input": post("Y90001", "post", "2026-01-05") });
        let done = world.data(people::YORKSHIRE, document, input).await;
        let site = &done["startPost"]["post"]["places"][0]["organisation"];
        assert_eq!(
            site["participation"],
            json!({
                "stage": "IN_POST", "stageSince": "2026-01-05", "firstInPostOn": "2026-01-05",
                "nextStage": { "stage": "SUSTAINED", "on": "2027-01-05" },
            })
        );
        let region = &site["placement"]["region"];
        let stages = region["stageCounts"].as_array().unwrap();
        let counted = |stage: &str| stages.iter().find(|it| it["stage"] == stage).unwrap();
        assert_eq!(counted("IN_POST")["sites"], 1);
        assert_eq!(counted("PREPARING")["sites"], 0);
        for series in region["metricSeries"].as_array().unwrap() {
            let values: Vec<_> = series["points"].as_array().unwrap().iter().collect();
            assert_eq!(values[0]["value"]["value"], 0.0);
            assert_eq!(values[1]["value"]["value"], 1.0);
        }
        let changes = "SELECT COUNT(*) FROM change WHERE change_type = 'STAGE_CHANGED'
            AND before = 'PREPARING' AND after = 'IN_POST'";
        assert_eq!(world.number(changes).await, 1);
    });
}

#[test]
fn the_stage_of_a_named_site_is_not_everybodys() {
    on_both(async |world| {
        started(world, "Y90001", "post", "2025-06-02").await;
        let query = "{ site(by: { odsCode: \"Y90001\" }) { participation { stage }
            posts { totalCount }
            metricSeries(metrics: [\"sites.in_post\", \"adoption.rate\"],
                periods: { last: 1 }) { points { value { state value } } } }
            sites(filter: { stages: [IN_POST] }) { totalCount } }";
        let read = async |who| world.data(who, query, Value::Null).await;
        for (who, knows, posts) in [
            (people::YORKSHIRE, true, true),
            (people::PRACTICE, true, true),
            (people::NORTH_EAST, true, true),
            (people::BOARD, true, false),
            (people::ANALYST, true, false),
            (people::CHESHIRE, false, false),
            (people::ASSESSOR, false, false),
            (people::PUBLIC, false, false),
        ] {
            let seen = read(who).await;
            assert_eq!(seen["site"]["participation"].is_null(), !knows, "{who:?}");
            assert_eq!(seen["site"]["posts"].is_null(), !posts, "{who:?}");
            assert_eq!(seen["sites"]["totalCount"], i32::from(knows), "{who:?}");
            for series in seen["site"]["metricSeries"].as_array().unwrap() {
                let state = &series["points"][0]["value"]["state"];
                assert_eq!(state, if knows { "VALUE" } else { "SUPPRESSED" }, "{who:?}");
            }
        }
        let funnel = "query($of: OrganisationSelector!) { adoptionFunnel(input: { of: $of }) {
            steps { stage everReached } } }";
        let of = json!({ "of": { "organisations": [site("Y90001")] } });
        let answer = world.ask(people::CHESHIRE, funnel, of.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
        let seen = world.data(people::YORKSHIRE, funnel, of).await;
        assert_eq!(seen["adoptionFunnel"][0]["steps"][3]["everReached"], 1);
    });
}

#[test]
fn a_role_model_is_chosen_once_and_by_the_hub() {
    on_both(async |world| {
        let input =
            json!({ "site": site("Y90001"), "expectedVersion": 0, "roleModel": "CLINICAL" });
        let done = world.command(people::YORKSHIRE, "chooseRoleModel", input.clone()).await;
        assert_eq!(done["participation"]["roleModel"], "CLINICAL");
        assert_eq!(done["participation"]["stage"], "NOT_ENGAGED");
        let again = with(&input, json!({ "expectedVersion": 1 }));
        let problems = world.problems(people::YORKSHIRE, "chooseRoleModel", again).await;
        assert_eq!(problems, ["input.roleModel UNCHANGED"]);
        let stale = world.command(people::YORKSHIRE, "chooseRoleModel", input.clone()).await;
        assert_eq!(stale["current"]["version"], 1);
        let refused = world.refused(people::CHESHIRE, "chooseRoleModel", input.clone()).await;
        assert_eq!(refused, "NOT_FOUND");
        assert_eq!(world.refused(people::PRACTICE, "chooseRoleModel", input).await, "FORBIDDEN");
    });
}
