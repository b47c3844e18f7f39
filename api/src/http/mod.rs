//! The front door: every route, and how the server starts and stops.

mod address;
mod admit;
mod bearer;
mod body;
mod budget;
mod desk;
mod export;
mod fault;
mod faults;
mod graphql;
mod health;
mod imports;
mod live;
mod negotiate;
mod oauth;
mod observe;
mod pages_elsewhere;
mod params;
mod queries;
mod returns;
mod seats;
mod server;
mod unread;
mod upload;

use std::sync::Arc;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    web::{self, Data, ServiceConfig},
};
use tokio::sync::watch;

use self::{
    budget::Budgets, fault::Fault, live::Live, negotiate::Media, oauth::Throttle,
    pages_elsewhere::pages_elsewhere, seats::Seats,
};
pub use self::{
    observe::observe,
    server::{listen, serve},
};
use crate::{
    app::App,
    config::Config,
    graphql::{Schema, engine::Engine, limits::Gate, sdl, swift_schema},
    telemetry::RequestId,
};

/// As many files may be taken at once, in all and by one caller.
const FILES: usize = 200;
const FILES_OF_ONE: usize = 8;

/// What the handlers share.
pub struct Door {
    app: Arc<App>,
    engine: Arc<Engine<Schema>>,
    sdl: String,
    throttle: Throttle,
    budgets: Budgets,
    live: Live,
    /// For the files that are being taken.
    files: Seats,
    stops: watch::Sender<bool>,
}

impl Door {
    /// The error is a schema whose own printing cannot be read back.
    pub fn new(app: Arc<App>) -> Result<Self, async_graphql::parser::Error> {
        let (config, sdl) = (Arc::clone(&app.config), sdl(&app.schema));
        let gate = Gate::new(&sdl, config.limits, config.introspection)?;
        let (swift, exact) = (swift_schema(), app.schema.clone());
        let engine = Engine::new(swift, exact, gate, config.request_deadline).into();
        let (throttle, budgets) = (Throttle::default(), Budgets::new(&config));
        let (live, stops) = (Live::new(&config), watch::Sender::new(false));
        let files = Seats::new(FILES, FILES_OF_ONE);
        Ok(Self { app, engine, sdl, throttle, budgets, live, files, stops })
    }

    /// Where machine clients get tokens: what their assertions are for.
    fn token_endpoint(config: &Config) -> String {
        format!("{}/oauth2/token", config.public_url)
    }

    fn is_stopping(&self) -> bool {
        *self.stops.borrow()
    }

    /// Becomes true when the program begins to stop.
    fn stopping(&self) -> watch::Receiver<bool> {
        self.stops.subscribe()
    }

    fn begin_to_stop(&self) {
        self.stops.send_replace(true);
    }
}

/// Every route.
pub fn configure(routes: &mut ServiceConfig, door: Data<Door>) {
    let config = Arc::clone(&door.app.config);
    let here = web::scope("")
        .wrap(pages_elsewhere(&config))
        .service(web::resource("/graphql").to(graphql::answer))
        .service(web::resource("/oauth2/token").to(oauth::token))
        .service(page("/.well-known/jwks.json").get(oauth::key_set))
        .service(page("/.well-known/oauth-authorization-server").get(oauth::metadata))
        .service(page("/imports/{id}/rejects.csv").get(imports::rejects))
        .service(page("/health/live").get(health::live))
        .service(page("/health/ready").get(health::ready))
        .service(page("/schema.graphql").get(desk::schema))
        .service(page("/returns/template.csv").get(returns::csv))
        .service(page("/returns/template.xlsx").get(returns::xlsx))
        .service(page("/export/{file}").get(export::answer))
        .service(page("/desk.css").get(desk::style))
        .service(page("/").get(desk::home))
        .default_service(web::to(nothing_here));
    let here = match config.graphiql {
        true => here
            .service(page("/graphiql").get(desk::query_page))
            .service(page("/graphiql.js").get(desk::script)),
        false => here,
    };
    routes.app_data(door).service(here);
}

/// A resource that can only be read.
struct Page(actix_web::Resource);

fn page(path: &str) -> Page {
    Page(web::resource(path).default_service(web::to(only_get)))
}

impl Page {
    fn get<F, Args>(self, handler: F) -> actix_web::Resource
    where
        F: actix_web::Handler<Args>,
        Args: actix_web::FromRequest + 'static,
        F::Output: actix_web::Responder + 'static,
    {
        self.0.route(web::get().to(handler))
    }
}

async fn only_get(request: HttpRequest) -> HttpResponse {
    Fault::method_not_allowed("GET").answer(Media::Json, &request_id(&request))
}

async fn nothing_here(request: HttpRequest) -> HttpResponse {
    Fault::not_found().answer(Media::Json, &request_id(&request))
}

/// The id that [`observe`] gave to a request.
fn request_id(request: &HttpRequest) -> RequestId {
    let given = request.extensions().get::<RequestId>().cloned();
    given.unwrap_or_else(|| RequestId::taken_over(None))
}
