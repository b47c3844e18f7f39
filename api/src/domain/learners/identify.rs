//! Who it is that somebody enrols: a learner who is known already, or somebody new.
//!
//! An identifier that is known means that learner, so that a system that sends the same
//! person twice makes one learner of them. Where that learner lies outside the caller's
//! reach, the person's name must be sent and must be theirs: an identifier that was
//! guessed opens nothing.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use entity::{change::ChangeType, learner, learner_details};

use super::{
    Identifier,
    details::{self, Details},
    identifiers,
    reference::reference,
    say,
};
use crate::{
    auth::action::Action,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        records::{Learner, reach::Within},
        turn::{Turn, insert},
    },
    ids::OrganisationId,
};

/// How somebody names whom they enrol.
#[derive(Debug, Clone)]
pub enum LearnerBy {
    Id(i64),
    Identifier(Identifier),
    /// Somebody who may be new.
    Person(Details, Vec<Identifier>),
}

/// Who it is.
pub(in crate::domain) enum Identified {
    /// A learner, and the identifiers that are new of theirs.
    Known(Arc<Learner>, Vec<Identifier>),
    New(Details, Vec<Identifier>),
}

const PATH: &str = "input.learner";

/// Finds out who it is; problems with what was sent are named.
pub(in crate::domain) async fn identify(
    turn: &Turn,
    by: &LearnerBy,
    problems: &mut Problems,
) -> Result<Option<Identified>, Declined> {
    match by {
        LearnerBy::Id(id) => {
            let found = turn.records().holder(*id).filter(|holder| in_reach(turn, holder));
            let found = found.ok_or(Failure::NotFound)?;
            Ok(Some(Identified::Known(found.clone(), Vec::new())))
        }
        LearnerBy::Identifier(Identifier { system, value }) => {
            let found = turn.records().by_identifier(system, value);
            let found = found.filter(|holder| in_reach(turn, holder));
            if found.is_none() {
                let sentence = "you see no learner of that identifier: send who it is as person";
                problems.add(format!("{PATH}.identifier"), ProblemCode::NotFound, sentence);
            }
            Ok(found.map(|found| Identified::Known(found.clone(), Vec::new())))
        }
        LearnerBy::Person(details, identifiers) => {
            let path = format!("{PATH}.person");
            let details = details.check(&format!("{path}.details"), problems);
            for (number, identifier) in identifiers.iter().enumerate() {
                let path = format!("{path}.identifiers[{number}]");
                identifiers::check(identifier, &path, problems);
            }
            person(turn, details, identifiers).await.map(Some)
        }
    }
}

fn in_reach(turn: &Turn, learner: &Learner) -> bool {
    let viewer = turn.viewer();
    let reach = viewer.reach(Action::ReadEnrolments);
    Within::new(viewer, turn.directory(), turn.records(), reach).learner(learner)
}

async fn person(
    turn: &Turn,
    details: Details,
    identifiers: &[Identifier],
) -> Result<Identified, Declined> {
    let mut new: Vec<Identifier> = Vec::new();
    let mut known: BTreeSet<i64> = BTreeSet::new();
    for identifier in identifiers {
        match turn.records().by_identifier(&identifier.system, &identifier.value) {
            Some(learner) => {
                known.insert(learner.row.id);
            }
            None if new.contains(identifier) => {}
            None => new.push(identifier.clone()),
        }
    }
    let mut known = known.into_iter().filter_map(|id| turn.records().learner(id));
    let Some(learner) = known.next() else { return Ok(Identified::New(details, new)) };
    let path = "input.learner.person.identifiers";
    if known.next().is_some() {
        let sentence = "these identifiers are of more than one learner: if they are the same \
            person, mergeLearners makes them one";
        return invalid(path, ProblemCode::Contradiction, sentence);
    }
    if !in_reach(turn, learner) && !is_theirs(turn, learner.row.id, &details).await? {
        let sentence = "one of these identifiers is another person's: check it, or leave it out";
        return invalid(path, ProblemCode::Contradiction, sentence);
    }
    Ok(Identified::Known(learner.clone(), new))
}

async fn is_theirs(turn: &Turn, learner: i64, details: &Details) -> Result<bool, Failure> {
    let rows = details::rows(turn.connection(), &[learner]).await?;
    let names = rows.values().map(|row| normal(&row.name));
    Ok(names.into_iter().any(|name| name == normal(&details.name)))
}

/// A name as it is compared: neither case nor punctuation makes another.
pub(super) fn normal(name: &str) -> Cow<'_, str> {
    let letters = name.chars().map(|each| if each.is_alphanumeric() { each } else { ' ' });
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    Cow::Owned(letters.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Writes who is enrolled, if they are new or something is new of them; gives their id.
pub(in crate::domain) async fn keep(
    turn: &mut Turn,
    who: Identified,
    site: OrganisationId,
) -> Result<i64, Failure> {
    match who {
        Identified::Known(learner, new) if new.is_empty() => Ok(learner.row.id),
        Identified::Known(learner, new) => {
            let id = learner.row.id;
            identifiers::add(turn, id, &new).await?;
            super::changed(turn, learner.row.clone(), ChangeType::LearnerChanged, site).await?;
            Ok(id)
        }
        Identified::New(details, new) => {
            let id = turn.next_row_id();
            let row =
                learner::Model { id, reference: reference(id), merged_into_id: None, version: 1 };
            say(turn, &row, ChangeType::LearnerRegistered, site);
            insert::<learner::Entity>(turn.connection(), vec![row]).await?;
            let details = vec![details.row(id)];
            insert::<learner_details::Entity>(turn.connection(), details).await?;
            identifiers::add(turn, id, &new).await?;
            Ok(id)
        }
    }
}
