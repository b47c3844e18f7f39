//! What hubs and sites ask while they work: what waits for them, returns, enrolling.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{commanded, in_state, of_site, on_both_demonstrated};
use crate::{
    harness::{World, people, with},
    returns,
};

/// Which hubs owe a month still.
const OWED: &str = "query($month: Month!, $within: OrganisationBy!) {
    returns(filter: { states: [NOT_STARTED, DRAFT, RETURNED], overdue: true,
        firstMonth: $month, lastMonth: $month, within: $within }, first: 50) {
        totalCount nodes { organisation { name slug } month state dueOn overdue
            schedule { title } } } }";

/// A hub's morning.
const WORKLIST: &str = "query($hub: Slug!) { trainingHub(by: { slug: $hub }) { name
    worklist { counts { kind count } items(first: 20) { totalCount nodes { kind since due sentence
        enrolment { id state dueOn site { odsCode } learner { reference } }
        return { month state } } } } } }";

/// A learner from a portal, who must not be enrolled twice.
const ENROL: &str = "mutation($input: EnrolLearnerInput!) { enrolLearner(input: $input) {
    __typename
    ... on LearnerEnrolled { enrolment { id state version appliedOn cohort { name placesLeft }
        learner { id reference identifiers { system value } } } }
    ... on AlreadyEnrolled { enrolment { id state learner { id } } }
    ... on IdempotencyConflict { message }
    ... on InvalidInput { problems { path code message } } } }";

/// What is wrong with a month's return, before anything of it is kept.
const DRY_RUN: &str = "mutation($input: SaveReturnDraftInput!) { saveReturnDraft(input: $input) {
    __typename
    ... on ReturnDraftSaved { saved return { id month state version
            values { metric answer value numerator denominator } }
        findings { metric severity code column message blocks } }
    ... on ReturnConflict { current { version } }
    ... on InvalidInput { problems { path code message } } } }";

/// Who of a site learns what, and by when.
const LEARNERS: &str = "query($site: OdsCode!) { site(by: { odsCode: $site }) { name
    enrolments(first: 20) { totalCount nodes { state startedOn dueOn cohort { name }
        learner { reference } extensions { months decision }
        progress { achieved applicable } } } } }";

/// A site asks for more time.
const EXTEND: &str = "mutation($input: RequestExtensionInput!) { requestExtension(input: $input) {
    __typename
    ... on ExtensionRequested { enrolment { id state dueOn
        extensions { months reason requestedOn requestedBy decision } } }
    ... on IdempotencyConflict { message }
    ... on InvalidInput { problems { path code message } } } }";

#[test]
fn a_hub_and_its_sites_at_work() {
    on_both_demonstrated(async |world| {
        hubs_returns(world).await;
        enrolled_once(world).await;
        at_a_site(world).await;
        let variables = json!({ "hub": "west-yorkshire" });
        let seen = world.data(people::YORKSHIRE, WORKLIST, variables).await;
        assert_json_snapshot!("06_hubs_worklist", seen);
    });
}

async fn hubs_returns(world: &World) {
    let input = json!({
        "idempotencyKey": "hubs", "title": "Hub month", "owedBy": "TRAINING_HUB",
        "metrics": ["impact.gp_hours_released", "impact.letters_to_gp_share"],
        "firstMonth": "2025-12", "dueDays": 10,
    });
    let done = returns::send(world, people::NATIONAL, "scheduleReturns", input).await;
    let variables = json!({ "month": "2025-12", "within": { "odsCode": "Y63" } });
    let seen = world.data(people::NORTH_EAST, OWED, variables).await;
    assert_json_snapshot!("04_hubs_that_have_not_submitted", seen);

    let input = json!({
        "schedule": done["schedule"]["id"], "organisation": { "slug": "west-yorkshire" },
        "month": "2025-12", "expectedVersion": 0, "dryRun": true,
        "values": [{ "metric": "impact.gp_hours_released", "answer": "VALUE", "value": 41.5 },
            { "metric": "impact.letters_to_gp_share", "answer": "VALUE",
                "numerator": 130, "denominator": 120 }],
    });
    let before = world.rows().await;
    let seen = commanded(world, people::YORKSHIRE, DRY_RUN, &input).await;
    assert_eq!(world.rows().await, before, "a dry run wrote");
    assert_json_snapshot!("08_return_with_a_dry_run", seen);
}

async fn enrolled_once(world: &World) {
    let asked = "{ cohorts(filter: { trainingHub: { slug: \"west-yorkshire\" }, open: true }) {
        nodes { id placesLeft } } }";
    let cohorts = world.data(people::YORKSHIRE, asked, json!({})).await;
    let cohorts = cohorts["cohorts"]["nodes"].as_array().unwrap();
    let cohort = cohorts.iter().rfind(|it| it["placesLeft"] != 0).unwrap();
    let input = json!({
        "idempotencyKey": "portal-4711", "cohort": cohort["id"],
        "site": in_state(world, "STARTED").await[0]["site"], "route": "ACCREDITED",
        "appliedOn": "2026-01-12",
        "learner": { "person": { "details": { "name": "Ada Example (synthetic)" },
            "identifiers": [{ "system": "portal", "value": "4711" }] } },
    });
    let seen = commanded(world, people::YORKSHIRE, ENROL, &input).await;
    let rows = world.rows().await;
    assert_eq!(commanded(world, people::YORKSHIRE, ENROL, &input).await, seen);
    assert_eq!(world.rows().await, rows, "the same key wrote twice");
    let other_key = with(&input, json!({ "idempotencyKey": "portal-4711-again" }));
    let again = commanded(world, people::YORKSHIRE, ENROL, &other_key).await;
    let answers = json!({ "first": seen, "under another key": again });
    assert_json_snapshot!("07_enrol_idempotently", answers);
}

async fn at_a_site(world: &World) {
    let all = in_state(world, "STARTED").await;
    let it = all.iter().find(|it| it["extensions"] == json!([])).unwrap();
    let team = of_site(people::PRACTICE, it);
    let variables = json!({ "site": it["site"]["odsCode"] });
    let seen: Value = world.data(team, LEARNERS, variables).await;
    assert_json_snapshot!("10_a_sites_learners_and_due_dates", seen);

    let input = json!({ "idempotencyKey": "more-time", "enrolment": it["id"], "months": 2,
        "reason": "MENTOR_UNAVAILABLE" });
    let seen = commanded(world, team, EXTEND, &input).await;
    assert_json_snapshot!("11_ask_for_an_extension", seen);
}
