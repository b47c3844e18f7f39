//! One line for each change, in the order of commits, page by page.

use serde_json::{Value, json};

use super::{CHANGES, now, told};
use crate::{
    enrolments::{cohort, started},
    harness::{on_both, on_the_same, people},
};

async fn rename(world: &crate::harness::World, code: &str, name: &str) -> Value {
    let site = world.site(code).await;
    let input = json!({ "id": site["id"], "expectedVersion": site["version"], "name": name });
    world.command(people::NATIONAL, "renameSite", input).await;
    site["id"].clone()
}

#[test]
fn a_consumer_sees_each_change_once_and_in_order() {
    on_both(async |world| {
        let before = now(world, people::YORKSHIRE).await;
        let renamed = rename(world, "Y90001", "Lark Rise Surgery").await;
        let cohort = cohort(world).await;
        let enrolment = started(world, "amy", &cohort).await;
        let all = told(world, people::YORKSHIRE, &before).await;
        assert_eq!(all.of(&renamed), ["RENAMED"]);
        assert_eq!(all.changes[0]["after"], "Lark Rise Surgery");
        // In between and after, who is there for the learner comes to see the cohort.
        let seen = ["COHORT_OPENED", "REACH_CHANGED", "PLACES_TAKEN", "REACH_CHANGED"];
        assert_eq!(all.of(&cohort["id"]), seen);
        let steps = all.of(&enrolment["id"]);
        assert_eq!(steps[0], "ENROLMENT_APPLIED");
        assert!(steps.contains(&"MENTOR_ASSIGNED") && steps.len() == 5, "{steps:?}");
        for change in &all.changes {
            assert_eq!(change["node"]["id"], change["nodeId"], "{change}");
        }

        let mut paged = Vec::new();
        let mut cursor = json!(before);
        loop {
            let variables = json!({ "after": cursor, "first": 1 });
            let data = world.data(people::YORKSHIRE, CHANGES, variables).await;
            let page = &data["changes"];
            assert_eq!(page["pageInfo"]["startCursor"], cursor);
            for edge in page["edges"].as_array().unwrap() {
                paged.push(edge["node"].clone());
                assert_eq!(edge["cursor"], page["pageInfo"]["endCursor"]);
            }
            cursor = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(paged, all.changes);
        assert_eq!(cursor, json!(all.cursor), "the end is the same, however one gets there");
        assert!(told(world, people::YORKSHIRE, &all.cursor).await.changes.is_empty());
    });
}

#[test]
fn types_leave_the_rest_out() {
    on_both(async |world| {
        let before = now(world, people::YORKSHIRE).await;
        let cohort = cohort(world).await;
        started(world, "amy", &cohort).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        let variables = json!({ "after": before, "first": 10, "types": ["RENAMED"] });
        let data = world.data(people::YORKSHIRE, CHANGES, variables).await;
        let edges = data["changes"]["edges"].as_array().unwrap();
        assert_eq!(edges.len(), 1, "{data:#}");
        assert_eq!(edges[0]["node"]["type"], "RENAMED");
        assert_eq!(
            data["changes"]["pageInfo"]["endCursor"],
            json!(now(world, people::YORKSHIRE).await)
        );
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    on_both(async |world| {
        let cursor = now(world, people::YORKSHIRE).await;
        for (who, variables, code) in [
            (people::PUBLIC, json!({ "first": 10 }), "UNAUTHENTICATED"),
            (people::YORKSHIRE, json!({ "first": 0 }), "BAD_REQUEST"),
            (people::YORKSHIRE, json!({ "first": 101 }), "BAD_REQUEST"),
            (people::YORKSHIRE, json!({ "first": 1, "types": [] }), "BAD_REQUEST"),
            (people::YORKSHIRE, json!({ "first": 1, "after": "" }), "BAD_REQUEST"),
            (people::YORKSHIRE, json!({ "first": 1, "after": "MTpuNQ" }), "BAD_REQUEST"),
            (
                people::YORKSHIRE,
                json!({ "first": 1, "after": format!("{cursor}x") }),
                "BAD_REQUEST",
            ),
        ] {
            let answer = world.ask(who, CHANGES, variables.clone()).await;
            let found = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(found, code, "{variables}\n{answer:#}");
        }
    });
}

/// Another instance may not have seen a change yet that a client has.
#[test]
fn every_instance_answers_for_a_cursor_that_another_gave() {
    on_both(async |world| {
        let other = on_the_same(world).await;
        let id = rename(world, "Y90001", "Lark Rise Surgery").await;
        let cursor = now(world, people::PUBLIC).await;
        assert_ne!(other.site("Y90001").await["name"], "Lark Rise Surgery", "it lags behind");
        let document = "query($id: ID!) { node(id: $id) { ... on Site { name } } }";
        let asked = |cursor: String| {
            let extensions = json!({ "notBefore": cursor });
            other.ask_with(people::PUBLIC, document, json!({ "id": id }), extensions)
        };
        let answer = asked(cursor.clone()).await;
        assert_eq!(answer["data"]["node"]["name"], "Lark Rise Surgery", "{answer:#}");
        let yet_to_come = asked("OTk5OTk5OTk6LQ".to_owned()).await;
        assert_eq!(yet_to_come["errors"][0]["extensions"]["code"], "UNAVAILABLE");
        let nonsense = asked("x".to_owned()).await;
        assert_eq!(nonsense["errors"][0]["extensions"]["code"], "BAD_REQUEST");

        let before = now(&other, people::YORKSHIRE).await;
        rename(world, "Y90002", "The Shambles").await;
        let told = told(&other, people::YORKSHIRE, &before).await;
        assert_eq!(told.changes.len(), 1, "the feed itself never lags");
        let cursor = told.cursor;
        assert_eq!(cursor, now(world, people::YORKSHIRE).await);
        other.leave().await;
    });
}
