//! Opening a cohort.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    cohort::{self, CohortKind},
    organisation::Kind,
    organisation_fact::Status,
};

use super::{MONTHS, check, months_after, say};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        organisations::{OrganisationBy, resolve},
        text,
        turn::{Turn, insert},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// What is known of a cohort when it is opened.
#[derive(Debug, Clone)]
pub struct OpenCohort {
    pub training_hub: OrganisationBy,
    pub provider: Option<OrganisationBy>,
    /// The version of the framework; the newest that is published, unless it says.
    pub framework: Option<i64>,
    pub name: String,
    pub kind: CohortKind,
    pub places: i32,
    pub starts_on: NaiveDate,
    /// 9 months after the start, unless it says otherwise.
    pub ends_on: Option<NaiveDate>,
}

/// Opens the cohort; gives its id, the same for every repetition under the key.
pub async fn open(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: OpenCohort,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let hub = hub(&turn, &command.training_hub)?;
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            let by = command.provider.as_ref();
            let provider_id = by.and_then(|by| check::provider(&turn, by, &mut problems));
            let framework = check::framework(&turn, command.framework, &mut problems).await?;
            let (starts_on, kind) = (command.starts_on, command.kind);
            let ends_on = command.ends_on.unwrap_or_else(|| months_after(starts_on, MONTHS));
            check::dates(kind, starts_on, ends_on, &mut problems);
            check::places(command.places, 0, &mut problems);
            problems.check()?;
            let row = cohort::Model {
                id: turn.next_row_id(),
                training_hub_id: hub,
                provider_id,
                framework_id: framework.ok_or(Failure::NotFound)?,
                name,
                kind,
                places: command.places,
                starts_on,
                ends_on,
                closed_on: None,
                version: 1,
            };
            let id = row.id;
            say(&mut turn, &row, ChangeType::CohortOpened, None);
            insert::<cohort::Entity>(turn.connection(), vec![row]).await?;
            turn.commit(Some(hub), id).await?;
            Ok(id)
        })
        .await
}

/// The hub, if it is at work and the caller may open cohorts of it.
fn hub(turn: &Turn, by: &OrganisationBy) -> Result<OrganisationId, Declined> {
    let (directory, today) = (turn.directory(), turn.today());
    let found = resolve(directory, by, today).filter(|found| found.kind() == Kind::TrainingHub);
    let Some(found) = found else {
        let sentence = "name one of those that trainingHubs lists";
        return invalid("input.trainingHub", ProblemCode::NotFound, sentence);
    };
    directory
        .allows(turn.permit(), found, today)
        .map_err(|reason| Failure::Forbidden(reason.to_owned()))?;
    if found.status_at(today) != Some(Status::Active) {
        let sentence = "the training hub is closed";
        return invalid("input.trainingHub", ProblemCode::Contradiction, sentence);
    }
    Ok(found.id())
}
