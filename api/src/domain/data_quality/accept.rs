//! Accepting an issue: somebody looked, and it is as it should be.

use entity::{
    change::ChangeType,
    data_quality_acceptance::{Entity, Model},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{
    Issue, list,
    look::{Look, look},
    whose,
};
use crate::{
    auth::{action::Action, policy::Permit},
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        turn::{Said, Turn},
        viewer::Viewer,
    },
};

/// The issue of that key is none, for that reason.
#[derive(Debug, Clone)]
pub struct AcceptIssue {
    pub key: String,
    pub reason: String,
}

/// Accepts the issue; gives the acceptance's id, the same for every repetition under the
/// key.
pub async fn accept(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: AcceptIssue,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let issue = find(&turn, &command.key).await?.ok_or(Failure::NotFound)?;
            let reason = check(&issue, &command.reason)?;
            let organisation = issue.organisation.id();
            let id = turn.next_row_id();
            let row = Model {
                id,
                rule: issue.rule,
                issue: issue.key.clone(),
                organisation_id: organisation,
                reason: reason.clone(),
                audit_id: turn.audit(Some(organisation)).await?,
            };
            row.into_active_model().insert(turn.connection()).await?;
            turn.say(Said {
                organisation_id: organisation,
                change_type: ChangeType::DataQualityIssueAccepted,
                effective_on: None,
                before: Some(format!("{}: {}", super::name(issue.rule), issue.what)),
                after: Some(reason),
                node: None,
            });
            turn.commit(Some(organisation), id).await?;
            Ok(id)
        })
        .await
}

/// The issue as it now is, if it is there and within the permit's reach.
async fn find(turn: &Turn, key: &str) -> Result<Option<Issue>, Failure> {
    let directory = turn.directory();
    let organisation = whose(key).and_then(|id| directory.find(id)).filter(|organisation| {
        directory.covers(&turn.permit().reach(), organisation, turn.today())
    });
    let Some(organisation) = organisation else { return Ok(None) };
    let at = Look {
        connection: turn.connection(),
        directory,
        catalogue: turn.catalogue(),
        now: turn.at(),
        today: turn.today(),
    };
    let found = look(&at, std::slice::from_ref(organisation), None).await?;
    Ok(found.into_iter().find(|issue| issue.key == key))
}

/// The reason, if nothing is wrong.
fn check(issue: &Issue, reason: &str) -> Result<String, Declined> {
    let mut problems = Problems::default();
    let reason = reason.trim();
    if !(8..=500).contains(&reason.chars().count()) {
        let sentence = "say in 8 to 500 characters why it is as it should be";
        problems.add("input.reason", ProblemCode::Required, sentence);
    }
    if issue.acceptance.is_some() {
        let sentence = "the issue is accepted already";
        problems.add("input.key", ProblemCode::AlreadyExists, sentence);
    }
    problems.check()?;
    Ok(reason.to_owned())
}

/// The issue of an acceptance, if it is still there and the viewer may see it.
pub async fn accepted(viewer: &Viewer, acceptance: i64) -> Result<Option<Issue>, Failure> {
    let row = Entity::find_by_id(acceptance).one(&viewer.store().reader).await?;
    let Some(row) = row else { return Ok(None) };
    let directory = viewer.directory();
    let reach = viewer.reach(Action::ReadDataQuality);
    let organisation = directory.find(row.organisation_id);
    let organisation = organisation.filter(|each| directory.covers(&reach, each, viewer.today()));
    let Some(organisation) = organisation else { return Ok(None) };
    let found = list::of(viewer, std::slice::from_ref(organisation), Some(&[row.rule])).await?;
    Ok(found.into_iter().find(|issue| issue.key == row.issue))
}
