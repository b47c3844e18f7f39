//! Who is enrolled: known or new, once for each key and each identifier.

use serde_json::{Value, json};

use super::{application, apply, cohort, cohort_input, done, problems, read, refused, send, step};
use crate::harness::{Who, World, on_both, people, with};

async fn learner(world: &World, who: Who, by: Value) -> Value {
    let document = "query($by: LearnerLookupBy!) { learner(by: $by) { id reference version
        identifiers { system value } enrolments { totalCount } } }";
    world.data(who, document, json!({ "by": by })).await["learner"].take()
}

fn identifier(value: &str) -> Value {
    json!({ "system": "dales-portfolio", "value": value })
}

#[test]
fn the_same_key_and_the_same_identifier_enrol_once() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let rows = world.rows().await;
        assert_eq!(apply(world, "amy", &cohort).await, it, "the same key gives the same answer");
        let other = with(&application("amy", &cohort), json!({ "route": "IN_HOUSE" }));
        let conflict = send(world, people::PRACTICE, "enrolLearner", other).await;
        assert_eq!(conflict["__typename"], "IdempotencyConflict");
        let again = with(&application("amy", &cohort), json!({ "idempotencyKey": "again" }));
        let already = send(world, people::PRACTICE, "enrolLearner", again.clone()).await;
        assert_eq!(already["__typename"], "AlreadyEnrolled");
        assert_eq!(already["enrolment"], json!({ "id": it["id"], "state": "APPLIED" }));
        assert_eq!(world.rows().await, rows);
        step(world, &it, "REJECTED", "2025-01-15").await;
        let second = with(&again, json!({ "appliedOn": "2025-02-01" }));
        let second = done(world, people::PRACTICE, "enrolLearner", second).await;
        assert_eq!(second["learner"]["id"], it["learner"]["id"], "the identifier is known");
        let found =
            learner(world, people::PRACTICE, json!({ "identifier": identifier("amy") })).await;
        assert_eq!(found["enrolments"]["totalCount"], 2);
        let by = json!({ "reference": it["learner"]["reference"] });
        assert_eq!(learner(world, people::YORKSHIRE, by).await["id"], found["id"]);
    });
}

#[test]
fn a_learner_is_named_by_an_id_or_an_identifier_too() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        step(world, &it, "CANCELLED", "2025-01-15").await;
        let by_id = json!({ "idempotencyKey": "id", "appliedOn": "2025-02-01",
            "learner": { "id": it["learner"]["id"] } });
        let by_id = with(&application("amy", &cohort), by_id);
        let second = done(world, people::YORKSHIRE, "enrolLearner", by_id.clone()).await;
        step(world, &second, "CANCELLED", "2025-02-15").await;
        let known =
            json!({ "idempotencyKey": "known", "learner": { "identifier": identifier("amy") } });
        let third = with(&by_id, known);
        let third = done(world, people::YORKSHIRE, "enrolLearner", third).await;
        assert_eq!(third["learner"]["id"], it["learner"]["id"]);
        let nobody =
            json!({ "idempotencyKey": "x", "learner": { "identifier": identifier("zoe") } });
        let named = problems(world, people::YORKSHIRE, "enrolLearner", with(&by_id, nobody)).await;
        assert_eq!(named, ["input.learner.identifier NOT_FOUND"]);
        let unknown = api::ids::GlobalId { type_name: "Learner", row: 987_654 }.encode();
        let unknown = json!({ "idempotencyKey": "y", "learner": { "id": unknown } });
        let code = refused(world, people::YORKSHIRE, "enrolLearner", with(&by_id, unknown)).await;
        assert_eq!(code, "NOT_FOUND");
    });
}

