//! Returns: who owes them, and their way from a draft to locked figures, as the teams of
//! a hub, a site and a region would go it.

mod concurrent;
mod locked;
mod month;
mod nested;
mod owed;
mod refusals;
mod rules;
mod story;
mod template;

use serde_json::{Value, json};

use crate::harness::{Who, World, people};

/// Somebody else of the region's team, and of the hub's.
pub(crate) const REGIONS_OTHER: Who = Who { subject: "rosa", ..people::NORTH_EAST };
pub(crate) const HUBS_OTHER: Who = Who { subject: "hamid", ..people::YORKSHIRE };

/// What every test asks of a return.
const RETURN: &str = "{ id month state version dueOn overdue submittedBy decidedBy reason note
    schedule { id title } organisation { name }
    values { metric answer value numerator denominator explanation revision } }";
const FINDINGS: &str = "findings { metric severity code column message blocks }";
const SCHEDULE: &str = "schedule { id title metrics owedBy firstMonth lastMonth dueDays version
    within { name } }";

fn success(command: &str) -> String {
    match command {
        "scheduleReturns" => format!("... on ReturnsScheduled {{ {SCHEDULE} }}"),
        "endReturnSchedule" => format!(
            "... on ReturnScheduleEnded {{ {SCHEDULE} }}
             ... on ReturnScheduleConflict {{ current {{ version }} }}"
        ),
        "saveReturnDraft" => {
            format!("... on ReturnDraftSaved {{ saved {FINDINGS} return {RETURN} }}")
        }
        "submitReturn" => format!(
            "... on ReturnSubmitted {{ return {RETURN} }} ... on ReturnNotReady {{ {FINDINGS} }}"
        ),
        "restateReturn" => format!(
            "... on ReturnRestated {{ return {RETURN} }} ... on ReturnNotReady {{ {FINDINGS} }}"
        ),
        "approveReturn" => format!("... on ReturnApproved {{ return {RETURN} }}"),
        "sendReturnBack" => format!("... on ReturnSentBack {{ return {RETURN} }}"),
        "lockReturn" => format!("... on ReturnLocked {{ return {RETURN} }}"),
        "setValidationRule" => {
            let rule = "{ metric kind severity minimum maximum months enabled version }";
            format!(
                "... on ValidationRuleSet {{ rule {rule} }}
                 ... on ValidationRuleConflict {{ current {rule} }}"
            )
        }
        other => panic!("{other} is no command of returns"),
    }
}

fn document(command: &str) -> String {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let conflict = match command {
        "scheduleReturns" => "... on IdempotencyConflict { message }",
        "endReturnSchedule" | "setValidationRule" => "",
        _ => "... on ReturnConflict { current { id version state } }",
    };
    format!(
        "mutation($input: {kind}Input!) {{ {command}(input: $input) {{ __typename {} {conflict}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}",
        success(command)
    )
}

/// Sends a command about returns; gives its payload, which must come.
pub(crate) async fn send(world: &World, who: Who, command: &str, input: Value) -> Value {
    let mut data = world.data(who, &document(command), json!({ "input": input })).await;
    data[command].take()
}

/// Sends a command that must be refused; gives the code, and sees that nothing was written.
pub(crate) async fn refused(world: &World, who: Who, command: &str, input: Value) -> String {
    let before = world.rows().await;
    let answer = world.ask(who, &document(command), json!({ "input": input })).await;
    assert!(answer["data"][command].is_null(), "{answer:#}");
    assert_eq!(world.rows().await, before, "a refused {command} wrote");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
}

/// Sends a command whose input is wrong; gives each problem as `path CODE`.
pub(crate) async fn problems(world: &World, who: Who, command: &str, input: Value) -> Vec<String> {
    let before = world.rows().await;
    let payload = send(world, who, command, input.clone()).await;
    assert_eq!(payload["__typename"], "InvalidInput", "{input:#}\n{payload:#}");
    assert_eq!(world.rows().await, before, "an invalid {command} wrote");
    let problems = payload["problems"].as_array().unwrap().iter();
    let word = |problem: &Value, field: &str| problem[field].as_str().unwrap().to_owned();
    problems.map(|each| format!("{} {}", word(each, "path"), word(each, "code"))).collect()
}

