//! What the matrix asks of returns: one of the site's own, in whatever state the command
//! needs it, made anew for each that changes it.

use serde_json::{Value, json};

use super::{requests::Place, targets::Target};
use crate::{
    harness::{Who, World, people, with},
    returns::{read, send},
};

/// Somebody of the programme's team who submits, so that the others can approve.
const OTHER: Who = Who { subject: "norma", ..people::NATIONAL };

/// Metrics that sites report, no two schedules ask for one of them in one month.
const METRICS: [&str; 12] = [
    "survey.engaged",
    "survey.training",
    "survey.in_post",
    "survey.sustained",
    "survey.adopters",
    "survey.lapsed",
    "survey.covered",
    "survey.applied",
    "survey.started",
    "survey.completed",
    "survey.withdrawn",
    "impact.appointments_released",
];

/// A return that a request is about, and the schedule that it is owed under.
#[derive(Debug, Clone, Default)]
pub(super) struct Owed {
    pub it: Value,
    pub schedule: Value,
    pub metric: &'static str,
    pub month: String,
}

pub(super) fn is_about(field: &str) -> bool {
    field.to_lowercase().contains("return")
}

/// The site whose returns the matrix asks about.
pub(super) fn site(place: Place) -> &'static str {
    if place == Place::Unknown { "Z99999" } else { place.neighbour() }
}

/// Makes what a field needs; `number` was not used before.
pub(super) async fn make(world: &World, field: &str, place: Place, number: usize) -> Owed {
    let months = api::ids::Month::new(2024, 8).unwrap();
    let after = i32::try_from(number / METRICS.len()).unwrap();
    let month = months.plus(after).to_string();
    let mut owed = Owed { metric: METRICS[number % METRICS.len()], month, ..Owed::default() };
    if field == "scheduleReturns" {
        return owed;
    }
    let schedule = with(&schedule(&owed, number), json!({ "owedBy": "SITE" }));
    let done = send(world, people::NATIONAL, "scheduleReturns", schedule).await;
    owed.schedule = done["schedule"].clone();
    assert!(owed.schedule["id"].is_string(), "{done:#}");
    if field == "saveReturnDraft" || place == Place::Unknown {
        return owed;
    }
    let draft = with(&draft(&owed, place.neighbour()), json!({ "nil": true }));
    let mut done = send(world, OTHER, "saveReturnDraft", draft).await;
    let steps: &[&str] = match field {
        "approveReturn" | "sendReturnBack" => &["submitReturn"],
        "lockReturn" => &["submitReturn", "approveReturn"],
        "restateReturn" => &["submitReturn", "approveReturn", "lockReturn"],
        _ => &[],
    };
    for step in steps {
        let who = if *step == "submitReturn" { OTHER } else { people::NATIONAL };
        done = send(world, who, step, read(&done["return"])).await;
    }
    owed.it = done["return"].clone();
    assert!(owed.it["id"].is_string(), "{done:#}");
    owed
}

fn schedule(owed: &Owed, number: usize) -> Value {
    json!({
        "idempotencyKey": format!("owed-{number}"), "title": "Owed", "metrics": [owed.metric],
        "firstMonth": owed.month, "lastMonth": owed.month, "dueDays": 14,
    })
}

fn draft(owed: &Owed, site: &str) -> Value {
    json!({
        "schedule": owed.schedule["id"], "organisation": { "odsCode": site },
        "month": owed.month, "expectedVersion": 0,
    })
}

/// The id of a return that nobody owes.
pub(super) fn unknown() -> Value {
    let month = api::ids::Month::new(2025, 10).unwrap();
    json!(api::ids::ReturnId { schedule: 987_654, organisation: 1, month }.encode())
}

/// The input of a command, if it is one about returns.
pub(super) fn input(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let owed = &target.owed;
    let gone = place == Place::Unknown;
    let it = if gone {
        json!({ "id": unknown(), "expectedVersion": 1 })
    } else {
        json!({ "id": owed.it["id"], "expectedVersion": owed.it["version"] })
    };
    Some(match field {
        "scheduleReturns" => with(
            &schedule(owed, 0),
            json!({
                "idempotencyKey": key, "owedBy": "SITE",
                "within": { "odsCode": if gone { "Y99" } else { place.region() } },
            }),
        ),
        "endReturnSchedule" => json!({
            "id": if gone { super::requests::unknown("ReturnSchedule") } else { owed.schedule["id"].clone() },
            "expectedVersion": 1, "lastMonth": owed.month,
        }),
        "saveReturnDraft" => with(&draft(owed, site(place)), json!({ "nil": true })),
        "submitReturn" | "approveReturn" | "lockReturn" => it,
        "sendReturnBack" => with(&it, json!({ "reason": "Please look again." })),
        "restateReturn" => {
            let value = json!({ "metric": owed.metric, "value": 1 });
            with(&it, json!({ "values": [value], "note": "It was wrong." }))
        }
        "setValidationRule" => json!({
            "metric": "survey.applied", "kind": "RANGE", "severity": "ERROR", "maximum": 900,
            "message": "count again", "expectedVersion": 0,
        }),
        _ => return None,
    })
}
