//! What belongs to an enrolment: its events, extensions, mentors and the site's word.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{employment_report, enrolment_event, extension, mentor_assignment};

use super::enums::{
    DisagreementKind, EmploymentStatus, EnrolmentRequirement, EnrolmentState, ExtensionDecision,
    ExtensionReason, MentorKind,
};
use crate::{
    domain::enrolments::{disagreement, transitions::Transition},
    graphql::{
        access::Action,
        ids::id_of,
        organisations::{
            kinds::Site,
            seen::{Seen, viewer},
        },
        scalars::Date,
    },
};

/// What may become of an enrolment.
#[derive(SimpleObject)]
pub struct EnrolmentStep {
    /// The state that it may come into.
    state: EnrolmentState,
    /// Whoever may do this takes it there.
    action: Action,
    /// What it takes.
    requires: Vec<EnrolmentRequirement>,
}

impl From<&Transition> for EnrolmentStep {
    fn from(step: &Transition) -> Self {
        let requires = step.requires.iter().map(|each| (*each).into()).collect();
        Self { state: step.to.into(), action: step.by.into(), requires }
    }
}

/// What happened to an enrolment, and when: its states and transfers.
pub struct EnrolmentEvent(pub enrolment_event::Model);

/// What happened to an enrolment, and when: its states and transfers.
#[Object]
impl EnrolmentEvent {
    /// The day.
    async fn on(&self) -> Date {
        Date(self.0.occurred_on)
    }

    /// The state from that day on; a transfer leaves it as it was.
    async fn state(&self) -> EnrolmentState {
        self.0.state.into()
    }

    /// The site from that day on, as it is today.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Seen::today(viewer(ctx), self.0.site_id).map(Site)
    }
}

/// More time for an enrolment, asked for and decided.
pub struct Extension(pub extension::Model);

/// More time for an enrolment, asked for and decided.
#[Object]
impl Extension {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("Extension", self.0.id)
    }

    /// How many months more.
    async fn months(&self) -> i32 {
        self.0.months
    }

    /// Why.
    async fn reason(&self) -> ExtensionReason {
        self.0.reason.into()
    }

    /// The day on which it was asked for.
    async fn requested_on(&self) -> Date {
        Date(self.0.requested_on)
    }

    /// Who asked for it, as the issuer of their tokens names them.
    async fn requested_by(&self) -> &str {
        &self.0.requested_subject
    }

    /// What was decided; null while it waits.
    async fn decision(&self) -> Option<ExtensionDecision> {
        self.0.decision.map(Into::into)
    }

    /// The day on which it was decided.
    async fn decided_on(&self) -> Option<Date> {
        self.0.decided_on.map(Date)
    }

    /// Who decided, as the issuer of their tokens names them.
    async fn decided_by(&self) -> Option<&str> {
        self.0.decided_subject.as_deref()
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Who supports or verifies a learner, and from when to when.
pub struct MentorAssignment(pub mentor_assignment::Model);

/// Who supports or verifies a learner, and from when to when.
#[Object]
impl MentorAssignment {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("MentorAssignment", self.0.id)
    }

    /// In which part.
    async fn kind(&self) -> MentorKind {
        self.0.kind.into()
    }

    /// Who it is, as the issuer of their tokens names them.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Who issues their tokens.
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The first day of it.
    async fn from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// The first day on which it is over; null while it is open.
    async fn to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }
}

/// What a site says of a learner's employment.
#[derive(SimpleObject)]
pub struct EmploymentReport {
    /// Whether the learner is employed there.
    status: EmploymentStatus,
    /// The day from which it is so.
    as_of: Date,
}

impl From<&employment_report::Model> for EmploymentReport {
    fn from(row: &employment_report::Model) -> Self {
        Self { status: row.status.into(), as_of: Date(row.as_of) }
    }
}

/// In what a site and a training hub disagree about a learner, until one of them says
/// otherwise.
#[derive(SimpleObject)]
pub struct Disagreement {
    /// In what.
    kind: DisagreementKind,
    /// The day from which the two have said what they say.
    since: Date,
}

impl From<disagreement::Disagreement> for Disagreement {
    fn from(found: disagreement::Disagreement) -> Self {
        Self { kind: found.kind.into(), since: Date(found.since) }
    }
}
