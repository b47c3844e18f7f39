//! What happens in the middle of a round of deliveries: the first message of a subject is
//! held back by its receiver while the rest of them waits to be sent.

use serde_json::{Value, json};

use super::{Registered, couriers, deliver, done, receiver::Receiver, register, rename};
use crate::harness::{Who, World, on_both, on_the_same, people};

const NAMES: [&str; 3] = ["One", "Two", "Three"];

/// A webhook that is behind by three changes of one site.
async fn behind(world: &World, who: Who, receiver: &Receiver) -> Registered {
    let hook = register(world, who, &receiver.url).await;
    for name in NAMES {
        rename(world, "Y90001", name).await;
    }
    hook
}

/// Lets something happen while the first message is on its way.
async fn meanwhile(world: &World, receiver: &Receiver, happens: impl Future<Output = ()>) {
    let couriers = couriers(world);
    receiver.open(false);
    let happening = async {
        receiver.has_come(receiver.arrived() + 1).await;
        happens.await;
        receiver.open(true);
    };
    let (delivered, ()) = tokio::join!(couriers.turn(), happening);
    delivered.unwrap();
}

fn names(receiver: &Receiver) -> Vec<Value> {
    receiver.came().iter().map(|it| it.event["data"]["after"].clone()).collect()
}

async fn revoke(world: &World) {
    let client = "query { apiClient(clientId: \"portal\") { id version } }";
    let client = world.data(people::NATIONAL, client, json!({})).await["apiClient"].take();
    let revoke = "mutation($input: RevokeApiClientInput!) { revokeApiClient(input: $input) {
        __typename } }";
    let input = json!({ "id": client["id"], "expectedVersion": client["version"] });
    world.data(people::NATIONAL, revoke, json!({ "input": input })).await;
}

#[test]
fn a_client_that_is_revoked_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = behind(world, people::PORTAL, &receiver).await;
        meanwhile(world, &receiver, revoke(world)).await;
        deliver(world).await;
        assert_eq!(names(&receiver), ["One"]);
        let seen = Registered { who: people::NATIONAL, ..hook }.now(world).await;
        assert_eq!(seen["pausedBecause"], "the machine client that it is held by was revoked");
    });
}

#[test]
fn a_webhook_that_is_paused_on_another_instance_is_told_nothing_more_until_it_goes_on() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = behind(world, people::YORKSHIRE, &receiver).await;
        let other = on_the_same(world).await;
        let pause = async {
            hook.command(&other, "pauseWebhook", json!({})).await;
        };
        meanwhile(world, &receiver, pause).await;
        deliver(world).await;
        assert_eq!(names(&receiver), ["One"]);
        hook.command(world, "resumeWebhook", json!({})).await;
        deliver(world).await;
        assert_eq!(names(&receiver), NAMES, "what had arrived does not come again");
        other.leave().await;
    });
}

#[test]
fn a_webhook_that_is_removed_is_told_nothing_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = behind(world, people::YORKSHIRE, &receiver).await;
        let remove = async {
            let version = hook.now(world).await["version"].clone();
            let input = json!({ "id": hook.id, "expectedVersion": version });
            done(world, people::YORKSHIRE, "removeWebhook", input).await;
        };
        meanwhile(world, &receiver, remove).await;
        deliver(world).await;
        assert_eq!(names(&receiver), ["One"]);
        assert_eq!(world.number("SELECT COUNT(*) FROM webhook_delivery").await, 0);
    });
}

#[test]
fn where_it_leads_now_everything_arrives_that_was_under_way() {
    on_both(async |world| {
        let (before, now) = (Receiver::new(), Receiver::new());
        let hook = behind(world, people::YORKSHIRE, &before).await;
        let elsewhere = async {
            hook.command(world, "changeWebhook", json!({ "url": now.url })).await;
        };
        meanwhile(world, &before, elsewhere).await;
        deliver(world).await;
        assert_eq!(names(&before), ["One"], "nothing more goes where it led");
        assert_eq!(names(&now), NAMES);
    });
}

/// The post of Moor View, with so many hours from a day on.
async fn move_post(world: &World, post: &Value, hours: f64, from: &str) -> Value {
    let input = json!({ "id": post["id"], "expectedVersion": post["version"], "from": from,
        "places": [{ "at": { "odsCode": "Y90001" }, "hours": hours }] });
    let moved = world.command(people::PRACTICE, "movePost", input).await;
    assert_eq!(moved["__typename"], "PostMoved", "{moved:#}");
    moved["post"].clone()
}

#[test]
fn what_leaves_its_owners_reach_is_told_of_no_more() {
    on_both(async |world| {
        let receiver = Receiver::new();
        register(world, people::YORKSHIRE, &receiver.url).await;
        let post = json!({ "idempotencyKey": "post", "funding": "PRACTICE", "band": 4,
            "startedOn": "2025-05-01",
            "places": [{ "at": { "odsCode": "Y90001" }, "hours": 37.5 }] });
        let post = world.command(people::PRACTICE, "startPost", post).await["post"].take();
        deliver(world).await;
        receiver.forget();
        let moved = move_post(world, &post, 30.0, "2025-06-01").await;
        move_post(world, &moved, 22.5, "2025-07-01").await;
        let leave = async {
            let site = world.site("Y90001").await;
            let input = json!({ "id": site["id"], "expectedVersion": site["version"],
                "parent": { "slug": "cheshire-and-merseyside" }, "from": "2026-01-15" });
            let done = world.command(people::NATIONAL, "recordMembershipChange", input).await;
            assert_eq!(done["__typename"], "MembershipChangeRecorded", "{done:#}");
        };
        meanwhile(world, &receiver, leave).await;
        deliver(world).await;
        let came = receiver.came().into_iter();
        let of_it: Vec<_> = came.filter(|message| *message.subject() == post["id"]).collect();
        let types: Vec<_> = of_it.iter().map(|it| it.event["data"]["type"].clone()).collect();
        assert_eq!(types, ["POST_MOVED", "LEFT_YOUR_REACH"], "{of_it:#?}");
    });
}

#[test]
fn a_receiver_that_fails_while_its_webhook_is_paused_is_not_counted() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = behind(world, people::YORKSHIRE, &receiver).await;
        receiver.answer_with(500);
        let pause = async {
            hook.command(world, "pauseWebhook", json!({})).await;
        };
        meanwhile(world, &receiver, pause).await;
        let paused = hook.now(world).await;
        assert_eq!((&paused["status"], &paused["failures"]), (&json!("PAUSED"), &json!(0)));
        assert_eq!(paused["deliveries"]["totalCount"], 1, "what was tried is told all the same");
        receiver.answer_with(204);
        hook.command(world, "resumeWebhook", json!({})).await;
        deliver(world).await;
        assert_eq!(receiver.took().len(), NAMES.len());
    });
}
