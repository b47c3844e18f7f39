//! A site's word on whether a learner is employed there.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    employment_report::{self, EmploymentStatus},
};
use sea_orm::ActiveEnum;

use super::open::{self, Tale};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// What the site says.
#[derive(Debug, Clone, Copy)]
pub struct ReportEmployment {
    pub enrolment: i64,
    pub status: EmploymentStatus,
    /// The day from which it is so; today, unless it says otherwise.
    pub as_of: Option<NaiveDate>,
}

/// Reports it; gives the enrolment's id.
pub async fn report(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: ReportEmployment,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let it = open::permitted(&turn, command.enrolment)?;
            let on = command.as_of.unwrap_or_else(|| turn.today());
            let last = it.employment.last();
            let mut problems = Problems::default();
            if on > turn.today() {
                let sentence = "send today or an earlier day: it is said once it is so";
                problems.add("input.asOf", ProblemCode::OutOfRange, sentence);
            } else if let Some(last) = last.filter(|last| on < last.as_of) {
                let sentence = format!("something was said as of {}: send a later day", last.as_of);
                problems.add("input.asOf", ProblemCode::OutOfRange, sentence);
            }
            if last.is_some_and(|last| last.status == command.status) {
                let sentence = "that is what was said last";
                problems.add("input.status", ProblemCode::Unchanged, sentence);
            }
            problems.check()?;
            let (id, site) = (it.row.id, it.row.site_id);
            let change_type = ChangeType::EmploymentReported;
            let before = last.map(|last| last.status.to_value());
            let after = Some(command.status.to_value());
            open::say(&mut turn, id, site, Tale { change_type, on, before, after });
            let row = employment_report::Model {
                id: turn.next_row_id(),
                enrolment_id: id,
                status: command.status,
                as_of: on,
                audit_id: turn.audit(Some(site)).await?,
                at: turn.at(),
            };
            insert::<employment_report::Entity>(turn.connection(), vec![row]).await?;
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}
