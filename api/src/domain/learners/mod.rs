//! Learners: people in training, each by an opaque reference and by what other systems
//! call them. Who they are is read under an action of its own, and audited.

pub mod details;
pub mod duplicates;
pub mod identifiers;
pub mod identify;
pub mod list;
pub mod merge;
pub mod reference;

use entity::{
    change::{ChangeType, NodeType},
    learner,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{
    error::{Declined, Failure},
    records::{Enrolment, Learner, Records, reach::Within},
    turn::{Said, Turn},
};
use crate::{auth::action::Action, ids::OrganisationId};

/// What another system calls a learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    pub system: String,
    pub value: String,
}

/// The learner's newest enrolment that passes; the one that says where they belong.
pub(super) fn newest(
    records: &Records,
    learner: i64,
    passes: impl Fn(&Enrolment) -> bool,
) -> Option<&Enrolment> {
    let all = records.of_learner(learner).map(|each| &**each);
    all.filter(|each| passes(each)).max_by_key(|each| each.row.id)
}

/// Where a learner is, or was last.
pub(super) fn site_of(records: &Records, learner: i64) -> Option<OrganisationId> {
    newest(records, learner, |_| true).map(|enrolment| enrolment.row.site_id)
}

/// The learner, if the caller may see and do this to them: the one who holds everything,
/// not one that was merged.
pub(super) fn permitted(turn: &Turn, id: i64) -> Result<Learner, Failure> {
    let (directory, records, viewer) = (turn.directory(), turn.records(), turn.viewer());
    let learner = records.learner(id).ok_or(Failure::NotFound)?;
    if learner.row.merged_into_id.is_some() {
        return Err(Failure::NotFound);
    }
    turn.permits(Action::ReadEnrolments, |reach| {
        Within::new(viewer, directory, records, reach).learner(learner)
    })?;
    Ok(Learner::clone(learner))
}

/// As [`permitted`], for a caller who says which version they read.
fn permitted_version(turn: &Turn, id: i64, expected: i32) -> Result<Learner, Declined> {
    let learner = permitted(turn, id)?;
    if learner.row.version != expected {
        turn.see_before();
        return Err(Declined::VersionConflict(id));
    }
    Ok(learner)
}

/// Writes the learner's row as the next version of itself, and says so: never what is
/// known of the person.
async fn changed(
    turn: &mut Turn,
    mut row: learner::Model,
    change_type: ChangeType,
    site: OrganisationId,
) -> Result<(), Failure> {
    row.version += 1;
    say(turn, &row, change_type, site);
    row.into_active_model().reset_all().update(turn.connection()).await?;
    Ok(())
}

fn say(turn: &mut Turn, row: &learner::Model, change_type: ChangeType, site: OrganisationId) {
    turn.say(Said {
        organisation_id: site,
        change_type,
        effective_on: Some(turn.today()),
        before: None,
        after: Some(row.reference.clone()),
        node: Some((NodeType::Learner, row.id)),
    });
}
