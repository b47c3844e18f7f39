//! `GET /imports/{id}/rejects.csv`: the lines of an import that are not taken, as they
//! stand in its file, to be put right and sent again.

use std::collections::VecDeque;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    web::{Bytes, Data, Path},
};
use futures_util::{Stream, stream};

use super::{
    Door,
    fault::Fault,
    graphql::{sign_in, told},
    negotiate::Media,
    request_id,
};
use crate::{
    domain::{imports::read, viewer::Viewer},
    graphql::refusal::{Code, Refusal},
    ids::decode_global_id,
    telemetry::RequestId,
};

pub(super) async fn rejects(
    request: HttpRequest,
    door: Data<Door>,
    id: Path<String>,
) -> HttpResponse {
    let request_id = request_id(&request);
    let answered = answer(&request, &door, &id, &request_id).await;
    answered.unwrap_or_else(|fault| fault.answer(Media::Response, &request_id))
}

async fn answer(
    request: &HttpRequest,
    door: &Door,
    id: &str,
    request_id: &RequestId,
) -> Result<HttpResponse, Fault> {
    let viewer = sign_in(request, door, request_id).await?;
    let id = match decode_global_id(id) {
        Ok((name, id)) if name == "Import" => id,
        _ => return Err(Fault::not_found()),
    };
    let left = door.admit_file(request, &viewer, None).map_err(fault)?;
    let found = read::find(&viewer, id).await;
    let found = found.map_err(|failure| fault(failure.into()))?;
    let run = found.ok_or_else(Fault::not_found)?;
    let headings = run.headings.unwrap_or_default();
    let answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"rejects.csv\""))
        .streaming(lines(viewer.clone(), id, headings));
    Ok(told(answer, left.as_ref(), &viewer))
}

/// A refusal with the status that it has outside GraphQL.
fn fault(refusal: Refusal) -> Fault {
    let status = match refusal.code {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        _ => return Fault::refused(refusal, Media::Response),
    };
    Fault::new(status, refusal.code, refusal.message)
}

/// The headings, and batch after batch of lines.
fn lines(
    viewer: Viewer,
    id: i64,
    headings: String,
) -> impl Stream<Item = std::io::Result<Bytes>> + 'static {
    let waiting = VecDeque::from([Bytes::from(headings + "\n")]);
    stream::unfold((viewer, 0, waiting), move |(viewer, after, mut waiting)| async move {
        if let Some(bytes) = waiting.pop_front() {
            return Some((Ok(bytes), (viewer, after, waiting)));
        }
        match read::rejects(&viewer, id, after).await {
            Ok(None) => None,
            Ok(Some((last, lines))) => {
                let bytes = Bytes::from(lines.join("\n") + "\n");
                Some((Ok(bytes), (viewer, last, waiting)))
            }
            Err(failure) => {
                // It is logged there; a client sees that the file ends too early.
                let refusal = Refusal::from(failure);
                let broken = std::io::Error::other(refusal.message.into_owned());
                Some((Err(broken), (viewer, i64::MAX, waiting)))
            }
        }
    })
}
