//! The one place that reads the time.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};

/// Where the program gets the time from: the machine, or a test; in a sandbox it can be
/// ahead of either.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    /// By how many microseconds it was moved forward.
    ahead: Arc<AtomicI64>,
}

#[derive(Clone, Debug)]
enum Source {
    Machine,
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    pub fn machine() -> Self {
        Self::of(Source::Machine)
    }

    /// A clock that stands still until [`Clock::set`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::of(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    fn of(source: Source) -> Self {
        Self { source, ahead: Arc::default() }
    }

    /// Moves a fixed clock; the machine's clock goes on as it was.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Source::Fixed(at) = &self.source {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// Puts it so many microseconds ahead, here and in every clone.
    pub fn put_ahead(&self, microseconds: i64) {
        self.ahead.store(microseconds, Ordering::Release);
    }

    /// By how much it is ahead.
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::microseconds(self.ahead.load(Ordering::Acquire))
    }

    /// The time of the programme, to the microsecond: what both databases can hold.
    pub fn now(&self) -> DateTime<Utc> {
        self.unmoved() + self.ahead()
    }

    /// The time outside, which nobody moves. Tokens and secrets go by it, because others
    /// issue them and keep them.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn unmoved(&self) -> DateTime<Utc> {
        let at = match &self.source {
            Source::Machine => Utc::now(),
            Source::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
    }

    /// The day it is in England.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&chrono_tz::Europe::London).date_naive()
    }
}
