//! What the matrix asks of cohorts, learners and enrolments: one at the site that stays,
//! in the state that the field needs, made anew for each command that changed it.

use serde_json::{Value, json};

use super::{
    requests::{Place, unknown},
    targets::Target,
};
use crate::{
    enrolments::{application, cohort_input, done, to},
    harness::{Who, World, people, with},
};

/// A cohort, and what is in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Followed {
    pub cohort: Value,
    pub enrolment: Value,
    /// Of somebody else, with an enrolment that is over.
    pub other: Value,
}

const FIELDS: [&str; 22] = [
    "cohort",
    "cohorts",
    "openCohort",
    "changeCohort",
    "closeCohort",
    "learner",
    "duplicateLearners",
    "recordLearnerDetails",
    "addLearnerIdentifier",
    "mergeLearners",
    "enrolment",
    "enrolments",
    "disagreements",
    "enrolLearner",
    "advanceEnrolment",
    "verifyEnrolment",
    "withdrawEnrolment",
    "transferEnrolment",
    "requestExtension",
    "decideExtension",
    "reportEmployment",
    "assignMentor",
];

pub(super) fn is_about(field: &str) -> bool {
    FIELDS.contains(&field) || field == "endMentorAssignment"
}

/// Whether reading it leaves a row in the audit.
pub(super) fn is_audited(field: &str) -> bool {
    ["cohorts", "learner", "duplicateLearners", "enrolment", "enrolments", "disagreements"]
        .contains(&field)
}

fn hub(place: Place) -> Who {
    if place == Place::Outside { people::CHESHIRE } else { people::YORKSHIRE }
}

/// Somebody of the same hub who asks for what others decide.
fn asking(place: Place) -> Who {
    Who { subject: "asks-secret-person", ..hub(place) }
}

/// Makes what a field needs; `number` was not used before.
pub(super) async fn make(world: &World, field: &str, place: Place, number: usize) -> Followed {
    let (key, who) = (format!("followed-{number}"), hub(place));
    let own = json!({ "trainingHub": { "slug": place.hub() }, "places": 50 });
    let mut cohort = with(&cohort_input(&key), own);
    if place == Place::Outside {
        cohort["provider"] = Value::Null;
    }
    let cohort = done(world, who, "openCohort", cohort).await;
    let first = format!("{key}-first");
    let enrolment = followed(world, field, place, &cohort, &first).await;
    let other = apply(world, place, &cohort, &format!("{key}-other")).await;
    let other = match field {
        "mergeLearners" => {
            done(world, who, "withdrawEnrolment", to(&other, "CANCELLED", "2025-01-20")).await
        }
        _ => other,
    };
    Followed { cohort, enrolment, other }
}

async fn apply(world: &World, place: Place, cohort: &Value, key: &str) -> Value {
    let mut input = application(key, cohort);
    input["site"] = json!({ "odsCode": place.neighbour() });
    input["learner"]["person"]["details"]["name"] = json!("Some secret-person");
    done(world, hub(place), "enrolLearner", input).await
}

/// An enrolment that somebody is assigned to, as far as the field needs it.
async fn followed(world: &World, field: &str, place: Place, cohort: &Value, key: &str) -> Value {
    let who = hub(place);
    let mut it = apply(world, place, cohort, key).await;
    let subject = if place == Place::Outside { "mentors-secret-person" } else { "asha" };
    let mentor = json!({ "idempotencyKey": format!("{key}-mentor"), "enrolment": it["id"],
        "kind": "GP_MENTOR", "person": { "subject": subject }, "from": "2025-03-01" });
    it = done(world, who, "assignMentor", mentor).await;
    let far: &[&str] = match field {
        "verifyEnrolment" => &["OFFERED", "ACCEPTED", "STARTED", "SUBMITTED"],
        "requestExtension" | "decideExtension" | "disagreements" => {
            &["OFFERED", "ACCEPTED", "STARTED"]
        }
        _ => &[],
    };
    for state in far {
        it = done(world, who, "advanceEnrolment", to(&it, state, "2025-03-03")).await;
    }
    match field {
        "decideExtension" => {
            let asked = json!({ "idempotencyKey": format!("{key}-more"), "enrolment": it["id"],
                "months": 1, "reason": "WORKLOAD" });
            done(world, asking(place), "requestExtension", asked).await
        }
        "disagreements" => {
            let left = json!({ "idempotencyKey": format!("{key}-left"), "enrolment": it["id"],
                "status": "LEFT" });
            done(world, who, "reportEmployment", left).await
        }
        _ => it,
    }
}

