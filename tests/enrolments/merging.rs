//! Two records of one learner: found, and made one.

use serde_json::{Value, json};

use super::{apply, cohort, done, problems, read, refused, step};
use crate::harness::{World, on_both, on_the_same, people};

const PAIRS: &str = "{ duplicateLearners { likeness learners { id } } }";

async fn pairs(world: &World) -> Value {
    world.data(people::YORKSHIRE, PAIRS, json!({})).await["duplicateLearners"].take()
}

async fn detailed(world: &World, it: &Value, details: Value) -> Value {
    let input = read(&it["learner"], json!({ "details": details }));
    let learner = done(world, people::PRACTICE, "recordLearnerDetails", input).await;
    crate::harness::with(it, json!({ "learner": learner }))
}

#[test]
fn learners_who_may_be_one_are_found_by_who_they_are() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let amy = apply(world, "amy", &cohort).await;
        let ben = apply(world, "ben", &cohort).await;
        assert_eq!(pairs(world).await, json!([]));
        let both = [&amy["learner"]["id"], &ben["learner"]["id"]];
        let named = json!([{ "id": both[0] }, { "id": both[1] }]);
        let ben = detailed(world, &ben, json!({ "name": "secret AMY" })).await;
        let found = pairs(world).await;
        assert_eq!(found, json!([{ "likeness": "NAME_AND_SITE", "learners": named }]));
        let same = json!({ "name": "Secret Amy", "email": "AMY@example.org" });
        let ben = detailed(world, &ben, same).await;
        assert_eq!(pairs(world).await[0]["likeness"], "NAME_AND_EMAIL");
        let other = json!({ "name": "Secret Amelia", "email": "amy@example.org" });
        detailed(world, &ben, other).await;
        assert_eq!(pairs(world).await, json!([]), "another name is another person");
        let read = "SELECT COUNT(*) FROM audit WHERE action = 'READ_LEARNER_DETAILS'
            AND subject = 'hana' AND node_type = 'LEARNER'";
        assert_eq!(world.number(read).await, 4, "each of two pairs that were shown");
        for who in [people::PRACTICE, people::NATIONAL, people::PROVIDER] {
            let answer = world.ask(who, PAIRS, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        }
    });
}

#[test]
fn the_one_who_is_kept_holds_everything_of_both() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let amy = apply(world, "amy", &cohort).await;
        let ben = apply(world, "ben", &cohort).await;
        let merging = |keep: &Value, merge: &Value| {
            json!({ "keep": keep["learner"]["id"], "expectedVersion": keep["learner"]["version"],
                "merge": merge["learner"]["id"] })
        };
        let named = problems(world, people::YORKSHIRE, "mergeLearners", merging(&amy, &ben)).await;
        assert_eq!(named, ["input.merge CONTRADICTION"], "neither is over");
        let named = problems(world, people::YORKSHIRE, "mergeLearners", merging(&amy, &amy)).await;
        assert_eq!(named, ["input.merge CONTRADICTION"]);
        step(world, &ben, "CANCELLED", "2025-01-15").await;
        for (who, code) in [(people::PRACTICE, "FORBIDDEN"), (people::CHESHIRE, "NOT_FOUND")] {
            assert_eq!(refused(world, who, "mergeLearners", merging(&amy, &ben)).await, code);
        }
        let kept = done(world, people::YORKSHIRE, "mergeLearners", merging(&amy, &ben)).await;
        assert_eq!(kept["id"], amy["learner"]["id"]);
        assert_eq!(kept["identifiers"].as_array().unwrap().len(), 2);
        let document = "query($id: ID!, $reference: String!) {
            old: learner(by: { id: $id }) { id mergedInto { id } enrolments { totalCount }
                details { name email } }
            by: learner(by: { reference: $reference }) { id }
            it: learner(by: { identifier: { system: \"dales-portfolio\", value: \"ben\" } }) { id }
            node(id: $id) { id } }";
        let old = json!({ "id": ben["learner"]["id"], "reference": ben["learner"]["reference"] });
        let fresh = on_the_same(world).await;
        for world in [world, &fresh] {
            let data = world.data(people::YORKSHIRE, document, old.clone()).await;
            let details = json!({ "name": "Secret amy", "email": "amy@example.org" });
            let merged = json!({ "id": ben["learner"]["id"], "mergedInto": { "id": kept["id"] },
                "enrolments": { "totalCount": 2 }, "details": details });
            assert_eq!(data["old"], merged);
            assert_eq!(
                (&data["by"], &data["it"]),
                (&json!({ "id": kept["id"] }), &json!({ "id": kept["id"] }))
            );
            assert_eq!(data["node"], json!({ "id": ben["learner"]["id"] }));
        }
        fresh.leave().await;
        assert_eq!(world.number("SELECT COUNT(*) FROM learner_details").await, 1);
        let code = refused(world, people::YORKSHIRE, "mergeLearners", merging(&ben, &amy)).await;
        assert_eq!(code, "NOT_FOUND", "what was merged is not merged again");
    });
}
