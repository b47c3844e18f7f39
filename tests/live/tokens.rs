//! Who follows is known by their token, for as long as it is good.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    client::{Client, protocol},
    following, rename, words,
};
use crate::harness::{Served, on_both, on_sqlite, people};

#[test]
fn a_token_comes_in_the_head_or_in_the_first_message() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let token = |who| world.token(who).unwrap();
        let bearing = |token: &str| [protocol(), ("authorization", format!("Bearer {token}"))];
        let (hub, other) = (token(people::YORKSHIRE), token(people::CHESHIRE));
        for (head, first) in [(Some(&hub), None), (None, Some(&hub)), (Some(&hub), Some(&hub))] {
            let mut client = match head {
                Some(token) => Client::open(&served, &bearing(token)).await.unwrap(),
                None => Client::plain(&served).await,
            };
            client.init(first.map(String::as_str)).await;
            assert_eq!(client.hears().await["type"], "connection_ack");
            client.subscribe("1", "{ viewer { organisation { slug } } }", json!({})).await;
            let event = client.event().await;
            assert_eq!(event["data"]["viewer"]["organisation"]["slug"], "west-yorkshire");
        }
        let mut client = Client::open(&served, &bearing(&hub)).await.unwrap();
        client.init(Some(&other)).await;
        assert_eq!(client.closed().await.0, 4403, "two tokens");
        for bad in ["x", &format!("{hub}x"), ""] {
            let mut client = Client::plain(&served).await;
            client.init(Some(bad)).await;
            let (code, reason) = client.closed().await;
            assert_eq!(code, 4403, "{reason}");
        }
        served.stop().await;
    });
}

#[test]
fn a_socket_is_closed_when_its_token_expires() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut idle = Client::signed_in(&served, world.token(people::YORKSHIRE)).await;
        let mut nobody = Client::signed_in(&served, None).await;
        let token = world.token(people::PRACTICE);
        let mut client = following(world, &served, people::PRACTICE, None).await;
        rename(world, "Y90001", "Before").await;
        assert_eq!(words(&client.event().await), "RENAMED Before");

        let clock = world.app.store.clock();
        clock.set(clock.now() + TimeDelta::minutes(32));
        for client in [&mut idle, &mut client] {
            let (code, reason) = client.closed().await;
            assert_eq!((code, reason.as_str()), (4401, "Unauthorized: the token has expired"));
        }
        let mut late = Client::plain(&served).await;
        late.init(token.as_deref()).await;
        assert_eq!(late.closed().await.0, 4401, "it is too late to begin with it");
        // Whoever needs no token stays.
        nobody.says(json!({ "type": "ping" })).await;
        assert_eq!(nobody.hears().await, json!({ "type": "pong" }));
        served.stop().await;
    });
}

#[test]
fn a_revoked_client_is_shown_out() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut client = following(world, &served, people::PORTAL, None).await;
        rename(world, "Y90001", "Before").await;
        assert_eq!(words(&client.event().await), "RENAMED Before");
        let read = "{ apiClient(clientId: \"portal\") { id version } }";
        let portal = world.data(people::NATIONAL, read, json!({})).await;
        let portal = &portal["apiClient"];
        let revoke = "mutation($input: RevokeApiClientInput!) { revokeApiClient(input: $input) {
            __typename } }";
        let input = json!({ "id": portal["id"], "expectedVersion": portal["version"] });
        world.data(people::NATIONAL, revoke, json!({ "input": input })).await;
        let (code, reason) = client.closed().await;
        assert_eq!(code, 4403, "{reason}");
        served.stop().await;
    });
}
