//! An issue, as clients see it.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

use crate::{
    auth::actor,
    domain::data_quality::{Issue, IssueState, Rule},
    graphql::{
        enums::Role,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        scalars::Date,
    },
};

/// What an issue was found by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Rule")]
pub enum DataQualityRule {
    /// A return of the last 24 months that is overdue.
    MissingReturn,
    /// A figure beyond the limits (mean ± 2.66 average moving ranges) that 12 to 36 months
    /// before it make, since the last rebase. Stocks are not looked at.
    Outlier,
    /// Figures of a series that have been provisional for over 90 days.
    StaleProvisional,
    /// An active practice without a region, an ICB, a sub-ICB location or a training hub.
    SiteWithoutPlacement,
    /// A succession that is disputed.
    DisputedSuccession,
}

/// Whether somebody has looked at an issue.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "IssueState")]
pub enum DataQualityState {
    /// Nobody has accepted it.
    Open,
    /// Somebody accepted it with a reason.
    Accepted,
}

/// Something that may be wrong with the data. It is found anew whenever somebody asks:
/// once it is fixed, it is gone.
pub struct DataQualityIssue(pub Issue);

/// Something that may be wrong with the data. It is found anew whenever somebody asks:
/// once it is fixed, it is gone.
#[Object]
impl DataQualityIssue {
    /// What to send to `acceptDataQualityIssue`. It names the very thing that looks wrong:
    /// a new figure has a new key.
    async fn key(&self) -> ID {
        ID(self.0.key.clone())
    }

    /// What it was found by.
    async fn rule(&self) -> DataQualityRule {
        self.0.rule.into()
    }

    /// Whose issue it is, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation.id(), viewer(ctx).today())
    }

    /// What is wrong, or looks wrong.
    async fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do about it.
    async fn to_do(&self) -> &str {
        &self.0.to_do
    }

    /// The day since which it has been so.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// Whether somebody has accepted it.
    async fn state(&self) -> DataQualityState {
        self.0.state().into()
    }

    /// Who accepted it and why; null while it is open.
    async fn acceptance(&self) -> Option<DataQualityAcceptance> {
        let acceptance = self.0.acceptance.clone()?;
        let role = actor::Role::named(&acceptance.role).map(Into::into);
        Some(DataQualityAcceptance { reason: acceptance.reason, role, at: acceptance.at })
    }
}

/// Who said that an issue is none, and why.
#[derive(SimpleObject)]
pub struct DataQualityAcceptance {
    /// Why it is as it should be.
    reason: String,
    /// In which role they said so.
    role: Option<Role>,
    /// When.
    at: DateTime<Utc>,
}
