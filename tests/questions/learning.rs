//! What assessors, providers and e-portfolio vendors ask, and who is asked about learners.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{EXAMPLES, commanded, in_state, of_site, on_both_demonstrated};
use crate::{
    harness::{NOW, Who, World, people},
    learning::{document, done, item, send},
};

/// What waits for an assessor.
const INBOX: &str = "{ assessorInbox { counts { kind count } items(first: 20) { totalCount
    nodes { kind since due sentence competency { code title }
        enrolment { id state dueOn learner { reference } } } } } }";

/// What a learner has yet to show.
const REMAINING: &str = "query($id: ID!) { enrolment(id: $id) { state dueOn
    progress { achieved applicable share domains { domain { title } achieved applicable share }
        remaining { competency { code title core } state attempt
            assessment { assessedOn } } } } }";

/// What happened to enrolments since a vendor last asked.
const SYNC: &str = "query($hub: Slug!, $since: DateTime!, $after: String) {
    enrolments(filter: { trainingHub: { slug: $hub }, recordedSince: $since },
        first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { id version state dueOn learner { reference identifiers { system value } }
            events { on state } progress { achieved applicable } } } }";

/// Who read rows of learners in a month.
const READ: &str = "query($since: DateTime!, $until: DateTime!) {
    audit(filter: { action: READ_LEARNER_DETAILS, since: $since, until: $until }, first: 50) {
        totalCount nodes { at subject role actorOrganisation { name } organisation { name }
            recordKind record } } }";

#[test]
fn assessors_providers_and_vendors() {
    on_both_demonstrated(async |world| {
        let all = in_state(world, "STARTED").await;
        let it = all.iter().find(|it| it["mentors"][0]["to"].is_null()).unwrap();
        let assessor = of_site(people::ASSESSOR, it);
        assign(world, it, assessor).await;
        let seen = world.data(assessor, REMAINING, json!({ "id": it["id"] })).await;
        assert_json_snapshot!("13_remaining_competencies", seen);
        progress(world, assessor, it, &seen).await;
        let seen = world.data(assessor, INBOX, json!({})).await;
        assert_json_snapshot!("12_assessors_inbox", seen);
        awards_and_sync(world).await;
        readings(world, it).await;
    });
}

async fn assign(world: &World, it: &Value, assessor: Who) {
    let input = json!({ "idempotencyKey": "assessor", "enrolment": it["id"],
        "kind": "SECONDARY_MENTOR", "person": { "subject": assessor.subject },
        "from": "2026-01-05" });
    done(world, people::YORKSHIRE, "assignMentor", input).await;
}

/// A batch with one item that names no competency.
async fn progress(world: &World, assessor: Who, it: &Value, seen: &Value) {
    let remaining = seen["enrolment"]["progress"]["remaining"].as_array().unwrap();
    let untouched = remaining.iter().filter(|each| each["state"] == "NOT_STARTED");
    let codes: Vec<_> =
        untouched.map(|each| each["competency"]["code"].as_str().unwrap()).collect();
    let [first, second, ..] = codes[..] else { panic!("{seen:#}") };
    let items = [
        item(it, first, "IN_PROGRESS", "2026-01-12"),
        item(it, "juggling", "IN_PROGRESS", "2026-01-12"),
        item(it, second, "IN_PROGRESS", "2026-01-13"),
    ];
    let input = json!({ "idempotencyKey": "batch-1", "items": items });
    let seen = commanded(world, assessor, &document("recordAssessments"), &input).await;
    assert_eq!(seen["recordAssessments"]["refused"], 1);
    assert_json_snapshot!("16_progress_with_one_bad_item", seen);
}

/// A learner submits, and the provider verifies two an hour later, and awards both in one batch, in
/// which one comes twice.
async fn awards_and_sync(world: &World) {
    world.app.store.clock().set("2026-01-15T10:00:00Z".parse().unwrap());
    let mut submitted = in_state(world, "SUBMITTED").await;
    let last = in_state(world, "STARTED").await.pop().unwrap();
    let input = json!({ "id": last["id"], "expectedVersion": last["version"],
        "to": "SUBMITTED", "on": "2026-01-13" });
    submitted.push(done(world, people::YORKSHIRE, "advanceEnrolment", input).await);
    let [one, .., other] = &submitted[..] else { panic!("too few have submitted") };
    for it in [one, other] {
        let verified = json!({ "id": it["id"], "expectedVersion": it["version"],
            "to": "VERIFIED", "on": "2026-01-14" });
        done(world, EXAMPLES, "verifyEnrolment", verified).await;
    }
    let award = |it: &Value| {
        json!({ "enrolment": it["id"], "title": "General Practice Assistant",
            "credits": 20, "awardedOn": "2026-01-15" })
    };
    let items = [award(one), award(other), award(one)];
    let input = json!({ "idempotencyKey": "awards-of-january", "items": items });
    let seen = send(world, EXAMPLES, "recordAwards", input).await;
    assert_json_snapshot!("14_awards_in_bulk", seen);

    let variables = json!({ "hub": "west-yorkshire", "since": "2026-01-15T09:30:00Z" });
    let seen = world.data(people::YORKSHIRE, SYNC, variables).await;
    assert_eq!(seen["enrolments"]["totalCount"], 2);
    assert_json_snapshot!("15_incremental_sync", seen);
    world.app.store.clock().set(NOW.parse().unwrap());
}

/// The hub and the site read a learner's row in December, and the hub again in January.
async fn readings(world: &World, it: &Value) {
    let document = "query($id: ID!) { learner(by: { id: $id }) { details { name } } }";
    let read = json!({ "id": it["learner"]["id"] });
    for (who, at) in [
        (people::YORKSHIRE, "2025-12-08T10:00:00Z"),
        (of_site(people::PRACTICE, it), "2025-12-17T16:30:00Z"),
        (people::YORKSHIRE, NOW),
    ] {
        world.app.store.clock().set(at.parse().unwrap());
        let seen = world.data(who, document, read.clone()).await;
        assert!(seen["learner"]["details"]["name"].is_string(), "{seen:#}");
    }
    let variables = json!({ "since": "2025-12-01T00:00:00Z", "until": "2026-01-01T00:00:00Z" });
    let seen = world.data(people::NATIONAL, READ, variables).await;
    assert_eq!(seen["audit"]["totalCount"], 2);
    assert_json_snapshot!("20_who_read_learners_rows", seen);
}
