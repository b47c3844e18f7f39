//! The rules that figures are judged by, held in memory with the definitions.

use std::collections::HashMap;

use entity::validation_rule::{self, Kind, Severity};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use crate::domain::viewer::Viewer;

/// One state of all rules.
#[derive(Debug, Default)]
pub struct Rules(HashMap<String, Vec<validation_rule::Model>>);

impl Rules {
    pub fn new(rows: impl IntoIterator<Item = validation_rule::Model>) -> Self {
        let mut rules = Self::default();
        for row in rows {
            rules.0.entry(row.metric.clone()).or_default().push(row);
        }
        rules
    }

    /// Every rule for a metric, those that are switched off too, in the order in which
    /// they were set.
    pub fn of(&self, metric: &str) -> &[validation_rule::Model] {
        self.0.get(metric).map_or(&[], Vec::as_slice)
    }

    /// The rules for a metric that figures are judged by.
    pub fn enabled(&self, metric: &str) -> impl Iterator<Item = &validation_rule::Model> {
        self.of(metric).iter().filter(|rule| rule.enabled)
    }

    /// The one rule of a kind and weight for a metric.
    pub fn find(
        &self,
        metric: &str,
        kind: Kind,
        severity: Severity,
    ) -> Option<&validation_rule::Model> {
        self.of(metric).iter().find(|rule| rule.kind == kind && rule.severity == severity)
    }

    pub fn by_id(&self, id: i64) -> Option<&validation_rule::Model> {
        self.0.values().flatten().find(|rule| rule.id == id)
    }

    /// Every rule, by its metric's code.
    pub fn all(&self) -> Vec<&validation_rule::Model> {
        let mut all: Vec<_> = self.0.values().flatten().collect();
        all.sort_by(|one, other| (&one.metric, one.id).cmp(&(&other.metric, other.id)));
        all
    }
}

/// Reads every rule.
pub(in crate::domain) async fn load(connection: &impl ConnectionTrait) -> Result<Rules, DbErr> {
    let rows = validation_rule::Entity::find().order_by_asc(validation_rule::Column::Id);
    Ok(Rules::new(rows.all(connection).await?))
}

/// Every rule, or those of one metric, by the metric's code; they are no secret.
pub fn list(viewer: &Viewer, metric: Option<&str>) -> Vec<validation_rule::Model> {
    let catalogue = viewer.catalogue();
    let all = catalogue.rules().all().into_iter();
    all.filter(|rule| metric.is_none_or(|code| rule.metric == code)).cloned().collect()
}

/// The rule of that id.
pub fn find(viewer: &Viewer, id: i64) -> Option<validation_rule::Model> {
    viewer.catalogue().rules().by_id(id).cloned()
}

/// The spelling in findings, as in the schema.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Range => "RANGE",
        Kind::Integer => "INTEGER",
        Kind::Required => "REQUIRED",
        Kind::NumeratorWithinDenominator => "NUMERATOR_WITHIN_DENOMINATOR",
        Kind::BeyondLimits => "BEYOND_LIMITS",
    }
}
