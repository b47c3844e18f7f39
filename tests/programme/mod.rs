//! Programme content: what is drafted, published and compared, and what is known of the
//! role's effect.

mod differences;
mod drafts;
mod evidence;
mod life;
mod shipped;
mod statements;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

const JOB: &str = "jobDescription { id version state current revision publishedOn retiredOn
    duties { id code } }";
const FRAMEWORK: &str = "framework { id version state current revision publishedOn retiredOn
    jobDescription { version } domains { id code competencies { id code duties { code } } } }";

/// A command's document, with every outcome that it can have.
fn document(command: &str) -> String {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let split = command.find(char::is_uppercase).unwrap();
    let (verb, noun) = command.split_at(split);
    let past = match verb {
        "draft" => "Drafted",
        "redraft" => "Redrafted",
        "publish" => "Published",
        "retire" => "Retired",
        other => panic!("{other} is nothing that is done to content"),
    };
    let (fields, conflict) = match noun {
        "JobDescription" => (JOB, "JobDescriptionConflict"),
        _ => (FRAMEWORK, "CompetencyFrameworkConflict"),
    };
    let conflict = match verb {
        "draft" => "... on IdempotencyConflict { message }".to_owned(),
        _ => format!("... on {conflict} {{ current {{ id revision }} }}"),
    };
    format!(
        "mutation($input: {kind}Input!) {{ {command}(input: $input) {{ __typename {conflict}
            ... on {noun}{past} {{ {fields} }}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}"
    )
}

/// Sends a command about content; gives its payload, which must come.
pub(crate) async fn send(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut data = world.data(who, &document(command), json!({ "input": input })).await;
    data[command].take()
}

/// As [`send`], for what must succeed; gives the version.
pub(crate) async fn done(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut payload = send(world, who, command, input).await;
    let field = if command.ends_with("JobDescription") { "jobDescription" } else { "framework" };
    assert!(payload[field].is_object(), "{command}: {payload:#}");
    payload[field].take()
}

/// Sends a command whose input is wrong; gives each problem as `path CODE`.
async fn problems(world: &World, who: Who, command: &str, input: Value) -> Vec<String> {
    let before = world.rows().await;
    let payload = send(world, who, command, input.clone()).await;
    assert_eq!(payload["__typename"], "InvalidInput", "{input:#}\n{payload:#}");
    assert_eq!(world.rows().await, before, "an invalid {command} wrote");
    let word = |problem: &Value, field: &str| problem[field].as_str().unwrap().to_owned();
    let problems = payload["problems"].as_array().unwrap().iter().map(|problem| {
        assert!(word(problem, "message").len() > 8, "{problem}");
        format!("{} {}", word(problem, "path"), word(problem, "code"))
    });
    problems.collect()
}

/// What publishes or retires a version as it was read.
pub(crate) fn read(version: &Value) -> Value {
    json!({ "id": version["id"], "expectedVersion": version["revision"] })
}

pub(crate) fn duty(code: &str) -> Value {
    json!({ "code": code, "title": "A duty", "description": "What is done.",
        "kind": "ADMINISTRATIVE" })
}

pub(crate) fn job(duties: Vec<Value>) -> Value {
    json!({ "title": "The job", "description": "What it is for.", "source": "This test",
        "duties": duties })
}

pub(crate) fn competency(code: &str, core: bool) -> Value {
    json!({ "code": code, "title": "A competency", "description": "What somebody can do.",
        "core": core, "clinical": false, "duties": ["read-letters"] })
}

pub(crate) fn domain(code: &str, competencies: Vec<Value>) -> Value {
    json!({ "code": code, "title": "A domain", "competencies": competencies })
}

/// A framework for the job description that the program brings.
pub(crate) fn framework(domains: Vec<Value>) -> Value {
    json!({ "title": "The framework", "description": "What is learnt.", "source": "This test",
        "jobDescription": "1.0.0", "domains": domains })
}

pub(crate) fn draft(key: &str, version: &str, content: Value) -> Value {
    json!({ "idempotencyKey": key, "version": version, "content": content })
}

/// Two domains with three competencies.
fn plain() -> Value {
    framework(vec![
        domain("care", vec![competency("be-kind", true), competency("be-safe", false)]),
        domain("letters", vec![competency("read-well", true)]),
    ])
}

/// Drafts and publishes a version of the framework.
async fn published(world: &World, version: &str, content: Value) -> Value {
    let drafted = draft(&format!("framework-{version}"), version, content);
    let drafted = done(world, people::ANALYST, "draftFrameworkVersion", drafted).await;
    done(world, people::NATIONAL, "publishFrameworkVersion", read(&drafted)).await
}
