//! Which pages may follow: a foreign one is refused before it has a socket.

use serde_json::json;

use super::client::{Client, protocol};
use crate::harness::{Served, on_sqlite, people, served_with};

fn origin(text: &str) -> (&'static str, String) {
    ("origin", text.to_owned())
}

#[test]
fn a_foreign_page_is_refused_before_the_upgrade() {
    on_sqlite(async |world| {
        let token = world.token(people::NATIONAL).unwrap();
        let bearer = ("authorization", format!("Bearer {token}"));
        let flags = [
            "--public-url",
            "https://gpa.example",
            "--allowed-origins",
            "https://a.example,https://b.example:444",
        ];
        let (ours, served) = served_with(world, &flags).await;
        for foreign in [
            "https://evil.example",
            "null",
            "https://gpa.example.evil.example",
            "http://gpa.example",
            "https://gpa.example:444",
            "https://b.example",
            "",
        ] {
            let headers = [protocol(), origin(foreign), bearer.clone()];
            assert_eq!(Client::open(&served, &headers).await.err(), Some(403), "{foreign}");
        }
        for known in ["https://gpa.example", "https://a.example", "https://b.example:444"] {
            let mut client = Client::open(&served, &[protocol(), origin(known)]).await.unwrap();
            client.init(Some(&token)).await;
            assert_eq!(client.hears().await, json!({ "type": "connection_ack" }), "{known}");
        }
        served.stop().await;
        ours.leave().await;
    });
}

#[test]
fn a_socket_must_offer_the_protocol_that_we_speak() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let old = ("sec-websocket-protocol", "graphql-ws".to_owned());
        assert_eq!(Client::open(&served, &[old]).await.err(), Some(400));
        assert_eq!(Client::open(&served, &[]).await.err(), Some(400));
        let among = ("sec-websocket-protocol", "graphql-ws, graphql-transport-ws".to_owned());
        assert!(Client::open(&served, &[among]).await.is_ok());
        let basic = ("authorization", "Basic x".to_owned());
        assert_eq!(Client::open(&served, &[protocol(), basic]).await.err(), Some(401));
        served.stop().await;
    });
}