#[test]
fn every_mistake_in_an_application_is_named_with_its_place() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let input = application("amy", &cohort);
        let person = |details: Value, identifiers: Value| json!({ "learner": { "person": { "details": details, "identifiers": identifiers } } });
        let unknown = api::ids::GlobalId { type_name: "Cohort", row: 987_654 }.encode();
        for (changes, problem) in [
            (json!({ "appliedOn": "2026-01-16" }), "input.appliedOn OUT_OF_RANGE"),
            (json!({ "cohort": unknown }), "input.cohort NOT_FOUND"),
            (
                person(json!({ "name": "" }), json!([])),
                "input.learner.person.details.name REQUIRED",
            ),
            (
                person(json!({ "name": "A", "email": "nobody" }), json!([])),
                "input.learner.person.details.email MALFORMED",
            ),
            (
                person(json!({ "name": "A", "telephone": "none" }), json!([])),
                "input.learner.person.details.telephone MALFORMED",
            ),
            (
                person(json!({ "name": "A" }), json!([{ "system": "a b", "value": "x" }])),
                "input.learner.person.identifiers[0].system MALFORMED",
            ),
        ] {
            let wrong = with(&input, changes);
            assert_eq!(problems(world, people::PRACTICE, "enrolLearner", wrong).await, [problem]);
        }
        let centre = json!({ "idempotencyKey": "centre", "name": "Walk-in Centre",
            "odsCode": "Y90077", "openedOn": "2024-07-01", "prescribingSetting": 1,
            "subIcb": { "odsCode": "15F" } });
        world.command(people::NATIONAL, "registerSite", centre).await;
        let centre = with(&input, json!({ "site": { "odsCode": "Y90077" } }));
        let named = problems(world, people::YORKSHIRE, "enrolLearner", centre).await;
        assert_eq!(named, ["input.site WRONG_KIND"]);
        let nowhere = with(&input, json!({ "site": { "odsCode": "Z99999" } }));
        let named = problems(world, people::YORKSHIRE, "enrolLearner", nowhere).await;
        assert_eq!(named, ["input.site NOT_FOUND"]);
        let elsewhere = with(&input, json!({ "site": { "odsCode": "Y90004" } }));
        for who in [people::YORKSHIRE, people::PRACTICE] {
            let code = refused(world, who, "enrolLearner", elsewhere.clone()).await;
            assert_eq!(code, "FORBIDDEN");
        }
        for who in [people::NATIONAL, people::PROVIDER, people::ASSESSOR, people::NORTH_EAST] {
            assert_eq!(refused(world, who, "enrolLearner", input.clone()).await, "FORBIDDEN");
        }
    });
}

#[test]
fn a_guessed_identifier_opens_nothing() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        let theirs = json!({ "trainingHub": { "slug": "cheshire-and-merseyside" } });
        let theirs = with(&cohort_input("theirs"), theirs);
        let theirs = done(world, people::CHESHIRE, "openCohort", theirs).await;
        let there = json!({ "idempotencyKey": "there", "site": { "odsCode": "Y90004" } });
        let there = with(&application("amy", &theirs), there);
        let guess = with(&there, json!({ "learner": { "identifier": identifier("amy") } }));
        let named = problems(world, people::CHESHIRE, "enrolLearner", guess).await;
        assert_eq!(named, ["input.learner.identifier NOT_FOUND"]);
        let guess = with(&there, json!({ "learner": { "id": it["learner"]["id"] } }));
        assert_eq!(refused(world, people::CHESHIRE, "enrolLearner", guess).await, "NOT_FOUND");
        let mut named = there.clone();
        named["learner"]["person"]["details"]["name"] = json!("Somebody else");
        let named = problems(world, people::CHESHIRE, "enrolLearner", named).await;
        assert_eq!(named, ["input.learner.person.identifiers CONTRADICTION"]);
        let named = problems(world, people::CHESHIRE, "enrolLearner", there.clone()).await;
        assert_eq!(named, ["input.learner CONTRADICTION"], "it is not over, elsewhere");
        step(world, &it, "CANCELLED", "2025-01-15").await;
        let moved = done(world, people::CHESHIRE, "enrolLearner", there).await;
        assert_eq!(moved["learner"]["id"], it["learner"]["id"], "they moved house");
    });
}

#[test]
fn a_learner_is_called_something_else_by_each_system() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let (amy, ben) = (apply(world, "amy", &cohort).await, apply(world, "ben", &cohort).await);
        let add = |it: &Value, value: &str| {
            let identifier = json!({ "system": "fell-portfolio", "value": value });
            read(&it["learner"], json!({ "identifier": identifier }))
        };
        let it = done(world, people::PRACTICE, "addLearnerIdentifier", add(&amy, "7")).await;
        assert_eq!(it["identifiers"].as_array().unwrap().len(), 2);
        let theirs =
            problems(world, people::YORKSHIRE, "addLearnerIdentifier", add(&ben, "7")).await;
        assert_eq!(theirs, ["input.identifier ALREADY_EXISTS"]);
        let stale = send(world, people::YORKSHIRE, "addLearnerIdentifier", add(&amy, "8")).await;
        assert_eq!(stale["current"]["version"], it["version"]);
        let amy = json!({ "learner": it });
        let again =
            problems(world, people::YORKSHIRE, "addLearnerIdentifier", add(&amy, "7")).await;
        assert_eq!(again, ["input.identifier UNCHANGED"]);
        for (who, code) in [(people::ASSESSOR, "FORBIDDEN"), (people::CHESHIRE, "NOT_FOUND")] {
            assert_eq!(refused(world, who, "addLearnerIdentifier", add(&amy, "9")).await, code);
        }
    });
}
