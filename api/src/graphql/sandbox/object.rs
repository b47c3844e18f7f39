//! What a sandbox shows of itself.

use async_graphql::{Enum, Object};
use chrono::{DateTime, Utc};
use entity::sandbox_fault;

use crate::{config, domain::sandbox::State};

/// What the service is run for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "config::Environment")]
pub enum Environment {
    /// Somebody's own machine.
    Development,
    /// For integrators to try things out: everything in it is invented and can be reset.
    Sandbox,
    /// The programme's own records.
    Production,
}

/// What goes wrong on request.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "sandbox_fault::FaultKind")]
pub enum FaultKind {
    /// Nothing is done; status 503 with Retry-After, and UNAVAILABLE.
    Unavailable,
    /// Nothing is done; status 429 with Retry-After, and RATE_LIMITED.
    RateLimited,
    /// Nothing is done; status 504, and TIMEOUT.
    Timeout,
    /// Nothing is done; status 500, and INTERNAL.
    Internal,
    /// It is done, and answered after so many milliseconds more.
    Slow,
    /// It is done, and the answer is lost on its way: status 502 and no GraphQL. Whoever
    /// sends a creating command again under its idempotency key then finds it done once.
    AnswerLost,
}

/// A sandbox: everything in it is invented, and it can be reset by anybody who is signed in.
pub struct Sandbox(pub State);

/// A fault that you asked for.
pub struct SandboxFault(sandbox_fault::Model);

/// A sandbox: everything in it is invented, and it can be reset by anybody who is signed in.
#[Object]
impl Sandbox {
    /// What time it is here: "today" is this moment's day in England.
    async fn now(&self) -> DateTime<Utc> {
        self.0.now
    }

    /// By how many seconds its clock is ahead of the world outside. Tokens and secrets do
    /// not go by it.
    async fn ahead_seconds(&self) -> i32 {
        i32::try_from(self.0.ahead.num_seconds()).unwrap_or(i32::MAX)
    }

    /// How often it was reset.
    async fn resets(&self) -> i32 {
        i32::try_from(self.0.resets).unwrap_or(i32::MAX)
    }

    /// When it was reset last, by the clock outside; null if it never was. Cursors of the
    /// feed that were given before are refused.
    async fn reset_at(&self) -> Option<DateTime<Utc>> {
        self.0.reset_at
    }

    /// The faults that you have yet to meet, in the order in which you asked for them.
    /// Nobody else meets them, or sees them.
    async fn faults(&self) -> Vec<SandboxFault> {
        self.0.faults.iter().cloned().map(SandboxFault).collect()
    }
}

/// A fault that you asked for.
#[Object]
impl SandboxFault {
    /// What goes wrong.
    async fn kind(&self) -> FaultKind {
        self.0.kind.into()
    }

    /// The name of the operation that meets it; null: whichever comes.
    async fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// How many of your requests are yet to meet it.
    async fn remaining(&self) -> i32 {
        self.0.remaining
    }

    /// How long a SLOW answer waits, in milliseconds; null for the others.
    async fn milliseconds(&self) -> Option<i32> {
        self.0.milliseconds
    }
}
