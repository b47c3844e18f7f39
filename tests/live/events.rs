//! Server-sent events: one connection for each operation.

use chrono::TimeDelta;
use reqwest::{Client as Http, Response, header::HeaderMap};
use serde_json::{Value, json};

use super::{CHANGES, client::PATIENCE, rename, words};
use crate::{
    changes::now,
    harness::{Served, Who, World, on_both, on_sqlite, people},
};

/// A stream that is read event by event.
struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    /// The next event, as its name and its data; nothing at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                if event == ":" {
                    continue;
                }
                let (name, data) = event.split_once('\n').unwrap();
                let name = name.strip_prefix("event: ").unwrap().to_owned();
                let data = data.strip_prefix("data:").unwrap();
                return Some((name, serde_json::from_str(data).unwrap_or(Value::Null)));
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("nothing comes").unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn event(&mut self) -> Value {
        let (name, data) = self.next().await.expect("an event");
        assert_eq!(name, "next", "{data:#}");
        data
    }
}

async fn post(served: &Served, token: Option<String>, headers: HeaderMap, body: Value) -> Response {
    let mut request = Http::new().post(format!("{}/graphql", served.url));
    request = request.header("accept", "text/event-stream").headers(headers);
    request = request.header("content-type", "application/json");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.body(body.to_string()).send().await.unwrap()
}

async fn follow(world: &World, served: &Served, who: Who, query: &str, variables: Value) -> Stream {
    let body = json!({ "query": query, "variables": variables });
    let response = post(served, world.token(who), HeaderMap::new(), body).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Stream { response, read: String::new() }
}

#[test]
fn changes_come_as_events_and_go_on_from_a_cursor() {
    on_both(async |world| {
        let served = Served::of(world);
        let cursor = now(world, people::YORKSHIRE).await;
        rename(world, "Y90001", "Before").await;
        let variables = json!({ "after": cursor });
        let mut stream = follow(world, &served, people::YORKSHIRE, CHANGES, variables).await;
        let first = stream.event().await;
        assert_eq!(words(&first), "RENAMED Before");
        rename(world, "Y90001", "After").await;
        assert_eq!(words(&stream.event().await), "RENAMED After");
        drop(stream);
        let variables = json!({ "after": first["data"]["changes"]["cursor"] });
        let mut again = follow(world, &served, people::YORKSHIRE, CHANGES, variables).await;
        assert_eq!(words(&again.event().await), "RENAMED After");

        let clock = world.app.store.clock();
        clock.set(clock.now() + TimeDelta::minutes(32));
        let expired = again.event().await;
        assert_eq!(expired["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(again.next().await.unwrap().0, "complete");
        assert!(again.next().await.is_none());
        served.stop().await;
    });
}

#[test]
fn what_ends_by_itself_is_complete() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let text = "organisation_code,metric,month,value\nY90001,survey.in_post,2025-11,3\n";
        let hub = people::YORKSHIRE;
        let started =
            crate::imports::figures::started(world, hub, "one", "OBSERVATIONS", text).await;
        let query = "subscription($id: ID!) { importProgress(id: $id) { state } }";
        let variables = json!({ "id": started["import"]["id"] });
        let mut stream = follow(world, &served, hub, query, variables).await;
        assert_eq!(stream.event().await["data"]["importProgress"]["state"], "PREVIEWED");
        assert_eq!(stream.next().await.unwrap(), ("complete".to_owned(), Value::Null));
        assert!(stream.next().await.is_none());

        let mut query = follow(world, &served, hub, "{ viewer { role } }", json!({})).await;
        assert_eq!(query.event().await["data"]["viewer"]["role"], "HUB_TEAM");
        assert_eq!(query.next().await.unwrap().0, "complete");
        let refused = "subscription { importProgress(id: \"x\") { state } }";
        let mut refused = follow(world, &served, people::PUBLIC, refused, json!({})).await;
        let code = &refused.event().await["errors"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHENTICATED");
        assert_eq!(refused.next().await.unwrap().0, "complete");
        served.stop().await;
    });
}

#[test]
fn anybody_may_follow_figures_by_a_link() {
    on_both(async |world| {
        let served = Served::of(world);
        let query = "subscription { figuresUpdated(metrics: [\"survey.engaged\"], current: true,
            of: { england: true }, periods: { from: \"2025-11\", to: \"2025-11\" }) {
            value { state value } } }";
        let link = format!(
            "{}/graphql?{}",
            served.url,
            serde_urlencoded::to_string([("query", query)]).unwrap()
        );
        let request = Http::new().get(link).header("accept", "text/event-stream");
        let mut stream = Stream { response: request.send().await.unwrap(), read: String::new() };
        let state = &stream.event().await["data"]["figuresUpdated"]["value"]["state"];
        assert_eq!(state, "NOT_SUBMITTED");
        let input = json!({ "idempotencyKey": "one", "status": "PROVISIONAL", "items": [{
            "metric": "survey.engaged", "organisation": { "odsCode": "Y90001" },
            "month": "2025-11", "value": 1 }] });
        world.command(people::NATIONAL, "recordObservations", input).await;
        let value = &stream.event().await["data"]["figuresUpdated"]["value"]["value"];
        assert_eq!(value, 1.0);
        served.stop().await;
    });
}

#[test]
fn what_is_wrong_is_told_before_a_stream_begins() {
    on_sqlite(async |world| {
        let served = Served::of(world);
        let headers = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("origin", origin.parse().unwrap());
            headers
        };
        let changes = || json!({ "query": CHANGES });
        let token = || world.token(people::NATIONAL);
        let status =
            async |token, headers, body| post(&served, token, headers, body).await.status();
        let none = HeaderMap::new;
        assert_eq!(status(token(), headers("https://evil.example"), changes()).await, 403);
        assert_eq!(status(token(), headers("null"), changes()).await, 403);
        assert_eq!(status(token(), headers("http://127.0.0.1:8080"), changes()).await, 200);
        assert_eq!(status(Some("x".to_owned()), none(), changes()).await, 401);
        for wrong in ["subscription {", "subscription { nothing }", "subscription { __typename }"] {
            assert_eq!(status(token(), none(), json!({ "query": wrong })).await, 400, "{wrong}");
        }
        let answer = Http::new().post(format!("{}/graphql", served.url));
        let answer = answer.header("content-type", "application/json");
        let answer = answer.header("accept", "application/graphql-response+json");
        let answer = answer.body(changes().to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("text/event-stream"), "{message}");
        let link = format!("{}/graphql?query=mutation+%7B+__typename+%7D", served.url);
        let link = Http::new().get(link).header("accept", "text/event-stream");
        assert_eq!(link.send().await.unwrap().status(), 405);
        served.stop().await;
    });
}
