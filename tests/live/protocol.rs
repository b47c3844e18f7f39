//! `graphql-transport-ws`, message by message, and the code of each way to end it.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, protocol};
use crate::harness::{Served, on_sqlite, people, served_with};

const QUERY: &str = "{ viewer { role } }";

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": { "query": query } })
}

#[test]
fn queries_mutations_and_subscriptions_go_over_one_socket() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let mut client = Client::signed_in(&served, world.token(people::NATIONAL)).await;
        client.says(subscribe("q", QUERY)).await;
        let payload = json!({ "data": { "viewer": { "role": "PROGRAMME_TEAM" } } });
        assert_eq!(client.hears().await, json!({ "id": "q", "type": "next", "payload": payload }));
        assert_eq!(client.hears().await, json!({ "id": "q", "type": "complete" }));

        client.subscribe("feed", super::CHANGES, json!({})).await;
        let site = world.site("Y90001").await;
        let rename = "mutation($input: RenameSiteInput!) { renameSite(input: $input) {
            ... on SiteRenamed { site { name } } } }";
        let input = json!({ "id": site["id"], "expectedVersion": site["version"], "name": "New" });
        client.subscribe("q", rename, json!({ "input": input })).await;
        let mut heard = Vec::new();
        for _ in 0..3 {
            let message = client.hears().await;
            heard.push(format!("{} {}", message["id"], message["type"]));
        }
        heard.sort();
        assert_eq!(heard, [r#""feed" "next""#, r#""q" "complete""#, r#""q" "next""#]);
        // The same name may be used again once its operation has ended, or was ended.
        client.says(json!({ "id": "feed", "type": "complete" })).await;
        client.subscribe("feed", QUERY, json!({})).await;
        assert_eq!(client.event().await, payload);
        served.stop().await;
    });
}

#[test]
fn whatever_breaks_the_protocol_is_closed_with_its_code() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let init = || json!({ "type": "connection_init" });
        let feed = || subscribe("1", "subscription { changes { cursor } }");
        let invalid = [
            json!({}),
            json!([]),
            json!({ "type": "start" }),
            json!({ "type": 1 }),
            json!({ "type": "connection_init", "payload": 1 }),
            json!({ "type": "subscribe", "payload": { "query": QUERY } }),
            json!({ "type": "subscribe", "id": "", "payload": { "query": QUERY } }),
            json!({ "type": "subscribe", "id": "1" }),
            json!({ "type": "subscribe", "id": "1", "payload": {} }),
            json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } }),
            json!({ "type": "complete" }),
            json!({ "type": "ping", "payload": "x" }),
        ];
        for message in invalid {
            let mut client = Client::plain(&served).await;
            client.says(message.clone()).await;
            let (code, reason) = client.closed().await;
            assert_eq!(code, 4400, "{message} {reason}");
            assert!(reason.starts_with("Invalid message: "), "{message} {reason}");
        }
        let cases: [(&[Value], u16); 4] = [
            (&[subscribe("1", QUERY)], 4401),
            (&[init(), init()], 4429),
            (&[init(), feed(), feed()], 4409),
            (
                &[
                    json!({ "type": "pong" }),
                    json!({ "type": "connection_init", "payload": { "authorization": "Basic x" } }),
                ],
                4403,
            ),
        ];
        for (messages, code) in cases {
            let token = world.token(people::NATIONAL).unwrap();
            let bearing = ("authorization", format!("Bearer {token}"));
            let mut client = Client::open(&served, &[protocol(), bearing]).await.unwrap();
            for message in messages {
                client.says(message.clone()).await;
            }
            let (found, reason) = client.closed().await;
            assert_eq!(found, code, "{messages:?} {reason}");
            assert!(!reason.is_empty());
        }
        let mut client = Client::plain(&served).await;
        client.sends(Message::binary(&b"{}"[..])).await;
        assert_eq!(client.closed().await.0, 4400);
        let mut client = Client::plain(&served).await;
        client.says(subscribe("1", &"x".repeat(600_000))).await;
        assert_eq!(client.closed().await.0, 1009);
        served.stop().await;
    });
}

