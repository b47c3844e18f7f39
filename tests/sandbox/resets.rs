//! A reset puts everything back, for everybody, and whoever followed the feed is told.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{forward, register, reset, state};
use crate::{
    changes::{CHANGES, now, told},
    harness::{NOW, World, on_both_sandboxes, on_the_same, people, raw},
};

const CLIENT: &str = "mutation($input: RegisterApiClientInput!) {
    registerApiClient(input: $input) { __typename } }";

/// Much of what there is, as the programme team and a hub see it.
async fn everything(world: &World) -> Value {
    let national = "{ sites(first: 100) { totalCount nodes { id name version status
            participation { stage } } }
        trainingHubs(first: 100) { nodes { id name version } }
        metrics { id code version } competencyFramework { id version }
        metricSeries(input: { metrics: [\"posts.headcount\", \"adoption.rate\"],
            of: { every: { kind: REGION } }, periods: { last: 6 } }) {
            points { value { text numerator denominator } } } }";
    let hub =
        "{ cohorts(first: 100) { nodes { id } } trainingHub(by: { slug: \"west-yorkshire\" }) {
        worklist { counts { kind count } } }
        enrolments(first: 100) { totalCount nodes { id state version } }
        posts(first: 100) { totalCount nodes { id version } } }";
    let national = world.data(people::NATIONAL, national, json!({})).await;
    json!([national, world.data(people::YORKSHIRE, hub, json!({})).await])
}

#[test]
fn everything_is_as_at_the_beginning_on_every_instance() {
    on_both_sandboxes(async |world| {
        let other = on_the_same(world).await;
        let before = everything(world).await;
        assert!(before[1]["enrolments"]["totalCount"].as_i64().unwrap() > 0, "{before:#}");
        let audits = world.number("SELECT COUNT(*) FROM audit").await;

        let written = register(world, "one", "Y91001").await;
        let demonstrated = before[0]["sites"]["nodes"][0].clone();
        let name = json!({ "id": demonstrated["id"], "name": "Spade Surgery",
            "expectedVersion": demonstrated["version"] });
        world.command(people::NATIONAL, "renameSite", name).await;
        forward(world, "on", json!({ "days": 90 })).await;
        other.app.store.refresh().await.unwrap();
        assert_ne!(everything(world).await, before);
        assert_eq!(everything(&other).await, everything(world).await);

        let sandbox = reset(world, "back").await;
        assert_eq!(sandbox["resets"], 1);
        assert_eq!((&sandbox["now"], &sandbox["aheadSeconds"]), (&sandbox["resetAt"], &json!(0)));
        assert_eq!(everything(world).await, before);
        other.app.store.refresh().await.unwrap();
        assert_eq!(everything(&other).await, before, "the other instance has followed");
        let gone = world
            .data(
                people::NATIONAL,
                "query($id: ID!) { node(id: $id) { id } }",
                json!({ "id": written["id"] }),
            )
            .await;
        assert!(gone["node"].is_null());
        assert!(world.number("SELECT COUNT(*) FROM audit").await > audits, "what was done stays");
        let again = register(&other, "one", "Y91001").await;
        assert_ne!(again["id"], written["id"], "no id is given twice");
        other.leave().await;
    });
}

#[test]
fn whoever_follows_the_feed_is_told_to_begin_anew() {
    on_both_sandboxes(async |world| {
        let other = on_the_same(world).await;
        register(world, "one", "Y91001").await;
        let old = now(world, people::NATIONAL).await;
        let mut cursors = vec![old.clone()];
        let page = world.data(people::NATIONAL, CHANGES, json!({ "first": 1 })).await;
        cursors.push(page["changes"]["edges"][0]["cursor"].as_str().unwrap().to_owned());

        reset(world, "back").await;
        for cursor in &cursors {
            for instance in [world, &other] {
                let variables = json!({ "after": cursor, "first": 10 });
                let answer = instance.ask(people::NATIONAL, CHANGES, variables).await;
                let error = &answer["errors"][0];
                assert_eq!(error["extensions"]["code"], "BAD_REQUEST", "{answer:#}");
                assert!(error["message"].as_str().unwrap().contains("the sandbox was reset"));
            }
        }
        let fresh = now(world, people::NATIONAL).await;
        let site = register(&other, "two", "Y91002").await;
        let since = told(world, people::NATIONAL, &fresh).await;
        assert_eq!(since.of(&site["id"]), ["REGISTERED"]);
        let whole = world.data(people::NATIONAL, CHANGES, json!({ "first": 100 })).await;
        assert!(whole["changes"]["edges"].as_array().unwrap().len() > 50, "the whole of it anew");
        other.leave().await;
    });
}

