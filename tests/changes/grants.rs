//! A cursor that cannot be gone on from is refused, in words that say what to do.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{CHANGES, now, told};
use crate::{
    enrolments::{cohort, started},
    harness::{Who, World, on_both, on_the_same, people},
    terms::change_portal,
};

async fn refused(world: &World, who: Who, after: &str) -> String {
    let answer = world.ask(who, CHANGES, json!({ "after": after, "first": 10 })).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_REQUEST", "{answer:#}");
    error["message"].as_str().unwrap().to_owned()
}

fn grants(hubs: &[&str]) -> Value {
    let scopes = ["PROGRESS_READ", "CHANGES_READ"];
    let grant = |hub: &&str| json!({ "organisation": { "slug": hub }, "scopes": scopes });
    json!({ "grants": hubs.iter().map(grant).collect::<Vec<_>>() })
}

#[test]
fn a_client_that_is_granted_something_else_begins_a_new_copy() {
    on_both(async |world| {
        let other = on_the_same(world).await;
        let cohort = cohort(world).await;
        let before = now(world, people::PORTAL).await;
        change_portal(world, grants(&["west-yorkshire", "cheshire-and-merseyside"])).await;
        other.app.store.refresh().await.unwrap();
        for instance in [world, &other] {
            let message = refused(instance, people::PORTAL, &before).await;
            assert!(message.contains("granted something else"), "{message}");
            assert!(message.contains("feedCursor"), "{message}");
        }
        // The cursor of a new copy holds, even before anything else has happened.
        let anew = now(world, people::PORTAL).await;
        assert!(told(world, people::PORTAL, &anew).await.changes.is_empty());
        let it = started(world, "amy", &cohort).await;
        assert!(!told(world, people::PORTAL, &anew).await.of(&it["id"]).is_empty());
        // Its feed begins there, and is followed page by page.
        let first = json!({ "first": 1 });
        let data = world.data(people::PORTAL, CHANGES, first).await;
        assert_eq!(data["changes"]["pageInfo"]["hasNextPage"], true, "{data:#}");
        let begun = data["changes"]["pageInfo"]["endCursor"].as_str().unwrap();
        assert!(!told(world, people::PORTAL, begun).await.of(&it["id"]).is_empty());
        // Everybody else goes on, and the programme team is told of it.
        assert!(!told(world, people::YORKSHIRE, &before).await.changes.is_empty());
        let national = told(world, people::NATIONAL, &before).await;
        let regranted = national.changes.iter().find(|it| it["type"] == "REACH_CHANGED");
        assert_eq!(regranted.unwrap()["after"], "client:portal");
        other.leave().await;
    });
}

#[test]
fn a_cursor_that_the_feed_never_gave_is_refused() {
    on_both(async |world| {
        let real = URL_SAFE_NO_PAD.decode(now(world, people::YORKSHIRE).await).unwrap();
        let real = String::from_utf8(real).unwrap();
        let digits = real.split_once(':').unwrap().0;
        let beyond = real.replacen(digits, "999999", 1);
        let beyond = URL_SAFE_NO_PAD.encode(beyond);
        let message = refused(world, people::YORKSHIRE, &beyond).await;
        assert!(message.contains("has not come as far"), "{message}");
    });
}
