//! What a webhook is told goes by what its owner may know at that moment.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{deliver, receiver::Receiver, register, rename, send};
use crate::{
    changes::{now, told},
    enrolments::{cohort, started},
    harness::{Who, World, on_both, on_the_same, people},
};

/// Sees that a receiver was told what the feed tells its owner from a cursor on.
async fn told_as_the_feed(world: &World, receiver: &Receiver, who: Who, before: &str) {
    let feed = told(world, who, before).await;
    let plain = |of: &Value| {
        json!([of["type"], of["nodeId"], of["effectiveOn"], of["before"], of["after"]]).to_string()
    };
    let mut expected: Vec<_> = feed.changes.iter().map(plain).collect();
    let mut came: Vec<_> = receiver.took().iter().map(|it| plain(&it.event["data"])).collect();
    assert!(!came.is_empty());
    expected.sort();
    came.sort();
    assert_eq!(came, expected, "{}", who.organisation);
}

#[test]
fn a_webhook_tells_of_its_owners_records_and_of_what_left_their_reach() {
    on_both(async |world| {
        let owners = [people::YORKSHIRE, people::CHESHIRE, people::PORTAL, people::NATIONAL];
        let mut hooks = Vec::new();
        for who in owners {
            let receiver = Receiver::new();
            let hook = register(world, who, &receiver.url).await;
            hooks.push((who, receiver, hook, now(world, who).await));
        }
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        let post = json!({ "idempotencyKey": "post", "funding": "PRACTICE", "band": 4,
            "startedOn": "2025-05-01",
            "places": [{ "at": { "odsCode": "Y90001" }, "hours": 37.5 }] });
        let post = world.command(people::PRACTICE, "startPost", post).await["post"].take();
        deliver(world).await;
        for (who, receiver, ..) in &hooks {
            let subjects: Vec<_> = receiver.took().iter().map(|it| it.subject().clone()).collect();
            let theirs = *who != people::CHESHIRE;
            assert_eq!(subjects.contains(&it["id"]), theirs, "{}", who.organisation);
            assert_eq!(subjects.contains(&post["id"]), theirs, "{}", who.organisation);
            let all: String = receiver.took().iter().map(|it| it.event.to_string()).collect();
            assert!(!all.contains("Secret") && !all.contains("amy@"), "who somebody is: {all}");
        }

        let site = world.site("Y90001").await;
        let input = json!({ "id": site["id"], "expectedVersion": site["version"],
            "parent": { "slug": "cheshire-and-merseyside" }, "from": "2026-01-15" });
        world.command(people::NATIONAL, "recordMembershipChange", input).await;
        deliver(world).await;
        for (who, receiver, _, before) in &hooks {
            if *who != people::CHESHIRE {
                told_of(receiver, &post["id"], *who);
            }
            if *who == people::NATIONAL {
                told_as_the_feed(world, receiver, *who, before).await;
            }
        }
        let (_, cheshire, ..) = &hooks[1];
        let came = cheshire.took();
        assert!(came.iter().any(|message| *message.subject() == post["id"]), "it came to them");
    });
}

/// Whoever lost sight of a post is told so, and nothing else of it.
fn told_of(receiver: &Receiver, post: &Value, who: Who) {
    let took = receiver.took();
    let last = took.iter().rfind(|message| message.subject() == post).unwrap();
    let data = &last.event["data"];
    if who == people::NATIONAL {
        assert_ne!(data["type"], "LEFT_YOUR_REACH");
        return;
    }
    assert_eq!(data["type"], "LEFT_YOUR_REACH", "{}", who.organisation);
    assert_eq!(last.event["type"], "uk.nhs.gpa.left_your_reach");
    for hidden in ["effectiveOn", "before", "after"] {
        assert!(data[hidden].is_null(), "{data:#}");
    }
}

const CLIENT: &str = "query { apiClient(clientId: \"portal\") { id version } }";

