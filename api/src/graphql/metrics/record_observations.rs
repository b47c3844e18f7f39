//! `recordObservations`: a batch of figures, each judged by itself.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use entity::observation;

use super::{
    enums::{ItemResult, ObservationState, ObservationStatus},
    observation::Observation,
};
use crate::{
    auth::action::Action,
    domain::{
        amount::{Amount, NoAmount},
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        observations::{
            Said,
            command::{Item, ItemOutcome, RecordObservations, record_observations},
            list,
        },
    },
    graphql::{
        access::access,
        error::Result,
        findings::Finding,
        organisations::{by::OrganisationBy, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Month,
    },
};

/// One figure to record.
#[derive(InputObject)]
pub struct ObservationInput {
    /// The metric's code, such as `gpa.fte`.
    metric: String,
    /// Whose figure it is.
    organisation: OrganisationBy,
    /// The month.
    month: Month,
    /// What is said.
    #[graphql(default_with = "ObservationState::Value")]
    state: ObservationState,
    /// The value; of a ratio it may be left out.
    value: Option<f64>,
    /// What is divided, of a ratio.
    numerator: Option<f64>,
    /// What it is divided by, of a ratio; the weight, of a mean.
    denominator: Option<f64>,
    /// Why a figure is right that looks wrong: it lets warnings pass, and is kept.
    explanation: Option<String>,
    /// The revision that you read, 0 for none: refused if another was recorded since.
    expected_revision: Option<i32>,
}

/// Figures to record.
#[derive(InputObject)]
pub struct RecordObservationsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// 1 to 1,000 of them.
    items: Vec<ObservationInput>,
    /// How settled they are; only the programme team records more than PROVISIONAL.
    #[graphql(default_with = "ObservationStatus::Provisional")]
    status: ObservationStatus,
}

/// What became of `recordObservations`.
#[derive(Union)]
pub enum RecordObservationsPayload {
    ObservationsRecorded(ObservationsRecorded),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// Each item was judged by itself, and recorded or refused.
#[derive(SimpleObject)]
pub struct ObservationsRecorded {
    /// One for each item, in their order.
    outcomes: Vec<ObservationOutcome>,
    /// How many were refused.
    refused: i32,
}

/// What became of one item.
#[derive(SimpleObject)]
pub struct ObservationOutcome {
    /// The place of the item in the list, from 0 on.
    index: i32,
    /// What became of it.
    result: ItemResult,
    /// The observation that holds now.
    observation: Option<Observation>,
    /// What is wrong, or looks wrong, with it.
    findings: Vec<Finding>,
}

impl RecordObservationsInput {
    fn read(self) -> Result<Result<RecordObservations, Declined>> {
        let mut problems = Problems::default();
        let mut items = Vec::with_capacity(self.items.len());
        for item in self.items {
            let numbers = [item.value, item.numerator, item.denominator];
            let mut amount = |number: Option<f64>| match number.map(Amount::of)? {
                Ok(amount) => Some(amount),
                Err(no) => {
                    let sentence =
                        format!("item {}: a number {}", items.len(), NoAmount::sentence(no));
                    problems.add("input.items", ProblemCode::OutOfRange, sentence);
                    None
                }
            };
            let [value, numerator, denominator] = numbers.map(&mut amount);
            let said = match observation::State::from(item.state) {
                observation::State::Value => Said::Value { value, numerator, denominator },
                observation::State::Nil => Said::Nil,
                observation::State::NotApplicable => Said::NotApplicable,
                observation::State::Withdrawn => Said::Withdrawn,
            };
            items.push(Item {
                metric: item.metric,
                organisation: item.organisation.read()?,
                month: item.month.0,
                said,
                explanation: item.explanation,
                expected_revision: item.expected_revision,
            });
        }
        let command = RecordObservations { items, status: self.status.into() };
        Ok(problems.check().map(|()| command))
    }
}

#[derive(Default)]
pub struct RecordObservationsMutation;

#[Object]
impl RecordObservationsMutation {
    /// Records figures, up to 1,000 at once. Each item is judged by itself: what is wrong
    /// with one does not hold up the others. A figure that is there already gets another
    /// revision; one that belongs to a return is changed through the return alone.
    #[graphql(directive = access::apply(Action::RecordObservations.into()))]
    async fn record_observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figures.")] input: RecordObservationsInput,
    ) -> Result<Option<RecordObservationsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordObservations)?;
        let key = input.idempotency_key.to_string();
        let done = match input.read()? {
            Err(declined) => Err(declined),
            Ok(command) => {
                match IdempotencyKey::new(&key, "recordObservations", &format!("{command:?}")) {
                    Ok(key) => record_observations(viewer, permit, key, command).await,
                    Err(declined) => Err(declined),
                }
            }
        };
        let observed = match &done {
            Ok(outcomes) if ctx.look_ahead().field("outcomes").field("observation").exists() => {
                let ids: Vec<i64> = outcomes.iter().filter_map(|each| each.observation).collect();
                list::find(viewer, &ids).await?
            }
            _ => Vec::new(),
        };
        creating(done, |outcomes| Some(recorded(outcomes, observed).into()))
    }
}

fn recorded(outcomes: Vec<ItemOutcome>, observed: Vec<observation::Model>) -> ObservationsRecorded {
    let observed: std::collections::HashMap<i64, _> =
        observed.into_iter().map(|row| (row.id, Observation(std::sync::Arc::new(row)))).collect();
    let outcomes: Vec<_> = (0..)
        .zip(outcomes)
        .map(|(index, each)| ObservationOutcome {
            index,
            result: each.result.into(),
            observation: each.observation.and_then(|id| observed.get(&id).cloned()),
            findings: each.findings.into_iter().map(Finding::from).collect(),
        })
        .collect();
    let refused = outcomes.iter().filter(|each| each.result == ItemResult::Refused).count();
    ObservationsRecorded { outcomes, refused: i32::try_from(refused).unwrap_or(i32::MAX) }
}
