//! Taking a machine client's access away, for good.

use super::{change::write, commit, opened};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, invalid},
        turn::Turn,
        viewer::Viewer,
    },
};

/// A client, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct RevokeApiClient {
    pub client: i64,
    pub expected_version: i32,
}

/// Revokes the client: its tokens are refused from here on, and it gets no others.
pub async fn revoke(
    viewer: &Viewer,
    permit: Permit,
    command: RevokeApiClient,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let client = opened(&turn, command.client, command.expected_version).await?;
            if !client.is_active() {
                return invalid("input.id", ProblemCode::Unchanged, "it is revoked already");
            }
            let mut row = client.row.clone();
            row.revoked_at = Some(turn.at());
            let id = row.id;
            write(&mut turn, row).await?;
            commit(turn, id).await?;
            Ok(id)
        })
        .await
}
