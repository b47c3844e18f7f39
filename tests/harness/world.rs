//! One test's world: the program on a database of its own, and its front door.

use std::{collections::BTreeSet, future::poll_fn, rc::Rc, sync::Arc};

use actix_web::{
    App as Routes, body::MessageBody, http::header::HeaderMap, middleware::from_fn, test, web::Data,
};
use api::{
    app::App,
    auth::token::TokenRequest,
    cli::Cli,
    clock::Clock,
    config::Config,
    http::{self, Door},
};
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, TryGetable};
use serde_json::{Value, json};

use super::{Who, database::Copy, folder::Folder, now};

type FrontDoor = Box<dyn Fn(test::TestRequest) -> LocalBoxFuture<'static, Answer>>;

/// What came through the front door.
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) struct World {
    pub app: Arc<App>,
    /// Past the program, straight into its database: to see what is really there.
    pub raw: DatabaseConnection,
    front: FrontDoor,
    copy: Copy,
}

impl World {
    pub(super) async fn open(copy: Copy) -> Self {
        Self::open_with(copy, &[]).await
    }

    pub(super) async fn open_with(copy: Copy, flags: &[&str]) -> Self {
        let flags = [copy.begun.flags(), flags].concat();
        let app = Arc::new(open(config(&copy.url, &flags)).await);
        let raw = raw(&copy.url).await;
        let front = front_door(app.clone()).await;
        Self { app, raw, front, copy }
    }

    pub(super) async fn close(self) {
        self.app.store.close().await;
        self.raw.close().await.unwrap();
        self.copy.drop().await;
    }

    /// Ends this instance, and leaves the database to the others.
    pub(crate) async fn leave(self) {
        self.app.store.close().await;
        self.raw.close().await.unwrap();
    }

    pub(super) fn another_look(&self) -> Copy {
        self.copy.another_look()
    }

    pub(crate) fn url(&self) -> &str {
        &self.copy.url
    }

    pub(crate) fn token(&self, who: Who) -> Option<String> {
        token(&self.app, who)
    }

    /// Sends a document through the front door; gives the whole answer.
    pub(crate) async fn ask(&self, who: Who, document: &str, variables: Value) -> Value {
        ask(&self.app, &self.front, who, document, variables).await
    }

    /// As [`World::ask`], with extensions of the request.
    pub(crate) async fn ask_with(
        &self,
        who: Who,
        document: &str,
        variables: Value,
        extensions: Value,
    ) -> Value {
        let body = json!({ "query": document, "variables": variables, "extensions": extensions });
        send(&self.app, &self.front, who, &body).await
    }

    /// Sends a document with a token of the test's own.
    pub(crate) async fn ask_bearing(
        &self,
        token: &str,
        document: &str,
        variables: Value,
    ) -> Answer {
        let body = json!({ "query": document, "variables": variables });
        self.call(graphql(Some(token), &body)).await
    }

    /// Sends any request through the front door.
    pub(crate) async fn call(&self, request: test::TestRequest) -> Answer {
        (self.front)(request).await
    }

