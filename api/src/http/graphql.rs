//! GraphQL over HTTP, as its specification has it.
//!
//! GET runs queries only; POST takes JSON only. Neither can be used to write from
//! another origin: GET has no effects, and a browser asks before it sends JSON. What goes
//! on, because it follows something, is [`super::live`]'s.

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
    budget::{self, Payer},
    fault::Fault,
    faults, live,
    negotiate::{self, Media},
    params, request_id, upload,
};
use crate::{
    app::SignInRefused,
    domain::viewer::Viewer,
    graphql::{
        self,
        engine::Call,
        rate_limit::RateLimit,
        refusal::{Code, Refusal},
    },
    telemetry::{Note, RequestId},
};

const METHODS: &str = "GET, POST";

/// How a client takes its answers.
#[derive(Clone, Copy)]
struct Takes {
    media: Media,
    events: bool,
    /// Whether it takes nothing but events.
    only_events: bool,
}

/// `GET` and `POST /graphql`.
pub(super) async fn answer(
    request: HttpRequest,
    payload: Payload,
    door: Data<Door>,
) -> HttpResponse {
    let id = request_id(&request);
    let media = negotiate::accepted(request.headers());
    let events = negotiate::takes_events(request.headers());
    let mut note = Note::default();
    let method = request.method().clone();
    let brings_file = method == Method::POST && upload::is_multipart(request.headers());
    let takes = |media| Takes { media, events, only_events: false };
    let answered = match media {
        _ if method == Method::GET && live::is_upgrade(request.headers()) => {
            note.kind = Some("socket");
            live::socket(&request, payload, &door, &id)
        }
        Some(media) if brings_file => {
            upload::exchange(&request, payload, &door, media, &id, &mut note).await
        }
        Some(media) => exchange(&request, payload, &door, takes(media), &id, &mut note).await,
        None if events => {
            // Whoever takes events alone reads the status, not the body.
            let takes = Takes { only_events: true, ..takes(Media::Response) };
            exchange(&request, payload, &door, takes, &id, &mut note).await
        }
        None => Err(Fault::not_acceptable()),
    };
    request.extensions_mut().insert(note);
    answered.unwrap_or_else(|fault| fault.answer(media.unwrap_or(Media::Json), &id))
}

async fn exchange(
    request: &HttpRequest,
    payload: Payload,
    door: &Data<Door>,
    Takes { media, events, only_events }: Takes,
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

    let from = door.budgets.address(request);
    let account = door.budgets.account(from, &viewer);
    let (admitted, left) = door
        .admit(&mut call, &viewer, account.as_ref())
        .map_err(|refusal| Fault::refused(refusal, media))?;
    note.kind = Some(match admitted.kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    });
    if *request.method() == Method::GET && admitted.kind == OperationType::Mutation {
        return Err(Fault::method_not_allowed("POST"));
    }
    let subscribes = admitted.kind == OperationType::Subscription;
    if (only_events || subscribes) && !live::is_allowed(request.headers(), &door.app.config) {
        return Err(Fault::foreign());
    }
    if subscribes {
        if !events {
            return Err(Fault::refused(Refusal::bad_request(GOES_ON), media));
        }
        let token = bearer::token(request.headers()).ok().flatten().map(str::to_owned);
        let caller = live::Caller::new(door.clone(), token, from, id.clone());
        let payer = Payer::of(from, &viewer);
        return live::events(caller, payer, call, (admitted, left), media).await;
    }
    let met = faults::meet(&viewer, &call, &admitted, media).await?;
    let run = door.engine.run(call, admitted, |request| door.furnish(request, &viewer, &left));
    let response = run.await.map_err(|refusal| Fault::refused(refusal, media))?;
    let answer = if only_events { live::once(&response) } else { written(&response, media) };
    Ok(met.answer(told(answer, left.as_ref(), &viewer)))
}

/// The answer, with how far the caller's budget has gone.
pub(super) fn told(
    mut answer: HttpResponse,
    left: Option<&RateLimit>,
    viewer: &Viewer,
) -> HttpResponse {
    if let Some(left) = left {
        budget::tell(&mut answer, left, viewer.now());
    }
    answer
}

/// What a subscription is told that asks for one answer.
const GOES_ON: &str = "A subscription is answered as text/event-stream, or over a WebSocket \
                       that speaks graphql-transport-ws.";

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

/// An answer, as it is written.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(response: &'a Response) -> Self {
        let data = executed(response).then_some(&response.data);
        Self { errors: &response.errors, data, extensions: &response.extensions }
    }
}

/// Whether anything was executed: only an error of execution has a path, and only
/// execution gives data.
pub(super) fn executed(response: &Response) -> bool {
    response.errors.is_empty()
        || response.data != Value::Null
        || response.errors.iter().any(|error| !error.path.is_empty())
}

pub(super) fn written(response: &Response, media: Media) -> HttpResponse {
    let executed = executed(response);
    let unavailable = executed && nothing_was_available(response);
    let status = match media {
        _ if unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Media::Response if !executed => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let answer = Answer::of(response);

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
