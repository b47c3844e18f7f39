//! Returns: the monthly figures that organisations owe, and their way from a draft to
//! locked figures.
//!
//! Who owes what is never stored: it follows from the schedules and the register, so a
//! return that nobody has begun is no row, and is listed all the same. Submitting one
//! writes its figures as provisional observations; approving and restating it write new
//! revisions of them. Who submitted a return never approves it.

pub mod answers;
pub mod counted;
pub mod decide;
pub mod draft;
pub mod find;
pub mod list;
pub(super) mod open;
pub mod owed;
pub mod restate;
pub mod schedule;
pub mod scheduling;
pub mod submit;
pub mod template;

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{monthly_return, return_value};

use self::schedule::Schedule;
use super::directory::organisation::Organisation;
use crate::ids::{Month, ReturnId};

/// How far a return has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnState {
    /// It is owed, and nothing is saved of it.
    NotStarted,
    Draft,
    Submitted,
    /// It was sent back with a reason.
    Returned,
    Approved,
    Locked,
}

impl From<monthly_return::State> for ReturnState {
    fn from(state: monthly_return::State) -> Self {
        match state {
            monthly_return::State::Draft => Self::Draft,
            monthly_return::State::Submitted => Self::Submitted,
            monthly_return::State::Returned => Self::Returned,
            monthly_return::State::Approved => Self::Approved,
            monthly_return::State::Locked => Self::Locked,
        }
    }
}

impl ReturnState {
    /// The row's state; none for what is no row.
    fn stored(self) -> Option<monthly_return::State> {
        Some(match self {
            Self::NotStarted => return None,
            Self::Draft => monthly_return::State::Draft,
            Self::Submitted => monthly_return::State::Submitted,
            Self::Returned => monthly_return::State::Returned,
            Self::Approved => monthly_return::State::Approved,
            Self::Locked => monthly_return::State::Locked,
        })
    }

    /// Whether its figures have arrived.
    fn is_in(self) -> bool {
        match self {
            Self::Submitted | Self::Approved | Self::Locked => true,
            Self::NotStarted | Self::Draft | Self::Returned => false,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Draft => "a draft",
            Self::Submitted => "submitted",
            Self::Returned => "sent back",
            Self::Approved => "approved",
            Self::Locked => "locked",
        }
    }
}

/// What one organisation owes for one month, and what has come of it.
#[derive(Debug, Clone)]
pub struct Return {
    pub schedule: Arc<Schedule>,
    pub organisation: Arc<Organisation>,
    pub month: Month,
    /// None for one that nobody has begun.
    pub row: Option<monthly_return::Model>,
    /// The newest answer to each metric that there is one to.
    pub values: Vec<return_value::Model>,
}

impl Return {
    pub fn state(&self) -> ReturnState {
        self.row.as_ref().map_or(ReturnState::NotStarted, |row| row.state.into())
    }

    pub fn id(&self) -> ReturnId {
        let (schedule, organisation) = (self.schedule.row.id, self.organisation.id());
        ReturnId { schedule, organisation, month: self.month }
    }

    /// Its row; 0 for one that nobody has begun.
    fn row_id(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.id)
    }

    /// 0 for one that nobody has begun.
    pub fn version(&self) -> i32 {
        self.row.as_ref().map_or(0, |row| row.version)
    }

    /// Whether it was begun, or is owed by now.
    fn is_there(&self, today: NaiveDate) -> bool {
        let ended = || self.month <= schedule::last_ended(today);
        self.row.is_some() || ended() && self.schedule.owes(&self.organisation, self.month)
    }

    pub fn due_on(&self) -> NaiveDate {
        self.schedule.due_on(self.month)
    }

    /// Whether it should have been submitted before that day, and is not.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        !self.state().is_in() && self.due_on() < today
    }

    /// The newest answer to a metric.
    pub fn value(&self, metric: &str) -> Option<&return_value::Model> {
        self.values.iter().find(|value| value.metric == metric)
    }

    /// Such as `Monthly impact 2025-11`.
    pub(in crate::domain) fn name(&self) -> String {
        format!("{} {}", self.schedule.row.title, self.month)
    }
}

/// The newest revision of each answer, by its metric's code.
fn newest(mut values: Vec<return_value::Model>) -> Vec<return_value::Model> {
    values.sort_by(|one, other| {
        one.metric.cmp(&other.metric).then(other.revision.cmp(&one.revision))
    });
    values.dedup_by(|later, earlier| later.metric == earlier.metric);
    values
}
