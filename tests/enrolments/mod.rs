//! Cohorts, learners and enrolments, as the teams of a hub, a site and a provider follow
//! them from an application to the end.

mod cohorts;
mod extensions;
pub(crate) mod framework;
mod learners;
mod merging;
mod places;
mod properties;
mod readings;
mod statements;
mod transfers;
mod transitions;
mod way;

use serde_json::{Value, json};

use crate::harness::{Who, World, people, with};

/// Somebody else of the hub's team.
pub(crate) const HUBS_OTHER: Who = Who { subject: "hamid", ..people::YORKSHIRE };

/// What every test asks of a cohort, and of an enrolment.
const COHORT: &str = "{ id name kind framework { version } places placesTaken placesLeft startsOn endsOn closedOn open
    version trainingHub { slug } provider { slug } }";
const ENROLMENT: &str =
    "{ id framework { version } state version dueOn appliedOn startedOn exitReason route since
    site { odsCode } cohort { id } learner { id reference version identifiers { system value } }
    events { on state site { odsCode } } next { state action requires }
    extensions { id months decision version requestedBy decidedBy }
    mentors { id kind subject from to } employment { status asOf }
    disagreement { kind since } }";
const LEARNER: &str = "{ id reference version identifiers { system value } }";

fn success(command: &str) -> (&'static str, &'static str, &'static str) {
    match command {
        "registerProvider" => ("ProviderRegistered", "provider", "{ id slug name status version }"),
        "openCohort" => ("CohortOpened", "cohort", COHORT),
        "changeCohort" => ("CohortChanged", "cohort", COHORT),
        "closeCohort" => ("CohortClosed", "cohort", COHORT),
        "recordLearnerDetails" => ("LearnerDetailsRecorded", "learner", LEARNER),
        "addLearnerIdentifier" => ("LearnerIdentifierAdded", "learner", LEARNER),
        "mergeLearners" => ("LearnersMerged", "learner", LEARNER),
        "enrolLearner" => ("LearnerEnrolled", "enrolment", ENROLMENT),
        "advanceEnrolment" => ("EnrolmentAdvanced", "enrolment", ENROLMENT),
        "verifyEnrolment" => ("EnrolmentVerified", "enrolment", ENROLMENT),
        "withdrawEnrolment" => ("EnrolmentWithdrawn", "enrolment", ENROLMENT),
        "transferEnrolment" => ("EnrolmentTransferred", "enrolment", ENROLMENT),
        "requestExtension" => ("ExtensionRequested", "enrolment", ENROLMENT),
        "decideExtension" => ("ExtensionDecided", "enrolment", ENROLMENT),
        "reportEmployment" => ("EmploymentReported", "enrolment", ENROLMENT),
        "assignMentor" => ("MentorAssigned", "enrolment", ENROLMENT),
        "endMentorAssignment" => ("MentorAssignmentEnded", "enrolment", ENROLMENT),
        other => panic!("{other} is no command of enrolments"),
    }
}

fn document(command: &str, input: &Value) -> String {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let (payload, field, selection) = success(command);
    let conflict = match (input.get("idempotencyKey").is_some(), field) {
        (true, _) => "... on IdempotencyConflict { message }".to_owned(),
        (false, "cohort") => "... on CohortConflict { current { version } }".to_owned(),
        (false, "learner") => "... on LearnerConflict { current { version } }".to_owned(),
        (false, _) => "... on EnrolmentConflict { current { version state } }".to_owned(),
    };
    let already = if command == "enrolLearner" {
        "... on AlreadyEnrolled { enrolment { id state } }"
    } else {
        ""
    };
    format!(
        "mutation($input: {kind}Input!) {{ {command}(input: $input) {{ __typename
            ... on {payload} {{ {field} {selection} }} {conflict} {already}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}"
    )
}

/// Sends a command; gives its payload, which must come.
pub(crate) async fn send(world: &World, who: Who, command: &str, input: Value) -> Value {
    let document = document(command, &input);
    let mut data = world.data(who, &document, json!({ "input": input })).await;
    data[command].take()
}

/// As [`send`], for what may be refused; gives null then.
pub(crate) async fn try_to(world: &World, who: Who, command: &str, input: Value) -> Value {
    let document = document(command, &input);
    let mut answer = world.ask(who, &document, json!({ "input": input })).await;
    answer["data"][command].take()
}

/// Sends a command that must succeed; gives what it is about.
pub(crate) async fn done(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut payload = send(world, who, command, input.clone()).await;
    let (expected, field, _) = success(command);
    assert_eq!(payload["__typename"], expected, "{input:#}\n{payload:#}");
    payload[field].take()
}

