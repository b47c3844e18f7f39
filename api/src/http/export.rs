//! `GET /export/…`: figures and registered queries as files, streamed.
//!
//! A piece is made when the client has taken the one before, so a slow client holds
//! back its own file and nothing else. Where a piece cannot be made the connection is
//! cut: a file without its last chunk cannot be taken for a whole one.

use std::{
    error::Error,
    fmt,
    io::ErrorKind,
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
    budget::Payer,
    fault::Fault,
    graphql::{sign_in, told},
    negotiate::Media,
    queries::{self, Answered, Asker},
    request_id,
    seats::{NoSeat, Seat},
};
use crate::{
    domain::operations,
    export::{self, Begun, Broken, Format, Pieces, Wanted},
    graphql::refusal::Refusal,
    telemetry::{Note, RequestId},
};

/// Whoever has not taken a file by then is cut off: it holds a snapshot of the register.
pub(super) const LONGEST: Duration = Duration::from_secs(3_600);

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
    let seat = door.files.take(Payer::of(door.budgets.address(request), &viewer));
    let seat = seat.map_err(NoSeat::fault)?;
    let mut left = None;
    let (format, name, mut pieces) = match Wanted::named(file) {
        Some(wanted) => {
            let begun = export::begin(&viewer, wanted, asked).await;
            let Begun { pieces, figures } = begun.map_err(|failure| Fault::of(failure.into()))?;
            left = door.admit_file(request, &viewer, figures).map_err(Fault::of)?;
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
    let file = Taking { pieces, began: Instant::now(), id: id.clone(), _seat: seat };
    Ok(told(streamed(format, &name, first, file), left.as_ref(), &viewer))
}

fn refused(broken: Broken) -> Fault {
    match broken {
        Broken::Failed(failure) => Fault::of(failure.into()),
        // What a format cannot hold; the sentence says what.
        Broken::File(error) if error.kind() == ErrorKind::InvalidData => {
            Fault::bad_request(error.to_string())
        }
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

/// A file that somebody takes.
struct Taking {
    pieces: Pieces,
    began: Instant,
    id: RequestId,
    _seat: Seat,
}

fn streamed(format: Format, name: &str, first: Option<Vec<u8>>, file: Taking) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, format.content_type()));
    response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    response.insert_header((VARY, "authorization"));
    response.streaming(taken(first, file))
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
fn taken(first: Option<Vec<u8>>, file: Taking) -> impl Stream<Item = Result<Bytes, CutOff>> {
    stream::unfold((first, Some(file)), async |(first, file)| {
        let mut file = file?;
        let next = match first {
            Some(first) => Ok(Some(first)),
            None if file.began.elapsed() > LONGEST => Err("nobody took it in time".to_owned()),
            None => file.pieces.next().await.map_err(|broken| format!("{broken:?}")),
        };
        match next {
            Ok(piece) => piece.map(|piece| (Ok(Bytes::from(piece)), (None, Some(file)))),
            Err(reason) => {
                tracing::error!(reason, request_id = file.id.as_str(), "a file was cut off");
                Some((Err(CutOff), (None, None)))
            }
        }
    })
}