#[test]
fn a_revoked_client_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::PORTAL, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        assert_eq!(receiver.took().len(), 1);
        let client = world.data(people::NATIONAL, CLIENT, json!({})).await["apiClient"].take();
        let revoke = "mutation($input: RevokeApiClientInput!) { revokeApiClient(input: $input) {
            __typename } }";
        let input = json!({ "id": client["id"], "expectedVersion": client["version"] });
        world.data(people::NATIONAL, revoke, json!({ "input": input })).await;
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        assert_eq!(receiver.took().len(), 1);
        let seen = super::Registered { who: people::NATIONAL, ..hook };
        let paused = seen.now(world).await;
        assert_eq!(paused["status"], "PAUSED_BY_FAILURE");
        let because = "the machine client that it is held by was revoked";
        assert_eq!(paused["pausedBecause"], because);
    });
}

#[test]
fn a_client_that_may_follow_nothing_any_more_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::PORTAL, &receiver.url).await;
        let narrow = async |scopes: Value| {
            let client = world.data(people::NATIONAL, CLIENT, json!({})).await["apiClient"].take();
            let change = "mutation($input: ChangeApiClientInput!) {
                changeApiClient(input: $input) { __typename } }";
            let input = json!({ "id": client["id"], "expectedVersion": client["version"],
                "grants": [{ "organisation": { "slug": "west-yorkshire" }, "scopes": scopes }] });
            world.data(people::NATIONAL, change, json!({ "input": input })).await;
        };
        narrow(json!(["PROGRESS_READ"])).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        let seen = super::Registered { who: people::NATIONAL, ..hook };
        let paused = seen.now(world).await;
        assert_eq!(paused["pausedBecause"], "its owner may not follow changes any more");
        assert_eq!(receiver.arrived(), 0);
        narrow(json!(["CHANGES_READ"])).await;
        // What it could know of meanwhile is not what it can know of now.
        seen.command(world, "resumeWebhook", json!({})).await;
        deliver(world).await;
        let paused = seen.now(world).await;
        let because = paused["pausedBecause"].as_str().unwrap();
        assert!(because.starts_with("you are granted something else"), "{because}");
        assert_eq!(receiver.arrived(), 0);
        let from = crate::changes::now(world, people::PORTAL).await;
        seen.command(world, "replayWebhook", json!({ "from": from })).await;
        seen.command(world, "resumeWebhook", json!({})).await;
        rename(world, "Y90001", "Two").await;
        deliver(world).await;
        assert_eq!(receiver.took().len(), 1);
    });
}

#[test]
fn a_webhook_is_its_owners_alone() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        for stranger in [people::CHESHIRE, people::PORTAL] {
            let theirs =
                super::Registered { who: stranger, id: hook.id.clone(), secret: String::new() };
            assert!(theirs.now(world).await.is_null());
            let list = world.data(stranger, "{ webhooks { totalCount nodes { id } } }", json!({}));
            assert_eq!(list.await["webhooks"], json!({ "totalCount": 0, "nodes": [] }));
        }
        let stale = json!({ "id": hook.id, "expectedVersion": 7 });
        let conflict = send(world, people::YORKSHIRE, "pauseWebhook", stale).await;
        assert_eq!(conflict["__typename"], "WebhookConflict");
        assert_eq!(conflict["current"]["version"], 1);
    });
}

#[test]
fn an_organisation_that_is_closed_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        rename(world, "Y90001", "One").await;
        // No command closes a hub; an instance that starts afterwards finds it so.
        let hub = "SELECT organisation_id FROM organisation_code WHERE code = 'west-yorkshire'";
        let closed = format!(
            "UPDATE organisation_fact SET value = 'CLOSED' WHERE fact = 'STATUS'
                AND organisation_id = ({hub})"
        );
        world.raw.execute_unprepared(&closed).await.unwrap();
        let later = on_the_same(world).await;
        deliver(&later).await;
        let seen = super::Registered { who: people::NATIONAL, ..hook };
        let because = "the organisation that it is held by is closed, or no more";
        assert_eq!(seen.now(&later).await["pausedBecause"], because);
        assert_eq!(receiver.arrived(), 0);
        later.leave().await;
    });
}
