//! A rule that figures are judged by, as clients see it.

use async_graphql::{ID, Object};
use entity::validation_rule;

use super::enums::RuleKind;
use crate::{
    domain::amount::Amount,
    graphql::{findings::Severity, ids::id_of},
};

/// A rule that figures of a metric are judged by, whichever way they come.
pub struct ValidationRule(pub validation_rule::Model);

/// A rule that figures of a metric are judged by, whichever way they come.
#[Object]
impl ValidationRule {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("ValidationRule", self.0.id)
    }

    /// The metric's code.
    async fn metric(&self) -> &str {
        &self.0.metric
    }

    /// What it looks at.
    async fn kind(&self) -> RuleKind {
        self.0.kind.into()
    }

    /// How much it weighs.
    async fn severity(&self) -> Severity {
        self.0.severity.into()
    }

    /// The smallest value of a range; null where that is open.
    async fn minimum(&self) -> Option<f64> {
        self.0.minimum.map(|end| Amount(end).number())
    }

    /// The largest value of a range; null where that is open.
    async fn maximum(&self) -> Option<f64> {
        self.0.maximum.map(|end| Amount(end).number())
    }

    /// How many earlier months limits need; null for other rules.
    async fn months(&self) -> Option<i32> {
        self.0.months
    }

    /// What to do about a figure that breaks it.
    async fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether figures are judged by it.
    async fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
