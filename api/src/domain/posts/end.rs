//! A post ends.

use chrono::NaiveDate;
use entity::{change::ChangeType, post::EndReason};

use super::{
    open,
    relocate::{close_places, next_version},
    say,
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, Problems},
        turn::Turn,
        viewer::Viewer,
    },
};

/// From a day on, nobody holds the post.
#[derive(Debug, Clone)]
pub struct EndPost {
    pub post: i64,
    pub expected_version: i32,
    /// The first day without it.
    pub ended_on: NaiveDate,
    pub reason: EndReason,
}

/// Ends the post.
pub async fn end(viewer: &Viewer, permit: Permit, command: EndPost) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let post = open(&turn, command.post, command.expected_version)?;
            let mut problems = Problems::default();
            let on = command.ended_on;
            let last = post.places.iter().map(|place| place.valid_from).max();
            if let Some(ended) = post.row.ended_on {
                let sentence = format!("it ended on {ended} already");
                problems.add("input.id", ProblemCode::Unchanged, sentence);
            } else if on > turn.today() {
                let sentence = "an end is recorded once it has come: send today or an earlier day";
                problems.add("input.endedOn", ProblemCode::OutOfRange, sentence);
            } else if last.is_some_and(|last| on <= last) {
                let sentence = "it lies before the post's last change: send a later day";
                problems.add("input.endedOn", ProblemCode::OutOfRange, sentence);
            }
            problems.check()?;
            close_places(&turn, &post, on).await?;
            next_version(&turn, &post, |row| {
                row.ended_on = Some(on);
                row.end_reason = Some(command.reason);
            })
            .await?;
            let reason = sea_orm::ActiveEnum::to_value(&command.reason);
            let (id, places) = (post.row.id, post.organisations().collect::<Vec<_>>());
            let about = places.first().copied();
            say(&mut turn, ChangeType::PostEnded, id, places, on, &reason);
            turn.commit(about, id).await?;
            Ok(id)
        })
        .await
}
