//! `recordAssessments`: a batch of assessments, each judged by itself.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use entity::assessment;

use super::{input::AssessmentInput, object::Assessment};
use crate::{
    auth::action::Action,
    domain::{
        assessments::{record, rows},
        enrolments::list,
        idempotency::IdempotencyKey,
        viewer::Viewer,
    },
    graphql::{
        access::access,
        enrolments::object::Enrolment,
        error::Result,
        findings::Finding,
        metrics::enums::ItemResult,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// Assessments to record.
#[derive(InputObject)]
pub struct RecordAssessmentsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// 1 to 500 of them; a later one may follow an earlier one of the same competency.
    items: Vec<AssessmentInput>,
}

/// What became of `recordAssessments`.
#[derive(Union)]
pub enum RecordAssessmentsPayload {
    AssessmentsRecorded(AssessmentsRecorded),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// Each item was judged by itself, and recorded or refused.
#[derive(SimpleObject)]
pub struct AssessmentsRecorded {
    /// One for each item, in their order.
    outcomes: Vec<AssessmentOutcome>,
    /// How many were refused.
    refused: i32,
}

/// What became of one item.
#[derive(SimpleObject)]
pub struct AssessmentOutcome {
    /// The place of the item in the list, from 0 on.
    index: i32,
    /// What became of it.
    result: ItemResult,
    /// The enrolment; null where none was found.
    enrolment: Option<Enrolment>,
    /// What was recorded, or holds already.
    assessment: Option<Assessment>,
    /// What is wrong with it.
    findings: Vec<Finding>,
}

#[derive(Default)]
pub struct RecordAssessmentsMutation;

#[Object]
impl RecordAssessmentsMutation {
    /// Records how far learners are with their competencies, up to 500 items at once. Each
    /// item is judged by itself: what is wrong with one does not hold up the others.
    #[graphql(directive = access::apply(Action::RecordAssessments.into()))]
    async fn record_assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assessments.")] input: RecordAssessmentsInput,
    ) -> Result<Option<RecordAssessmentsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordAssessments)?;
        let key = input.idempotency_key.to_string();
        let items: Vec<_> =
            input.items.into_iter().map(AssessmentInput::read).collect::<Result<_>>()?;
        let done = match IdempotencyKey::new(&key, "recordAssessments", &format!("{items:?}")) {
            Ok(key) => record::record(viewer, permit, key, items).await,
            Err(declined) => Err(declined),
        };
        let shown = match &done {
            Ok(outcomes) if ctx.look_ahead().field("outcomes").field("assessment").exists() => {
                let ids: Vec<i64> = outcomes.iter().filter_map(|each| each.assessment).collect();
                rows::find(viewer, &ids).await?
            }
            _ => Vec::new(),
        };
        creating(done, |outcomes| Some(recorded(viewer, outcomes, shown).into()))
    }
}

fn recorded(
    viewer: &Viewer,
    outcomes: Vec<record::ItemOutcome>,
    shown: Vec<assessment::Model>,
) -> AssessmentsRecorded {
    let shown: HashMap<i64, _> =
        shown.into_iter().map(|row| (row.id, Assessment(Arc::new(row)))).collect();
    let outcome = |(index, each): (i32, record::ItemOutcome)| AssessmentOutcome {
        index,
        result: each.result.into(),
        enrolment: each.enrolment.and_then(|id| list::find(viewer, id)).map(Enrolment),
        assessment: each.assessment.and_then(|id| shown.get(&id).cloned()),
        findings: each.findings.into_iter().map(Finding::from).collect(),
    };
    let outcomes: Vec<_> = (0..).zip(outcomes).map(outcome).collect();
    let refused = outcomes.iter().filter(|each| each.result == ItemResult::Refused).count();
    AssessmentsRecorded { outcomes, refused: i32::try_from(refused).unwrap_or(i32::MAX) }
}
