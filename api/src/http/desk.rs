//! The pages for people who build on the API: what this is, a place to try queries,
//! and the schema. Everything they load comes from here.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, ContentType},
    web::Data,
};

use super::{Door, fault::Fault, negotiate::Media, request_id};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// `GET /`
pub(super) async fn home(door: Data<Door>) -> HttpResponse {
    let page = include_str!("desk/home.html");
    let query_page = if door.app.config.graphiql {
        "<li><a href=\"/graphiql\">Try a query</a></li>"
    } else {
        ""
    };
    html(page.replace("<!-- query page -->", query_page))
}

/// `GET /graphiql`, in development.
pub(super) async fn query_page() -> HttpResponse {
    html(include_str!("desk/query.html").to_owned())
}

pub(super) async fn script() -> HttpResponse {
    let script = include_str!("desk/query.js");
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(script)
}

pub(super) async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("desk/desk.css"))
}

/// `GET /schema.graphql`: the same text as `gpa schema` prints.
pub(super) async fn schema(request: HttpRequest, door: Data<Door>) -> HttpResponse {
    if !door.app.config.introspection {
        return Fault::not_found().answer(Media::Json, &request_id(&request));
    }
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(door.sdl.clone())
}

fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(page)
}
