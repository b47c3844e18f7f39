//! Faults on request: each kind, for whoever asked for it and for nobody else, and an answer
//! that is lost has done what it did once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{control, site, state};
use crate::harness::{
    SANDBOX, Who, World, command, on_both_sandboxes, on_the_same, people, serve_on,
};

const ASKED: &str = "query Asked { service { version } }";

async fn inject(world: &World, who: Who, key: &str, mut fault: Value) -> Value {
    fault["idempotencyKey"] = json!(key);
    control(world, who, "injectFaults", fault).await
}

/// What came back: the status, the code of the first error, and the header of another try.
async fn came(world: &World, who: Who, document: &str) -> (u16, String, String) {
    let answer = world.ask_bearing(&world.token(who).unwrap(), document, json!({})).await;
    let code = serde_json::from_slice(&answer.body)
        .map_or(String::new(), |body: Value| body["errors"][0]["extensions"]["code"].to_string());
    (answer.status, code.replace('"', ""), answer.header("retry-after").to_owned())
}

fn well() -> (u16, String, String) {
    (200, "null".to_owned(), String::new())
}

#[test]
fn each_kind_befalls_the_next_requests_of_whoever_asked() {
    on_both_sandboxes(async |world| {
        for (kind, status, code, retry) in [
            ("UNAVAILABLE", 503, "UNAVAILABLE", "2"),
            ("RATE_LIMITED", 429, "RATE_LIMITED", "2"),
            ("TIMEOUT", 504, "TIMEOUT", ""),
            ("INTERNAL", 500, "INTERNAL", ""),
            ("ANSWER_LOST", 502, "", ""),
        ] {
            let fault = json!({ "kind": kind, "requests": 2 });
            let injected = inject(world, people::YORKSHIRE, kind, fault.clone()).await;
            let expected = json!([{ "kind": kind, "operation": null, "remaining": 2,
                "milliseconds": null }]);
            assert_eq!(injected["sandbox"]["faults"], expected, "{injected:#}");
            let again = inject(world, people::YORKSHIRE, kind, fault).await;
            assert_eq!(again["sandbox"]["faults"], expected, "the same key adds nothing");
            assert_eq!(came(world, people::NATIONAL, ASKED).await, well(), "others go on: {kind}");
            assert_eq!(state(world, people::NATIONAL).await["faults"], json!([]));
            for _ in 0..2 {
                let expected = (status, code.to_owned(), retry.to_owned());
                assert_eq!(came(world, people::YORKSHIRE, ASKED).await, expected, "{kind}");
            }
            assert_eq!(came(world, people::YORKSHIRE, ASKED).await, well(), "used up: {kind}");
        }
    });
}

#[test]
fn a_slow_answer_comes_later() {
    on_both_sandboxes(async |world| {
        let fault = json!({ "kind": "SLOW", "milliseconds": 300 });
        inject(world, people::YORKSHIRE, "slow", fault).await;
        let began = Instant::now();
        assert_eq!(came(world, people::YORKSHIRE, ASKED).await, well());
        assert!(began.elapsed() >= Duration::from_millis(300));
    });
}

#[test]
fn a_fault_is_for_the_operation_that_it_names_until_it_is_taken_back() {
    on_both_sandboxes(async |world| {
        let fault = json!({ "kind": "INTERNAL", "operation": "Wanted", "requests": 9 });
        inject(world, people::YORKSHIRE, "one", fault).await;
        inject(world, people::YORKSHIRE, "two", json!({ "kind": "TIMEOUT" })).await;
        let wanted = ASKED.replace("Asked", "Wanted");
        // Another instance, and one that was started later, know of it too.
        let other = on_the_same(world).await;
        assert_eq!(came(&other, people::YORKSHIRE, &wanted).await.0, 500);
        assert_eq!(came(&other, people::YORKSHIRE, ASKED).await.0, 504);
        assert_eq!(came(world, people::YORKSHIRE, ASKED).await, well());
        assert_eq!(came(world, people::YORKSHIRE, "{ service { version } }").await, well());
        assert_eq!(came(world, people::YORKSHIRE, &wanted).await.0, 500);
        let left = state(world, people::YORKSHIRE).await;
        assert_eq!(left["faults"][0]["remaining"], 7, "asking after the sandbox meets none");
        let key = json!({ "idempotencyKey": "clear" });
        let cleared = control(world, people::YORKSHIRE, "clearFaults", key).await;
        assert_eq!(cleared["sandbox"]["faults"], json!([]), "{cleared:#}");
        assert_eq!(came(world, people::YORKSHIRE, &wanted).await, well());
        other.leave().await;
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    on_both_sandboxes(async |world| {
        for (fault, problem) in [
            (json!({ "kind": "TIMEOUT", "requests": 0 }), "input.requests OUT_OF_RANGE"),
            (json!({ "kind": "TIMEOUT", "requests": 1001 }), "input.requests OUT_OF_RANGE"),
            (json!({ "kind": "TIMEOUT", "operation": "a b" }), "input.operation MALFORMED"),
            (json!({ "kind": "TIMEOUT", "operation": "" }), "input.operation MALFORMED"),
            (json!({ "kind": "TIMEOUT", "milliseconds": 5 }), "input.milliseconds CONTRADICTION"),
            (json!({ "kind": "SLOW" }), "input.milliseconds REQUIRED"),
            (json!({ "kind": "SLOW", "milliseconds": 60_001 }), "input.milliseconds OUT_OF_RANGE"),
        ] {
            let refused = inject(world, people::YORKSHIRE, "wrong", fault.clone()).await;
            let found = &refused["problems"][0];
            let found = format!("{} {}", found["path"], found["code"]).replace('"', "");
            assert_eq!(found, problem, "{fault}");
        }
        for number in 0..20 {
            let key = format!("many-{number}");
            inject(world, people::YORKSHIRE, &key, json!({ "kind": "TIMEOUT" })).await;
        }
        let more = inject(world, people::YORKSHIRE, "more", json!({ "kind": "TIMEOUT" })).await;
        assert_eq!(more["problems"][0]["code"], "CONTRADICTION", "{more:#}");
    });
}

#[test]
fn what_was_done_and_not_heard_of_is_done_once() {
    on_both_sandboxes(async |world| {
        let server = serve_on(world.url(), SANDBOX);
        let count = "{ sites { totalCount } }";
        let sites = world.data(people::NATIONAL, count, json!({})).await;
        let sites = sites["sites"]["totalCount"].as_i64().unwrap();
        let fault = json!({ "kind": "ANSWER_LOST", "requests": 2 });
        inject(world, people::NATIONAL, "lost", fault).await;

        let (document, variables) = command("registerSite", &site("site", "Y91001"));
        let body = json!({ "query": document, "variables": variables }).to_string();
        let http = reqwest::Client::new();
        let mut statuses = Vec::new();
        let registered = loop {
            let request = http.post(format!("{}/graphql", server.url)).body(body.clone());
            let request = request.bearer_auth(world.token(people::NATIONAL).unwrap());
            let request = request.header("content-type", "application/json");
            let answer = request.send().await.unwrap();
            statuses.push(answer.status().as_u16());
            let text = answer.text().await.unwrap();
            if let Ok(answer) = serde_json::from_str::<Value>(&text) {
                break answer["data"]["registerSite"].clone();
            }
        };
        assert_eq!(statuses, [502, 502, 200]);
        assert_eq!(registered["__typename"], "SiteRegistered", "{registered:#}");
        world.app.store.refresh().await.unwrap();
        let after = world.data(people::NATIONAL, count, json!({})).await;
        assert_eq!(after["sites"]["totalCount"], sites + 1);
    });
}
