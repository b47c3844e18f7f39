//! A client that does not read is not waited for, and nothing is piled up for it.

use std::time::Duration;

use futures_util::SinkExt;
use serde_json::json;
use tokio::net::TcpSocket;
use tokio_tungstenite::{
    MaybeTlsStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::client::{Client, protocol};
use crate::harness::{on_sqlite, served_with};

/// About a hundred times sixty names.
const LARGE: &str = "{ regions { a: name } sites(first: 100) { nodes { id __typename name odsCode
    b: name c: name d: name e: name f: name g: name h: name i: name j: name k: name l: name
    m: name n: name o: name p: name q: name r: name s: name t: name u: name v: name w: name } } }";
const ASKED: usize = 400;

#[test]
fn a_client_that_does_not_read_is_closed_and_told_why() {
    on_sqlite(async |world| {
        let (patient, served) = served_with(world, &["--follower-seconds", "1"]).await;
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8 * 1024).unwrap();
        let address = served.url.trim_start_matches("http://").parse().unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(address).await.unwrap());
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        let (name, value) = protocol();
        request.headers_mut().insert(name, value.parse().unwrap());
        let (mut socket, _) = client_async(request, stream).await.unwrap();

        let say = |message: serde_json::Value| Message::text(message.to_string());
        socket.send(say(json!({ "type": "connection_init" }))).await.unwrap();
        for number in 0..ASKED {
            let payload = json!({ "query": LARGE });
            let id = format!("{number}");
            let asked = say(json!({ "type": "subscribe", "id": id, "payload": payload }));
            // Once the server is stuck, so are we: it reads no more of what it cannot answer.
            let sent = tokio::time::timeout(Duration::from_secs(2), socket.send(asked)).await;
            if sent.is_err() {
                break;
            }
            // No more than it runs at once, as long as it is not stuck.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // The server has given up by now, or does so while we read what was on its way.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut client = Client::from(socket);
        let mut answered = 0;
        let (code, reason) = loop {
            match client.next().await {
                Ok(message) if message["type"] == "next" => answered += 1,
                Ok(_) => {}
                Err(closed) => break closed,
            }
        };
        assert_eq!(code, 1013, "{reason}");
        assert!(answered < ASKED * 3 / 4, "{answered} answers were piled up");
        served.stop().await;
        patient.leave().await;
    });
}
