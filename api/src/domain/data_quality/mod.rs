//! Data quality: what may be wrong with the data, found by rules whenever somebody asks.
//!
//! An issue is never stored, so one that is fixed is gone by itself. What is stored is
//! that somebody looked at an issue and accepted it, with a reason. An issue's key names
//! the very thing that looks wrong, for a figure one revision of it: a new figure has a
//! new key, and asks again.
//!
//! Whoever may read the issues of an organisation may read its figures as they are, so
//! an issue may name them.

pub mod accept;
mod acceptances;
mod figures;
pub mod list;
mod look;
mod missing;
mod register;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
pub use entity::data_quality_acceptance::Rule;

use super::directory::organisation::Organisation;
use crate::ids::OrganisationId;

/// Something that may be wrong.
#[derive(Debug, Clone)]
pub struct Issue {
    pub rule: Rule,
    pub organisation: Arc<Organisation>,
    /// Such as `OUTLIER:17:52981`: the rule, the organisation and what it is about.
    pub key: String,
    /// What is wrong, and what to do about it: sentences for a person.
    pub what: String,
    pub to_do: String,
    /// Since when it has been so.
    pub since: NaiveDate,
    pub acceptance: Option<Acceptance>,
}

/// Who said that an issue is none, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub reason: String,
    /// The role of whoever accepted it.
    pub role: String,
    pub at: DateTime<Utc>,
}

/// Whether somebody has accepted an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueState {
    Open,
    Accepted,
}

impl Issue {
    fn new(
        rule: Rule,
        organisation: &Arc<Organisation>,
        about: impl std::fmt::Display,
        since: NaiveDate,
        (what, to_do): (String, String),
    ) -> Self {
        let key = format!("{}:{}:{about}", name(rule), organisation.id());
        let organisation = organisation.clone();
        Self { rule, organisation, key, what, to_do, since, acceptance: None }
    }

    pub fn state(&self) -> IssueState {
        if self.acceptance.is_some() { IssueState::Accepted } else { IssueState::Open }
    }
}

/// A rule's spelling, in keys and in the schema.
pub fn name(rule: Rule) -> &'static str {
    match rule {
        Rule::MissingReturn => "MISSING_RETURN",
        Rule::Outlier => "OUTLIER",
        Rule::StaleProvisional => "STALE_PROVISIONAL",
        Rule::SiteWithoutPlacement => "SITE_WITHOUT_PLACEMENT",
        Rule::DisputedSuccession => "DISPUTED_SUCCESSION",
    }
}

/// Whose issue a key names.
fn whose(key: &str) -> Option<OrganisationId> {
    key.split(':').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{
        action::Action,
        actor::{Actor, Holder, Role},
        policy::reach,
    };

    /// An issue names figures, so whoever reads the one may read the other.
    #[test]
    fn whoever_reads_issues_reads_figures_as_they_are() {
        for role in Role::ALL {
            let actor = Actor::Holder(Holder {
                issuer: String::new(),
                subject: String::new(),
                role,
                organisation: Some(1),
                scopes: std::collections::BTreeSet::new(),
                client: None,
            });
            let issues = reach(&actor, Action::ReadDataQuality);
            assert_eq!(issues, reach(&actor, Action::ReadExactFigures), "{role:?}");
        }
    }

    #[test]
    fn a_key_names_its_organisation() {
        assert_eq!(whose("OUTLIER:17:52981"), Some(17));
        for other in ["", "OUTLIER", "OUTLIER:", "OUTLIER:x:1", ":"] {
            assert_eq!(whose(other), None, "{other}");
        }
    }
}