    /// As [`World::ask`], for what must answer without an error; gives its data.
    pub(crate) async fn data(&self, who: Who, document: &str, variables: Value) -> Value {
        let mut answer = self.ask(who, document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}\n{answer:#}");
        answer["data"].take()
    }

    /// The number that a statement gives.
    pub(crate) async fn number(&self, statement: &str) -> i64 {
        self.one(statement).await
    }

    /// The text that a statement gives.
    pub(crate) async fn text(&self, statement: &str) -> String {
        self.one(statement).await
    }

    async fn one<T: TryGetable>(&self, statement: &str) -> T {
        let backend = self.raw.get_database_backend();
        let row = self.raw.query_one_raw(Statement::from_string(backend, statement)).await;
        row.unwrap().expect("a row").try_get_by_index(0).unwrap()
    }

    /// How many rows every table holds, and how often anything was changed: equal
    /// before and after, nothing was written.
    pub(crate) async fn rows(&self) -> String {
        let count = |table| format!("(SELECT COUNT(*) FROM {table})");
        let mut counts: Vec<String> = TABLES.into_iter().map(count).collect();
        counts.push("(SELECT SUM(version) FROM organisation)".to_owned());
        counts.push("(SELECT next FROM row_id)".to_owned());
        counts.push("(SELECT MAX(position) FROM change)".to_owned());
        let counts = counts.iter().map(|count| format!("CAST({count} AS TEXT)"));
        self.text(&format!("SELECT {}", counts.collect::<Vec<_>>().join(" || ' ' || "))).await
    }
}

pub(crate) const TABLES: [&str; 61] = [
    "organisation",
    "organisation_fact",
    "organisation_code",
    "membership",
    "placement",
    "lead_appointment",
    "succession",
    "list_size",
    "audit",
    "change",
    "idempotency_key",
    "edition",
    "metric_version",
    "observation",
    "counted_person",
    "rollup",
    "target",
    "baseline",
    "rebase",
    "return_schedule",
    "monthly_return",
    "return_value",
    "validation_rule",
    "import_run",
    "import_row",
    "data_quality_acceptance",
    "job_description",
    "duty",
    "competency_framework",
    "competency_domain",
    "competency",
    "competency_duty",
    "evidence",
    "proof_of_concept",
    "participation",
    "stage_record",
    "cohort",
    "learner",
    "learner_identifier",
    "learner_details",
    "enrolment",
    "enrolment_event",
    "extension",
    "mentor_assignment",
    "assessment",
    "employment_report",
    "award",
    "post",
    "post_place",
    "api_client",
    "api_client_key",
    "api_client_secret",
    "api_client_grant",
    "api_client_use",
    "operation",
    "client_assertion",
    "sandbox",
    "sandbox_fault",
    "webhook",
    "webhook_secret",
    "webhook_delivery",
];

pub(crate) fn config(url: &str, flags: &[&str]) -> Config {
    let data = Folder::ours().display().to_string();
    // A debug build on a busy machine may need longer than a query is given in production.
    let patient = ["--request-seconds", "120"];
    let ours = ["gpa", "--workers", "1", "--database-pool-size", "4", "--data-dir", &data];
    let ours = [&ours[..], &patient].concat();
    let cli = Cli::read([&ours[..], &["--database-url", url], flags].concat()).unwrap();
    let none: [(String, String); 0] = [];
    Config::from_sources(&cli.settings, none).unwrap()
}

pub(super) async fn open(config: Config) -> App {
    App::open(config, Clock::fixed(now())).await.unwrap()
}

pub(crate) async fn raw(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// The program's own routes, without a socket.
pub(super) async fn front_door(app: Arc<App>) -> FrontDoor {
    let door = Data::new(Door::new(app).unwrap());
    let routes = Routes::new()
        .wrap(from_fn(http::observe))
        .configure(|routes| http::configure(routes, door.clone()));
    let service = Rc::new(test::init_service(routes).await);
    Box::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            let answer = test::call_service(&*service, request.to_request()).await;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let kind = headers.get("content-type").map(|kind| kind.as_bytes());
            let body = match kind {
                Some(b"text/event-stream") => first_event(answer.into_body()).await,
                _ => test::read_body(answer).await.to_vec(),
            };
            Answer { status, headers, body }
        })
    })
}

/// The answer that the first event of a stream holds; whoever follows no further has gone.
async fn first_event(body: impl MessageBody) -> Vec<u8> {
    let mut body = std::pin::pin!(body);
    let mut read = String::new();
    loop {
        let chunk = poll_fn(|cx| body.as_mut().poll_next(cx)).await.expect("an event");
        read.push_str(std::str::from_utf8(&chunk.ok().unwrap()).unwrap());
        if let Some((_, event)) = read.split_once("event: next\ndata: ")
            && let Some((data, _)) = event.split_once("\n\n")
        {
            return data.as_bytes().to_vec();
        }
    }
}

pub(super) async fn ask(
    app: &App,
    front: &FrontDoor,
    who: Who,
    document: &str,
    variables: Value,
) -> Value {
    send(app, front, who, &json!({ "query": document, "variables": variables })).await
}

async fn send(app: &App, front: &FrontDoor, who: Who, body: &Value) -> Value {
    let request = graphql(token(app, who).as_deref(), body);
    let id = format!("asked-by-{}", who.subject);
    front(request.insert_header(("x-request-id", id))).await.json()
}

fn graphql(token: Option<&str>, body: &Value) -> test::TestRequest {
    let mut request = test::TestRequest::post().uri("/graphql");
    let accept = "application/graphql-response+json, text/event-stream";
    request = request.insert_header(("accept", accept));
    if let Some(token) = token {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    request.set_json(body)
}

fn token(app: &App, who: Who) -> Option<String> {
    let request = TokenRequest {
        role: who.role?,
        organisation: who.organisation.parse().unwrap(),
        subject: who.subject.to_owned(),
        scopes: who.scopes.iter().copied().collect::<BTreeSet<_>>(),
        lifetime: TimeDelta::minutes(30),
    };
    Some(app.tokens().issue(&request, app.store.clock().unmoved()).unwrap())
}
