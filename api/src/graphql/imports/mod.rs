//! Imports of figures: started with a file, looked at row by row, committed or not.

pub mod commit_import;
pub mod discard_import;
pub mod enums;
pub mod object;
pub mod queries;
pub mod rows;
pub mod start_import;
pub mod undo_import;
pub mod upload;

use async_graphql::{MergedObject, SimpleObject};

use self::object::Import;
use super::{error::Result, outcomes::InvalidInput, refusal::Refusal};
use crate::domain::{error::Declined, imports::read, viewer::Viewer};

#[derive(MergedObject, Default)]
pub struct ImportMutations(
    start_import::StartImportMutation,
    commit_import::CommitImportMutation,
    undo_import::UndoImportMutation,
    discard_import::DiscardImportMutation,
);

/// Somebody did something with the import since you read it; nothing was changed. Look
/// at it again, and send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct ImportVersionConflict {
    /// The import as it is now.
    current: Import,
}

/// An import after a command, which whoever sent it may see.
async fn after(viewer: &Viewer, id: i64) -> Result<Import> {
    let found = read::find(viewer, id).await?;
    found.map(Import::from).ok_or_else(Refusal::internal)
}

/// The answer of a command that moves an import on.
async fn moved_on<P>(
    viewer: &Viewer,
    done: std::result::Result<i64, Declined>,
    success: impl FnOnce(Import) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ImportVersionConflict>,
{
    match done {
        Ok(id) => Ok(Some(success(after(viewer, id).await?))),
        Err(Declined::Invalid(problems)) => Ok(Some(InvalidInput::from(problems).into())),
        Err(Declined::VersionConflict(id)) => {
            let current = after(viewer, id).await?;
            Ok(Some(ImportVersionConflict { current }.into()))
        }
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}
