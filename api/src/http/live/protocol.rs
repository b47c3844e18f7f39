//! The messages of `graphql-transport-ws`, as its specification has them, and the codes that
//! a socket is closed with.

use actix_ws::{CloseCode, CloseReason, ProtocolError};
use async_graphql::{Name, Response, ServerError, Value, indexmap::IndexMap};
use serde::Serialize;

use super::Dismissed;
use crate::{
    graphql::{engine::Call, json},
    http::{bearer, graphql::Answer, params, seats::ENOUGH},
};

/// The name of the protocol in a handshake.
pub(super) const NAME: &str = "graphql-transport-ws";

/// The longest id of an operation.
const LONGEST_ID: usize = 128;

/// What a client says.
pub(super) enum Heard {
    /// It signs in, perhaps with a token.
    Init(Option<String>),
    Ping(Option<Value>),
    Pong,
    Subscribe {
        id: String,
        call: Box<Call>,
    },
    Complete {
        id: String,
    },
}

/// Why a socket is closed, and by which code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: String,
}

impl Close {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized: say connection_init first")
    }

    pub(super) fn forbidden(sentence: &str) -> Self {
        Self::new(4403, format!("Forbidden: {sentence}"))
    }

    pub(super) fn not_in_time() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn exists(id: &str) -> Self {
        Self::new(4409, format!("Subscriber for {id} already exists"))
    }

    pub(super) fn twice() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// The client's caller has as many sockets as one may have.
    pub(super) fn enough() -> Self {
        Self::new(1013, ENOUGH)
    }

    /// The client does not read.
    pub(super) fn unread() -> Self {
        Self::new(1013, "What you were sent was not read in time: go on from your last cursor")
    }

    /// The client does not answer.
    pub(super) fn silent() -> Self {
        Self::new(1001, "Nothing was heard of you")
    }

    pub(super) fn stopping() -> Self {
        Self::new(1012, "This instance stops: go on with another, from your last cursor")
    }

    /// The client closed it, or has gone.
    pub(super) fn left() -> Self {
        Self::new(1000, "")
    }

    pub(super) fn frame(self) -> CloseReason {
        let description = Some(self.reason).filter(|reason| !reason.is_empty());
        CloseReason { code: CloseCode::from(self.code), description }
    }
}

impl From<Dismissed> for Close {
    fn from(dismissed: Dismissed) -> Self {
        match dismissed {
            Dismissed::Expired => Self::new(4401, "Unauthorized: the token has expired"),
            Dismissed::Refused(sentence) => Self::forbidden(sentence),
        }
    }
}

impl From<ProtocolError> for Close {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::Overflow => Self::new(1009, "The message is too big"),
            ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Self::new(1007, "The message is not UTF-8")
            }
            ProtocolError::Io(_) => Self::new(1009, "The message is too big, or broke off"),
            _ => Self::new(1002, "That is no WebSocket frame"),
        }
    }
}

/// Reads a message; whatever is none closes the socket.
pub(super) fn read(text: &str) -> Result<Heard, Close> {
    let wrong = |reason: &str| Close::invalid(format!("Invalid message: {reason}"));
    let Ok(Value::Object(mut members)) = json::read(text.as_bytes()) else {
        return Err(wrong("it must be a JSON object"));
    };
    let Some(Value::String(kind)) = members.swap_remove("type") else {
        return Err(wrong("it has no type"));
    };
    let payload = members.swap_remove("payload").filter(|payload| *payload != Value::Null);
    match (kind.as_str(), payload) {
        ("connection_init", None) => Ok(Heard::Init(None)),
        ("connection_init", Some(Value::Object(payload))) => Ok(Heard::Init(token(&payload)?)),
        ("ping", payload @ (None | Some(Value::Object(_)))) => Ok(Heard::Ping(payload)),
        ("pong", None | Some(Value::Object(_))) => Ok(Heard::Pong),
        ("subscribe", Some(Value::Object(payload))) => {
            let id = id(&mut members).ok_or_else(|| wrong("it has no id"))?;
            let call = params::call(payload).map_err(|fault| wrong(fault.sentence()))?;
            Ok(Heard::Subscribe { id, call: Box::new(call) })
        }
        ("complete", None) => {
            let id = id(&mut members).ok_or_else(|| wrong("it has no id"))?;
            Ok(Heard::Complete { id })
        }
        ("connection_init" | "ping" | "pong" | "subscribe" | "complete", _) => {
            Err(wrong("its payload is not one of its type"))
        }
        _ => Err(wrong("there is no such type")),
    }
}

fn id(members: &mut IndexMap<Name, Value>) -> Option<String> {
    match members.swap_remove("id") {
        Some(Value::String(id)) if (1..=LONGEST_ID).contains(&id.len()) => Some(id),
        _ => None,
    }
}

/// The token that a client signs in with. One that cannot be read is refused: whoever
/// meant to sign in must not be taken for nobody.
fn token(payload: &IndexMap<Name, Value>) -> Result<Option<String>, Close> {
    let named = |name: &Name| name.eq_ignore_ascii_case("authorization");
    let mut given = payload.iter().filter(|(name, _)| named(name)).map(|(_, value)| value);
    match (given.next(), given.next()) {
        (None | Some(Value::Null), None) => Ok(None),
        (Some(Value::String(text)), None) if bearer::in_text(text).is_ok() => {
            Ok(bearer::in_text(text).ok().map(str::to_owned))
        }
        _ => Err(Close::forbidden("send one authorization: Bearer, and a token")),
    }
}

/// What a server says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Next {
        id: &'a str,
        payload: Answer<'a>,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

impl Message<'_> {
    fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

pub(super) fn acknowledged() -> String {
    Message::ConnectionAck.written()
}

pub(super) fn pong(payload: Option<Value>) -> String {
    Message::Pong { payload }.written()
}

pub(super) fn next(id: &str, response: &Response) -> String {
    Message::Next { id, payload: Answer::of(response) }.written()
}

pub(super) fn error(id: &str, errors: &[ServerError]) -> String {
    Message::Error { id, payload: errors }.written()
}

pub(super) fn complete(id: &str) -> String {
    Message::Complete { id }.written()
}
