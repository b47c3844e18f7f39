//! `discardImport`: a preview that nobody will commit.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{ImportVersionConflict, moved_on, object::Import};
use crate::{
    auth::action::Action,
    domain::imports::discard,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// An import that was previewed, or has failed.
#[derive(InputObject)]
pub struct DiscardImportInput {
    /// The import.
    id: ID,
    /// The version that you looked at.
    expected_version: i32,
}

/// What became of `discardImport`.
#[derive(Union)]
pub enum DiscardImportPayload {
    ImportDiscarded(ImportDiscarded),
    InvalidInput(InvalidInput),
    ImportVersionConflict(ImportVersionConflict),
}

/// Its rows are gone; that there was an import is still known.
#[derive(SimpleObject)]
pub struct ImportDiscarded {
    /// The import, as it now is.
    import: Import,
}

#[derive(Default)]
pub struct DiscardImportMutation;

#[Object]
impl DiscardImportMutation {
    /// Lets go of an import that nobody will commit: its rows are gone afterwards.
    #[graphql(directive = access::apply(Action::ImportFigures.into()))]
    async fn discard_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import.")] input: DiscardImportInput,
    ) -> Result<Option<DiscardImportPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ImportFigures)?;
        let id = ids::read_as(&input.id, "Import")?;
        let done = discard::discard(viewer, permit, id, input.expected_version).await;
        moved_on(viewer, done, |import| ImportDiscarded { import }.into()).await
    }
}
