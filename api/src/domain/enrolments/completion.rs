//! Whether a learner can complete: every core competency that applies must be COMPETENT
//! by its newest assessment.

use std::collections::HashMap;

use entity::{
    assessment::{self, AssessmentState},
    competency, enrolment,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

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
    let assessed = assessment::Entity::find()
        .filter(assessment::Column::EnrolmentId.eq(enrolment.id))
        .order_by_asc(assessment::Column::Revision)
        .all(connection)
        .await?;
    // The newest revision comes last, and so is the one that stays.
    let newest: HashMap<i64, AssessmentState> =
        assessed.into_iter().map(|row| (row.competency_id, row.state)).collect();
    let settled = |state: &AssessmentState| {
        matches!(state, AssessmentState::Competent | AssessmentState::NotApplicable)
    };
    let missing = core.into_iter().filter(|each| !newest.get(&each.id).is_some_and(settled));
    Ok(missing.map(|each| (each.code, each.title)).collect())
}
