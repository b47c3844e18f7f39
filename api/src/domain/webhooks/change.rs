//! Changing where a webhook leads, and what it is sent.

use entity::{change::ChangeType, webhook::Model};

use super::{
    AsRead, changed,
    register::{types, url},
    scopes, spelt_scopes,
};
use crate::{
    auth::{actor::Holder, policy::Permit},
    domain::{
        error::{Declined, ProblemCode, Problems, invalid},
        viewer::Viewer,
    },
};

/// What becomes another; what is None stays as it is.
#[derive(Debug, Clone)]
pub struct ChangeWebhook {
    pub read: AsRead,
    pub url: Option<String>,
    /// `Some(None)` for all types.
    pub types: Option<Option<Vec<ChangeType>>>,
}

/// Changes the webhook. One that waits after a failure is tried at once where it leads now.
pub async fn change(
    viewer: &Viewer,
    permit: Permit,
    command: ChangeWebhook,
) -> Result<Model, Declined> {
    let read = command.read;
    changed(viewer, permit, read, move |turn, _, row| {
        let before = row.clone();
        let mut problems = Problems::default();
        if let Some(text) = &command.url {
            row.url = url(turn, text, &mut problems);
        }
        if let Some(wanted) = &command.types {
            row.types = types(wanted.as_deref(), &mut problems);
        }
        problems.check()?;
        if *row == before {
            return invalid("input", ProblemCode::Unchanged, "it is so already");
        }
        if row.url != before.url {
            narrow(row, &turn.holder()?);
            row.failures = 0;
            row.next_attempt_at = turn.viewer().time_outside();
        }
        Ok(())
    })
    .await
}

/// Whoever lets a machine client's webhook lead elsewhere has it tell no more there than
/// their own token could read.
fn narrow(row: &mut Model, by: &Holder) {
    if row.client_id.is_some() && by.client.is_some() {
        let both = scopes(row).intersection(&by.scopes).copied().collect();
        row.scopes = spelt_scopes(&both);
    }
}
