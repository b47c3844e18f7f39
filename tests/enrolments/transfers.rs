//! Transfers: the same enrolment at another site, of the same hub or another's; and the
//! site's word on employment, which may disagree with the hub's on training.

use serde_json::{Value, json};

use super::{cohort, cohort_input, done, enrolment, problems, read, refused, started, step};
use crate::harness::{World, on_both, people, with};

fn to(it: &Value, site: &str, more: Value) -> Value {
    with(&read(it, json!({ "site": { "odsCode": site }, "on": "2025-06-01" })), more)
}

async fn of_cheshire(world: &World, places: i32) -> Value {
    let theirs = json!({ "trainingHub": { "slug": "cheshire-and-merseyside" }, "places": places });
    let input = with(&cohort_input(&format!("theirs-{places}")), theirs);
    done(world, people::CHESHIRE, "openCohort", input).await
}

#[test]
fn an_enrolment_goes_on_at_another_site_as_it_was() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await).await;
        let position = world.position().await;
        let it =
            done(world, people::YORKSHIRE, "transferEnrolment", to(&it, "Y90002", json!({}))).await;
        assert_eq!((&it["state"], &it["dueOn"]), (&json!("STARTED"), &json!("2025-12-03")));
        let last = it["events"].as_array().unwrap().last().unwrap().clone();
        let expected = json!({ "on": "2025-06-01", "state": "STARTED",
            "site": { "odsCode": "Y90002" } });
        assert_eq!(last, expected);
        let said = world.said_since(position).await;
        let moved = said.iter().filter(|line| line.contains("ENROLMENT_TRANSFERRED"));
        assert_eq!(moved.count(), 2, "both sites are told: {said:?}");
        assert_eq!(enrolment(world, people::PRACTICE, &it["id"]).await, json!(null));
        for (changes, problem) in [
            (json!({}), "input.site UNCHANGED"),
            (json!({ "site": { "odsCode": "Y90003" } }), "input.site WRONG_KIND"),
            (json!({ "site": { "odsCode": "QWO" } }), "input.site NOT_FOUND"),
            (json!({ "site": { "odsCode": "Z99999" } }), "input.site NOT_FOUND"),
            (
                json!({ "on": "2025-05-31", "site": { "odsCode": "Y90001" } }),
                "input.on OUT_OF_RANGE",
            ),
        ] {
            let wrong = to(&it, "Y90002", changes);
            let named = problems(world, people::YORKSHIRE, "transferEnrolment", wrong).await;
            assert_eq!(named, [problem]);
        }
        let over = step(world, &it, "WITHDRAWN", "2025-07-01").await;
        let wrong = to(&over, "Y90001", json!({ "on": "2025-08-01" }));
        let named = problems(world, people::YORKSHIRE, "transferEnrolment", wrong).await;
        assert_eq!(named, ["input.id CONTRADICTION"]);
    });
}

#[test]
fn another_hubs_cohort_must_have_a_place() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await).await;
        let theirs = of_cheshire(world, 1).await;
        let wrong = to(&it, "Y90002", json!({ "cohort": theirs["id"] }));
        let named = problems(world, people::YORKSHIRE, "transferEnrolment", wrong).await;
        assert_eq!(named, ["input.cohort NOT_FOUND"], "it is not that site's hub's");
        for who in [people::PRACTICE, people::CHESHIRE, people::NATIONAL] {
            let code = refused(world, who, "transferEnrolment", to(&it, "Y90002", json!({}))).await;
            assert_eq!(code, if who == people::CHESHIRE { "NOT_FOUND" } else { "FORBIDDEN" });
        }
        let away = to(&it, "Y90004", json!({ "cohort": theirs["id"] }));
        let gone = done(world, people::YORKSHIRE, "transferEnrolment", away).await;
        assert_eq!(gone, json!(null), "it has left the hub's reach");
        assert_eq!(enrolment(world, people::YORKSHIRE, &it["id"]).await, json!(null));
        let there = enrolment(world, people::CHESHIRE, &it["id"]).await;
        assert_eq!((&there["cohort"]["id"], &there["state"]), (&theirs["id"], &json!("STARTED")));
        let second = started(world, "ben", &cohort(world).await).await;
        let full = to(&second, "Y90004", json!({ "cohort": theirs["id"] }));
        let named = problems(world, people::YORKSHIRE, "transferEnrolment", full).await;
        assert_eq!(named, ["input.cohort CONTRADICTION"]);
        let kept = to(&second, "Y90004", json!({}));
        let kept = done(world, people::YORKSHIRE, "transferEnrolment", kept).await;
        assert_eq!(kept["site"]["odsCode"], "Y90004", "the cohort's hub goes on with it");
    });
}

