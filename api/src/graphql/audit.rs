//! Who did what: for those whose right to read the audit holds the organisation.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{audit, change::NodeType};

use super::{
    access::{Action, access},
    enums::{RecordKind, Role},
    error::Result,
    ids::id_of,
    organisations::{by::organisation_id, interfaces::Organisation, parts, seen::viewer},
    page::{Connected, Total, connected},
};
use crate::{
    auth::{action, actor},
    domain::{audit as domain, page::PageRequest},
};

/// One command that wrote, or one reading of what is about persons, and whose it was.
pub struct AuditEntry(pub audit::Model);

/// One command that wrote, or one reading of what is about persons, and whose it was.
#[Object]
impl AuditEntry {
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// The id of the request, as the answer's header `x-request-id` gave it.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Who issued the token.
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Who sent it, as the issuer names them.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// In which role.
    async fn role(&self) -> Option<Role> {
        actor::Role::named(&self.0.role).map(Into::into)
    }

    /// For which organisation, as it is today.
    async fn actor_organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.actor_organisation_id?, viewer(ctx).today())
    }

    /// What they did.
    async fn action(&self) -> Option<Action> {
        let named = |action: &action::Action| action.name() == self.0.action;
        action::Action::ALL.into_iter().find(named).map(Into::into)
    }

    /// To what, as it is today; null when it was the register as a whole.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation_id?, viewer(ctx).today())
    }

    /// What kind of record of the organisation it was about, if about one alone.
    async fn record_kind(&self) -> Option<RecordKind> {
        self.0.node_type.map(Into::into)
    }

    /// The id of that record: see `node`.
    async fn record(&self) -> Option<ID> {
        let type_name = match self.0.node_type? {
            NodeType::Participation => "Site",
            NodeType::Cohort => "Cohort",
            NodeType::Learner => "Learner",
            NodeType::Enrolment => "Enrolment",
            NodeType::Post => "Post",
        };
        Some(id_of(type_name, self.0.node_id?))
    }
}

/// Which audit entries a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// About this organisation.
    organisation: Option<ID>,
    /// Of this action.
    action: Option<Action>,
    /// By this subject.
    subject: Option<String>,
    /// At this moment or later.
    since: Option<DateTime<Utc>>,
    /// Before this moment.
    until: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub struct AuditQueries;

#[Object]
impl AuditQueries {
    /// Who did what within your reach, the newest first.
    #[graphql(directive = access::apply(Action::ReadAudit))]
    async fn audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass all of this.")] filter: Option<AuditFilter>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<AuditEntry>> {
        let viewer = viewer(ctx).clone();
        let filter = filter.unwrap_or_default();
        let filter = domain::AuditFilter {
            organisation: filter.organisation.as_ref().map(organisation_id).transpose()?,
            action: filter.action.map(|action| action::Action::from(action).name().to_owned()),
            subject: filter.subject,
            since: filter.since,
            until: filter.until,
        };
        let request = PageRequest { first, after, last, before };
        let page = domain::list(&viewer, &filter, &request).await?;
        let total = Total::new(move || {
            let (viewer, filter) = (viewer.clone(), filter.clone());
            async move {
                let count = domain::count(&viewer, &filter).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, AuditEntry))
    }
}
