//! `GET /graphql` that becomes a WebSocket.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderMap, SEC_WEBSOCKET_PROTOCOL, UPGRADE},
    rt,
    web::{Data, Payload},
};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Session};
use tokio::{
    sync::{mpsc, oneshot},
    time::{interval, timeout},
};

use super::{
    Caller, LOOK_AFTER, QUEUE,
    following::{self, Line, Said, Spoken},
    is_allowed,
    protocol::{self, Close, Heard},
};
use crate::{
    graphql::{
        engine::Call,
        refusal::{Code, Refusal},
    },
    http::{Door, bearer, budget::Payer, fault::Fault, seats::Seat},
    telemetry::RequestId,
};

/// How many operations one socket may run at once.
const OPERATIONS: usize = 25;
/// How long a socket that is closed may take to answer.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long one that does not read is held so that it can be told why it was closed.
const LATE_FAREWELL: Duration = Duration::from_secs(30);

/// Whether a request wants to become a WebSocket.
pub(in crate::http) fn is_upgrade(headers: &HeaderMap) -> bool {
    let names =
        |value: &str| value.split(',').any(|name| name.trim().eq_ignore_ascii_case("websocket"));
    headers.get_all(UPGRADE).any(|value| value.to_str().is_ok_and(names))
}

/// Becomes a WebSocket, if it may.
pub(in crate::http) fn open(
    request: &HttpRequest,
    payload: Payload,
    door: &Data<Door>,
    id: &RequestId,
) -> Result<HttpResponse, Fault> {
    let config = &door.app.config;
    if !is_allowed(request.headers(), config) {
        return Err(Fault::foreign());
    }
    if !offers(request.headers()) {
        let sentence = "The WebSocket must speak graphql-transport-ws: offer it as its protocol.";
        return Err(Fault::bad_request(sentence));
    }
    let token = bearer::token(request.headers())
        .map_err(|_| Fault::bad_token("Send one header: authorization: Bearer, and a token."))?;
    let from = door.budgets.address(request);
    let seat = door.live.seat(door, Payer::Stranger(from))?;
    let (response, session, messages) =
        actix_ws::handle_with_protocols(request, payload, &[protocol::NAME])
            .map_err(|_| Fault::bad_request("That is no handshake of a WebSocket."))?;
    let most = config.max_body_bytes;
    let messages = messages.max_frame_size(most).aggregate_continuations();
    let messages = messages.max_continuation_size(most);
    let (out, spoken) = mpsc::channel(QUEUE);
    let now = Instant::now();
    let socket = Socket {
        door: door.clone(),
        id: id.clone(),
        in_head: token.map(str::to_owned),
        from,
        seat,
        session,
        caller: None,
        running: HashMap::new(),
        names: HashMap::new(),
        number: 0,
        out,
        opened: now,
        heard: now,
        pinged: now,
    };
    rt::spawn(socket.serve(messages, spoken));
    Ok(response)
}

fn offers(headers: &HeaderMap) -> bool {
    let named = |value: &str| value.split(',').any(|name| name.trim() == protocol::NAME);
    headers.get_all(SEC_WEBSOCKET_PROTOCOL).any(|value| value.to_str().is_ok_and(named))
}

struct Socket {
    door: Data<Door>,
    id: RequestId,
    /// The token that came with the handshake.
    in_head: Option<String>,
    from: IpAddr,
    /// A stranger's, until they have said who they are.
    seat: Seat,
    session: Session,
    /// Who it is, once they have said.
    caller: Option<Caller>,
    /// What runs, by the client's name for it; dropping one stops it.
    running: HashMap<String, Running>,
    names: HashMap<u64, String>,
    /// How many operations there were: a name may be used again.
    number: u64,
    out: mpsc::Sender<Spoken>,
    opened: Instant,
    heard: Instant,
    pinged: Instant,
}

struct Running {
    number: u64,
    _stop: oneshot::Sender<()>,
}

