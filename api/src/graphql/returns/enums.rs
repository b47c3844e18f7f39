//! The closed sets of words that returns and rules are told in.

use async_graphql::Enum;
use entity::{return_value, validation_rule};

use crate::domain::returns;

/// How far a return has come.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "returns::ReturnState")]
pub enum ReturnState {
    /// It is owed, and nothing is saved of it.
    NotStarted,
    /// It is being filled in.
    Draft,
    /// Its figures are in, and provisional.
    Submitted,
    /// It was sent back with a reason.
    Returned,
    /// Its figures are approved.
    Approved,
    /// Its figures change by restatements alone.
    Locked,
}

/// How a metric of a return is answered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "return_value::State")]
pub enum ReturnAnswer {
    /// By a number.
    Value,
    /// There was nothing to count: an answer, and it counts as 0.
    Nil,
    /// The question does not arise for this organisation.
    NotApplicable,
}

/// What a rule looks at.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "validation_rule::Kind")]
pub enum RuleKind {
    /// Whether the value lies within a range.
    Range,
    /// Whether what is counted is a whole number.
    Integer,
    /// Whether a return says something of the metric.
    Required,
    /// Whether the numerator is at most the denominator.
    NumeratorWithinDenominator,
    /// Whether the value lies within the limits that earlier months of the same
    /// organisation make: mean ± 2.66 times the average moving range.
    BeyondLimits,
}