#[test]
fn whoever_does_not_sign_in_is_not_waited_for() {
    on_sqlite(async |world| {
        let (patient, served) = served_with(world, &["--follower-seconds", "1"]).await;
        let mut client = Client::plain(&served).await;
        let (code, reason) = client.closed().await;
        assert_eq!((code, reason.as_str()), (4408, "Connection initialisation timeout"));
        served.stop().await;
        patient.leave().await;
    });
}

#[test]
fn both_sides_may_ping() {
    on_sqlite(async |world| {
        let (patient, served) = served_with(world, &["--follower-seconds", "1"]).await;
        let mut client = Client::plain(&served).await;
        client.says(json!({ "type": "ping" })).await;
        assert_eq!(client.hears().await, json!({ "type": "pong" }));
        client.says(json!({ "type": "ping", "payload": { "at": 1 } })).await;
        assert_eq!(client.hears().await, json!({ "type": "pong", "payload": { "at": 1 } }));
        client.init(None).await;
        assert_eq!(client.hears().await["type"], "connection_ack");
        // Of its own accord the server asks whether anybody is there, and is answered.
        assert_eq!(client.pinged().await, Vec::<u8>::new());
        served.stop().await;
        patient.leave().await;
    });
}

#[test]
fn what_is_wrong_with_an_operation_ends_it_alone() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let mut client = Client::signed_in(&served, None).await;
        let wrong = [
            ("{ viewer", "BAD_REQUEST"),
            ("{ nothing }", "BAD_REQUEST"),
            ("subscription { changes { cursor } }", "UNAUTHENTICATED"),
            ("subscription { changes(types: []) { cursor } }", "UNAUTHENTICATED"),
            ("subscription { importProgress(id: \"x\") { read } }", "UNAUTHENTICATED"),
            ("subscription { a: changes { cursor } b: changes { cursor } }", "BAD_REQUEST"),
            (
                "subscription { ...F } fragment F on Subscription { changes { cursor } }",
                "BAD_REQUEST",
            ),
            ("subscription { __typename }", "BAD_REQUEST"),
            ("subscription { changes @skip(if: true) { cursor } }", "BAD_REQUEST"),
            (
                "subscription { figuresUpdated(metrics: [\"no.such\"], of: { england: true }) { before { value } } }",
                "BAD_REQUEST",
            ),
            (
                "subscription { figuresUpdated(metrics: [\"gpa.fte\"], of: { every: { kind: SITE } }, periods: { last: 240 }) { before { value } } }",
                "BAD_REQUEST",
            ),
        ];
        for (query, code) in wrong {
            client.says(subscribe("it", query)).await;
            let message = client.hears().await;
            assert_eq!(
                (&message["type"], &message["id"]),
                (&json!("error"), &json!("it")),
                "{query}: {message}"
            );
            let errors = message["payload"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{message}");
            assert_eq!(errors[0]["extensions"]["code"], code, "{query}: {message}");
            assert!(errors[0]["extensions"]["requestId"].is_string(), "{message}");
        }
        client.says(subscribe("it", QUERY)).await;
        assert_eq!(client.event().await["data"]["viewer"]["role"], Value::Null);
        served.stop().await;
    });
}

#[test]
fn one_socket_runs_no_more_than_its_share() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let mut client = Client::signed_in(&served, world.token(people::NATIONAL)).await;
        for number in 0..26 {
            client.says(subscribe(&number.to_string(), super::CHANGES)).await;
        }
        let message = client.hears().await;
        assert_eq!(
            (&message["type"], &message["id"]),
            (&json!("error"), &json!("25")),
            "{message}"
        );
        assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        served.stop().await;
    });
}

#[test]
fn the_program_has_so_many_seats_and_gives_them_back() {
    on_sqlite(async |world| {
        let (small, served) = served_with(world, &["--max-followers", "1"]).await;
        let first = Client::signed_in(&served, None).await;
        assert_eq!(Client::open(&served, &[protocol()]).await.err(), Some(503));
        drop(first);
        let deadline = std::time::Instant::now() + super::client::PATIENCE;
        while Client::open(&served, &[protocol()]).await.is_err() {
            assert!(std::time::Instant::now() < deadline, "its seat is lost");
            tokio::task::yield_now().await;
        }
        served.stop().await;
        small.leave().await;
    });
}
