//! `commitImport`: what was previewed is recorded.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{ImportVersionConflict, moved_on, object::Import};
use crate::{
    auth::action::Action,
    domain::imports::commit,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// An import that was previewed.
#[derive(InputObject)]
pub struct CommitImportInput {
    /// The import.
    id: ID,
    /// The version that you looked at.
    expected_version: i32,
}

/// What became of `commitImport`.
#[derive(Union)]
pub enum CommitImportPayload {
    ImportCommitted(ImportCommitted),
    InvalidInput(InvalidInput),
    ImportVersionConflict(ImportVersionConflict),
}

/// What still does what was previewed is recorded; the rest is among the conflicts.
#[derive(SimpleObject)]
pub struct ImportCommitted {
    /// The import, as it now is.
    import: Import,
}

#[derive(Default)]
pub struct CommitImportMutation;

#[Object]
impl CommitImportMutation {
    /// Records what the preview shows. Every row is judged again by what is recorded now:
    /// what changed meanwhile becomes a conflict, and is reported instead of written.
    #[graphql(directive = access::apply(Action::ImportFigures.into()))]
    async fn commit_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import.")] input: CommitImportInput,
    ) -> Result<Option<CommitImportPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ImportFigures)?;
        let id = ids::read_as(&input.id, "Import")?;
        let done = commit::commit(viewer, permit, id, input.expected_version).await;
        moved_on(viewer, done, |import| ImportCommitted { import }.into()).await
    }
}
