//! Whether a learner can complete: every core competency that applies must be COMPETENT
//! by its newest assessment.

use std::collections::BTreeSet;

use entity::{assessment::AssessmentState, competency, enrolment};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::domain::assessments::rows;

/// A core competency that a learner does not have yet: its code and title.
pub type Missing = (String, String);

/// The core competencies that stand in the way, in the order of their codes.
pub(in crate::domain) async fn missing(
    connection: &impl ConnectionTrait,
    enrolment: &enrolment::Model,
) -> Result<Vec<Missing>, DbErr> {
    let core = competency::Entity::find()
        .filter(competency::Column::FrameworkId.eq(enrolment.framework_id))
        .filter(competency::Column::Core.eq(true))
        .order_by_asc(competency::Column::Code)
        .all(connection)
        .await?;
    let newest = rows::newest_of(connection, BTreeSet::from([enrolment.id])).await?;
    let settled: BTreeSet<i64> = newest
        .into_values()
        .flatten()
        .filter(|row| settles(row.state))
        .map(|row| row.competency_id)
        .collect();
    let missing = core.into_iter().filter(|each| !settled.contains(&each.id));
    Ok(missing.map(|each| (each.code, each.title)).collect())
}

/// Whether nothing more is asked of a learner where a competency is in that state.
pub(in crate::domain) fn settles(state: AssessmentState) -> bool {
    matches!(state, AssessmentState::Competent | AssessmentState::NotApplicable)
}
