//! `assignMentor`: who supports or verifies a learner.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{enums::MentorKind, input::PersonInput, object::Enrolment};
use crate::{
    auth::action::Action,
    domain::{
        enrolments::{list, mentors},
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

/// Who is assigned to an enrolment, and in which part.
#[derive(InputObject)]
pub struct AssignMentorInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// The enrolment.
    enrolment: ID,
    /// In which part.
    kind: MentorKind,
    /// Who it is.
    person: PersonInput,
    /// The first day of it.
    from: Date,
    /// The first day on which it is over; left out: it is open.
    to: Option<Date>,
}

/// What became of `assignMentor`.
#[derive(Union)]
pub enum AssignMentorPayload {
    MentorAssigned(MentorAssigned),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The person is assigned, and may follow the enrolment while they are.
#[derive(SimpleObject)]
pub struct MentorAssigned {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct AssignMentorMutation;

#[Object]
impl AssignMentorMutation {
    /// Assigns a mentor or a verifier to an enrolment.
    #[graphql(directive = access::apply(Action::AssignMentor.into()))]
    async fn assign_mentor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is assigned to what.")] input: AssignMentorInput,
    ) -> Result<Option<AssignMentorPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AssignMentor)?;
        let key = input.idempotency_key.to_string();
        let enrolment = ids::read_as(&input.enrolment, "Enrolment")?;
        let command = mentors::AssignMentor {
            enrolment,
            kind: input.kind.into(),
            subject: input.person.subject,
            issuer: input.person.issuer,
            from: input.from.0,
            to: input.to.map(|day| day.0),
        };
        let done = match IdempotencyKey::new(&key, "assignMentor", &format!("{command:?}")) {
            Ok(key) => mentors::assign(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |_| {
            let enrolment = Enrolment(list::find(viewer, enrolment)?);
            Some(MentorAssigned { enrolment }.into())
        })
    }
}
