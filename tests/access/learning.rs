//! What the matrix asks of assessments and awards: a verified enrolment at the site that
//! stays, made anew for each command that changed it.

use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};
use crate::{
    harness::{World, people, with},
    learning::{cohort_of, done},
};

pub(super) fn is_about(field: &str) -> bool {
    ["recordAssessments", "recordAward", "recordAwards"].contains(&field)
}

/// A verified enrolment; `number` was not used before.
pub(super) async fn make(world: &World, place: Place, number: usize) -> Value {
    let outside = place == Place::Outside;
    let hub = if outside { people::CHESHIRE } else { people::YORKSHIRE };
    let mentor = if outside { "mentors-secret-person" } else { people::ASSESSOR.subject };
    let key = format!("learning-{number}");
    let provider = if outside { Value::Null } else { json!({ "slug": "dales-college" }) };
    // What others publish meanwhile teaches something else.
    let shipped = "{ competencyFramework(version: \"1.0.0\") { id } }";
    let shipped = world.data(people::PUBLIC, shipped, json!({})).await;
    let own = json!({
        "provider": provider, "idempotencyKey": key,
        "frameworkId": shipped["competencyFramework"]["id"],
    });
    let cohort = cohort_of(world, hub, own).await;
    let learner = json!({ "person": { "details": { "name": "Some secret-person" } } });
    let input = json!({ "idempotencyKey": format!("{key}-learner"), "cohort": cohort, "route": "ACCREDITED",
        "site": { "odsCode": place.neighbour() }, "appliedOn": "2025-03-01",
        "learner": learner });
    let mut it = done(world, hub, "enrolLearner", input).await;
    let mentor = json!({ "idempotencyKey": format!("{key}-mentor"), "enrolment": it["id"],
        "kind": "GP_MENTOR", "person": { "subject": mentor }, "from": "2025-04-01" });
    done(world, hub, "assignMentor", mentor).await;
    for state in ["OFFERED", "ACCEPTED", "STARTED", "SUBMITTED", "VERIFIED"] {
        let verified = state == "VERIFIED";
        let command = if verified { "verifyEnrolment" } else { "advanceEnrolment" };
        let input = json!({ "id": it["id"], "expectedVersion": it["version"], "to": state,
            "on": "2025-04-01" });
        it = done(world, hub, command, input).await;
    }
    it
}

pub(super) fn query(field: &str) -> Option<(String, Value)> {
    let selection = "{ counts { count } items { nodes { sentence enrolment { id
        mentors { subject } } } } }";
    (field == "assessorInbox").then(|| (format!("query {{ {field} {selection} }}"), json!({})))
}

/// The input of a command, if it is one about learning.
pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let gone = place == Place::Unknown;
    let id = if gone { unknown("Enrolment") } else { target.learning["id"].clone() };
    let key = json!({ "idempotencyKey": key });
    let award = json!({ "enrolment": id, "title": "Assistant", "credits": 10,
        "body": "Dales College", "awardedOn": "2025-12-01" });
    Some(match field {
        "recordAssessments" => with(
            &key,
            json!({ "items": [{ "enrolment": { "id": id }, "competency": "safeguard",
                "state": "IN_PROGRESS", "assessedOn": "2025-12-01" }] }),
        ),
        "recordAward" => with(&award, key),
        "recordAwards" => with(&key, json!({ "items": [award] })),
        _ => return None,
    })
}
