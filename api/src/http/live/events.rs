//! Server-sent events, one connection for each operation, as the GraphQL over SSE protocol
//! has them. The kernel bounds how long a client may leave them unread, and an event is
//! made when the one before was taken.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, VARY},
    rt,
    web::Bytes,
};
use async_graphql::{Response, ServerError};
use futures_util::stream;
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Caller,
    following::{self, Ending, LetIn, Line, Operation, Said, Spoken},
};
use crate::{
    graphql::engine::Call,
    http::{
        budget::Payer,
        fault::Fault,
        graphql::{Answer, executed, written},
        negotiate::Media,
        seats::Seat,
    },
};

/// Answers a subscription. Whatever is wrong with it is told as an answer of its own.
pub(in crate::http) async fn answer(
    caller: Caller,
    payer: Payer,
    call: Call,
    let_in: LetIn,
    media: Media,
) -> Result<HttpResponse, Fault> {
    let seat = caller.door.live.seat(&caller.door, payer)?;
    let followed = match following::begin(&caller, call, Some(let_in)).await {
        Ok(Operation::Followed(followed)) => followed,
        Ok(Operation::Answered(response)) => return Ok(once(&response)),
        Err(Ending::Failed(errors)) => {
            let response = Response::from_errors(errors);
            // What its root field refused is an answer; all else is no GraphQL for us.
            return Ok(if executed(&response) {
                once(&response)
            } else {
                written(&response, media)
            });
        }
        Err(Ending::Dismissed(dismissed)) => return Err(Fault::of(dismissed.refusal())),
        Err(Ending::Stopped) => return Err(Fault::unavailable()),
    };
    // Nothing waits here: the next event is made when this one was taken.
    let ((out, spoken), (stop, stopped)) = (mpsc::channel(1), oneshot::channel());
    let line = Line { operation: 0, out, stop: stopped };
    let events = Events {
        begins: true,
        spoken,
        stopping: caller.door.stopping(),
        patience: caller.door.app.config.follower_patience,
        caller: caller.clone(),
        _stop: stop,
        _seat: seat,
    };
    rt::spawn(following::follow(caller, followed, line));
    Ok(head().streaming(stream::unfold(Some(events), |events| async {
        let mut events = events?;
        let (text, last) = events.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(text)), (!last).then_some(events)))
    })))
}

/// The answer of a query or a mutation, as events.
pub(in crate::http) fn once(response: &Response) -> HttpResponse {
    head().body(next(response) + COMPLETE)
}

fn head() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/event-stream"));
    response.insert_header((CACHE_CONTROL, "no-store"));
    response.insert_header((VARY, "accept, authorization"));
    // Proxies that gather an answer would hold events back.
    response.insert_header((HeaderName::from_static("x-accel-buffering"), "no"));
    response
}

struct Events {
    /// Whether the head has yet to be followed by anything: only then is it sent.
    begins: bool,
    spoken: mpsc::Receiver<Spoken>,
    stopping: watch::Receiver<bool>,
    patience: Duration,
    caller: Caller,
    _stop: oneshot::Sender<()>,
    _seat: Seat,
}

impl Events {
    /// What comes next, and whether it is the last. Nothing where this instance stops: an
    /// end without `complete` sends the client to another.
    async fn next(&mut self) -> Option<(String, bool)> {
        if std::mem::take(&mut self.begins) {
            return Some((ALIVE.to_owned(), false));
        }
        let failed =
            |errors: Vec<ServerError>| (next(&Response::from_errors(errors)) + COMPLETE, true);
        tokio::select! {
            spoken = self.spoken.recv() => Some(match spoken?.said {
                Said::Next(response) => (next(&response), false),
                Said::Complete => (COMPLETE.to_owned(), true),
                Said::Failed(errors) => failed(errors),
                Said::Dismissed(dismissed) => failed(self.caller.told(dismissed.refusal())),
            }),
            _ = self.stopping.wait_for(|stops| *stops) => None,
            () = tokio::time::sleep(self.patience) => Some((ALIVE.to_owned(), false)),
        }
    }
}

/// A comment, which shows both sides that the other is there.
const ALIVE: &str = ":\n\n";
const COMPLETE: &str = "event: complete\ndata:\n\n";

/// JSON has no line breaks of its own here, so one line holds it.
fn next(response: &Response) -> String {
    let json = serde_json::to_string(&Answer::of(response)).unwrap_or_default();
    format!("event: next\ndata: {json}\n\n")
}
