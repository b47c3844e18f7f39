//! `undoImport`: what held before holds again.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{ImportVersionConflict, moved_on, object::Import};
use crate::{
    auth::action::Action,
    domain::imports::undo,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// An import that was committed.
#[derive(InputObject)]
pub struct UndoImportInput {
    /// The import.
    id: ID,
    /// The version that you looked at.
    expected_version: i32,
}

/// What became of `undoImport`.
#[derive(Union)]
pub enum UndoImportPayload {
    ImportUndone(ImportUndone),
    InvalidInput(InvalidInput),
    ImportVersionConflict(ImportVersionConflict),
}

/// What held before holds again; what was left is among the conflicts.
#[derive(SimpleObject)]
pub struct ImportUndone {
    /// The import, as it now is.
    import: Import,
}

#[derive(Default)]
pub struct UndoImportMutation;

#[Object]
impl UndoImportMutation {
    /// Makes hold again what held before the import, or takes back what it brought, as new
    /// revisions. Figures that somebody changed since are left, and become conflicts.
    #[graphql(directive = access::apply(Action::ImportFigures.into()))]
    async fn undo_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import.")] input: UndoImportInput,
    ) -> Result<Option<UndoImportPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ImportFigures)?;
        let id = ids::read_as(&input.id, "Import")?;
        let done = undo::undo(viewer, permit, id, input.expected_version).await;
        moved_on(viewer, done, |import| ImportUndone { import }.into()).await
    }
}
