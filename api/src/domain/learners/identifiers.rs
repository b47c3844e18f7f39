//! What other systems call a learner.

use entity::{
    change::{ChangeType, NodeType},
    learner_identifier,
};
use sea_orm::DbErr;

use super::{Identifier, changed, permitted_version, site_of};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

const LONGEST: usize = 100;

/// Says what is wrong with an identifier's spelling.
pub(super) fn check(identifier: &Identifier, path: &str, problems: &mut Problems) {
    let word = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        plain && (1..=LONGEST).contains(&text.len())
    };
    for (field, text) in [("system", &identifier.system), ("value", &identifier.value)] {
        if !word(text) {
            let sentence = format!("send 1 to {LONGEST} visible ASCII characters");
            problems.add(format!("{path}.{field}"), ProblemCode::Malformed, sentence);
        }
    }
}

/// Writes identifiers that no learner has.
pub(super) async fn add(
    turn: &Turn,
    learner: i64,
    identifiers: &[Identifier],
) -> Result<(), DbErr> {
    let rows = identifiers.iter().map(|identifier| learner_identifier::Model {
        system: identifier.system.clone(),
        value: identifier.value.clone(),
        learner_id: learner,
    });
    insert::<learner_identifier::Entity>(turn.connection(), rows.collect()).await
}

/// What another system calls a learner from now on too.
#[derive(Debug, Clone)]
pub struct AddLearnerIdentifier {
    pub learner: i64,
    pub expected_version: i32,
    pub identifier: Identifier,
}

/// Adds the identifier: no other learner may have it.
pub async fn add_to_learner(
    viewer: &Viewer,
    permit: Permit,
    command: AddLearnerIdentifier,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let learner = permitted_version(&turn, command.learner, command.expected_version)?;
            let Identifier { system, value } = &command.identifier;
            let mut problems = Problems::default();
            check(&command.identifier, "input.identifier", &mut problems);
            match turn.records().by_identifier(system, value) {
                Some(known) if known.row.id == learner.row.id => {
                    let sentence = "the learner has that identifier already";
                    problems.add("input.identifier", ProblemCode::Unchanged, sentence);
                }
                Some(_) => {
                    let sentence = "another learner has that identifier: if it is the same \
                        person, mergeLearners makes them one";
                    problems.add("input.identifier", ProblemCode::AlreadyExists, sentence);
                }
                None => {}
            }
            problems.check()?;
            let id = learner.row.id;
            let site = site_of(turn.records(), id).ok_or(Failure::NotFound)?;
            turn.about((NodeType::Learner, id));
            add(&turn, id, &[command.identifier]).await?;
            changed(&mut turn, learner.row, ChangeType::LearnerChanged, site).await?;
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}
