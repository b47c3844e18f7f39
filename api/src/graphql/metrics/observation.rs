//! Observations, row by row.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Context, ContextSelectionSet, ID, Object, OutputType, Positioned, ServerResult, Value,
    parser::types::Field, registry::Registry, resolver_utils::enum_value,
};
use chrono::{DateTime, Utc};
use entity::{observation, organisation_code::CodeScheme};

use super::{
    definition::MetricDefinition,
    enums::{ObservationSource, ObservationState, ObservationStatus},
    told::{Asking, Told, nested, object, scalar},
};
use crate::{
    domain::{amount::Amount, metrics, viewer::Viewer},
    graphql::{
        ids::id_of,
        organisations::{
            interfaces::Organisation,
            parts,
            seen::{Seen, viewer},
        },
        scalars::{Month, OdsCode, Slug},
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

impl Told for Observation {
    const TYPE: &'static str = "Observation";

    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value> {
        let (row, viewer) = (&*self.0, asking.data_unchecked::<Viewer>());
        let number = |amount: Option<i64>| scalar(amount.map(|amount| Amount(amount).number()));
        Some(match field.name.node.as_str() {
            "id" => Value::String(id_of(Self::TYPE, row.id).0),
            "metric" => {
                let metric = metrics::by_id(viewer, row.version_id).map(MetricDefinition);
                nested(metric.as_ref(), asking, field)?
            }
            "organisation" => {
                let seen = Seen::today(viewer, row.organisation_id);
                nested(seen.map(Whose).as_ref(), asking, field)?
            }
            "month" => scalar(ids::Month::read(row.month).map(Month)),
            "revision" => Value::from(row.revision),
            "state" => enum_value(ObservationState::from(row.state)),
            "value" => number(row.value),
            "numerator" => number(row.numerator),
            "denominator" => number(row.denominator),
            "status" => enum_value(ObservationStatus::from(row.status)),
            "source" => enum_value(ObservationSource::from(row.source)),
            "recordedAt" => scalar(Some(row.recorded_at)),
            "note" => row.note.as_deref().map_or(Value::Null, Value::from),
            _ => return None,
        })
    }
}

/// The organisation of an observation, as far as its fields are plain: what type it has
/// is not known here.
struct Whose(Seen);

impl Told for Whose {
    const TYPE: &'static str = "Organisation";
    const IS_INTERFACE: bool = true;

    fn tell(&self, _: Asking<'_>, field: &Field) -> Option<Value> {
        let seen = &self.0;
        let code = |scheme| parts::code(seen, scheme);
        Some(match field.name.node.as_str() {
            "name" if field.arguments.is_empty() => {
                Value::from(seen.organisation.name_at(seen.day))
            }
            "odsCode" => {
                let code = code(CodeScheme::Ods).and_then(|code| code.parse().ok());
                scalar(code.map(OdsCode))
            }
            "slug" => scalar(code(CodeScheme::Slug).and_then(|code| code.parse().ok()).map(Slug)),
            _ => return None,
        })
    }
}

/// An observation among many.
pub struct Listed(pub Observation);

impl OutputType for Listed {
    fn type_name() -> Cow<'static, str> {
        <Observation as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Observation as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        if let Some(told) = object(&self.0, ctx, &ctx.item.node) {
            return Ok(told);
        }
        Box::pin(OutputType::resolve(&self.0, ctx, field)).await
    }
}