/// Sends a command that must be refused; gives the code, and sees that nothing was written
/// and that nobody is told anything of a person.
pub(crate) async fn refused(world: &World, who: Who, command: &str, input: Value) -> String {
    let before = world.rows().await;
    let answer = world.ask(who, &document(command, &input), json!({ "input": input })).await;
    assert!(answer["data"][command].is_null(), "{answer:#}");
    assert_eq!(world.rows().await, before, "a refused {command} wrote");
    let told = answer.to_string();
    assert!(!told.contains("Secret") && !told.contains("L-"), "{told}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
}

/// Sends a command whose input is wrong; gives each problem as `path CODE`.
pub(crate) async fn problems(world: &World, who: Who, command: &str, input: Value) -> Vec<String> {
    let sentences = sentences(world, who, command, input).await;
    sentences.into_iter().map(|(problem, _)| problem).collect()
}

/// As [`problems`], each with its sentence.
async fn sentences(world: &World, who: Who, command: &str, input: Value) -> Vec<(String, String)> {
    let before = world.rows().await;
    let payload = send(world, who, command, input.clone()).await;
    assert_eq!(payload["__typename"], "InvalidInput", "{input:#}\n{payload:#}");
    assert_eq!(world.rows().await, before, "an invalid {command} wrote");
    let problems = payload["problems"].as_array().unwrap().iter();
    let word = |problem: &Value, field: &str| problem[field].as_str().unwrap().to_owned();
    let one = |it| (format!("{} {}", word(it, "path"), word(it, "code")), word(it, "message"));
    problems.map(one).collect()
}

/// West Yorkshire's cohort of two places from March 2025 on, verified by Dales College.
pub(crate) async fn cohort(world: &World) -> Value {
    let input = cohort_input("cohort");
    done(world, people::YORKSHIRE, "openCohort", input).await
}

pub(crate) fn cohort_input(key: &str) -> Value {
    json!({
        "idempotencyKey": key, "trainingHub": { "slug": "west-yorkshire" },
        "provider": { "slug": "dales-college" }, "name": "Spring 2025", "kind": "FIXED",
        "places": 2, "startsOn": "2025-03-01",
    })
}

/// Somebody at Moor View who applies to a cohort.
pub(crate) fn application(key: &str, cohort: &Value) -> Value {
    json!({
        "idempotencyKey": key, "cohort": cohort["id"], "site": { "odsCode": "Y90001" },
        "route": "ACCREDITED", "appliedOn": "2025-01-10",
        "learner": { "person": {
            "details": { "name": format!("Secret {key}"), "email": format!("{key}@example.org") },
            "identifiers": [{ "system": "dales-portfolio", "value": key }],
        } },
    })
}

pub(crate) async fn apply(world: &World, key: &str, cohort: &Value) -> Value {
    done(world, people::PRACTICE, "enrolLearner", application(key, cohort)).await
}

/// A record as a command is to find it, and what becomes of it.
pub(crate) fn read(it: &Value, changes: Value) -> Value {
    with(&json!({ "id": it["id"], "expectedVersion": it["version"] }), changes)
}

/// Which command takes an enrolment to a state, and who sends it.
pub(crate) fn command_to(state: &str) -> (&'static str, Who) {
    match state {
        "REFERRED" | "VERIFIED" | "COMPLETED" => ("verifyEnrolment", people::PROVIDER),
        "REJECTED" | "CANCELLED" | "WITHDRAWN" => ("withdrawEnrolment", people::YORKSHIRE),
        _ => ("advanceEnrolment", people::YORKSHIRE),
    }
}

/// What is sent to take an enrolment to a state on a day.
pub(crate) fn to(it: &Value, state: &str, on: &str) -> Value {
    let mut input = read(it, json!({ "to": state, "on": on }));
    if command_to(state).0 == "withdrawEnrolment" {
        input["reason"] = json!("OTHER");
    }
    input
}

/// Takes an enrolment to a state on a day, which must be possible.
pub(crate) async fn step(world: &World, it: &Value, state: &str, on: &str) -> Value {
    let (command, who) = command_to(state);
    let it = done(world, who, command, to(it, state, on)).await;
    assert_eq!(it["state"], state);
    it
}

/// Assigns a GP mentor from a day on.
pub(crate) async fn mentor(world: &World, it: &Value, from: &str) -> Value {
    let id = it["id"].as_str().unwrap();
    let input = json!({
        "idempotencyKey": format!("mentor-{}-{from}", &id[id.len() - 8..]), "enrolment": id,
        "kind": "GP_MENTOR", "person": { "subject": people::ASSESSOR.subject }, "from": from,
    });
    done(world, people::YORKSHIRE, "assignMentor", input).await
}

/// An enrolment that has started on 3 March 2025.
pub(crate) async fn started(world: &World, key: &str, cohort: &Value) -> Value {
    let it = apply(world, key, cohort).await;
    let it = step(world, &it, "OFFERED", "2025-01-20").await;
    let it = step(world, &it, "ACCEPTED", "2025-02-01").await;
    let it = mentor(world, &it, "2025-03-01").await;
    step(world, &it, "STARTED", "2025-03-03").await
}

/// An enrolment as somebody reads it.
pub(crate) async fn enrolment(world: &World, who: Who, id: &Value) -> Value {
    let document = format!("query($id: ID!) {{ enrolment(id: $id) {ENROLMENT} }}");
    world.data(who, &document, json!({ "id": id })).await["enrolment"].take()
}