const LIST: &str = "{ disagreements { totalCount nodes { enrolment { id }
    disagreement { kind since } } } }";

fn said(key: &str, it: &Value, status: &str, as_of: &str) -> Value {
    json!({ "idempotencyKey": key, "enrolment": it["id"], "status": status, "asOf": as_of })
}

#[test]
fn a_site_and_a_hub_disagree_until_one_of_them_says_otherwise() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await).await;
        let report = async |key: &str, it: &Value, status: &str, as_of: &str| {
            let input = said(key, it, status, as_of);
            done(world, people::PRACTICE, "reportEmployment", input).await
        };
        let it = report("1", &it, "EMPLOYED", "2025-03-01").await;
        assert_eq!(it["disagreement"], json!(null));
        let it = report("2", &it, "ON_LEAVE", "2025-04-01").await;
        let kind = json!({ "kind": "ON_LEAVE_NOT_PAUSED", "since": "2025-04-01" });
        assert_eq!(it["disagreement"], kind);
        let data = world.data(people::YORKSHIRE, LIST, json!({})).await;
        let nodes = json!([{ "enrolment": { "id": it["id"] }, "disagreement": kind }]);
        assert_eq!(data["disagreements"], json!({ "totalCount": 1, "nodes": nodes }));
        let data = world.data(people::CHESHIRE, LIST, json!({})).await;
        assert_eq!(data["disagreements"]["totalCount"], 0);
        let it = step(world, &it, "PAUSED", "2025-04-10").await;
        assert_eq!(it["disagreement"], json!(null), "the hub followed");
        let it = report("3", &it, "LEFT", "2025-05-01").await;
        let kind = json!({ "kind": "LEFT_IN_TRAINING", "since": "2025-05-01" });
        assert_eq!(it["disagreement"], kind);
        let leaving = with(
            &super::to(&it, "WITHDRAWN", "2025-05-10"),
            json!({ "reason": "LEFT_EMPLOYMENT" }),
        );
        let it = done(world, people::YORKSHIRE, "withdrawEnrolment", leaving).await;
        assert_eq!(
            (&it["disagreement"], &it["exitReason"]),
            (&json!(null), &json!("LEFT_EMPLOYMENT"))
        );
        let it = report("4", &it, "EMPLOYED", "2025-06-01").await;
        let kind = json!({ "kind": "EMPLOYED_BUT_WITHDRAWN", "since": "2025-06-01" });
        assert_eq!(it["disagreement"], kind);
        for (status, as_of, problem) in [
            ("LEFT", "2025-05-31", "input.asOf OUT_OF_RANGE"),
            ("LEFT", "2026-01-16", "input.asOf OUT_OF_RANGE"),
            ("EMPLOYED", "2025-07-01", "input.status UNCHANGED"),
        ] {
            let wrong = said("wrong", &it, status, as_of);
            let named = problems(world, people::PRACTICE, "reportEmployment", wrong).await;
            assert_eq!(named, [problem]);
        }
        let input = said("5", &it, "LEFT", "2025-07-01");
        for (who, code) in [(people::ASSESSOR, "FORBIDDEN"), (people::CHESHIRE, "NOT_FOUND")] {
            assert_eq!(refused(world, who, "reportEmployment", input.clone()).await, code);
        }
    });
}
