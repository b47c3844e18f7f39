//! From a file of figures to a preview that can be committed: the one way that the API
//! and the command line share.

use std::{future::Future, pin::Pin, time::Duration};

use entity::{import_run::Format, observation::Status};
use tokio::task::{JoinError, JoinHandle};

use super::Reader;
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, invalid},
        idempotency::IdempotencyKey,
        imports::{
            claim::Claim,
            preview::{self, Begun, Preview, StartImport},
        },
        viewer::Viewer,
    },
    import::{FileRefused, Opened},
};

/// What is asked for besides the file.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub format: Format,
    pub status: Status,
    /// A caller's own key, so that the same command can be sent again.
    pub key: Option<&'a str>,
    /// How long to wait for the whole file to be read; it is read on for as long as it
    /// takes. None waits to the end.
    pub patience: Option<Duration>,
}

/// Begins an import and reads its file; gives the import's id, its preview whole if that
/// did not take too long. `kept` is held until the file was read.
pub async fn start<K: Send + 'static>(
    viewer: &Viewer,
    permit: Permit,
    asked: Asked<'_>,
    opened: Opened,
    kept: K,
) -> Result<i64, Declined> {
    let format = asked.format;
    let name = opened.name.clone();
    let reader = match blocking(move || Reader::open(opened, format)).await {
        Ok(reader) => reader,
        Err(refused) => {
            return invalid("input.file", ProblemCode::Malformed, refused.to_string());
        }
    };
    let command = StartImport {
        format,
        file_name: name,
        sha256: reader.sha256().to_owned(),
        lines: reader.progress().1,
        headings: reader.headings().to_owned(),
        status: asked.status,
    };
    let key = asked.key.map(|key| IdempotencyKey::new(key, "startImport", &format!("{command:?}")));
    match preview::begin(viewer, permit, key.transpose()?, command).await? {
        Begun::Again(id) => Ok(id),
        Begun::Reading(preview) => {
            let id = preview.id();
            let reading = tokio::spawn(async move {
                let done = read_all(reader, preview).await;
                drop(kept);
                done
            });
            wait(reading, asked.patience).await?;
            Ok(id)
        }
    }
}

async fn wait(
    reading: JoinHandle<Result<(), Failure>>,
    patience: Option<Duration>,
) -> Result<(), Failure> {
    let joined = match patience {
        None => reading.await,
        Some(patience) => match tokio::time::timeout(patience, reading).await {
            Ok(joined) => joined,
            Err(_) => return Ok(()),
        },
    };
    joined.unwrap_or_else(broken)
}

type Reading = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// Reads on to the end. While one batch is judged and written the next is read.
fn read_all(reader: Reader, mut preview: Box<Preview>) -> Reading {
    Box::pin(async move {
        let mut ahead = next(reader);
        loop {
            let (reader, claims) = ahead.await.unwrap_or_else(broken);
            match claims {
                Ok(Some(claims)) => {
                    let progress = reader.progress();
                    ahead = next(reader);
                    preview.take(claims, progress).await?;
                }
                Ok(None) => return preview.finish(reader.skipped()).await,
                Err(refused) => return preview.fail(refused.to_string()).await,
            }
        }
    })
}

type Batch = (Reader, Result<Option<Vec<Claim>>, FileRefused>);

fn next(mut reader: Reader) -> JoinHandle<Batch> {
    tokio::task::spawn_blocking(move || {
        let claims = reader.more();
        (reader, claims)
    })
}

/// A panic of a task goes on in whoever waits for it.
fn broken<T>(broken: JoinError) -> T {
    std::panic::resume_unwind(broken.into_panic())
}

/// Work that keeps a thread busy, on a thread that nobody waits for.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(broken)
}
