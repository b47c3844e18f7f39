//! `GET /export/…`: figures and registered queries as files, streamed.
//!
//! A piece is made when the client has taken the one before, so a slow client holds
//! back its own file and nothing else. Where a piece cannot be made the connection is
//! cut: a file without its last chunk cannot be taken for a whole one.

use std::{
    error::Error,
    fmt,
    time::{Duration, Instant},
};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, VARY},
    web::{Bytes, Data, Path},
};
use futures_util::{Stream, stream};

use super::{
    Door,
    fault::Fault,
    graphql::sign_in,
    negotiate::Media,
    queries::{self, Answered, Asker},
    request_id,
};
use crate::{
    domain::operations,
    export::{self, Broken, Format, Pieces, Wanted},
    graphql::refusal::Refusal,
    telemetry::{Note, RequestId},
};

/// Whoever has not taken a file by then is cut off: it holds a snapshot of the register.
const LONGEST: Duration = Duration::from_secs(3_600);

/// `GET /export/series.csv` and its like, of which [`crate::export`] says what may be asked;
/// and of a registered query by its name.
pub(super) async fn answer(
    request: HttpRequest,
    file: Path<String>,
    door: Data<Door>,
) -> HttpResponse {
    let id = request_id(&request);
    let mut note = Note::default();
    let begun = begin(&request, &file, &door, &id, &mut note).await;
    request.extensions_mut().insert(note);
    begun.unwrap_or_else(|fault| fault.answer(Media::Json, &id))
}

async fn begin(
    request: &HttpRequest,
    file: &str,
    door: &Data<Door>,
    id: &RequestId,
    note: &mut Note,
) -> Result<HttpResponse, Fault> {
    let asked = serde_urlencoded::from_str(request.query_string())
        .map_err(|_| Fault::bad_request("The query string cannot be read."))?;
    let viewer = sign_in(request, door, id).await?;
    note.role = Some(viewer.role_name());
    let (format, name, mut pieces) = match Wanted::named(file) {
        Some(wanted) => {
            let begun = export::begin(&viewer, wanted, asked).await;
            let pieces = begun.map_err(|failure| Fault::of(failure.into()))?;
            (wanted.format, wanted.file_name(viewer.today()), pieces)
        }
        None => {
            let (name, extension) = queries::parts(file).ok_or_else(Fault::not_found)?;
            let operation = operations::named(&viewer, name).ok_or_else(Fault::not_found)?;
            note.operation = Note::plain_name(name);
            let asker = Asker::new(request, door.clone(), viewer.clone());
            match asker.answer(operation, extension, asked).await? {
                Answered::Plain(answer) => return Ok(answer),
                Answered::File(format, pieces) => {
                    (format, format!("{name}-{}.{extension}", viewer.today()), pieces)
                }
            }
        }
    };
    // Whatever fails at the first piece can still be told.
    let first = pieces.next().await.map_err(refused)?;
    Ok(streamed(format, &name, id, first, pieces))
}

fn refused(broken: Broken) -> Fault {
    match broken {
        Broken::Failed(failure) => Fault::of(failure.into()),
        Broken::File(error) => {
            tracing::error!(%error, "a file could not be made");
            Fault::of(Refusal::internal())
        }
        Broken::Stuck(reason) => {
            tracing::error!(reason, "a file could not be gone on with");
            Fault::unavailable()
        }
    }
}

fn streamed(
    format: Format,
    name: &str,
    id: &RequestId,
    first: Option<Vec<u8>>,
    pieces: Pieces,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, format.content_type()));
    response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    response.insert_header((VARY, "authorization"));
    response.streaming(taken(first, pieces, id.clone()))
}

/// A file was cut off.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file was cut off")
    }
}

impl Error for CutOff {}

/// The pieces, each made when the one before was taken, up to the first that fails.
fn taken(
    first: Option<Vec<u8>>,
    pieces: Pieces,
    id: RequestId,
) -> impl Stream<Item = Result<Bytes, CutOff>> {
    let began = Instant::now();
    stream::unfold((first, Some(pieces)), move |(first, pieces)| {
        let id = id.clone();
        async move {
            let mut pieces = pieces?;
            let next = match first {
                Some(first) => Ok(Some(first)),
                None if began.elapsed() > LONGEST => Err("nobody took it in time".to_owned()),
                None => pieces.next().await.map_err(|broken| format!("{broken:?}")),
            };
            match next {
                Ok(piece) => piece.map(|piece| (Ok(Bytes::from(piece)), (None, Some(pieces)))),
                Err(reason) => {
                    tracing::error!(reason, request_id = id.as_str(), "a file was cut off");
                    Some((Err(CutOff), (None, None)))
                }
            }
        }
    })
}
