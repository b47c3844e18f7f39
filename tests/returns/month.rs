//! A hub's month from start to finish, and what is written of it.

use serde_json::{Value, json};

use super::{december, findings, locked, of_hubs, of_sites, read, revisions, send, submitted};
use crate::harness::{World, on_both, people, with};

/// What England comes to in December by a metric, in millionths, by status.
async fn england(world: &World, metric: &str, status: &str) -> i64 {
    sum(world, "PROGRAMME", metric, status).await
}

/// What the organisations of a kind come to.
async fn sum(world: &World, kind: &str, metric: &str, status: &str) -> i64 {
    let statement = format!(
        "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM rollup
         JOIN metric_version ON metric_version.series_id = rollup.series_id
         JOIN organisation ON organisation.id = place_id
         WHERE code = '{metric}' AND status = '{status}' AND organisation.kind = '{kind}' AND month = 202512"
    );
    world.number(&statement).await
}

const MINE: &str = "query($schedule: ID!) { returns(filter: { schedule: $schedule,
    organisation: { slug: \"west-yorkshire\" }, firstMonth: \"2025-12\" }) {
    totalCount nodes { id state version dueOn overdue values { metric answer } } } }";

#[test]
fn a_hubs_month_goes_from_draft_to_locked_and_restated() {
    on_both(async |world| {
        let schedule = of_hubs(world, 20).await;
        let variables = json!({ "schedule": schedule });
        let mine = world.data(people::YORKSHIRE, MINE, variables.clone()).await;
        assert_eq!(mine["returns"]["totalCount"], 1);
        let owed = &mine["returns"]["nodes"][0];
        assert_eq!(
            (&owed["state"], &owed["version"], &owed["overdue"], &owed["dueOn"]),
            (&json!("NOT_STARTED"), &json!(0), &json!(false), &json!("2026-01-20"))
        );
        let it = three_mistakes(world, &schedule).await;
        let position = world.position().await;
        let it = sent_back_and_mended(world, &schedule, it).await;
        assert_eq!(england(world, "survey.places", "PROVISIONAL").await, 14_000_000);

        let done = send(world, people::NORTH_EAST, "approveReturn", read(&it)).await;
        let it = &done["return"];
        assert_eq!((&it["state"], &it["decidedBy"]), (&json!("APPROVED"), &json!("rita")));
        assert_eq!(england(world, "survey.places", "PROVISIONAL").await, 0);
        assert_eq!(england(world, "survey.places", "APPROVED").await, 14_000_000);
        let done = send(world, people::NORTH_EAST, "lockReturn", read(it)).await;
        let restated = with(
            &read(&done["return"]),
            json!({
                "values": [{ "metric": "survey.places", "value": 13 }],
                "note": "One learner was counted twice.",
            }),
        );
        let done = send(world, people::NORTH_EAST, "restateReturn", restated).await;
        let it = &done["return"];
        assert_eq!(it["note"], "One learner was counted twice.");
        assert_eq!((&it["state"], &it["version"]), (&json!("LOCKED"), &json!(9)));
        let value = &it["values"][0];
        assert_eq!((&value["value"], &value["revision"]), (&json!(13.0), &json!(2)));
        assert_eq!(england(world, "survey.places", "RESTATED").await, 13_000_000);
        let hours = sum(world, "TRAINING_HUB", "impact.gp_hours_released", "APPROVED").await;
        assert_eq!(hours, 40_500_000, "what is not restated stays");
        assert_eq!(
            revisions(world, "survey.places").await,
            [
                "1:PROVISIONAL:12000000:RETURN",
                "2:PROVISIONAL:14000000:RETURN",
                "3:APPROVED:14000000:RETURN",
                "4:RESTATED:13000000:RETURN",
            ],
            "what was known in between can still be read"
        );
        let note = "SELECT note FROM observation WHERE status = 'RESTATED'";
        assert_eq!(world.text(note).await, "One learner was counted twice.");
        said_in_order(world, position).await;
    });
}

/// A draft with three mistakes: all of them come at once, hold up nothing but submitting,
/// and are mended.
async fn three_mistakes(world: &World, schedule: &Value) -> Value {
    let wrong = with(
        &december(schedule),
        json!({ "values": [
            { "metric": "survey.places", "value": 12.5 },
            { "metric": "impact.letters_to_gp_share", "numerator": 130, "denominator": 120 },
        ] }),
    );
    let three = [
        "!survey.places INTEGER value",
        "!impact.gp_hours_released REQUIRED value",
        "!impact.letters_to_gp_share NUMERATOR_WITHIN_DENOMINATOR numerator",
    ];
    let before = world.rows().await;
    let tried = with(&wrong, json!({ "dryRun": true }));
    let tried = send(world, people::YORKSHIRE, "saveReturnDraft", tried).await;
    assert_eq!(findings(&tried), three);
    assert_eq!((&tried["saved"], &tried["return"]["version"]), (&json!(false), &json!(0)));
    assert_eq!(world.rows().await, before, "a dry run wrote");

    let saved = send(world, people::YORKSHIRE, "saveReturnDraft", wrong).await;
    assert_eq!(findings(&saved), three);
    assert_eq!(saved["return"]["id"], tried["return"]["id"], "it is known before it is saved");
    assert_eq!(
        (&saved["saved"], &saved["return"]["state"], &saved["return"]["version"]),
        (&json!(true), &json!("DRAFT"), &json!(1))
    );
    let before = world.rows().await;
    let held = send(world, people::YORKSHIRE, "submitReturn", read(&saved["return"])).await;
    assert_eq!(held["__typename"], "ReturnNotReady");
    assert_eq!(findings(&held), three);
    assert_eq!(world.rows().await, before);

    let right = with(&december(schedule), json!({ "expectedVersion": 1 }));
    let saved = send(world, people::YORKSHIRE, "saveReturnDraft", right).await;
    assert_eq!(findings(&saved), [""; 0]);
    saved["return"].clone()
}

