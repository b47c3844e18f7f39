//! Who may read what of learners, and that each reading of a person is in the audit
//! before the answer leaves.

use serde_json::{Value, json};

use super::{apply, cohort, mentor, started};
use crate::harness::{Who, World, on_both, people};

const PERSON: &str = "query($id: ID!) { enrolment(id: $id) { state learner { reference
    details { name email telephone } } } }";

async fn read(world: &World, action: &str) -> Vec<String> {
    const LINE: &str = "subject || ' ' || COALESCE(node_type, '-') || ' ' ||
        CAST(organisation_id AS TEXT)";
    let count = format!("SELECT COUNT(*) FROM audit WHERE action = '{action}'");
    let mut lines = Vec::new();
    for number in 0..world.number(&count).await {
        let row = format!(
            "SELECT {LINE} FROM audit WHERE action = '{action}' ORDER BY id LIMIT 1 OFFSET {number}"
        );
        lines.push(world.text(&row).await);
    }
    lines
}

#[test]
fn who_a_learner_is_is_for_those_who_work_with_them() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        let it = mentor(world, &it, "2025-03-01").await;
        let whole = json!({ "name": "Secret amy", "email": "amy@example.org", "telephone": null });
        let name = json!({ "name": "Secret amy", "email": null, "telephone": null });
        for (who, expected) in [
            (people::PRACTICE, whole.clone()),
            (people::YORKSHIRE, whole),
            (people::ASSESSOR, name),
            (people::PROVIDER, Value::Null),
            (people::NATIONAL, Value::Null),
            (people::NORTH_EAST, Value::Null),
        ] {
            let data = world.data(who, PERSON, json!({ "id": it["id"] })).await;
            assert_eq!(data["enrolment"]["learner"]["details"], expected, "{who:?}");
        }
        let elsewhere: [Who; 3] = [
            people::CHESHIRE,
            people::NORTH_WEST,
            Who { organisation: "ods:Y90002", ..people::PRACTICE },
        ];
        for who in elsewhere {
            let answer = world.ask(who, PERSON, json!({ "id": it["id"] })).await;
            assert_eq!(answer["data"], json!({ "enrolment": null }), "{who:?}");
        }
        let read = read(world, "READ_LEARNER_DETAILS").await;
        let who: Vec<&str> = read.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(who, ["sam", "hana", "asha"], "and nobody else read anything");
    });
}

#[test]
fn overseers_are_in_the_audit_once_for_each_request_and_site() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        apply(world, "ben", &cohort).await;
        let document = "query($id: ID!) { enrolments { totalCount nodes { state } }
            again: enrolments(first: 1) { nodes { id } } enrolment(id: $id) { id }
            node(id: $id) { id }
            site(by: { odsCode: \"Y90001\" }) { enrolments { nodes { learner { reference } } } } }";
        for who in [people::NATIONAL, people::NORTH_EAST] {
            let data = world.data(who, document, json!({ "id": it["id"] })).await;
            assert_eq!(data["enrolments"]["totalCount"], 2);
        }
        for who in [people::YORKSHIRE, people::PRACTICE, people::PROVIDER] {
            world.data(who, document, json!({ "id": it["id"] })).await;
        }
        let nothing = "{ enrolments(filter: { states: [COMPLETED] }) { totalCount nodes { id } } }";
        world.data(people::NATIONAL, nothing, json!({})).await;
        let read = read(world, "READ_ENROLMENTS").await;
        let who: Vec<&str> = read.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(who, ["nadia", "rita"]);
        assert!(read[0].starts_with("nadia - "), "of the site, not of one learner: {read:?}");
    });
}

#[test]
fn a_post_leads_to_its_learner_for_whoever_may_see_them() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        let post = json!({
            "idempotencyKey": "post", "funding": "ARRS", "startedOn": "2025-03-03",
            "learner": it["learner"]["id"], "places": [
                { "at": { "odsCode": "Y90001" }, "hours": 22.5 },
                { "at": { "odsCode": "Y90002" }, "hours": 7.5 },
            ],
        });
        world.command(people::YORKSHIRE, "startPost", post).await;
        let document = "{ posts { nodes { fte learner { reference } } } }";
        let reference = &it["learner"]["reference"];
        for (who, learner) in [
            (people::YORKSHIRE, json!({ "reference": reference })),
            (people::PRACTICE, json!({ "reference": reference })),
            (people::NATIONAL, json!({ "reference": reference })),
            (Who { organisation: "ods:Y90002", ..people::PRACTICE }, Value::Null),
        ] {
            let data = world.data(who, document, json!({})).await;
            let expected = json!([{ "fte": 0.8, "learner": learner }]);
            assert_eq!(data["posts"]["nodes"], expected, "{who:?}");
        }
        let read = read(world, "READ_ENROLMENTS").await;
        assert!(matches!(&read[..], [line] if line.starts_with("nadia - ")), "{read:?}");
    });
}