impl Socket {
    async fn serve(
        mut self,
        mut messages: AggregatedMessageStream,
        mut spoken: mpsc::Receiver<Spoken>,
    ) {
        let mut stopping = self.door.stopping();
        let mut tick = interval(LOOK_AFTER);
        let close = loop {
            let done = tokio::select! {
                heard = messages.recv() => match heard {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(error)) => Err(error.into()),
                    None => Err(Close::left()),
                },
                Some(spoken) = spoken.recv() => self.say(spoken).await,
                _ = stopping.wait_for(|stops| *stops) => Err(Close::stopping()),
                _ = tick.tick() => self.look_after().await,
            };
            if let Err(close) = done {
                break close;
            }
        };
        // Nobody hears what is still said.
        drop(spoken);
        self.running.clear();
        let patience = if close == Close::unread() { LATE_FAREWELL } else { FAREWELL };
        let closing = self.session.close(Some(close.frame()));
        if let Ok(Ok(())) = timeout(patience, closing).await {
            // To hang up with something unread would take the farewell from the client, too.
            let _ = timeout(FAREWELL, async { while messages.recv().await.is_some() {} }).await;
        }
    }

    fn patience(&self) -> Duration {
        self.door.app.config.follower_patience
    }

    async fn hear(&mut self, message: AggregatedMessage) -> Result<(), Close> {
        self.heard = Instant::now();
        match message {
            AggregatedMessage::Text(text) => match protocol::read(&text)? {
                Heard::Init(token) => self.sign_in(token).await,
                Heard::Ping(payload) => self.write(protocol::pong(payload)).await,
                Heard::Pong => Ok(()),
                Heard::Subscribe { id, call } => self.begin(id, *call).await,
                Heard::Complete { id } => {
                    if let Some(running) = self.running.remove(&id) {
                        self.names.remove(&running.number);
                    }
                    Ok(())
                }
            },
            AggregatedMessage::Binary(_) => Err(Close::invalid("Messages are text")),
            AggregatedMessage::Ping(payload) => {
                let pong = self.session.pong(&payload);
                written(timeout(self.door.app.config.follower_patience, pong).await)
            }
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(_) => Err(Close::left()),
        }
    }

    async fn sign_in(&mut self, token: Option<String>) -> Result<(), Close> {
        if self.caller.is_some() {
            return Err(Close::twice());
        }
        let token = match (self.in_head.take(), token) {
            (Some(one), Some(other)) if one != other => {
                return Err(Close::forbidden("the head and connection_init bring two tokens"));
            }
            (one, other) => other.or(one),
        };
        let caller = Caller::new(self.door.clone(), token, self.from, self.id.clone());
        let payer = Payer::of(self.from, &caller.viewer().await?);
        let seats = &self.door.live.seats;
        seats.hand_over(&mut self.seat, payer).map_err(|_| Close::enough())?;
        self.caller = Some(caller);
        self.write(protocol::acknowledged()).await
    }

    async fn begin(&mut self, id: String, call: Call) -> Result<(), Close> {
        let Some(caller) = self.caller.clone() else { return Err(Close::unauthorized()) };
        if self.running.contains_key(&id) {
            return Err(Close::exists(&id));
        }
        if self.running.len() >= OPERATIONS {
            let sentence = format!("A socket runs at most {OPERATIONS} operations at once.");
            let errors = caller.told(Refusal::new(Code::RateLimited, sentence));
            return self.write(protocol::error(&id, &errors)).await;
        }
        self.number += 1;
        let (operation, (stop, stopped)) = (self.number, oneshot::channel());
        let line = Line { operation, out: self.out.clone(), stop: stopped };
        self.running.insert(id.clone(), Running { number: operation, _stop: stop });
        self.names.insert(operation, id);
        rt::spawn(following::run(caller, call, line));
        Ok(())
    }

    /// Passes on what an operation says, unless its client wants to hear no more of it.
    async fn say(&mut self, Spoken { operation, said }: Spoken) -> Result<(), Close> {
        let Some(id) = self.names.get(&operation) else { return Ok(()) };
        let text = match said {
            Said::Next(response) => protocol::next(id, &response),
            Said::Failed(errors) => protocol::error(&self.ended(operation), &errors),
            Said::Complete => protocol::complete(&self.ended(operation)),
            Said::Dismissed(dismissed) => return Err(dismissed.into()),
        };
        self.write(text).await
    }

    /// Forgets an operation that has ended; gives the client's name for it.
    fn ended(&mut self, operation: u64) -> String {
        let id = self.names.remove(&operation).unwrap_or_default();
        self.running.remove(&id);
        id
    }

    /// Closes a socket whose client has not signed in, may not be here any more, or is
    /// gone without a word.
    async fn look_after(&mut self) -> Result<(), Close> {
        let patience = self.patience();
        match &self.caller {
            None if self.opened.elapsed() > patience => return Err(Close::not_in_time()),
            None => {}
            Some(caller) => {
                caller.viewer().await?;
            }
        }
        if self.heard.elapsed() > 3 * patience {
            return Err(Close::silent());
        }
        if self.pinged.elapsed() > patience {
            self.pinged = Instant::now();
            let ping = self.session.ping(b"");
            return written(timeout(patience, ping).await);
        }
        Ok(())
    }

    async fn write(&mut self, text: String) -> Result<(), Close> {
        let patience = self.patience();
        written(timeout(patience, self.session.text(text)).await)
    }
}

fn written(
    sent: Result<Result<(), actix_ws::Closed>, tokio::time::error::Elapsed>,
) -> Result<(), Close> {
    match sent {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Close::left()),
        Err(_) => Err(Close::unread()),
    }
}