async fn sent_back_and_mended(world: &World, schedule: &Value, it: Value) -> Value {
    let done = send(world, people::YORKSHIRE, "submitReturn", read(&it)).await;
    let it = &done["return"];
    assert_eq!((&it["state"], &it["submittedBy"]), (&json!("SUBMITTED"), &json!("hana")));
    assert_eq!(england(world, "survey.places", "PROVISIONAL").await, 12_000_000);

    let back = with(&read(it), json!({ "reason": "Two places are missing." }));
    let done = send(world, people::NORTH_EAST, "sendReturnBack", back).await;
    let it = &done["return"];
    assert_eq!(
        (&it["state"], &it["reason"], &it["decidedBy"]),
        (&json!("RETURNED"), &json!("Two places are missing."), &json!("rita"))
    );
    let mut mended = with(&december(schedule), json!({ "expectedVersion": it["version"] }));
    mended["values"][0]["value"] = json!(14);
    submitted(world, people::YORKSHIRE, mended).await
}

/// Each step has its audit row and its lines in the feed.
async fn said_in_order(world: &World, position: i64) {
    let said = world.said_since(position).await;
    let figures = "FIGURES_RECORDED - > impact.gp_hours_released 2025-12, \
                   impact.letters_to_gp_share 2025-12, survey.places 2025-12 from 2025-12-01";
    let changed = "FIGURES_RECORDED - > survey.places 2025-12 from 2025-12-01";
    let about =
        |what: &str, why: &str| format!("{what} - > Hub month 2025-12{why} from 2025-12-01");
    assert_eq!(
        said,
        [
            format!("hana SUBMIT_RETURN: {figures}"),
            format!("hana SUBMIT_RETURN: {}", about("RETURN_SUBMITTED", "")),
            format!(
                "rita DECIDE_RETURN: {}",
                about("RETURN_SENT_BACK", ": Two places are missing.")
            ),
            format!("hana SAVE_RETURN_DRAFT: {}", about("RETURN_SAVED", "")),
            format!("hana SUBMIT_RETURN: {changed}"),
            format!("hana SUBMIT_RETURN: {}", about("RETURN_SUBMITTED", "")),
            format!("rita DECIDE_RETURN: {figures}"),
            format!("rita DECIDE_RETURN: {}", about("RETURN_APPROVED", "")),
            format!("rita LOCK_RETURN: {}", about("RETURN_LOCKED", "")),
            format!("rita RESTATE_RETURN: {changed}"),
            format!(
                "rita RESTATE_RETURN: {}",
                about("RETURN_RESTATED", ": One learner was counted twice.")
            ),
        ]
    );
}

#[test]
fn a_nil_return_answers_everything() {
    on_both(async |world| {
        let schedule = of_sites(world).await;
        let nil = json!({
            "schedule": schedule, "organisation": { "odsCode": "Y90001" }, "month": "2025-12",
            "expectedVersion": 0, "nil": true,
        });
        let it = submitted(world, people::PRACTICE, nil.clone()).await;
        let answers = it["values"].as_array().unwrap().iter();
        assert!(answers.clone().count() == 2 && answers.clone().all(|it| it["answer"] == "NIL"));
        assert_eq!(
            revisions(world, "impact.appointments_released").await,
            ["1:PROVISIONAL:NIL:RETURN"]
        );
        let reported = "SELECT CAST(SUM(nil) AS BIGINT) FROM rollup JOIN organisation
            ON organisation.id = place_id WHERE kind = 'TRAINING_HUB'";
        assert_eq!(world.number(reported).await, 2, "both metrics, at the site's hub");
        let done = send(world, people::YORKSHIRE, "approveReturn", read(&it)).await;
        assert_eq!(done["return"]["state"], "APPROVED", "a hub approves its sites' returns");
    });
}

#[test]
fn what_is_no_longer_answered_is_taken_back() {
    on_both(async |world| {
        let off = json!({
            "metric": "impact.gp_hours_released", "kind": "REQUIRED", "severity": "ERROR",
            "message": "give the hours", "enabled": false, "expectedVersion": 1,
        });
        send(world, people::NATIONAL, "setValidationRule", off).await;
        let schedule = of_hubs(world, 20).await;
        let it = submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let back = with(&read(&it), json!({ "reason": "These hours are not yours." }));
        let done = send(world, people::NORTH_EAST, "sendReturnBack", back).await;
        let mut less =
            with(&december(&schedule), json!({ "expectedVersion": done["return"]["version"] }));
        less["values"].as_array_mut().unwrap().remove(1);
        let hours = "impact.gp_hours_released";
        assert_eq!(sum(world, "TRAINING_HUB", hours, "PROVISIONAL").await, 40_500_000);
        let it = submitted(world, people::YORKSHIRE, less).await;
        assert_eq!(sum(world, "TRAINING_HUB", hours, "PROVISIONAL").await, 0);
        let it = locked(world, it).await;
        assert_eq!(it["values"][1]["answer"], Value::Null);
        assert_eq!(
            revisions(world, "impact.gp_hours_released").await,
            ["1:PROVISIONAL:40500000:RETURN", "2:PROVISIONAL:WITHDRAWN:RETURN"]
        );
    });
}