#[test]
fn a_repeated_reset_takes_nothing_more_away() {
    on_both_sandboxes(async |world| {
        reset(world, "once").await;
        let site = register(world, "one", "Y91001").await;
        assert_eq!(reset(world, "once").await["resets"], 1);
        let found = world.site("Y91001").await;
        assert_eq!(found["id"], site["id"]);
        let before = world.position().await;
        assert_eq!(reset(world, "twice").await["resets"], 2);
        assert!(world.position().await > before, "positions never run backwards");
        register(world, "one", "Y91001").await;
        for guarded in ["DELETE FROM duty", "DELETE FROM competency", "UPDATE duty SET title = ''"]
        {
            let done = world.raw.execute_unprepared(guarded).await;
            assert!(done.is_err(), "what is published stays, after resets too: {guarded}");
        }
    });
}

#[test]
fn machine_clients_sign_in_as_before() {
    on_both_sandboxes(async |world| {
        let client = json!({ "idempotencyKey": "portal", "clientId": "portal", "name": "Portal",
            "contact": "portal@example.org", "secret": true,
            "grants": [{ "organisation": { "slug": "west-yorkshire" },
                "scopes": ["CHANGES_READ", "PROGRESS_READ"] }] });
        world.data(people::NATIONAL, CLIENT, json!({ "input": client })).await;
        let seen = "{ viewer { role } enrolments(first: 100) { totalCount } }";
        let before = world.data(people::PORTAL, seen, json!({})).await;
        assert!(before["enrolments"]["totalCount"].as_i64().unwrap() > 0, "{before}");
        let sandbox = super::control(
            world,
            people::PORTAL,
            "resetSandbox",
            json!({ "idempotencyKey": "back" }),
        )
        .await;
        assert_eq!(sandbox["__typename"], "SandboxReset", "integrators may, by any scope");
        assert_eq!(world.data(people::PORTAL, seen, json!({})).await, before);
    });
}

#[test]
fn a_restart_finds_the_sandbox_as_it_was_left() {
    on_both_sandboxes(async |world| {
        reset(world, "back").await;
        forward(world, "on", json!({ "to": "2026-03-01T12:00:00Z" })).await;
        let left = state(world, people::NATIONAL).await;
        assert_eq!(
            (&left["resetAt"], &left["resets"]),
            (&json!(NOW.replace('Z', "+00:00")), &json!(1))
        );
        let restarted = on_the_same(world).await;
        assert_eq!(state(&restarted, people::NATIONAL).await, left);
        restarted.leave().await;
    });
}

#[test]
fn every_table_is_either_replaced_or_kept() {
    on_both_sandboxes(async |world| {
        use api::domain::sandbox::{KEPT, REPLACED};
        let database = raw(world.url()).await;
        let named = if world.url().starts_with("sqlite") {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        } else {
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        };
        let asked = Statement::from_string(database.get_database_backend(), named);
        let rows = database.query_all_raw(asked).await.unwrap();
        for row in rows {
            let table: String = row.try_get("", "name").unwrap();
            let lists = [KEPT, REPLACED].iter().filter(|list| list.contains(&&*table)).count();
            assert!(table.starts_with("seaql") || lists == 1, "{table} is in {lists} of the lists");
        }
        database.close().await.unwrap();
    });
}
