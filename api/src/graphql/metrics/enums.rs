//! The closed sets of words that metrics and figures are told in.

use async_graphql::Enum;
use entity::{metric_version, observation};

use crate::domain::{
    figures::{ValueState as State, boundaries::Follow as Following, periods},
    observations::command,
};

/// What a value is counted in.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::Unit")]
pub enum MetricUnit {
    /// A number of things or people.
    Count,
    /// Full-time equivalents of 37.5 hours a week.
    Fte,
    /// Parts of a hundred.
    Percent,
    /// So many for every 10,000.
    #[graphql(name = "RATE_PER_10K")]
    RatePer10K,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Pence.
    Pence,
    /// Points of a scale.
    Score,
}

/// What a value says of a period.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::Kind")]
pub enum MetricKind {
    /// How much there is at its end.
    Stock,
    /// How much came about within it.
    Flow,
    /// One thing divided by another.
    Ratio,
    /// How long something took.
    Duration,
}

/// Which way is better.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::Direction")]
pub enum MetricDirection {
    /// More is better.
    Increase,
    /// Less is better.
    Decrease,
    /// Neither is better.
    Neutral,
}

/// How figures of organisations make the figure of what holds them.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::Aggregation")]
pub enum MetricAggregation {
    /// They are added.
    Sum,
    /// People are counted again at each level, never added; a number whose persons are
    /// not known keeps its own level.
    DistinctCount,
    /// Numerators and denominators are added, and then divided.
    RatioOfSums,
    /// Weighted by the denominator.
    WeightedMean,
    /// They are not: a median is told at its own level.
    MedianOfRecords,
}

/// How much a figure may give away about people.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::Disclosure")]
pub enum DisclosureClass {
    /// Nothing about people: shown to everybody.
    #[graphql(name = "D0")]
    D0,
    /// Public counts of the workforce: shown to everybody.
    #[graphql(name = "D1")]
    D1,
    /// Learners' process and outcome: under disclosure control outside of one's reach.
    #[graphql(name = "D2")]
    D2,
    /// Persons: only within one's reach.
    #[graphql(name = "D3")]
    D3,
}

/// Whether a version of a definition is in use.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "metric_version::State")]
pub enum MetricVersionState {
    /// Being written; seen by those who may.
    Draft,
    /// In use, and never changed again.
    Published,
}

/// How settled a value is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "observation::Status")]
pub enum ObservationStatus {
    /// It may still change.
    Provisional,
    /// Somebody approved it.
    Approved,
    /// It was approved and locked, and then restated with a note.
    Restated,
}

/// What brought an observation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "observation::Source")]
pub enum ObservationSource {
    /// A monthly return.
    Return,
    /// An import from a file.
    Import,
    /// It was worked out from other records.
    Derived,
    /// It was recorded through this API.
    Recorded,
}

/// What is said of a figure when it is recorded.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "observation::State")]
pub enum ObservationState {
    /// A value.
    Value,
    /// There was nothing to count: an answer, and it counts as 0.
    Nil,
    /// The question does not arise for this organisation.
    NotApplicable,
    /// What was said before is taken back.
    Withdrawn,
}

/// Why there is a value, or why there is none.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum ValueState {
    /// There is one.
    Value,
    /// Whoever reported said that there was nothing to count: it is 0.
    Nil,
    /// Nobody has reported.
    NotSubmitted,
    /// The question does not arise.
    NotApplicable,
    /// It is hidden, so that nobody can be known by it.
    Suppressed,
}

/// How long a period is.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "periods::PeriodKind")]
pub enum PeriodType {
    /// A month of the calendar.
    Month,
    /// Three months: January to March, and so on.
    Quarter,
    /// 1 April to 31 March.
    FinancialYear,
    /// 1 January to 31 December.
    CalendarYear,
}

/// Whether a successor takes over the past of those that it followed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "Following")]
pub enum Follow {
    /// Everybody keeps their own.
    None,
    /// The one successor takes it over; a split or a disputed succession is not followed.
    Successor,
}

/// What became of one item of a batch.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "command::ItemResult")]
pub enum ItemResult {
    /// It is the first of its kind.
    Created,
    /// A new revision follows an earlier one.
    Changed,
    /// It was recorded so already.
    Same,
    /// It was not recorded: see the findings.
    Refused,
}

/// Which geography a figure is on.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoundariesKind {
    /// Where organisations sat at the end of each month.
    AtPeriod,
    /// Where they sit today.
    Current,
    /// Where they sat on a day: send `asAt` with it.
    AsAt,
}