#[test]
fn who_read_learners_rows_last_month_is_one_query() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        world.data(people::PRACTICE, PERSON, json!({ "id": it["id"] })).await;
        let document = "query($since: DateTime!, $until: DateTime!) {
            audit(filter: { action: READ_LEARNER_DETAILS, since: $since, until: $until }) {
                totalCount nodes { subject role recordKind record organisation { odsCode } } } }";
        let january = json!({ "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z" });
        let row = json!({ "subject": "sam", "role": "SITE_TEAM", "recordKind": "LEARNER",
            "record": it["learner"]["id"], "organisation": { "odsCode": "Y90001" } });
        for (who, count) in [(people::YORKSHIRE, 1), (people::NATIONAL, 1), (people::CHESHIRE, 0)] {
            let data = world.data(who, document, january.clone()).await;
            assert_eq!(data["audit"]["totalCount"], count, "{who:?}");
            assert!(count == 0 || data["audit"]["nodes"] == json!([row]), "{data:#}");
        }
        for (since, until) in [("2025-12-01", "2026-01-01"), ("2026-01-16", "2026-02-01")] {
            let moment = |day: &str| format!("{day}T00:00:00Z");
            let other = json!({ "since": moment(since), "until": moment(until) });
            let data = world.data(people::NATIONAL, document, other).await;
            assert_eq!(data["audit"]["totalCount"], 0);
        }
    });
}

#[test]
fn a_history_tells_of_learners_only_those_who_may_see_them() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        let document = "{ site(by: { odsCode: \"Y90001\" }) { history(first: 50) {
            totalCount nodes { type after } } }
            trainingHub(by: { slug: \"west-yorkshire\" }) { history { nodes { type } } } }";
        let reference = it["learner"]["reference"].as_str().unwrap();
        for (who, learners, cohorts) in [
            (people::PRACTICE, true, false),
            (people::YORKSHIRE, true, true),
            (people::NATIONAL, true, true),
            (people::NORTH_EAST, true, true),
            (people::ANALYST, false, true),
            (people::BOARD, false, false),
            (people::CHESHIRE, false, false),
            (people::ASSESSOR, false, false),
            (people::PUBLIC, false, false),
        ] {
            let answer = world.data(who, document, json!({})).await;
            let site = answer["site"].to_string();
            assert_eq!(site.contains("ENROLMENT_APPLIED"), learners, "{who:?}");
            assert_eq!(site.contains(reference), learners, "{who:?}");
            let hub = answer["trainingHub"].to_string();
            assert_eq!(hub.contains("COHORT_OPENED"), cohorts, "{who:?}");
            let history = &answer["site"]["history"];
            let shown = history["nodes"].as_array().unwrap().len();
            assert_eq!(history["totalCount"], shown, "{who:?}");
        }
    });
}

#[test]
fn an_assessor_follows_what_they_are_assigned_to_while_they_are() {
    on_both(async |world| {
        let it = apply(world, "amy", &cohort(world).await).await;
        let list = "{ enrolments { totalCount nodes { id } } cohorts { totalCount } }";
        let data = world.data(people::ASSESSOR, list, json!({})).await;
        assert_eq!(data["enrolments"]["totalCount"], 0);
        let it = mentor(world, &it, "2025-03-01").await;
        let data = world.data(people::ASSESSOR, list, json!({})).await;
        assert_eq!(
            (&data["enrolments"]["totalCount"], &data["cohorts"]["totalCount"]),
            (&json!(1), &json!(1))
        );
        let ended = json!({ "id": it["mentors"][0]["id"], "expectedVersion": it["version"] });
        super::done(world, people::YORKSHIRE, "endMentorAssignment", ended).await;
        let data = world.data(people::ASSESSOR, list, json!({})).await;
        assert_eq!(data["enrolments"]["totalCount"], 0);
    });
}
