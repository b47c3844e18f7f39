//! `transferEnrolment`: moves an enrolment to another site.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Enrolment,
    outcomes::{EnrolmentConflict, leaving},
};
use crate::{
    auth::action::Action,
    domain::enrolments::transfer,
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{by::SiteBy, seen::viewer},
        outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which enrolment, as you read it, and where it goes on.
#[derive(InputObject)]
pub struct TransferEnrolmentInput {
    /// The enrolment.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The site where it goes on: an open GP practice, of whichever training hub.
    site: SiteBy,
    /// Another cohort, of the training hub of that site, with a place left; left out: it
    /// stays in its cohort.
    cohort: Option<ID>,
    /// The day on which it did; left out: today. Never in the future, nor before what
    /// happened to it last.
    on: Option<Date>,
}

/// What became of `transferEnrolment`.
#[derive(Union)]
pub enum TransferEnrolmentPayload {
    EnrolmentTransferred(EnrolmentTransferred),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// The enrolment goes on at that site, in the state that it was in.
#[derive(SimpleObject)]
pub struct EnrolmentTransferred {
    /// The enrolment; null where it has left your reach.
    enrolment: Option<Enrolment>,
}

#[derive(Default)]
pub struct TransferEnrolmentMutation;

#[Object]
impl TransferEnrolmentMutation {
    /// Moves an enrolment to another site and, if it goes to another training hub,
    /// perhaps to a cohort there.
    #[graphql(directive = access::apply(Action::TransferEnrolment.into()))]
    async fn transfer_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enrolment, and where to.")] input: TransferEnrolmentInput,
    ) -> Result<Option<TransferEnrolmentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::TransferEnrolment)?;
        let cohort = input.cohort.as_ref();
        let command = transfer::TransferEnrolment {
            enrolment: ids::read_as(&input.id, "Enrolment")?,
            expected_version: input.expected_version,
            site: input.site.read()?,
            cohort: cohort.map(|id| ids::read_as(id, "Cohort")).transpose()?,
            on: input.on.map(|day| day.0),
        };
        let done = transfer::transfer(viewer, permit, command).await;
        leaving(ctx, done, |enrolment| EnrolmentTransferred { enrolment }.into())
    }
}
