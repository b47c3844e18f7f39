//! Work-based learning, as assessors, hubs and providers follow it: assessments, progress
//! and awards.

mod awards;
mod progress;
mod recording;
mod statements;

use serde_json::{Value, json};

use crate::harness::{Who, World, people, with};

/// What every test asks of an enrolment.
const ENROLMENT: &str = "{ id version state dueOn mentors { issuer subject }
    learner { id version } award { title level credits body awardedOn } }";
const FINDINGS: &str = "findings { severity code column message }";

fn success(command: &str) -> String {
    let enrolment = |payload: &str| format!("... on {payload} {{ enrolment {ENROLMENT} }}");
    match command {
        "openCohort" => "... on CohortOpened { cohort { id } }".to_owned(),
        "addLearnerIdentifier" => {
            "... on LearnerIdentifierAdded { learner { id version } }".to_owned()
        }
        "enrolLearner" => enrolment("LearnerEnrolled"),
        "advanceEnrolment" => enrolment("EnrolmentAdvanced"),
        "verifyEnrolment" => enrolment("EnrolmentVerified"),
        "assignMentor" => enrolment("MentorAssigned"),
        "requestExtension" => enrolment("ExtensionRequested"),
        "reportEmployment" => enrolment("EmploymentReported"),
        "recordAward" => enrolment("AwardRecorded"),
        "recordAwards" => format!(
            "... on AwardsRecorded {{ refused
                outcomes {{ index result enrolment {ENROLMENT} {FINDINGS} }} }}"
        ),
        "recordAssessments" => format!(
            "... on AssessmentsRecorded {{ refused outcomes {{ index result enrolment {{ id }}
                assessment {{ id revision state attempt assessedOn assessedBy }} {FINDINGS} }} }}"
        ),
        other => panic!("{other} is no command of learning"),
    }
}

/// A command's document.
pub(crate) fn document(command: &str) -> String {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let conflict = match command {
        "advanceEnrolment" | "verifyEnrolment" | "addLearnerIdentifier" => "",
        _ => "... on IdempotencyConflict { message }",
    };
    format!(
        "mutation($input: {kind}Input!) {{ {command}(input: $input) {{ __typename {} {conflict}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}",
        success(command)
    )
}

/// Sends a command; gives its payload, which must come.
pub(crate) async fn send(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut data = world.data(who, &document(command), json!({ "input": input })).await;
    data[command].take()
}

/// Sends a command about an enrolment that must succeed; gives the enrolment.
pub(crate) async fn done(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut payload = send(world, who, command, input).await;
    assert!(payload["enrolment"].is_object(), "{command}: {payload:#}");
    payload["enrolment"].take()
}

/// Sends a command whose input is wrong; gives each problem as `path CODE`.
async fn problems(world: &World, who: Who, command: &str, input: Value) -> Vec<String> {
    let before = world.rows().await;
    let payload = send(world, who, command, input).await;
    assert_eq!(payload["__typename"], "InvalidInput", "{payload:#}");
    assert_eq!(world.rows().await, before, "an invalid {command} wrote");
    let word = |problem: &Value, field: &str| problem[field].as_str().unwrap().to_owned();
    let all = payload["problems"].as_array().unwrap().iter();
    all.map(|it| format!("{} {}", word(it, "path"), word(it, "code"))).collect()
}

/// West Yorkshire's rolling cohort of 2025, verified by Dales College.
pub(crate) async fn cohort(world: &World) -> Value {
    cohort_of(world, people::YORKSHIRE, json!({})).await
}

/// A hub's cohort, with something of it said otherwise.
pub(crate) async fn cohort_of(world: &World, hub: Who, changes: Value) -> Value {
    let framework = world.data(hub, "{ competencyFramework { id } }", json!({})).await;
    let (_, slug) = hub.organisation.split_once(':').unwrap();
    let input = json!({
        "idempotencyKey": format!("cohort-{changes}").replace(' ', ""),
        "trainingHub": { "slug": slug }, "provider": { "slug": "dales-college" },
        "name": "Rolling", "kind": "ROLLING", "places": 60, "startsOn": "2025-04-01",
        "frameworkId": framework["competencyFramework"]["id"],
    });
    let payload = send(world, hub, "openCohort", with(&input, changes)).await;
    assert!(payload["cohort"].is_object(), "{payload:#}");
    payload["cohort"]["id"].clone()
}

/// Takes an enrolment to a state on a day.
pub(crate) async fn step(world: &World, it: &Value, state: &str, on: &str) -> Value {
    let (command, who) = match state {
        "REFERRED" | "VERIFIED" | "COMPLETED" => ("verifyEnrolment", people::PROVIDER),
        _ => ("advanceEnrolment", people::YORKSHIRE),
    };
    let input = json!({ "id": it["id"], "expectedVersion": it["version"], "to": state, "on": on });
    done(world, who, command, input).await
}

/// Somebody at Moor View who applied for the cohort, by the name of the vendor's key.
pub(crate) async fn applied(world: &World, key: &str, cohort: &Value) -> Value {
    applied_with(world, key, cohort, json!({})).await
}

async fn applied_with(world: &World, key: &str, cohort: &Value, changes: Value) -> Value {
    let input = json!({
        "idempotencyKey": key, "cohort": cohort, "site": { "odsCode": "Y90001" },
        "route": "ACCREDITED", "appliedOn": "2025-03-01",
        "learner": { "person": {
            "details": { "name": format!("Secret {key}") },
            "identifiers": [{ "system": "dales-portfolio", "value": key }],
        } },
    });
    done(world, people::PRACTICE, "enrolLearner", with(&input, changes)).await
}

/// An enrolment that started on the first of a month, with an assessor as its mentor.
pub(crate) async fn started(world: &World, key: &str, cohort: &Value, on: &str) -> Value {
    let it = applied(world, key, cohort).await;
    start(world, it, key, on).await
}

async fn start(world: &World, it: Value, key: &str, on: &str) -> Value {
    let it = step(world, &it, "OFFERED", on).await;
    let it = step(world, &it, "ACCEPTED", on).await;
    let mentor = json!({ "idempotencyKey": format!("{key}-mentor"), "enrolment": it["id"],
        "kind": "GP_MENTOR", "person": { "subject": people::ASSESSOR.subject }, "from": on });
    let it = done(world, people::YORKSHIRE, "assignMentor", mentor).await;
    step(world, &it, "STARTED", on).await
}

/// How far a learner is, as an item of a batch.
pub(crate) fn item(it: &Value, competency: &str, state: &str, on: &str) -> Value {
    json!({ "enrolment": { "id": it["id"] }, "competency": competency, "state": state,
        "assessedOn": on })
}

/// Sends a batch; gives the payload.
pub(crate) async fn record(world: &World, who: Who, key: &str, items: &[Value]) -> Value {
    let input = json!({ "idempotencyKey": key, "items": items });
    send(world, who, "recordAssessments", input).await
}

/// What became of each item, a word each: the result, and the codes of what is wrong.
fn words(payload: &Value) -> Vec<String> {
    let word = |outcome: &Value| {
        let findings = outcome["findings"].as_array().unwrap().iter();
        let codes = findings.map(|it| {
            format!(" {} {}", it["column"].as_str().unwrap(), it["code"].as_str().unwrap())
        });
        format!("{}{}", outcome["result"].as_str().unwrap(), codes.collect::<String>())
    };
    payload["outcomes"]
        .as_array()
        .unwrap_or_else(|| panic!("{payload:#}"))
        .iter()
        .map(word)
        .collect()
}
