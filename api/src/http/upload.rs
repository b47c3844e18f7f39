//! One file with a GraphQL request, as the multipart request specification has it.
//!
//! A browser sends a form to another origin without asking first, so a header must come
//! with it that no form can send. Who is calling, and whether they may import at all, is
//! known before any of the file is taken; the file goes to disk as it arrives.

use std::io::Write;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
    },
    web::{Bytes, Payload},
};
use async_graphql::{Name, Value, Variables, parser::types::OperationType};
use futures_util::{Stream, StreamExt, stream};
use multer::{Constraints, Field, Multipart, SizeLimit};
use tempfile::NamedTempFile;

use super::{
    Door,
    budget::Account,
    fault::Fault,
    faults,
    graphql::{sign_in, told, written},
    negotiate::Media,
    params,
};
use crate::{
    auth::action::Action,
    domain::viewer::Viewer,
    graphql::{
        engine::Call,
        imports::upload::{MARK, Received, Uploaded},
        json,
        refusal::{Code, Refusal},
    },
    telemetry::{Note, RequestId},
};

/// Headers that a browser asks about before it sends them to another origin.
pub(super) const PREFLIGHT: [&str; 2] = ["graphql-require-preflight", "apollo-require-preflight"];
/// The map of files is one line.
const LONGEST_MAP: u64 = 4 * 1024;

/// Whether a request claims to bring a file.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let essence = |value: &actix_web::http::header::HeaderValue| {
        let mime: mime::Mime = value.to_str().ok()?.parse().ok()?;
        Some(mime.essence_str() == mime::MULTIPART_FORM_DATA.essence_str())
    };
    headers.get(CONTENT_TYPE).and_then(essence).unwrap_or(false)
}

/// Takes the request's parts in their order, and runs it once its file is here.
pub(super) async fn exchange(
    request: &HttpRequest,
    payload: Payload,
    door: &Door,
    media: Media,
    id: &RequestId,
    note: &mut Note,
) -> Result<HttpResponse, Fault> {
    let boundary = boundary(request.headers(), door)?;
    let viewer = sign_in(request, door, id).await?;
    note.role = Some(viewer.role_name());
    let permit = viewer.permit(Action::ImportFigures).map_err(Refusal::from);
    permit.map_err(|refusal| Fault::refused(refusal, media))?;

    let config = &door.app.config;
    let operations = config.max_body_bytes as u64;
    let limits = SizeLimit::new()
        .whole_stream(config.max_upload_bytes + operations + LONGEST_MAP)
        .per_field(config.max_upload_bytes)
        .for_field("operations", operations)
        .for_field("map", LONGEST_MAP);
    let constraints = Constraints::new().size_limit(limits);
    let parts = Multipart::with_constraints(chunks(payload), boundary, constraints);
    let received = tokio::time::timeout(config.upload_deadline, receive(parts, door));
    let (mut call, received) = received.await.map_err(|_| Fault::too_slow())??;
    id.as_str().clone_into(&mut call.request_id);
    note.operation = call.operation_name.as_deref().and_then(Note::plain_name);
    let account = door.budgets.account(door.budgets.address(request), &viewer);
    run(door, call, received, (&viewer, media, account), note).await
}

async fn run(
    door: &Door,
    mut call: Call,
    received: Received,
    (viewer, media, account): (&Viewer, Media, Option<Account>),
    note: &mut Note,
) -> Result<HttpResponse, Fault> {
    let (admitted, left) = door
        .admit(&mut call, viewer, account.as_ref())
        .map_err(|refusal| Fault::refused(refusal, media))?;
    if admitted.kind != OperationType::Mutation {
        return Err(Fault::bad_request("A file comes with a mutation."));
    }
    note.kind = Some("mutation");
    let met = faults::meet(viewer, &call, &admitted, media).await?;
    let uploaded = Uploaded::new(received);
    let furnish = |request| door.furnish(request, viewer, &left).data::<Uploaded>(uploaded.clone());
    let run = door.engine.run(call, admitted, furnish).await;
    let response = run.map_err(|refusal| Fault::refused(refusal, media))?;
    Ok(met.answer(told(written(&response, media), left.as_ref(), viewer)))
}

