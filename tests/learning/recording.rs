//! Batches of assessments: each item by itself, once, within reach, and never by the
//! learner.

use serde_json::{Value, json};

use super::{cohort, item, problems, record, send, started, step, words};
use crate::harness::{Who, World, on_both, people};

/// A learner's vendor sends what it has, with one item that is wrong.
#[test]
fn one_bad_item_does_not_hold_up_the_others_and_the_answer_is_given_again() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-11-01").await;
        let position = world.position().await;
        let mut by_vendor = item(&it, "seek-consent", "IN_PROGRESS", "2025-11-20");
        by_vendor["enrolment"] =
            json!({ "learner": { "system": "dales-portfolio", "value": "amy" } });
        let items = [
            item(&it, "respect-dignity", "IN_PROGRESS", "2025-11-10"),
            item(&it, "no-such-thing", "IN_PROGRESS", "2025-11-10"),
            item(&it, "respect-dignity", "EVIDENCE_SUBMITTED", "2025-12-01"),
            by_vendor,
            item(&it, "respect-dignity", "EVIDENCE_SUBMITTED", "2025-12-02"),
        ];
        let payload = record(world, people::ASSESSOR, "batch", &items).await;
        let expected = ["CREATED", "REFUSED competency NOT_FOUND", "CHANGED", "CREATED", "SAME"];
        assert_eq!(words(&payload), expected);
        assert_eq!(payload["refused"], 1);
        let outcomes = &payload["outcomes"];
        assert_eq!(outcomes[3]["enrolment"]["id"], it["id"]);
        assert_eq!(outcomes[4]["assessment"], outcomes[2]["assessment"]);
        let assessment = &outcomes[2]["assessment"];
        assert_eq!((&assessment["revision"], &assessment["attempt"]), (&json!(2), &json!(1)));
        assert_eq!(assessment["assessedBy"], people::ASSESSOR.subject);
        assert_eq!(
            world.said_since(position).await,
            ["asha RECORD_ASSESSMENTS: ASSESSMENTS_RECORDED - > 3 competencies from 2026-01-15"]
        );
        let rows = world.rows().await;
        assert_eq!(record(world, people::ASSESSOR, "batch", &items).await, payload);
        let other = record(world, people::ASSESSOR, "batch", &items[..1]).await;
        assert_eq!(other["__typename"], "IdempotencyConflict");
        let again = record(world, people::ASSESSOR, "again", &items[2..]).await;
        assert_eq!(words(&again), ["SAME", "SAME", "SAME"], "sent under another key");
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn what_somebody_else_said_meanwhile_is_never_lost() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-11-01").await;
        let revision = |state, revision| {
            let mut item = item(&it, "safeguard", state, "2025-12-01");
            item["expectedRevision"] = json!(revision);
            item
        };
        for (key, state, expected, word) in [
            ("1", "IN_PROGRESS", 0, "CREATED"),
            ("2", "EVIDENCE_SUBMITTED", 0, "REFUSED expectedRevision REVISION_CONFLICT"),
            ("3", "EVIDENCE_SUBMITTED", 1, "CHANGED"),
            ("4", "IN_PROGRESS", 2, "REFUSED state CONTRADICTION"),
            ("5", "NOT_APPLICABLE", 2, "REFUSED state CONTRADICTION state CONTRADICTION"),
        ] {
            let payload = record(world, people::YORKSHIRE, key, &[revision(state, expected)]).await;
            assert_eq!(words(&payload), [word], "{state}");
        }
    });
}

#[test]
fn whoever_is_beyond_reach_is_not_there() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-11-01").await;
        let mut by_vendor = item(&it, "safeguard", "IN_PROGRESS", "2025-12-01");
        by_vendor["enrolment"] =
            json!({ "learner": { "system": "dales-portfolio", "value": "amy" } });
        let items = [item(&it, "safeguard", "IN_PROGRESS", "2025-12-01"), by_vendor];
        let stranger = Who { subject: "not-assigned", ..people::ASSESSOR };
        let rows = world.rows().await;
        for who in [people::CHESHIRE, stranger] {
            let payload = record(world, who, "batch", &items).await;
            let word = "REFUSED enrolment NOT_FOUND";
            assert_eq!(words(&payload), [word, word], "{who:?}");
            assert_eq!(payload["outcomes"][0]["enrolment"], Value::Null);
        }
        for who in [people::PRACTICE, people::NATIONAL, people::PROVIDER] {
            let input = json!({ "input": { "idempotencyKey": "batch", "items": items } });
            let answer = world.ask(who, &super::document("recordAssessments"), input).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{who:?}");
        }
        assert_eq!(world.rows().await, rows);
    });
}

/// A learner of one site can be the assessor of another's; of themselves, never.
#[test]
fn nobody_assesses_themselves() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-11-01").await;
        let mentor = &it["mentors"][0];
        let identifier = json!({ "system": mentor["issuer"], "value": mentor["subject"] });
        let input = json!({ "id": it["learner"]["id"], "identifier": identifier,
            "expectedVersion": it["learner"]["version"] });
        send(world, people::YORKSHIRE, "addLearnerIdentifier", input).await;
        let items = [item(&it, "safeguard", "IN_PROGRESS", "2025-12-01")];
        let own = record(world, people::ASSESSOR, "own", &items).await;
        assert_eq!(words(&own), ["REFUSED enrolment CONTRADICTION"]);
        let hub = record(world, people::YORKSHIRE, "hub", &items).await;
        assert_eq!(words(&hub), ["CREATED"]);
    });
}

/// Every core competency of the framework, from the first step to the last.
async fn core(world: &World, it: &Value) -> Vec<Value> {
    let document = "{ competencyFramework { competencies(core: true) { code } } }";
    let data = world.data(people::PUBLIC, document, json!({})).await;
    let core = data["competencyFramework"]["competencies"].as_array().unwrap();
    let way = ["IN_PROGRESS", "EVIDENCE_SUBMITTED", "COMPETENT"];
    let of = |each: &Value| {
        way.map(|state| item(it, each["code"].as_str().unwrap(), state, "2025-10-01"))
    };
    core.iter().flat_map(of).collect()
}

#[test]
fn a_learner_completes_once_every_core_competency_was_recorded() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-04-01").await;
        let items = core(world, &it).await;
        let (last, others) = items.split_last_chunk::<1>().map(|(rest, one)| (one, rest)).unwrap();
        let payload = record(world, people::ASSESSOR, "most", others).await;
        assert_eq!(payload["refused"], 0, "{payload:#}");
        let it = step(world, &it, "SUBMITTED", "2025-10-01").await;
        let it = step(world, &it, "VERIFIED", "2025-10-10").await;
        let input = json!({ "id": it["id"], "expectedVersion": it["version"],
            "to": "COMPLETED", "on": "2025-10-20" });
        let refused = problems(world, people::PROVIDER, "verifyEnrolment", input).await;
        assert_eq!(refused, ["input.to CONTRADICTION"], "one is missing");
        let payload = record(world, people::ASSESSOR, "last", last).await;
        assert_eq!(words(&payload), ["CHANGED"]);
        step(world, &it, "COMPLETED", "2025-10-20").await;
        let late = [item(&it, "support-wellbeing", "IN_PROGRESS", "2025-10-10")];
        let payload = record(world, people::ASSESSOR, "late", &late).await;
        assert_eq!(words(&payload), ["REFUSED enrolment CONTRADICTION"]);
    });
}
