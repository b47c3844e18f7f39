//! What a draft must fulfil, and who sees one.

use serde_json::{Value, json};

use super::{
    competency, document, domain, done, draft, duty, framework, job, plain, problems, published,
    send,
};
use crate::harness::{World, on_both, people, with};

const VERSIONS: &str = "query($id: ID!) { competencyFrameworks { version state }
    competencyFramework(version: \"2.0.0\") { version } node(id: $id) { id } }";

#[test]
fn a_draft_is_seen_by_those_who_may_draft_and_told_anew_under_its_revision() {
    on_both(async |world| {
        let first = draft("one", "2.0.0", plain());
        let drafted = done(world, people::ANALYST, "draftFrameworkVersion", first.clone()).await;
        assert_eq!((&drafted["state"], &drafted["revision"]), (&json!("DRAFT"), &json!(1)));
        let again = done(world, people::ANALYST, "draftFrameworkVersion", first).await;
        assert_eq!(again["id"], drafted["id"], "the same key gives the same answer");
        let other =
            send(world, people::ANALYST, "draftFrameworkVersion", draft("one", "2.1.0", plain()));
        assert_eq!(other.await["__typename"], "IdempotencyConflict");

        let competency_id = &drafted["domains"][0]["competencies"][0]["id"];
        for id in [&drafted["id"], &drafted["domains"][0]["id"], competency_id] {
            let seen = world.data(people::NATIONAL, VERSIONS, json!({ "id": id })).await;
            assert_eq!(seen["node"]["id"], *id);
            assert_eq!(seen["competencyFramework"]["version"], "2.0.0");
            for who in [people::PUBLIC, people::NORTH_EAST, people::YORKSHIRE, people::PROVIDER] {
                let seen = world.data(who, VERSIONS, json!({ "id": id })).await;
                assert_eq!(seen["competencyFramework"], Value::Null, "{who:?}");
                assert_eq!(seen["node"], Value::Null, "{who:?}");
                let listed = json!([{ "version": "1.0.0", "state": "PUBLISHED" }]);
                assert_eq!(seen["competencyFrameworks"], listed, "{who:?}");
            }
        }
        told_anew(world, &drafted).await;
    });
}

/// Competencies that are called as before keep their ids; the others go.
async fn told_anew(world: &World, drafted: &Value) {
    let content = framework(vec![
        domain("letters", vec![competency("read-well", true), competency("write-well", true)]),
        domain("care", vec![competency("be-safe", true)]),
    ]);
    let input = json!({ "id": drafted["id"], "expectedVersion": 1, "content": content });
    let told = done(world, people::NATIONAL, "redraftFrameworkVersion", input.clone()).await;
    assert_eq!((&told["id"], &told["revision"]), (&drafted["id"], &json!(2)));
    let id = |version: &Value, at: (usize, usize)| {
        version["domains"][at.0]["competencies"][at.1]["id"].clone()
    };
    assert_eq!(id(&told, (0, 0)), id(drafted, (1, 0)));
    assert_eq!(id(&told, (1, 0)), id(drafted, (0, 1)));
    let gone = id(drafted, (0, 0));
    let seen = world.data(people::NATIONAL, VERSIONS, json!({ "id": gone })).await;
    assert_eq!(seen["node"], Value::Null);
    let rows = world.rows().await;
    let stale = send(world, people::NATIONAL, "redraftFrameworkVersion", input).await;
    assert_eq!(stale["__typename"], "CompetencyFrameworkConflict");
    assert_eq!(stale["current"]["revision"], 2);
    assert_eq!(world.rows().await, rows);
}

#[test]
fn a_draft_of_the_job_description_keeps_what_is_called_as_before() {
    on_both(async |world| {
        let first = draft("job", "1.1.0", job(vec![duty("read-letters"), duty("sing")]));
        let drafted = done(world, people::ANALYST, "draftJobDescription", first).await;
        let content = job(vec![duty("dance"), duty("read-letters")]);
        let input = json!({ "id": drafted["id"], "expectedVersion": 1, "content": content });
        let told = done(world, people::ANALYST, "redraftJobDescription", input).await;
        assert_eq!(told["duties"][1]["id"], drafted["duties"][0]["id"]);
        let codes: Vec<_> =
            told["duties"].as_array().unwrap().iter().map(|duty| &duty["code"]).collect();
        assert_eq!(codes, ["dance", "read-letters"]);
    });
}

/// Sends drafts of a framework that are wrong, each under a version, and sees each named.
async fn all_named(world: &World, wrong: Vec<(&str, Value, String)>) {
    for (version, content, expected) in wrong {
        let input = draft("wrong", version, content.clone());
        let named = problems(world, people::ANALYST, "draftFrameworkVersion", input).await;
        assert!(named.contains(&expected), "{content:#}: {named:?}");
    }
}

#[test]
fn every_mistake_of_a_framework_is_named_with_its_place() {
    on_both(async |world| {
        published(world, "1.1.0", plain()).await;
        done(world, people::ANALYST, "draftFrameworkVersion", draft("mine", "3.0.0", plain()))
            .await;
        let unpublished = draft("job", "1.1.0", job(vec![duty("read-letters")]));
        done(world, people::ANALYST, "draftJobDescription", unpublished).await;
        let numbers = [
            ("1.0", "MALFORMED"),
            ("1.0.0", "ALREADY_EXISTS"),
            ("3.0.0", "ALREADY_EXISTS"),
            ("1.0.9", "OUT_OF_RANGE"),
        ];
        let numbers =
            numbers.map(|(version, code)| (version, plain(), format!("input.version {code}")));
        all_named(world, numbers.to_vec()).await;
        let unneeded = domain("care", vec![competency("be-kind", false)]);
        let whole = [
            (json!({ "title": " " }), "title REQUIRED"),
            (json!({ "description": "" }), "description REQUIRED"),
            (json!({ "source": "" }), "source REQUIRED"),
            (json!({ "jobDescription": "9.9.9" }), "jobDescription NOT_FOUND"),
            (json!({ "jobDescription": "1.1.0" }), "jobDescription CONTRADICTION"),
            (json!({ "domains": [] }), "domains REQUIRED"),
            (json!({ "domains": [domain("care", vec![])] }), "domains[0].competencies REQUIRED"),
            (json!({ "domains": [unneeded] }), "domains REQUIRED"),
        ];
        let whole = whole.map(|(changes, problem)| {
            ("2.0.0", with(&plain(), changes), format!("input.content.{problem}"))
        });
        all_named(world, whole.to_vec()).await;
    });
}

#[test]
fn every_mistake_of_a_competency_is_named_with_its_place() {
    on_both(async |world| {
        let wrong = [
            (json!({ "code": "Be Kind" }), "code MALFORMED"),
            (json!({ "title": "" }), "title REQUIRED"),
            (json!({ "description": "" }), "description REQUIRED"),
            (json!({ "duties": [] }), "duties REQUIRED"),
            (json!({ "duties": ["read-letters", "sing"] }), "duties[1] NOT_FOUND"),
            (json!({ "duties": ["read-letters", "read-letters"] }), "duties[1] ALREADY_EXISTS"),
        ];
        let wrong = wrong.map(|(changes, problem)| {
            let second = with(&competency("be-kind", true), changes);
            let content =
                framework(vec![domain("care", vec![competency("be-safe", true), second])]);
            let problem = format!("input.content.domains[0].competencies[1].{problem}");
            ("2.0.0", content, problem)
        });
        all_named(world, wrong.to_vec()).await;
    });
}

#[test]
fn all_mistakes_come_at_once() {
    on_both(async |world| {
        let twice = framework(vec![
            domain("care", vec![competency("be-kind", true), competency("be-kind", true)]),
            domain("care", vec![competency("be-kind", true), competency("", true)]),
        ]);
        let named = problems(
            world,
            people::ANALYST,
            "draftFrameworkVersion",
            draft("wrong", "2.0.0", with(&twice, json!({ "title": "" }))),
        );
        let expected = [
            "input.content.title REQUIRED",
            "input.content.domains[0].competencies[1].code ALREADY_EXISTS",
            "input.content.domains[1].code ALREADY_EXISTS",
            "input.content.domains[1].competencies[0].code ALREADY_EXISTS",
            "input.content.domains[1].competencies[1].code MALFORMED",
        ];
        assert_eq!(named.await, expected);
        let wrong = job(vec![duty("sing"), with(&duty("sing"), json!({ "title": "" }))]);
        let wrong = draft("wrong", "2.0.0", wrong);
        let named = problems(world, people::ANALYST, "draftJobDescription", wrong).await;
        let expected = [
            "input.content.duties[1].code ALREADY_EXISTS",
            "input.content.duties[1].title REQUIRED",
        ];
        assert_eq!(named, expected);
        let none = draft("none", "1.0.0", job(vec![]));
        let named = problems(world, people::ANALYST, "draftJobDescription", none).await;
        assert_eq!(named, ["input.version ALREADY_EXISTS", "input.content.duties REQUIRED"]);
    });
}

#[test]
fn nobody_else_drafts() {
    on_both(async |world| {
        let rows = world.rows().await;
        for (who, code) in [
            (people::PUBLIC, "UNAUTHENTICATED"),
            (people::NORTH_EAST, "FORBIDDEN"),
            (people::YORKSHIRE, "FORBIDDEN"),
        ] {
            let input = json!({ "input": draft("theirs", "2.0.0", plain()) });
            let answer = world.ask(who, &document("draftFrameworkVersion"), input).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code);
        }
        assert_eq!(world.rows().await, rows);
    });
}
