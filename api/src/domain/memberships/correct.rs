//! Correcting a membership: what was recorded wrongly is rewritten, and the feed
//! and the audit keep what it was.

use chrono::NaiveDate;
use entity::membership;

use super::{seat, sort};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        organisations::{OrganisationBy, in_words},
        timeline::overlap,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// What a membership should have said; what is None stays as it is.
#[derive(Debug, Clone)]
pub struct CorrectMembership {
    /// The membership's own id.
    pub membership: i64,
    pub expected_version: i32,
    pub parent: Option<OrganisationBy>,
    pub from: Option<NaiveDate>,
    /// `Some(None)` leaves the end open.
    pub to: Option<Option<NaiveDate>>,
}

/// Rewrites the membership; gives its id.
pub async fn correct(
    viewer: &Viewer,
    permit: Permit,
    command: CorrectMembership,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            let (child, held) = find(&edit, command.membership)?;
            let child = edit.permitted_version(child, command.expected_version)?.clone();
            let corrected = corrected(&edit, &child, &held, &command)?;
            if corrected == held {
                return invalid("input", ProblemCode::Unchanged, "it already says so");
            }
            check(&child, &corrected)?;
            let organisation = edit.change(child.id())?;
            organisation.memberships.retain(|row| row.id != held.id);
            organisation.memberships.push(corrected);
            sort(organisation);
            edit.commit(Some(child.id()), command.membership).await?;
            Ok(command.membership)
        })
        .await
}

/// Finds a membership, and the organisation whose it is.
fn find(edit: &Edit, id: i64) -> Result<(OrganisationId, membership::Model), Failure> {
    edit.before().membership(id).map(|held| (held.child_id, held.clone())).ok_or(Failure::NotFound)
}

fn corrected(
    edit: &Edit,
    child: &Organisation,
    held: &membership::Model,
    command: &CorrectMembership,
) -> Result<membership::Model, Declined> {
    let mut corrected = held.clone();
    corrected.valid_from = command.from.unwrap_or(held.valid_from);
    corrected.valid_to = command.to.unwrap_or(held.valid_to);
    let by = command.parent.clone().unwrap_or(OrganisationBy::Id(held.parent_id));
    let span = (corrected.valid_from, corrected.valid_to);
    let seat = seat(edit.before(), child.kind(), &by, span, held.source)
        .or_else(|(code, sentence)| invalid("input.parent", code, sentence))?;
    if seat.level != held.level {
        let sentence = format!("this is a membership in {}", in_words(held.level));
        return invalid("input.parent", ProblemCode::WrongKind, sentence);
    }
    corrected.parent_id = seat.parent;
    Ok(corrected)
}

fn check(child: &Organisation, corrected: &membership::Model) -> Result<(), Declined> {
    let mut problems = Problems::default();
    if corrected.valid_to.is_some_and(|to| to <= corrected.valid_from) {
        problems.add("input.to", ProblemCode::OutOfRange, "it must end after it begins");
    }
    if corrected.valid_from < child.lifetime().0 {
        let opened = child.lifetime().0;
        let sentence = format!("the organisation is known from {opened} on");
        problems.add("input.from", ProblemCode::OutOfRange, sentence);
    }
    let closed = child.lifetime().1;
    if closed.is_some_and(|closed| corrected.valid_to.is_none_or(|to| to > closed)) {
        let sentence = "the organisation closes before that: end it with the closure at the latest";
        problems.add("input.to", ProblemCode::OutOfRange, sentence);
    }
    let span = (corrected.valid_from, corrected.valid_to);
    let rival = child.memberships.iter().find(|row| {
        row.id != corrected.id
            && (row.scheme, row.level) == (corrected.scheme, corrected.level)
            && overlap(span, (row.valid_from, row.valid_to))
    });
    if let Some(rival) = rival {
        let to = rival.valid_to.map_or("now on".to_owned(), |to| to.to_string());
        problems.add(
            "input.from",
            ProblemCode::Contradiction,
            format!(
                "another membership of that level holds from {} to {to}: correct that one first",
                rival.valid_from
            ),
        );
    }
    problems.check()
}
