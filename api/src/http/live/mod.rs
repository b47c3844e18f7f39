//! Answers that go on: subscriptions over a WebSocket that speaks `graphql-transport-ws`,
//! and as server-sent events.
//!
//! Whoever follows something is judged again before everything that they are sent, by the
//! token that they began with: it may have expired, its machine client may be revoked, its
//! organisation closed. Nobody is waited for without end, and nothing is kept for a client
//! that does not read: what it has not been told is read from the feed when it is told.

mod events;
mod following;
mod origin;
mod protocol;
mod socket;

use std::{net::IpAddr, time::Duration};

use actix_web::web::Data;
use async_graphql::ServerError;
use tokio::sync::Semaphore;

pub(super) use self::{
    events::{answer as events, once},
    origin::is_allowed,
    socket::{is_upgrade, open as socket},
};
use super::{
    Door,
    budget::Payer,
    fault::Fault,
    seats::{NoSeat, Seat, Seats},
};
use crate::{
    app::SignInRefused,
    auth::token::TokenRefused,
    config::Config,
    domain::viewer::Viewer,
    graphql::refusal::{Code, Refusal},
    telemetry::RequestId,
};

/// How often those who wait are looked after, if nothing happens before.
const LOOK_AFTER: Duration = Duration::from_millis(500);

/// How many answers wait for one client to read them, besides what its connection holds.
const QUEUE: usize = 8;

/// Which part of all seats one caller may take.
const SHARE: usize = 10;

/// What all who follow something share.
pub(super) struct Live {
    seats: Seats,
    /// Those who look at once, so that they leave the database to everybody else, too.
    looking: Semaphore,
}

impl Live {
    pub(super) fn new(config: &Config) -> Self {
        let pool = usize::try_from(config.database_pool_size).unwrap_or(1);
        Self {
            seats: Seats::new(config.max_followers, (config.max_followers / SHARE).max(1)),
            looking: Semaphore::new((pool / 4).max(1)),
        }
    }

    /// A seat for one who follows, for as long as it is kept.
    fn seat(&self, door: &Door, payer: Payer) -> Result<Seat, Fault> {
        if door.is_stopping() {
            return Err(Fault::unavailable());
        }
        self.seats.take(payer).map_err(NoSeat::fault)
    }
}

/// Somebody who follows something, by the token that they signed in with.
#[derive(Clone)]
pub(super) struct Caller {
    door: Data<Door>,
    bearer: Option<String>,
    from: IpAddr,
    id: RequestId,
}

/// Why somebody is followed by us no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dismissed {
    /// Their token has expired: with another one they may come back.
    Expired,
    /// Their token is not good, or not any more.
    Refused(&'static str),
}

impl Caller {
    pub(super) fn new(
        door: Data<Door>,
        bearer: Option<String>,
        from: IpAddr,
        id: RequestId,
    ) -> Self {
        Self { door, bearer, from, id }
    }

    /// Who they are at this moment.
    async fn viewer(&self) -> Result<Viewer, Dismissed> {
        let (app, bearer) = (&self.door.app, self.bearer.as_deref());
        app.sign_in(bearer, self.id.as_str()).await.map_err(|refused| {
            let now = app.store.clock().unmoved();
            let expired = |bearer| app.tokens().verify(bearer, now) == Err(TokenRefused::Expired);
            match refused {
                _ if bearer.is_some_and(expired) => Dismissed::Expired,
                SignInRefused::Token(sentence) => Dismissed::Refused(sentence),
                SignInRefused::Unavailable => Dismissed::Refused("Nobody can be signed in now."),
            }
        })
    }

    /// A refusal as an answer tells it.
    fn told(&self, refusal: Refusal) -> Vec<ServerError> {
        let mut error = ServerError::from(refusal);
        error.extensions.get_or_insert_default().set("requestId", self.id.as_str());
        vec![error]
    }
}

impl Dismissed {
    fn refusal(self) -> Refusal {
        match self {
            Self::Expired => Refusal::new(Code::Unauthenticated, "The token has expired."),
            Self::Refused(sentence) => Refusal::new(Code::Unauthenticated, sentence),
        }
    }
}