pub(super) fn query(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    let gone = place == Place::Unknown;
    let of = |it: &Value, name| if gone { unknown(name) } else { it["id"].clone() };
    let Followed { cohort, enrolment, .. } = &target.followed;
    let site = if gone { "Z99999" } else { place.neighbour() };
    let hub = if gone { "no-such-hub" } else { place.hub() };
    let provider = if gone { "no-such-provider" } else { "dales-college" };
    let person = "{ id reference details { name } }";
    let (arguments, selection) = match field {
        "providers" => (String::new(), "{ slug }".to_owned()),
        "provider" => (format!("(by: {{ slug: \"{provider}\" }})"), "{ id name }".to_owned()),
        "cohort" => (format!("(id: {})", of(cohort, "Cohort")), "{ id name }".to_owned()),
        "cohorts" => (
            format!("(filter: {{ trainingHub: {{ slug: \"{hub}\" }} }})"),
            "{ totalCount nodes { id name enrolments { nodes { id } } } }".to_owned(),
        ),
        "learner" => {
            let id = of(&enrolment["learner"], "Learner");
            (format!("(by: {{ id: {id} }})"), "{ id reference identifiers { value } }".to_owned())
        }
        "duplicateLearners" => (String::new(), "{ learners { id } likeness }".to_owned()),
        "enrolment" => (
            format!("(id: {})", of(enrolment, "Enrolment")),
            format!("{{ id mentors {{ subject }} learner {} }}", nameless(place, person)),
        ),
        "enrolments" => (
            format!("(filter: {{ site: {{ odsCode: \"{site}\" }} }})"),
            "{ totalCount nodes { id mentors { subject } learner { reference } } }".to_owned(),
        ),
        "disagreements" => (
            format!("(filter: {{ site: {{ odsCode: \"{site}\" }} }})"),
            "{ totalCount nodes { enrolment { id } disagreement { kind } } }".to_owned(),
        ),
        _ => return None,
    };
    Some((format!("query {{ {field}{arguments} {selection} }}"), json!({})))
}

/// Inside, everybody's name is called a secret too, and some may read it.
fn nameless(place: Place, person: &str) -> &str {
    if place == Place::Outside { person } else { "{ reference }" }
}

pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let gone = place == Place::Unknown;
    let Followed { cohort, enrolment, other } = &target.followed;
    let id = |it: &Value, name| if gone { unknown(name) } else { it["id"].clone() };
    let learner = &enrolment["learner"];
    let found = |it: &Value, name, more| {
        let version = it["version"].as_i64().unwrap_or(1);
        let found = json!({ "id": id(it, name), "expectedVersion": version });
        with(&found, more)
    };
    let hub = if gone { "no-such-hub" } else { place.hub() };
    let it = |more| found(enrolment, "Enrolment", more);
    let about = |more| {
        let new = json!({ "idempotencyKey": key, "enrolment": id(enrolment, "Enrolment") });
        with(&new, more)
    };
    Some(match field {
        "registerProvider" => json!({ "idempotencyKey": key, "name": "New",
            "slug": format!("new-{}", target.number), "openedOn": "2025-01-01" }),
        "openCohort" => json!({ "idempotencyKey": key, "trainingHub": { "slug": hub },
            "name": "New", "kind": "FIXED", "places": 5, "startsOn": "2025-03-01" }),
        "changeCohort" => found(cohort, "Cohort", json!({ "name": key })),
        "closeCohort" => found(cohort, "Cohort", json!({})),
        "recordLearnerDetails" => {
            found(learner, "Learner", json!({ "details": { "name": "Another name" } }))
        }
        "addLearnerIdentifier" => {
            let identifier = json!({ "system": "matrix", "value": key });
            found(learner, "Learner", json!({ "identifier": identifier }))
        }
        "mergeLearners" => json!({
            "keep": id(learner, "Learner"), "merge": id(&other["learner"], "Learner"),
            "expectedVersion": learner["version"].as_i64().unwrap_or(1),
        }),
        "enrolLearner" => {
            let mut input = application(key, &json!({ "id": id(cohort, "Cohort") }));
            let site = if gone { "Z99999" } else { place.neighbour() };
            input["site"] = json!({ "odsCode": site });
            input
        }
        "advanceEnrolment" => it(json!({ "to": "OFFERED" })),
        "verifyEnrolment" => it(json!({ "to": "VERIFIED" })),
        "withdrawEnrolment" => it(json!({ "to": "REJECTED", "reason": "NO_PLACE" })),
        "transferEnrolment" => it(json!({ "site": { "odsCode": "Y90002" } })),
        "requestExtension" => about(json!({ "months": 1, "reason": "WORKLOAD" })),
        "decideExtension" => {
            let extension = &enrolment["extensions"][0];
            found(extension, "Extension", json!({ "decision": "REFUSED" }))
        }
        "reportEmployment" => about(json!({ "status": "EMPLOYED" })),
        "assignMentor" => about(json!({ "kind": "SECONDARY_MENTOR", "from": "2025-03-01",
            "person": { "subject": key } })),
        "endMentorAssignment" => {
            let mentor = id(&enrolment["mentors"][0], "MentorAssignment");
            it(json!({ "id": mentor, "to": "2025-06-01" }))
        }
        _ => return None,
    })
}
