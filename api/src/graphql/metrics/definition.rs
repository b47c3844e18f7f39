//! A metric's definition, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Value, parser::types::Field, resolver_utils::enum_value};

use super::{
    enums::{
        DisclosureClass, MetricAggregation, MetricDirection, MetricKind, MetricUnit,
        MetricVersionState,
    },
    told::{Asking, Told},
};
use crate::{
    domain::{
        amount::Amount,
        metrics::{self, catalogue},
        programme,
    },
    graphql::{
        enums::OrganisationKind, ids::id_of, organisations::seen::viewer,
        programme::evidence::Evidence, scalars::Date,
    },
};

/// One version of a metric: what is measured, and how. Once published it never changes.
#[derive(Clone)]
pub struct MetricDefinition(pub Arc<catalogue::Definition>);

/// One version of a metric: what is measured, and how. Once published it never changes.
#[Object]
impl MetricDefinition {
    /// The id of this version.
    pub(crate) async fn id(&self) -> ID {
        id_of("MetricDefinition", self.0.row.id)
    }

    /// The metric's code, such as `gpa.headcount`.
    async fn code(&self) -> &str {
        &self.0.row.code
    }

    /// Major, minor and patch, such as `1.0.0`: another major number is not comparable,
    /// another minor one is extended, another patch is reworded.
    async fn version(&self) -> String {
        self.0.version()
    }

    /// Whether this version is in use.
    async fn state(&self) -> MetricVersionState {
        self.0.row.state.into()
    }

    /// A few words.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What is counted, exactly.
    async fn description(&self) -> &str {
        &self.0.row.description
    }

    /// What a value is counted in.
    async fn unit(&self) -> MetricUnit {
        self.0.row.unit.into()
    }

    /// What a value says of a period.
    async fn kind(&self) -> MetricKind {
        self.0.row.kind.into()
    }

    /// Which way is better.
    async fn direction(&self) -> MetricDirection {
        self.0.row.direction.into()
    }

    /// How figures of organisations make the figure of what holds them.
    async fn aggregation(&self) -> MetricAggregation {
        self.0.row.aggregation.into()
    }

    /// The kind of organisation that it is observed of.
    async fn subject_level(&self) -> OrganisationKind {
        self.0.row.subject_level.into()
    }

    /// What is divided, of a ratio.
    async fn numerator(&self) -> Option<&str> {
        self.0.row.numerator.as_deref()
    }

    /// What it is divided by, of a ratio; what weighs, of a mean.
    async fn denominator(&self) -> Option<&str> {
        self.0.row.denominator.as_deref()
    }

    /// How much a figure may give away about people.
    async fn disclosure(&self) -> DisclosureClass {
        self.0.row.disclosure.into()
    }

    /// With how many decimals a value is shown.
    async fn decimals(&self) -> i32 {
        self.0.row.decimals
    }

    /// The smallest value that can be observed.
    async fn minimum(&self) -> Option<f64> {
        self.0.row.minimum.map(|amount| Amount(amount).number())
    }

    /// The largest value that can be observed.
    async fn maximum(&self) -> Option<f64> {
        self.0.row.maximum.map(|amount| Amount(amount).number())
    }

    /// How it is worked out from other metrics or records; null if it is reported.
    async fn derivation(&self) -> Option<&str> {
        self.0.row.derivation.as_deref()
    }

    /// Where figures come from.
    async fn sources(&self) -> &str {
        &self.0.row.sources
    }

    /// The first day of the first month that this version speaks of.
    async fn effective_from(&self) -> Date {
        Date(self.0.row.effective_from)
    }

    /// Why the series breaks here, of a new major version.
    async fn break_note(&self) -> Option<&str> {
        self.0.row.break_note.as_deref()
    }

    /// Rises by one with every change of a draft; send it back as `expectedVersion`.
    async fn draft_version(&self) -> i32 {
        self.0.row.row_version
    }

    /// Every version of the metric, the oldest first.
    async fn versions(&self, ctx: &Context<'_>) -> Vec<MetricDefinition> {
        let versions = metrics::versions(viewer(ctx), &self.0.row.code);
        versions.into_iter().map(MetricDefinition).collect()
    }

    /// What is published of the role's effect on it, each claim with its grade.
    async fn evidence(&self, ctx: &Context<'_>) -> Vec<Evidence> {
        let claims = programme::evidence(viewer(ctx), Some(&self.0.row.code));
        claims.into_iter().map(Evidence).collect()
    }
}

/// What stands beside figures; the rest is asked of one definition at a time.
impl Told for MetricDefinition {
    const TYPE: &'static str = "MetricDefinition";

    fn tell(&self, _: Asking<'_>, field: &Field) -> Option<Value> {
        let row = &self.0.row;
        Some(match field.name.node.as_str() {
            "id" => Value::String(id_of(Self::TYPE, row.id).0),
            "code" => Value::from(row.code.as_str()),
            "version" => Value::String(self.0.version()),
            "title" => Value::from(row.title.as_str()),
            "unit" => enum_value(MetricUnit::from(row.unit)),
            "kind" => enum_value(MetricKind::from(row.kind)),
            "direction" => enum_value(MetricDirection::from(row.direction)),
            "decimals" => Value::from(row.decimals),
            _ => return None,
        })
    }
}
