//! GraphQL over HTTP, as its specification has it.
//!
//! GET runs queries only; POST takes JSON only. Neither can be used to write from
//! another origin: GET has no effects, and a browser asks before it sends JSON.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, VARY},
    },
    web::{Data, Payload},
};
use async_graphql::{Response, ServerError, Value, parser::types::OperationType};
use serde::Serialize;

use super::{
    Door, bearer, body,
    fault::Fault,
    faults,
    negotiate::{self, Media},
    params, request_id, upload,
};
use crate::{
    app::SignInRefused,
    domain::viewer::Viewer,
    graphql::{self, engine::Call, refusal::Code},
    telemetry::{Note, RequestId},
};

const METHODS: &str = "GET, POST";

/// `GET` and `POST /graphql`.
pub(super) async fn answer(
    request: HttpRequest,
    payload: Payload,
    door: Data<Door>,
) -> HttpResponse {
    let id = request_id(&request);
    let media = negotiate::accepted(request.headers());
    let mut note = Note::default();
    let brings_file = *request.method() == Method::POST && upload::is_multipart(request.headers());
    let answered = match media {
        Some(media) if brings_file => {
            upload::exchange(&request, payload, &door, media, &id, &mut note).await
        }
        Some(media) => exchange(&request, payload, &door, media, &id, &mut note).await,
        None => Err(Fault::not_acceptable()),
    };
    request.extensions_mut().insert(note);
    answered.unwrap_or_else(|fault| fault.answer(media.unwrap_or(Media::Json), &id))
}

async fn exchange(
    request: &HttpRequest,
    payload: Payload,
    door: &Door,
    media: Media,
    id: &RequestId,
    note: &mut Note,
) -> Result<HttpResponse, Fault> {
    let mut call = read(request, payload, door).await?;
    id.as_str().clone_into(&mut call.request_id);
    note.operation = call.operation_name.as_deref().and_then(Note::plain_name);

    let viewer = sign_in(request, door, id).await?;
    note.role = Some(viewer.role_name());
    graphql::changes::not_before(&viewer, call.not_before.as_deref())
        .await
        .map_err(|refusal| Fault::refused(refusal, media))?;

    let admitted = door.engine.admit(&call).map_err(|refusal| Fault::refused(refusal, media))?;
    note.kind = Some(match admitted.kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    });
    if *request.method() == Method::GET && admitted.kind != OperationType::Query {
        return Err(Fault::method_not_allowed("POST"));
    }
    let met = faults::meet(&viewer, &call, &admitted, media).await?;
    let run =
        door.engine.run(call, admitted, |request| graphql::furnish(request, viewer.clone())).await;
    let response = run.map_err(|refusal| Fault::refused(refusal, media))?;
    Ok(met.answer(written(&response, media)))
}

async fn read(request: &HttpRequest, payload: Payload, door: &Door) -> Result<Call, Fault> {
    match *request.method() {
        Method::GET => params::from_query_string(request.query_string()),
        Method::POST => {
            params::check_content_type(request.headers())?;
            let config = &door.app.config;
            let (most, deadline) = (config.max_body_bytes, config.body_deadline);
            let body = body::read(request.headers(), payload, most, deadline).await?;
            params::from_body(&body)
        }
        _ => Err(Fault::method_not_allowed(METHODS)),
    }
}

pub(super) async fn sign_in(
    request: &HttpRequest,
    door: &Door,
    id: &RequestId,
) -> Result<Viewer, Fault> {
    let token = bearer::token(request.headers())
        .map_err(|_| Fault::bad_token("Send one header: authorization: Bearer, and a token."))?;
    door.app.sign_in(token, id.as_str()).await.map_err(|refused| match refused {
        SignInRefused::Token(sentence) => Fault::bad_token(sentence),
        SignInRefused::Unavailable => Fault::unavailable(),
    })
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

pub(super) fn written(response: &Response, media: Media) -> HttpResponse {
    // Only an error of execution has a path, and only execution gives data.
    let executed = response.errors.is_empty()
        || response.data != Value::Null
        || response.errors.iter().any(|error| !error.path.is_empty());
    let unavailable = executed && nothing_was_available(response);
    let status = match media {
        _ if unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Media::Response if !executed => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let data = executed.then_some(&response.data);
    let answer = Answer { errors: &response.errors, data, extensions: &response.extensions };

    let mut builder = HttpResponse::build(status);
    builder.insert_header((CONTENT_TYPE, media.content_type()));
    builder.insert_header((VARY, "accept, authorization"));
    if unavailable {
        builder.insert_header((RETRY_AFTER, "2"));
    }
    builder.json(answer)
}

/// Whether there is no answer at all, because everything asked for could not be reached.
fn nothing_was_available(response: &Response) -> bool {
    let is_empty = match &response.data {
        Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
        data => *data == Value::Null,
    };
    let code = |error: &ServerError| error.extensions.as_ref()?.get("code").cloned();
    let unavailable = Value::from(Code::Unavailable.name());
    is_empty
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| code(error).as_ref() == Some(&unavailable))
}
