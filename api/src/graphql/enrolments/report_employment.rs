//! `reportEmployment`: a site's word on whether a learner is employed there.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{enums::EmploymentStatus, object::Enrolment};
use crate::{
    auth::action::Action,
    domain::{
        enrolments::{employment, list},
        idempotency::IdempotencyKey,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// What the site says.
#[derive(InputObject)]
pub struct ReportEmploymentInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// The enrolment.
    enrolment: ID,
    /// Whether the learner is employed there.
    status: EmploymentStatus,
    /// The day from which it is so; left out: today.
    as_of: Option<Date>,
}

/// What became of `reportEmployment`.
#[derive(Union)]
pub enum ReportEmploymentPayload {
    EmploymentReported(EmploymentReported),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// It is said, and holds until something else is.
#[derive(SimpleObject)]
pub struct EmploymentReported {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct ReportEmploymentMutation;

#[Object]
impl ReportEmploymentMutation {
    /// Says whether a learner is employed at the site. Where the training hub says
    /// otherwise, `disagreements` lists it.
    #[graphql(directive = access::apply(Action::ReportEmployment.into()))]
    async fn report_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the site says.")] input: ReportEmploymentInput,
    ) -> Result<Option<ReportEmploymentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ReportEmployment)?;
        let key = input.idempotency_key.to_string();
        let enrolment = ids::read_as(&input.enrolment, "Enrolment")?;
        let (status, as_of) = (input.status.into(), input.as_of.map(|day| day.0));
        let command = employment::ReportEmployment { enrolment, status, as_of };
        let done = match IdempotencyKey::new(&key, "reportEmployment", &format!("{command:?}")) {
            Ok(key) => employment::report(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            Some(EmploymentReported { enrolment: Enrolment(list::find(viewer, id)?) }.into())
        })
    }
}
