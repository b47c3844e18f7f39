//! `GET /returns/template.csv` and `.xlsx`: the form of a month's return, signed in as
//! for GraphQL.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY},
    web::{self, Data},
};
use async_graphql::ID;
use serde::Deserialize;

use super::{
    Door,
    fault::Fault,
    graphql::{sign_in, told},
    negotiate::Media,
    request_id,
};
use crate::{
    domain::{
        organisations::OrganisationBy,
        returns::template::{self, Template, TemplateOf},
    },
    export::template as written,
    graphql::{ids, organisations::by::organisation_id, refusal::Refusal},
    ids::OrganisationCode,
    telemetry::RequestId,
};

/// What a client asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The id of a schedule.
    schedule: String,
    /// Such as `2025-11`.
    month: String,
    /// A code such as `ods:Y63` or `hub:west-yorkshire`, or an id.
    organisation: Option<String>,
}

type Writer = fn(&Template) -> Result<Vec<u8>, written::NotWritten>;

pub(super) async fn csv(request: HttpRequest, door: Data<Door>) -> HttpResponse {
    answer(request, door, written::csv, ("csv", "text/csv; charset=utf-8")).await
}

pub(super) async fn xlsx(request: HttpRequest, door: Data<Door>) -> HttpResponse {
    const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    answer(request, door, written::xlsx, ("xlsx", TYPE)).await
}

async fn answer(
    request: HttpRequest,
    door: Data<Door>,
    write: Writer,
    kind: (&str, &str),
) -> HttpResponse {
    let id = request_id(&request);
    let answered = file(&request, &door, &id, write, kind).await;
    answered.unwrap_or_else(|fault| fault.answer(Media::Json, &id))
}

async fn file(
    request: &HttpRequest,
    door: &Door,
    id: &RequestId,
    write: Writer,
    (ending, media): (&str, &str),
) -> Result<HttpResponse, Fault> {
    let of = read(request.query_string()).map_err(Fault::of)?;
    let viewer = sign_in(request, door, id).await?;
    let left = door.admit_file(request, &viewer, None).map_err(Fault::of)?;
    let template = template::template(&viewer, &of).await;
    let template = template.map_err(|failure| Fault::of(failure.into()))?;
    let written = web::block(move || write(&template)).await;
    let broken = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a form could not be written");
        Fault::of(Refusal::internal())
    };
    let bytes = written.map_err(|error| broken(&error))?.map_err(|error| broken(&error))?;
    let name = format!("attachment; filename=\"return-{}.{ending}\"", of.month);
    let answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "authorization"))
        .body(bytes);
    Ok(told(answer, left.as_ref(), &viewer))
}

fn read(query: &str) -> Result<TemplateOf, Refusal> {
    let asked: Asked = serde_urlencoded::from_str(query).map_err(|_| {
        Refusal::bad_request(
            "Send schedule (an id) and month (YYYY-MM), and perhaps organisation, each once.",
        )
    })?;
    let month = asked.month.parse();
    Ok(TemplateOf {
        schedule: ids::read_as(&ID(asked.schedule), "ReturnSchedule")?,
        month: month.map_err(|wrong: crate::ids::Malformed| Refusal::bad_request(wrong.0))?,
        organisation: asked.organisation.map(named).transpose()?,
    })
}

fn named(text: String) -> Result<OrganisationBy, Refusal> {
    if !text.contains(':') {
        return organisation_id(&ID(text)).map(OrganisationBy::Id);
    }
    let code: OrganisationCode =
        text.parse().map_err(|wrong: crate::ids::Malformed| Refusal::bad_request(wrong.0))?;
    Ok(match code {
        OrganisationCode::Ods(code) => OrganisationBy::OdsCode(code),
        OrganisationCode::Hub(slug)
        | OrganisationCode::Provider(slug)
        | OrganisationCode::Programme(slug) => OrganisationBy::Slug(slug),
        OrganisationCode::Client(_) => {
            return Err(Refusal::bad_request("a client owes no returns"));
        }
    })
}
