//! Reading assessments, for many enrolments in one statement: they are too many to be
//! held in memory with the other records.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::assessment::{self, Column};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    auth::action::Action,
    domain::{error::Failure, records::reach::Within, turn::VALUES, viewer::Viewer},
};

/// Assessments by the enrolment that they are of.
pub type ByEnrolment = HashMap<i64, Vec<assessment::Model>>;

/// Nothing later was said of the same competency of the same enrolment.
const NEWEST: &str = "NOT EXISTS (SELECT 1 FROM assessment AS later \
    WHERE later.enrolment_id = assessment.enrolment_id \
    AND later.competency_id = assessment.competency_id \
    AND later.revision > assessment.revision)";

/// The newest assessment of each competency, of those enrolments that the viewer may see.
pub async fn newest(viewer: &Viewer, enrolments: &[i64]) -> Result<ByEnrolment, Failure> {
    Ok(newest_of(&viewer.store().reader, seen(viewer, enrolments)).await?)
}

/// Everything that was ever said of single competencies, of those enrolments that the
/// viewer may see: the first thing first. A key is an enrolment and a competency.
pub async fn histories(
    viewer: &Viewer,
    keys: &[(i64, i64)],
) -> Result<HashMap<(i64, i64), Vec<assessment::Model>>, Failure> {
    let enrolments: Vec<i64> = keys.iter().map(|(enrolment, _)| *enrolment).collect();
    let enrolments = seen(viewer, &enrolments);
    let competencies: BTreeSet<i64> = keys.iter().map(|(_, competency)| *competency).collect();
    let rows = assessment::Entity::find()
        .filter(Column::EnrolmentId.is_in(enrolments))
        .filter(Column::CompetencyId.is_in(competencies))
        .order_by_asc(Column::Revision)
        .all(&viewer.store().reader)
        .await?;
    let mut histories: HashMap<_, Vec<_>> = keys.iter().map(|key| (*key, Vec::new())).collect();
    for row in rows {
        if let Some(history) = histories.get_mut(&(row.enrolment_id, row.competency_id)) {
            history.push(row);
        }
    }
    Ok(histories)
}

/// The assessments of these ids, of those enrolments that the viewer may see.
pub async fn find(viewer: &Viewer, ids: &[i64]) -> Result<Vec<assessment::Model>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_them = Column::Id.is_in(ids.iter().copied());
    let rows = assessment::Entity::find().filter(of_them).all(&viewer.store().reader).await?;
    let enrolments: Vec<i64> = rows.iter().map(|row| row.enrolment_id).collect();
    let seen = seen(viewer, &enrolments);
    Ok(rows.into_iter().filter(|row| seen.contains(&row.enrolment_id)).collect())
}

fn seen(viewer: &Viewer, enrolments: &[i64]) -> BTreeSet<i64> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadEnrolments));
    let seen = |id: &&i64| records.enrolment(**id).is_some_and(|it| within.enrolment(it));
    enrolments.iter().filter(seen).copied().collect()
}

/// The newest assessment of each competency.
pub(in crate::domain) async fn newest_of(
    connection: &impl ConnectionTrait,
    enrolments: BTreeSet<i64>,
) -> Result<ByEnrolment, DbErr> {
    let mut newest = ByEnrolment::new();
    let enrolments: Vec<i64> = enrolments.into_iter().collect();
    for enrolments in enrolments.chunks(VALUES) {
        let rows = assessment::Entity::find()
            .filter(Column::EnrolmentId.is_in(enrolments.iter().copied()))
            .filter(Expr::cust(NEWEST))
            .all(connection)
            .await?;
        for row in rows {
            newest.entry(row.enrolment_id).or_default().push(row);
        }
    }
    Ok(newest)
}

/// The last day on which anything of a learner was assessed.
pub(in crate::domain) async fn last_days(
    connection: &impl ConnectionTrait,
    enrolments: &[i64],
) -> Result<HashMap<i64, NaiveDate>, DbErr> {
    let mut days = HashMap::new();
    for enrolments in enrolments.chunks(VALUES) {
        let found: Vec<(i64, NaiveDate)> = assessment::Entity::find()
            .select_only()
            .column(Column::EnrolmentId)
            .column_as(Column::AssessedOn.max(), "last")
            .filter(Column::EnrolmentId.is_in(enrolments.iter().copied()))
            .group_by(Column::EnrolmentId)
            .into_tuple()
            .all(connection)
            .await?;
        days.extend(found);
    }
    Ok(days)
}