/// Each finding as `metric CODE column`, those that block with a `!` before.
pub(crate) fn findings(payload: &Value) -> Vec<String> {
    let found = payload["findings"].as_array().unwrap().iter();
    let one = |each: &Value| {
        assert!(each["message"].as_str().unwrap().len() > 8, "{each}");
        let word = |field: &str| each[field].as_str().unwrap().to_owned();
        let blocks = if each["blocks"] == true { "!" } else { "" };
        format!("{blocks}{} {} {}", word("metric"), word("code"), word("column"))
    };
    found.map(one).collect()
}

/// What a hub owes: places, and letters passed on.
pub(crate) const HUB_METRICS: [&str; 3] =
    ["survey.places", "impact.gp_hours_released", "impact.letters_to_gp_share"];

/// Schedules a return of hubs from October 2025 on, due so many days after the month.
pub(crate) async fn of_hubs(world: &World, due_days: i32) -> Value {
    let input = json!({
        "idempotencyKey": format!("hubs-{due_days}"), "title": "Hub month",
        "metrics": HUB_METRICS, "owedBy": "TRAINING_HUB", "firstMonth": "2025-10",
        "dueDays": due_days,
    });
    let done = send(world, people::NATIONAL, "scheduleReturns", input).await;
    assert_eq!(done["__typename"], "ReturnsScheduled", "{done:#}");
    done["schedule"]["id"].clone()
}

/// Schedules a return of sites from October 2025 on.
pub(crate) async fn of_sites(world: &World) -> Value {
    let input = json!({
        "idempotencyKey": "sites", "title": "Site month",
        "metrics": ["impact.appointments_released", "impact.wait_routine_days"],
        "owedBy": "SITE", "firstMonth": "2025-10", "dueDays": 14,
    });
    let done = send(world, people::NATIONAL, "scheduleReturns", input).await;
    done["schedule"]["id"].clone()
}

/// West Yorkshire's return for December, filled in well.
pub(crate) fn december(schedule: &Value) -> Value {
    json!({
        "schedule": schedule, "organisation": { "slug": "west-yorkshire" }, "month": "2025-12",
        "expectedVersion": 0, "values": [
            { "metric": "survey.places", "value": 12 },
            { "metric": "impact.gp_hours_released", "value": 40.5 },
            { "metric": "impact.letters_to_gp_share", "numerator": 30, "denominator": 120 },
        ],
    })
}

/// A return as a command is to find it.
pub(crate) fn read(it: &Value) -> Value {
    json!({ "id": it["id"], "expectedVersion": it["version"] })
}

/// Saves and submits a return; gives it.
pub(crate) async fn submitted(world: &World, who: Who, draft: Value) -> Value {
    let saved = send(world, who, "saveReturnDraft", draft).await;
    assert_eq!(saved["__typename"], "ReturnDraftSaved", "{saved:#}");
    let done = send(world, who, "submitReturn", read(&saved["return"])).await;
    assert_eq!(done["__typename"], "ReturnSubmitted", "{done:#}");
    done["return"].clone()
}

/// Takes a submitted return to being locked; gives it.
pub(crate) async fn locked(world: &World, it: Value) -> Value {
    let done = send(world, people::NORTH_EAST, "approveReturn", read(&it)).await;
    let done = send(world, people::NORTH_EAST, "lockReturn", read(&done["return"])).await;
    assert_eq!(done["return"]["state"], "LOCKED", "{done:#}");
    done["return"].clone()
}

/// Every revision of a metric's figures, one word for each:
/// `1:PROVISIONAL:12000000:RETURN`.
pub(crate) async fn revisions(world: &World, metric: &str) -> Vec<String> {
    let of = format!(
        "FROM observation JOIN metric_version ON metric_version.id = version_id
         WHERE code = '{metric}'"
    );
    let count = world.number(&format!("SELECT COUNT(*) {of}")).await;
    let mut all = Vec::new();
    for number in 0..count {
        let row = format!(
            "SELECT revision || ':' || status || ':' || COALESCE(CAST(value AS TEXT),
                observation.state) || ':' || source {of} ORDER BY observation.id
                LIMIT 1 OFFSET {number}"
        );
        all.push(world.text(&row).await);
    }
    all
}
