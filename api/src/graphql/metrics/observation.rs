//! Observations, row by row.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::observation;

use super::{
    definition::MetricDefinition,
    enums::{FindingSeverity, ObservationSource, ObservationState, ObservationStatus},
};
use crate::{
    domain::{amount::Amount, findings, metrics},
    graphql::{
        ids::id_of,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        scalars::Month,
    },
    ids,
};

/// One revision of one value: of a metric, for an organisation, in a month. A revision
/// is never changed; a correction is another one.
#[derive(Clone)]
pub struct Observation(pub Arc<observation::Model>);

/// One revision of one value: of a metric, for an organisation, in a month. A revision
/// is never changed; a correction is another one.
#[Object]
impl Observation {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        id_of("Observation", self.0.id)
    }

    /// The version of the definition that it was recorded under.
    async fn metric(&self, ctx: &Context<'_>) -> Option<MetricDefinition> {
        metrics::by_id(viewer(ctx), self.0.version_id).map(MetricDefinition)
    }

    /// Whose it is, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation_id, viewer(ctx).today())
    }

    /// The month.
    async fn month(&self) -> Option<Month> {
        ids::Month::read(self.0.month).map(Month)
    }

    /// 1 for the first, and one more for each that follows; send the last one back as
    /// `expectedRevision`.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// What was said.
    async fn state(&self) -> ObservationState {
        self.0.state.into()
    }

    /// The value, to the millionth.
    async fn value(&self) -> Option<f64> {
        self.0.value.map(|amount| Amount(amount).number())
    }

    /// What is divided, of a ratio; the weighted value, of a mean.
    async fn numerator(&self) -> Option<f64> {
        self.0.numerator.map(|amount| Amount(amount).number())
    }

    /// What it is divided by, of a ratio; the weight, of a mean.
    async fn denominator(&self) -> Option<f64> {
        self.0.denominator.map(|amount| Amount(amount).number())
    }

    /// How settled it is.
    async fn status(&self) -> ObservationStatus {
        self.0.status.into()
    }

    /// What brought it.
    async fn source(&self) -> ObservationSource {
        self.0.source.into()
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }

    /// Why it is as it is, where somebody said so.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

/// Something that is wrong, or looks wrong, with a figure that was sent.
#[derive(SimpleObject)]
pub struct Finding {
    /// Whether it keeps the figure out.
    severity: FindingSeverity,
    /// What kind of thing, such as `OUT_OF_RANGE`; the same for the API, CSV and XLSX.
    code: String,
    /// Which part of what was sent, such as `value`.
    column: String,
    /// What is wrong and what to do about it.
    message: String,
}

impl From<findings::Finding> for Finding {
    fn from(finding: findings::Finding) -> Self {
        Self {
            severity: finding.severity.into(),
            code: finding.code,
            column: finding.column,
            message: finding.message,
        }
    }
}
