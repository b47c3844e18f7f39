//! Pausing a webhook, letting it go on, sending it again what it was sent, and trying it.

use entity::webhook::{Model, Status};

use super::{AsRead, changed, register::cursor};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, Problems, invalid},
        viewer::Viewer,
    },
};

/// Sends nothing until it is to go on; nothing is lost meanwhile.
pub async fn pause(viewer: &Viewer, permit: Permit, read: AsRead) -> Result<Model, Declined> {
    changed(viewer, permit, read, move |turn, _, row| {
        if row.status == Status::Paused {
            return invalid("input.id", ProblemCode::Unchanged, "it is paused already");
        }
        row.status = Status::Paused;
        row.paused_at = Some(turn.viewer().time_outside());
        row.paused_because = None;
        Ok(())
    })
    .await
}

/// Goes on where it stopped, at once.
pub async fn resume(viewer: &Viewer, permit: Permit, read: AsRead) -> Result<Model, Declined> {
    changed(viewer, permit, read, move |turn, _, row| {
        if row.status == Status::Active && row.failures == 0 {
            return invalid("input.id", ProblemCode::Unchanged, "it is active already");
        }
        row.status = Status::Active;
        (row.paused_at, row.paused_because) = (None, None);
        row.failures = 0;
        row.next_attempt_at = turn.viewer().time_outside();
        Ok(())
    })
    .await
}

/// Goes on behind a position of the feed, wherever it was before.
pub async fn replay(
    viewer: &Viewer,
    permit: Permit,
    read: AsRead,
    from: i64,
) -> Result<Model, Declined> {
    changed(viewer, permit, read, move |turn, end, row| {
        let mut problems = Problems::default();
        row.cursor = cursor(from, end, "input.from", &mut problems);
        problems.check()?;
        "[]".clone_into(&mut row.delivered);
        row.placed += 1;
        row.failures = 0;
        row.next_attempt_at = turn.viewer().time_outside();
        Ok(())
    })
    .await
}

/// Sends an event that tells of nothing, even while it is paused.
pub async fn test(viewer: &Viewer, permit: Permit, read: AsRead) -> Result<Model, Declined> {
    changed(viewer, permit, read, move |_, _, row| {
        row.wants_test = true;
        Ok(())
    })
    .await
}
