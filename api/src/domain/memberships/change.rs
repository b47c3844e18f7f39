//! Recording that an organisation moved: a new interval opens, the old one stays known.

use chrono::NaiveDate;
use entity::organisation::Source;

use super::{Seat, rivals, seat, take};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        edit::Edit,
        error::{Declined, ProblemCode, invalid},
        organisations::OrganisationBy,
        timeline::within,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// `organisation` belongs to `parent` from a day on.
#[derive(Debug, Clone)]
pub struct RecordMembershipChange {
    pub organisation: OrganisationId,
    pub expected_version: i32,
    pub parent: OrganisationBy,
    pub from: NaiveDate,
}

/// Records the move; gives the id of the membership that it opened.
///
/// A day on or before the beginning of the membership held now would rewrite
/// history, which is what a correction is for.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    command: RecordMembershipChange,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            let child = edit.permitted_version(command.organisation, command.expected_version)?;
            let span = (command.from, child.lifetime().1);
            let seat = seat(edit.before(), child.kind(), &command.parent, span, Source::Manual)
                .or_else(|(code, sentence)| invalid("input.parent", code, sentence))?;
            let child = child.clone();
            let (opened, closed) = child.lifetime();
            if !within(command.from, opened, closed) {
                let to = closed.map_or("now on".to_owned(), |closed| closed.to_string());
                let sentence = format!("it is open from {opened} to {to}: say a day within");
                return invalid("input.from", ProblemCode::OutOfRange, sentence);
            }
            check_after(&child, seat, command.from)?;
            let id = edit.next_row_id();
            take(edit.change(child.id())?, id, seat, command.from);
            edit.commit(Some(child.id()), id).await?;
            Ok(id)
        })
        .await
}

/// A change comes after everything that is recorded of that level, and is one.
fn check_after(child: &Organisation, seat: Seat, from: NaiveDate) -> Result<(), Declined> {
    if let Some(held) = rivals(child, seat).find(|row| row.valid_from >= from) {
        return invalid(
            "input.from",
            ProblemCode::Contradiction,
            format!(
                "a membership of that level holds from {}: a change begins after it; to rewrite what was wrong, use correctMembership",
                held.valid_from
            ),
        );
    }
    let held = child.membership_at(seat.scheme, seat.level, from);
    if held.is_some_and(|held| held.parent_id == seat.parent) {
        let sentence = "it belongs there on that day already";
        return invalid("input.parent", ProblemCode::Unchanged, sentence);
    }
    Ok(())
}
