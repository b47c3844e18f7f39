//! What those who follow are held to: what they may spend, which documents they may send,
//! and how many sockets they may have.

use reqwest::Client as Http;
use serde_json::json;

use super::{client::Client, rename};
use crate::{
    harness::{Served, on_both, people, served_with},
    terms::change_portal,
};

const LEFT: &str = "{ rateLimit { remaining } }";

#[test]
fn each_event_costs_what_a_query_would_that_asks_for_it() {
    on_both(async |world| {
        let (other, served) = served_with(world, &["--rate-limit", "60"]).await;
        let mut client = Client::signed_in(&served, world.token(people::YORKSHIRE)).await;
        let follow = "subscription { changes { node { type node { id __typename } } } }";
        client.subscribe("feed", follow, json!({})).await;
        client.subscribe("first", LEFT, json!({})).await;
        let first = answer(&mut client, "first").await;
        for number in 0..9 {
            rename(world, "Y90001", &format!("Name {number}")).await;
            other.app.store.refresh().await.unwrap();
            assert_eq!(client.event().await["data"]["changes"]["node"]["type"], "RENAMED");
        }
        // The ninth was told when eight had been paid for.
        client.subscribe("last", LEFT, json!({})).await;
        let last = answer(&mut client, "last").await;
        assert!(last + 8 < first, "{first} were left, and {last} still are");
        served.stop().await;
        other.leave().await;
    });
}

/// What is left to spend, or nothing where not even that could be asked.
async fn answer(client: &mut Client, id: &str) -> i64 {
    loop {
        let heard = client.hears().await;
        match (heard["id"] == id, heard["type"].as_str().unwrap()) {
            (true, "next") => {
                let left = heard["payload"]["data"]["rateLimit"]["remaining"].as_i64().unwrap();
                // Its `complete` follows.
                client.hears().await;
                return left;
            }
            (true, "error") => return 0,
            _ => {}
        }
    }
}

#[test]
fn a_client_that_is_held_to_its_documents_follows_no_others() {
    on_both(async |world| {
        let served = Served::of(world);
        let mut client = Client::signed_in(&served, world.token(people::PORTAL)).await;
        client.subscribe("1", "subscription { changes { node { type } } }", json!({})).await;
        client.subscribe("2", "{ viewer { role } }", json!({})).await;
        while client.hears().await["type"] != "complete" {}
        change_portal(world, json!({ "documents": "REGISTERED" })).await;
        let ended = loop {
            let heard = client.hears().await;
            if heard["type"] == "error" {
                break heard;
            }
        };
        assert_eq!(ended["id"], "1", "{ended:#}");
        assert_eq!(ended["payload"][0]["extensions"]["code"], "FORBIDDEN");
        client.subscribe("3", "{ viewer { role } }", json!({})).await;
        let refused = client.hears().await;
        assert_eq!((&refused["id"], &refused["type"]), (&json!("3"), &json!("error")));
        served.stop().await;
    });
}

#[test]
fn one_caller_can_have_a_tenth_of_all_sockets() {
    on_both(async |world| {
        let (other, served) = served_with(world, &["--max-followers", "20"]).await;
        let token = world.token(people::YORKSHIRE);
        let mut mine = Vec::new();
        for _ in 0..2 {
            mine.push(Client::signed_in(&served, token.clone()).await);
        }
        let mut third = Client::plain(&served).await;
        third.init(token.as_deref()).await;
        let (code, reason) = third.closed().await;
        assert_eq!(code, 1013, "{reason}");
        assert!(reason.contains("at once"), "{reason}");
        let _others = Client::signed_in(&served, world.token(people::CHESHIRE)).await;
        let body = json!({ "query": "subscription { changes { node { type } } }" });
        let stream = Http::new()
            .post(format!("{}/graphql", served.url))
            .header("accept", "text/event-stream")
            .header("content-type", "application/json")
            .bearer_auth(token.unwrap())
            .body(body.to_string());
        assert_eq!(stream.send().await.unwrap().status(), 429);
        drop(mine);
        served.stop().await;
        other.leave().await;
    });
}
