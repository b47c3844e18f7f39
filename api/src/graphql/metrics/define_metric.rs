//! `defineMetric`: a draft of a metric's version.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    definition::MetricDefinition,
    enums::{DisclosureClass, MetricAggregation, MetricDirection, MetricKind, MetricUnit},
};
use crate::{
    auth::action::Action,
    domain::{
        amount::Amount,
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        metrics::{self, define},
    },
    graphql::{
        access::access,
        enums::OrganisationKind,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// A version of a metric, as it is drafted.
#[derive(InputObject)]
pub struct DefineMetricInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and drafts nothing twice.
    idempotency_key: ID,
    /// Two words joined by a point, such as `gpa.headcount`.
    code: String,
    /// Major, minor and patch, such as `1.1.0`. A draft of that version is told anew.
    version: String,
    /// A few words.
    title: String,
    /// What is counted, exactly.
    description: String,
    /// What a value is counted in.
    unit: MetricUnit,
    /// What a value says of a period.
    kind: MetricKind,
    /// Which way is better.
    direction: MetricDirection,
    /// How figures of organisations make the figure of what holds them.
    aggregation: MetricAggregation,
    /// The kind of organisation that it is observed of.
    subject_level: OrganisationKind,
    /// What is divided, of a ratio.
    numerator: Option<String>,
    /// What it is divided by, of a ratio; what weighs, of a mean.
    denominator: Option<String>,
    /// How much a figure may give away about people.
    disclosure: DisclosureClass,
    /// With how many decimals a value is shown, 0 to 6.
    #[graphql(default)]
    decimals: i32,
    /// The smallest value that can be observed.
    minimum: Option<f64>,
    /// The largest value that can be observed.
    maximum: Option<f64>,
    /// How it is worked out: `difference CODE`, or `ratio CODE / CODE`; none if reported.
    derivation: Option<String>,
    /// Where figures come from.
    sources: String,
    /// The first day of the first month that this version speaks of.
    effective_from: Date,
    /// Why the series breaks here, of a new major version.
    break_note: Option<String>,
}

/// What became of `defineMetric`.
#[derive(Union)]
pub enum DefineMetricPayload {
    MetricDefined(MetricDefined),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The version is drafted.
#[derive(SimpleObject)]
pub struct MetricDefined {
    /// The draft.
    metric: MetricDefinition,
}

impl DefineMetricInput {
    fn read(self) -> Result<define::DefineMetric, Declined> {
        let mut problems = Problems::default();
        let mut amount = |number: Option<f64>, path: &'static str| {
            let read = number.map(Amount::of)?;
            let failed = |no| {
                let (code, sentence) =
                    (ProblemCode::OutOfRange, crate::domain::amount::NoAmount::sentence(no));
                problems.add(path, code, format!("the number {sentence}"));
            };
            read.map_err(failed).ok()
        };
        let minimum = amount(self.minimum, "input.minimum");
        let maximum = amount(self.maximum, "input.maximum");
        let version = read_version(&self.version);
        if version.is_none() {
            let sentence = "a version is three numbers joined by points, such as 1.0.0";
            problems.add("input.version", ProblemCode::Malformed, sentence);
        }
        problems.check()?;
        Ok(define::DefineMetric {
            code: self.code,
            version: version.unwrap_or_default(),
            title: self.title,
            description: self.description,
            unit: self.unit.into(),
            kind: self.kind.into(),
            direction: self.direction.into(),
            aggregation: self.aggregation.into(),
            subject_level: self.subject_level.into(),
            numerator: self.numerator,
            denominator: self.denominator,
            disclosure: self.disclosure.into(),
            decimals: self.decimals,
            minimum,
            maximum,
            derivation: self.derivation,
            sources: self.sources,
            effective_from: self.effective_from.0,
            break_note: self.break_note,
        })
    }
}

/// Three numbers joined by points, such as `1.0.0`.
pub(in crate::graphql) fn read_version(text: &str) -> Option<(i32, i32, i32)> {
    let parts: Vec<i32> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [major, minor, patch] = parts[..] else { return None };
    let sound = [major, minor, patch].iter().all(|part| (0..=9_999).contains(part)) && major > 0;
    sound.then_some((major, minor, patch))
}

#[derive(Default)]
pub struct DefineMetricMutation;

#[Object]
impl DefineMetricMutation {
    /// Drafts a new metric, or a new version of one. Nobody's figures change until it is
    /// published.
    #[graphql(directive = access::apply(Action::DefineMetric.into()))]
    async fn define_metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: DefineMetricInput,
    ) -> Result<Option<DefineMetricPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DefineMetric)?;
        let key = input.idempotency_key.to_string();
        let done = match input.read() {
            Err(declined) => Err(declined),
            Ok(command) => {
                match IdempotencyKey::new(&key, "defineMetric", &format!("{command:?}")) {
                    Ok(key) => define::define(viewer, permit, key, command).await,
                    Err(declined) => Err(declined),
                }
            }
        };
        creating(done, |id| {
            let metric = MetricDefinition(metrics::by_id(viewer, id)?);
            Some(MetricDefined { metric }.into())
        })
    }
}
