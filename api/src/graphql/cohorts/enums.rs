//! The closed sets of words that cohorts are told in.

use async_graphql::Enum;
use entity::cohort;

use crate::domain::cohorts::list;

/// Whether the learners of a cohort start together.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "cohort::CohortKind")]
pub enum CohortKind {
    /// All start together.
    Fixed,
    /// Learners start on the first of any month.
    Rolling,
}

/// What a list of cohorts is ordered by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "list::CohortOrder")]
pub enum CohortOrderField {
    /// When it was opened.
    Id,
    /// The day of the start.
    StartsOn,
    /// The name, letter by letter.
    Name,
}
