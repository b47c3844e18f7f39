//! What differs between two versions, read as data.

use serde_json::{Value, json};

use super::{competency, domain, done, draft, duty, framework, job, published, read};
use crate::harness::{World, on_both, people, with};

const FIELDS: &str = "fields { field from to }";

async fn between(world: &World, noun: &str, (from, to): (&str, &str), fields: &str) -> Value {
    let document = format!(
        "query($from: String!, $to: String!) {{ it: {noun}Differences(from: $from, to: $to) {{
            from {{ version }} to {{ version }} {fields} }} }}"
    );
    let variables = json!({ "from": from, "to": to });
    world.data(people::PUBLIC, &document, variables).await["it"].take()
}

/// Each difference as `KIND code`, with its fields as `field: from > to`.
fn told(differences: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |each: &Value| {
        let mut line = format!("{} {}", word(&each["kind"]), word(&each["code"]));
        for field in each["fields"].as_array().unwrap() {
            let [name, from, to] = ["field", "from", "to"].map(|part| word(&field[part]));
            line.push_str(&format!(", {name}: {from} > {to}"));
        }
        assert_eq!(each["before"].is_null(), each["kind"] == "ADDED", "{each}");
        assert_eq!(each["after"].is_null(), each["kind"] == "REMOVED", "{each}");
        line
    };
    differences.as_array().unwrap().iter().map(one).collect()
}

/// Two versions, the second with its lists in another order too.
fn versions() -> [Value; 2] {
    let two = ["code-records", "read-letters"];
    let first = framework(vec![
        domain(
            "care",
            vec![
                with(&competency("be-kind", true), json!({ "duties": two })),
                competency("be-safe", false),
                competency("be-brave", false),
            ],
        ),
        domain("letters", vec![competency("read-well", true)]),
        domain("songs", vec![competency("sing-well", false)]),
    ]);
    let second = framework(vec![
        with(
            &domain(
                "letters",
                vec![
                    with(&competency("be-brave", true), json!({ "title": "Bold" })),
                    competency("read-well", true),
                    competency("write-well", false),
                ],
            ),
            json!({ "title": "Letters" }),
        ),
        // Other places in the list, and other orders of the duties, are no difference.
        domain(
            "care",
            vec![
                competency("be-safe", false),
                with(&competency("be-kind", true), json!({ "duties": [two[1], two[0]] })),
            ],
        ),
    ]);
    [first, with(&second, json!({ "description": "More is learnt." }))]
}

#[test]
fn competencies_are_added_removed_changed_and_moved() {
    on_both(async |world| {
        let [first, second] = versions();
        published(world, "1.1.0", first).await;
        published(world, "1.2.0", second).await;
        let fields = format!(
            "{FIELDS} domains {{ kind code before {{ id }} after {{ id }} {FIELDS} }}
             competencies {{ kind code before {{ id }} after {{ id }} {FIELDS} }}
             duties {{ kind }}"
        );
        let versions = ("1.1.0", "1.2.0");
        let found = between(world, "competencyFramework", versions, &fields).await;
        assert_eq!(
            found["fields"],
            json!([{ "field": "description", "from": "What is learnt.", "to": "More is learnt." }])
        );
        let domains = ["CHANGED letters, title: A domain > Letters", "REMOVED songs"];
        assert_eq!(told(&found["domains"]), domains);
        assert_eq!(
            told(&found["competencies"]),
            [
                "CHANGED be-brave, title: A competency > Bold, core: false > true",
                "ADDED write-well",
                "REMOVED sing-well",
                "MOVED be-brave, domain: care > letters",
            ]
        );
        assert_eq!(found["duties"], json!([]));
        let none = between(world, "competencyFramework", ("1.2.0", "1.2.0"), &fields).await;
        for part in ["fields", "domains", "competencies"] {
            assert_eq!(none[part], json!([]), "{part}");
        }
        let back = between(world, "competencyFramework", ("1.2.0", "1.1.0"), &fields).await;
        assert!(told(&back["competencies"]).contains(&"ADDED sing-well".to_owned()));
    });
}

#[test]
fn duties_are_compared_by_their_codes() {
    on_both(async |world| {
        let first = job(vec![duty("read-letters"), duty("sing")]);
        let clinical = with(&duty("read-letters"), json!({ "kind": "CLINICAL" }));
        let second = job(vec![duty("dance"), clinical]);
        for (version, content) in [("1.1.0", first), ("1.2.0", second)] {
            let drafted = draft(version, version, content);
            let drafted = done(world, people::ANALYST, "draftJobDescription", drafted).await;
            done(world, people::NATIONAL, "publishJobDescription", read(&drafted)).await;
        }
        let fields = format!("duties {{ kind code before {{ id }} after {{ id }} {FIELDS} }}");
        let expected = [
            "ADDED dance",
            "CHANGED read-letters, kind: ADMINISTRATIVE > CLINICAL",
            "REMOVED sing",
        ];
        let found = between(world, "jobDescription", ("1.1.0", "1.2.0"), &fields).await;
        assert_eq!(told(&found["duties"]), expected);

        let domains = || vec![domain("care", vec![competency("be-kind", true)])];
        for (version, job_description) in [("1.1.0", "1.1.0"), ("1.2.0", "1.2.0")] {
            let content = json!({ "jobDescription": job_description });
            published(world, version, with(&framework(domains()), content)).await;
        }
        let fields = format!("{FIELDS} {fields}");
        let found = between(world, "competencyFramework", ("1.1.0", "1.2.0"), &fields).await;
        assert_eq!(told(&found["duties"]), expected);
        assert_eq!(
            found["fields"],
            json!([{ "field": "jobDescription", "from": "1.1.0", "to": "1.2.0" }])
        );
    });
}

#[test]
fn a_draft_is_compared_by_those_who_may_draft() {
    on_both(async |world| {
        let drafted = draft("next", "1.1.0", super::plain());
        done(world, people::ANALYST, "draftFrameworkVersion", drafted).await;
        let versions = ("1.0.0", "1.1.0");
        let seen = between(world, "competencyFramework", versions, "domains { code }").await;
        assert_eq!(seen, Value::Null);
        let document = "{ competencyFrameworkDifferences(from: \"1.0.0\", to: \"1.1.0\") {
            competencies { kind } } }";
        let seen = world.data(people::ANALYST, document, json!({})).await;
        let found = seen["competencyFrameworkDifferences"]["competencies"].as_array().unwrap();
        assert!(found.len() > 20);
    });
}
