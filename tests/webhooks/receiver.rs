//! Somebody who is told: a server of the test's own, which answers as it is told to and
//! remembers what came.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::StatusCode,
    rt,
    web::{self, Bytes, Data},
};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::sync::watch;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// One message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub event: Value,
    /// What it was answered with.
    pub status: u16,
}

/// What a receiver answers to an event: a status, and a header if any.
type Answers = Box<dyn FnMut(&Value) -> (u16, Option<(&'static str, String)>) + Send>;

struct Desk {
    answers: Mutex<Answers>,
    came: Mutex<Vec<Message>>,
    /// Whether answers are given, or held back.
    open: watch::Sender<bool>,
    /// How many messages have come, answered or not.
    arrived: watch::Sender<usize>,
}

pub(crate) struct Receiver {
    pub url: String,
    desk: Arc<Desk>,
    handle: ServerHandle,
}

impl Receiver {
    pub(crate) fn new() -> Self {
        let desk = Arc::new(Desk {
            answers: Mutex::new(Box::new(|_| (204, None))),
            came: Mutex::default(),
            open: watch::channel(true).0,
            arrived: watch::channel(0).0,
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let shared = Data::from(desk.clone());
        let routes = move || App::new().app_data(shared.clone()).default_service(web::to(take));
        let server = HttpServer::new(routes).workers(1).disable_signals();
        let server = server.listen(listener).unwrap().run();
        let handle = server.handle();
        rt::spawn(server);
        Self { url, desk, handle }
    }

    /// From here on it answers so.
    pub(crate) fn answer(
        &self,
        answers: impl FnMut(&Value) -> (u16, Option<(&'static str, String)>) + Send + 'static,
    ) {
        *self.desk.answers.lock().unwrap() = Box::new(answers);
    }

    pub(crate) fn answer_with(&self, status: u16) {
        self.answer(move |_| (status, None));
    }

    /// Holds answers back, or gives them.
    pub(crate) fn open(&self, open: bool) {
        self.desk.open.send_replace(open);
    }

    /// Waits until so many messages have come, answered or not.
    pub(crate) async fn has_come(&self, count: usize) {
        let mut arrived = self.desk.arrived.subscribe();
        let come = arrived.wait_for(|arrived| *arrived >= count);
        tokio::time::timeout(PATIENCE, come).await.expect("it did not come").unwrap();
    }

    /// How many messages have come, answered or not.
    pub(crate) fn arrived(&self) -> usize {
        *self.desk.arrived.borrow()
    }

    /// Everything that was answered.
    pub(crate) fn came(&self) -> Vec<Message> {
        self.desk.came.lock().unwrap().clone()
    }

    /// Everything that was taken.
    pub(crate) fn took(&self) -> Vec<Message> {
        let came = self.came().into_iter();
        came.filter(|message| (200..300).contains(&message.status)).collect()
    }

    pub(crate) fn forget(&self) {
        self.desk.came.lock().unwrap().clear();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn take(request: HttpRequest, body: Bytes, desk: Data<Desk>) -> HttpResponse {
    desk.arrived.send_modify(|arrived| *arrived += 1);
    let mut open = desk.open.subscribe();
    let _ = open.wait_for(|open| *open).await;
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (status, header) = (desk.answers.lock().unwrap())(&event);
    let headers = request.headers().iter().map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
        (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
    });
    let message = Message { headers: headers.collect(), body: body.to_vec(), event, status };
    desk.came.lock().unwrap().push(message);
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if let Some(header) = header {
        answer.insert_header(header);
    }
    answer.finish()
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn subject(&self) -> &Value {
        &self.event["subject"]
    }

    /// Whether one of its signatures is that of a secret, whenever it was made.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let timestamp = self.header("webhook-timestamp").parse().unwrap();
        let signer = Webhook::new(secret).unwrap();
        let signature = signer.sign(self.header("webhook-id"), timestamp, &self.body).unwrap();
        self.header("webhook-signature").split(' ').any(|one| one == signature)
    }

    /// What a receiver does with what comes: nothing that is not signed, or not of now.
    pub(crate) fn verify(&self, secret: &str) {
        let verified = Webhook::new(secret).unwrap().verify(&self.body, &self.headers);
        assert!(verified.is_ok(), "{verified:?}: {:?}", self.headers);
    }
}

/// What was told of each subject, in its order.
pub(crate) fn by_subject(messages: &[Message]) -> HashMap<String, Vec<(String, Value)>> {
    let mut told: HashMap<String, Vec<(String, Value)>> = HashMap::new();
    for message in messages {
        let subject = message.subject().as_str().unwrap_or_default().to_owned();
        let data = &message.event["data"];
        let one = (data["type"].as_str().unwrap_or_default().to_owned(), data["after"].clone());
        told.entry(subject).or_default().push(one);
    }
    told
}
