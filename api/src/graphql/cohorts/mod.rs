//! Cohorts: opening, changing, closing and finding them.

pub mod change_cohort;
pub mod close_cohort;
pub mod enums;
pub mod object;
pub mod open_cohort;
pub mod outcomes;
pub mod queries;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct CohortMutations(
    open_cohort::OpenCohortMutation,
    change_cohort::ChangeCohortMutation,
    close_cohort::CloseCohortMutation,
);
