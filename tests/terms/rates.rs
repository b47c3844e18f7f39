//! What a caller may spend in a minute.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::change_portal;
use crate::harness::{World, on_both, on_the_same_with, people};

const CHEAP: &str = "{ rateLimit { cost limit remaining resetAt } }";

fn left(answer: &Value) -> i64 {
    answer["data"]["rateLimit"]["remaining"].as_i64().unwrap()
}

#[test]
fn whoever_has_spent_a_minutes_worth_is_told_when_to_come_again() {
    on_both(async |world| {
        let limits = ["--rate-limit", "100", "--public-rate-limit", "50"];
        let world = &on_the_same_with(world, &limits).await;
        let hana = world.token(people::YORKSHIRE).unwrap();
        let first = world.ask_bearing(&hana, CHEAP, json!({})).await;
        let spent = &first.json()["data"]["rateLimit"];
        assert_eq!((&spent["cost"], &spent["limit"]), (&json!(5), &json!(100)));
        assert_eq!(spent["remaining"], 95);
        assert_eq!(spent["resetAt"], "2026-01-15T09:00:03+00:00");
        assert_eq!(first.header("ratelimit-policy"), "\"cost\";q=100;w=60");
        assert_eq!(first.header("ratelimit"), "\"cost\";r=95;t=3");

        // Nothing is refused while there is enough, and nothing is taken by a refusal.
        let dear = "{ sites(first: 40) { nodes { id } } }";
        let more = world.ask_bearing(&hana, dear, json!({})).await;
        assert_eq!(more.status, 200, "{}", more.json());
        let refused = loop {
            let answer = world.ask_bearing(&hana, dear, json!({})).await;
            if answer.status != 200 {
                break answer;
            }
        };
        assert_eq!(refused.status, 429);
        let error = &refused.json()["errors"][0];
        assert_eq!(error["extensions"]["code"], "RATE_LIMITED");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert_eq!(error["extensions"]["retryAfter"], wait);
        assert!((1..=60).contains(&wait), "{wait}");

        // Others have their own.
        let rita = world.ask(people::NORTH_EAST, CHEAP, json!({})).await;
        assert_eq!(left(&rita), 95);
        let public = world.ask(people::PUBLIC, CHEAP, json!({})).await;
        assert_eq!(public["data"]["rateLimit"]["limit"], 50);
        let most = "{ sites(first: 100) { nodes { id } } }";
        let never = world.ask(people::PUBLIC, most, json!({})).await;
        assert_eq!(never["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{never:#}");
        world.app.store.close().await;
    });
}

#[test]
fn what_was_spent_comes_back() {
    on_both(async |world| {
        // Ten in a second.
        let world = &on_the_same_with(world, &["--rate-limit", "600"]).await;
        let all = "{ sites(first: 100) { nodes { id name } } }";
        let codes = async || {
            let answer = world.ask(people::YORKSHIRE, all, json!({})).await;
            answer["errors"][0]["extensions"]["retryAfter"].as_u64()
        };
        let wait = loop {
            if let Some(wait) = codes().await {
                break wait;
            }
        };
        let began = std::time::Instant::now();
        let longest = std::time::Duration::from_secs(wait + 30);
        while codes().await.is_some() {
            assert!(began.elapsed() < longest, "it did not come back");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        world.app.store.close().await;
    });
}

#[test]
fn a_client_can_have_a_limit_of_its_own() {
    on_both(async |world| {
        let before = world.ask(people::PORTAL, CHEAP, json!({})).await;
        assert_eq!(before["data"]["rateLimit"]["limit"], 1_000_000);
        let changed = change_portal(world, json!({ "costPerMinute": 40 })).await;
        assert_eq!(changed["apiClient"]["costPerMinute"], 40);
        let after = world.ask(people::PORTAL, CHEAP, json!({})).await;
        assert_eq!(after["data"]["rateLimit"]["limit"], 40);
        let refused = change_portal(world, json!({ "costPerMinute": -1 })).await;
        assert_eq!(refused["problems"][0]["path"], "input.costPerMinute");
        let changed = change_portal(world, json!({ "costPerMinute": 0 })).await;
        assert_eq!(changed["apiClient"]["costPerMinute"], Value::Null);
        let again = world.ask(people::PORTAL, CHEAP, json!({})).await;
        assert_eq!(again["data"]["rateLimit"]["limit"], 1_000_000);
    });
}

#[test]
fn an_address_is_one_caller_whatever_it_sends() {
    on_both(async |world| {
        let flags = ["--public-rate-limit", "50", "--trusted-proxies", "1"];
        let world = &on_the_same_with(world, &flags).await;
        assert_eq!(from(world, "192.0.2.1").await["data"]["rateLimit"]["remaining"], 45);
        assert_eq!(
            from(world, "203.0.113.9, 192.0.2.1").await["data"]["rateLimit"]["remaining"],
            40
        );
        assert_eq!(from(world, "192.0.2.2").await["data"]["rateLimit"]["remaining"], 45);
        // A document that is refused costs something too.
        let request = asked("192.0.2.2", "{ nothing");
        assert_eq!(world.call(request).await.status, 200);
        let left = from(world, "192.0.2.2").await;
        assert_eq!(left["data"]["rateLimit"]["remaining"], 39);
        world.app.store.close().await;
    });
}

async fn from(world: &World, forwarded: &str) -> Value {
    world.call(asked(forwarded, CHEAP)).await.json()
}

fn asked(forwarded: &str, document: &str) -> TestRequest {
    TestRequest::post()
        .uri("/graphql")
        .insert_header(("x-forwarded-for", forwarded))
        .insert_header(("accept", "application/json"))
        .set_json(json!({ "query": document }))
}

#[test]
fn files_that_are_no_querys_are_paid_for_too() {
    on_both(async |world| {
        let series =
            "/export/series.csv?metrics=sites.eligible&of=every+REGION&periods=2025-10..2025-11";
        let file = async |world: &World, target: &str| {
            let token = world.token(people::PORTAL).unwrap();
            let bearer = ("authorization", format!("Bearer {token}"));
            world.call(TestRequest::get().uri(target).insert_header(bearer)).await
        };
        let first = file(world, series).await;
        assert_eq!(first.status, 200, "{:?}", String::from_utf8(first.body));
        assert_eq!(first.header("ratelimit-policy"), "\"cost\";q=1000000;w=60");
        let left = async |world: &World| left(&world.ask(people::PORTAL, CHEAP, json!({})).await);
        assert!(left(world).await < 990_500, "{}", left(world).await);

        // Whoever may spend less than a file costs can have one, and then must wait.
        let world = &on_the_same_with(world, &["--rate-limit", "100"]).await;
        assert_eq!(file(world, series).await.status, 200);
        let refused = file(world, series).await;
        assert_eq!(refused.status, 429);
        assert!(!refused.header("retry-after").is_empty());
        assert_eq!(refused.json()["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        world.app.store.close().await;
    });
}
