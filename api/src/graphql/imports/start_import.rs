//! `startImport`: a file of figures, and what each of its rows would do.

use std::{io::Write, time::Duration};

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use entity::{import_run::Format, observation::Status};
use tempfile::NamedTempFile;

use super::{
    after,
    enums::ImportFormat,
    object::Import,
    upload::{Received, Upload},
};
use crate::{
    auth::action::Action,
    domain::error::{Declined, ProblemCode, invalid},
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        refusal::Refusal,
    },
    import::{
        Opened,
        figures::start::{Asked, start},
    },
};

/// How long an answer waits for the preview. A file that takes longer is read on, and
/// the answer says how far it has come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A file of figures. Send exactly one of `file` and `text`.
#[derive(InputObject)]
pub struct StartImportInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and starts nothing twice.
    idempotency_key: ID,
    /// What is in the file.
    format: ImportFormat,
    /// The file.
    file: Option<Upload>,
    /// The content of a small CSV file.
    text: Option<String>,
    /// What to call the text.
    #[graphql(default = "text.csv")]
    name: String,
    /// Whether its figures are to be recorded as approved, instead of as provisional;
    /// only for those who have everything within reach.
    #[graphql(default = false)]
    approved: bool,
}

/// What became of `startImport`.
#[derive(Union)]
pub enum StartImportPayload {
    ImportStarted(ImportStarted),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The import is started. Nothing is recorded before it is committed.
#[derive(SimpleObject)]
pub struct ImportStarted {
    /// The import: previewed or, where its file takes long to read, on the way.
    import: Import,
}

#[derive(Default)]
pub struct StartImportMutation;

#[Object]
impl StartImportMutation {
    /// Reads a file of figures and keeps what each of its rows would do, for people to
    /// look at. Rows about what lies outside your reach are refused as not known.
    #[graphql(directive = access::apply(Action::ImportFigures.into()))]
    async fn start_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: StartImportInput,
    ) -> Result<Option<StartImportPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ImportFigures)?;
        let received = match (input.file, input.text) {
            (Some(file), None) => file.receive(ctx),
            (None, Some(text)) => Some(written(&text, input.name)?),
            _ => None,
        };
        let done = match received.map(opened) {
            None => {
                let sentence = "send a file, or the text of one";
                invalid("input.file", ProblemCode::Required, sentence)
            }
            Some(Err(declined)) => Err(declined),
            Some(Ok((opened, received))) => {
                let status = if input.approved { Status::Approved } else { Status::Provisional };
                let (format, key) = (Format::from(input.format), input.idempotency_key.as_str());
                let patience = Some(PATIENCE);
                let asked = Asked { format, status, key: Some(key), patience };
                start(viewer, permit, asked, opened, received).await
            }
        };
        let done = match done {
            Ok(id) => Ok(after(viewer, id).await?),
            Err(declined) => Err(declined),
        };
        creating(done, |import| Some(ImportStarted { import }.into()))
    }
}

fn written(text: &str, name: String) -> Result<Received> {
    let write = || {
        let mut file = NamedTempFile::new()?;
        file.write_all(text.as_bytes())?;
        Ok(file.into_temp_path())
    };
    let path = write().map_err(|error: std::io::Error| {
        tracing::error!(%error, "a text cannot be kept for its import");
        Refusal::internal()
    })?;
    Ok(Received { path, name })
}

fn opened(received: Received) -> std::result::Result<(Opened, Received), Declined> {
    match Opened::open(&received.path) {
        Ok(opened) => Ok((opened.named(&received.name), received)),
        Err(refused) => invalid("input.file", ProblemCode::Malformed, refused.why.to_string()),
    }
}
