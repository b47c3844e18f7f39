//! What the matrix asks of programme content: versions of its own, made anew for each
//! command that changes one, each numbered after those before it.

use serde_json::{Value, json};

use super::targets::Target;
use crate::{
    harness::{World, people, with},
    programme::{competency, domain, done, draft, duty, framework, job, read},
};

/// Whether the field needs a version that it can change.
pub(super) fn is_about(field: &str) -> bool {
    let noun = field.ends_with("JobDescription") || field.ends_with("FrameworkVersion");
    noun && !field.starts_with("draft")
}

fn content(field: &str) -> Value {
    if field.ends_with("JobDescription") {
        job(vec![duty("read-letters")])
    } else {
        framework(vec![domain("care", vec![competency("be-kind", true)])])
    }
}

/// Makes a draft or, to be retired, a published version; `number` was not used before.
pub(super) async fn make(world: &World, field: &str, number: usize) -> Value {
    let noun =
        if field.ends_with("JobDescription") { "JobDescription" } else { "FrameworkVersion" };
    let input = draft(&format!("made-{number}"), &format!("2.{number}.0"), content(field));
    let made = done(world, people::NATIONAL, &format!("draft{noun}"), input).await;
    if !field.starts_with("retire") {
        return made;
    }
    done(world, people::NATIONAL, &format!("publish{noun}"), read(&made)).await
}

pub(super) fn query(field: &str, gone: bool) -> Option<(String, Value)> {
    let version = if gone { "9.9.9" } else { "1.0.0" };
    let (arguments, selection) = match field {
        "jobDescriptions" => (String::new(), "{ id version duties { code } }"),
        "competencyFrameworks" => (String::new(), "{ id version domains { code } }"),
        "proofsOfConcept" => (String::new(), "{ id place }"),
        "jobDescription" | "competencyFramework" => {
            (format!("(version: \"{version}\")"), "{ id version }")
        }
        "jobDescriptionDifferences" | "competencyFrameworkDifferences" => {
            (format!("(from: \"1.0.0\", to: \"{version}\")"), "{ from { id } duties { code } }")
        }
        "evidence" => {
            let metric = if gone { "gpa.headcount" } else { "impact.gp_retention_12m" };
            (format!("(metric: \"{metric}\")"), "{ id claim grade }")
        }
        _ => return None,
    };
    Some((format!("query {{ {field}{arguments} {selection} }}"), json!({})))
}

/// The input of a command, if it is one about content.
pub(super) fn input(field: &str, gone: bool, target: &Target, key: &str) -> Option<Value> {
    match field {
        "draftJobDescription" | "draftFrameworkVersion" => {
            return Some(draft(key, &format!("2.{}.0", target.number), content(field)));
        }
        _ if !is_about(field) => return None,
        _ => {}
    }
    let type_name =
        if field.ends_with("JobDescription") { "JobDescription" } else { "CompetencyFramework" };
    let it = if gone {
        let unknown = api::ids::GlobalId { type_name, row: 987_654 }.encode();
        json!({ "id": unknown, "expectedVersion": 1 })
    } else {
        read(&target.draft)
    };
    let redrafts = field.starts_with("redraft");
    Some(if redrafts { with(&it, json!({ "content": content(field) })) } else { it })
}
