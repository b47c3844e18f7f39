//! A client of a WebSocket that says exactly what a test says.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

/// How long anything that must come is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl From<WebSocketStream<MaybeTlsStream<TcpStream>>> for Client {
    fn from(socket: WebSocketStream<MaybeTlsStream<TcpStream>>) -> Self {
        Self(socket)
    }
}

impl Client {
    /// Opens a socket with headers of the test's choice; the status where it is refused.
    pub(super) async fn open(
        served: &impl AsRef<str>,
        headers: &[(&'static str, String)],
    ) -> Result<Self, u16> {
        let url = format!("{}/graphql", served.as_ref().replace("http://", "ws://"));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(refused)) => Err(refused.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub(super) async fn plain(served: &impl AsRef<str>) -> Self {
        Self::open(served, &[protocol()]).await.unwrap()
    }

    /// A client that is let in, with a token or as nobody in particular.
    pub(super) async fn signed_in(served: &impl AsRef<str>, token: Option<String>) -> Self {
        let mut client = Self::plain(served).await;
        client.init(token.as_deref()).await;
        assert_eq!(client.hears().await, json!({ "type": "connection_ack" }));
        client
    }

    pub(super) async fn init(&mut self, token: Option<&str>) {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let payload = json!({ "authorization": authorization });
        self.says(json!({ "type": "connection_init", "payload": payload })).await;
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.says(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    pub(super) async fn says(&mut self, message: Value) {
        self.sends(Message::text(message.to_string())).await;
    }

    pub(super) async fn sends(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// The next message, which must come.
    pub(super) async fn hears(&mut self) -> Value {
        match self.next().await {
            Ok(message) => message,
            Err((code, reason)) => panic!("closed: {code} {reason}"),
        }
    }

    /// The payload of the next event of an operation.
    pub(super) async fn event(&mut self) -> Value {
        let mut message = self.hears().await;
        assert_eq!(message["type"], "next", "{message:#}");
        message["payload"].take()
    }

    /// The code and the reason with which the socket is closed, whatever comes before.
    pub(super) async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(closed) = self.next().await {
                return closed;
            }
        }
    }

    /// What the next ping of the server carries.
    pub(super) async fn pinged(&mut self) -> Vec<u8> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("nothing comes") {
                Some(Ok(Message::Ping(payload))) => return payload.to_vec(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("nothing comes");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err((frame.code.into(), frame.reason.to_string()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("{other:?}"),
                Some(Err(error)) => return Err((1006, error.to_string())),
                None => return Err((1006, "hung up".to_owned())),
            }
        }
    }
}

pub(super) fn protocol() -> (&'static str, String) {
    ("sec-websocket-protocol", "graphql-transport-ws".to_owned())
}