fn boundary(headers: &HeaderMap, door: &Door) -> Result<String, Fault> {
    if !PREFLIGHT.iter().any(|name| headers.contains_key(*name)) {
        return Err(Fault::bad_request(
            "A multipart request needs the header graphql-require-preflight, with any value.",
        ));
    }
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let config = &door.app.config;
    let most = config.max_upload_bytes + config.max_body_bytes as u64 + LONGEST_MAP;
    if announced.is_some_and(|length: u64| length > most) {
        return Err(too_large(door));
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(kind)
        .map_err(|_| Fault::bad_request("The content-type names no boundary of the parts."))
}

fn too_large(door: &Door) -> Fault {
    Fault::too_large(usize::try_from(door.app.config.max_upload_bytes).unwrap_or(usize::MAX))
}

/// The body's chunks, brought from the thread that the connection belongs to.
fn chunks(mut payload: Payload) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let (send, receive) = tokio::sync::mpsc::channel(4);
    actix_web::rt::spawn(async move {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(std::io::Error::other);
            if send.send(chunk).await.is_err() {
                break;
            }
        }
    });
    stream::unfold(receive, |mut receive| async {
        receive.recv().await.map(|chunk| (chunk, receive))
    })
}

async fn receive(mut parts: Multipart<'static>, door: &Door) -> Result<(Call, Received), Fault> {
    let operations = text(&mut parts, "operations", door).await?;
    let mut call = params::from_body(operations.as_bytes())?;
    let map = text(&mut parts, "map", door).await?;
    let (name, path) = mapped(&map)?;
    let field = part(&mut parts, &name, door).await?;
    let received = keep(field, door).await?;
    let variables = std::mem::take(&mut call.variables);
    call.variables = marked(variables, &path)?;
    Ok((call, received))
}

async fn part(
    parts: &mut Multipart<'static>,
    name: &str,
    door: &Door,
) -> Result<Field<'static>, Fault> {
    let next = parts.next_field().await.map_err(|error| broken(&error, door))?;
    next.filter(|field| field.name() == Some(name)).ok_or_else(|| {
        Fault::bad_request("The parts are operations, map and the file, in this order.")
    })
}

async fn text(parts: &mut Multipart<'static>, name: &str, door: &Door) -> Result<String, Fault> {
    let field = part(parts, name, door).await?;
    let bytes = field.bytes().await.map_err(|error| broken(&error, door))?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Fault::bad_request("A part is not UTF-8."))
}

fn broken(error: &multer::Error, door: &Door) -> Fault {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            too_large(door)
        }
        _ => Fault::bad_request("The parts of the body cannot be read."),
    }
}

/// The name of the one file, and the path of the variable that it stands for.
fn mapped(map: &str) -> Result<(String, String), Fault> {
    let wrong = || Fault::bad_request("The map names one file, and one variable for it.");
    let Ok(Value::Object(members)) = json::read(map.as_bytes()) else { return Err(wrong()) };
    let mut members = members.into_iter();
    let (Some((name, Value::List(paths))), None) = (members.next(), members.next()) else {
        return Err(wrong());
    };
    match &paths[..] {
        [Value::String(path)] => Ok((name.to_string(), path.clone())),
        _ => Err(wrong()),
    }
}

/// The variables with the mark of a file in the place of its null.
fn marked(variables: Variables, path: &str) -> Result<Variables, Fault> {
    let wrong = || Fault::bad_request("The map names a variable that is not null or not there.");
    let path = path.strip_prefix("variables.").ok_or_else(wrong)?;
    let mut root = variables.into_value();
    let mut place: &mut Value = &mut root;
    for step in path.split('.') {
        let Value::Object(members) = place else { return Err(wrong()) };
        place = members.get_mut(&Name::new(step)).ok_or_else(wrong)?;
    }
    if *place != Value::Null {
        return Err(wrong());
    }
    *place = Value::String(MARK.to_owned());
    Ok(Variables::from_value(root))
}

/// Writes the file to disk as it arrives.
async fn keep(mut field: Field<'static>, door: &Door) -> Result<Received, Fault> {
    let lost = |error: std::io::Error| {
        tracing::error!(%error, "an upload cannot be kept");
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Unavailable,
            "The file cannot be kept now; please try again.",
        )
    };
    let name = field.file_name().unwrap_or("upload").to_owned();
    let mut file = NamedTempFile::new().map_err(lost)?;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error, door))? {
        file.write_all(&chunk).map_err(lost)?;
    }
    file.flush().map_err(lost)?;
    Ok(Received { path: file.into_temp_path(), name })
}
