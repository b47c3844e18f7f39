//! Requests that are refused: each with its status, its code and the same shape.

use super::wire::{Answer, ask, get, post, request};
use crate::harness::{serve, serve_with};

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
    assert!(answer.json().get("data").is_none());
}

#[test]
fn writing_takes_a_post_and_json() {
    let server = serve();
    let mutation = get(&server, "/graphql?query=mutation%7B__typename%7D", &[]);
    refused(&mutation, 405, "BAD_REQUEST");
    assert_eq!(mutation.header("allow"), Some("POST"));
    let put = request(&server, "PUT /graphql", &[], b"");
    refused(&put, 405, "BAD_REQUEST");
    assert_eq!(put.header("allow"), Some("GET, POST"));
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""]
    {
        let answer = request(&server, "POST /graphql", &[("content-type", kind)], b"{}");
        refused(&answer, 415, "BAD_REQUEST");
    }
    refused(&request(&server, "POST /graphql", &[], b"{}"), 415, "BAD_REQUEST");
    // A form that any page could send is no request of ours.
    let form = [("content-type", "multipart/form-data; boundary=x")];
    refused(&request(&server, "POST /graphql", &form, b"{}"), 400, "BAD_REQUEST");
    refused(&post(&server, &[("content-encoding", "gzip")], b"\x1f\x8b"), 415, "BAD_REQUEST");
}

#[test]
fn what_cannot_be_read_is_a_bad_request() {
    let server = serve();
    let accept = [("accept", "application/graphql-response+json")];
    for body in [
        "",
        "{",
        "[]",
        "1",
        "{}",
        r#"{"query": 1}"#,
        r#"[{"query": "{ __typename }"}]"#,
        r#"{"query": "{ __typename }", "query": "{ __typename }"}"#,
        r#"{"query": "{ __typename }", "variables": {"a": 1, "a": 2}}"#,
        r#"{"query": "{ __typename }", "variables": []}"#,
        r#"{"query": "{ __typename }", "variables": {"a": "\u0000"}}"#,
        r#"{"query": "{ __typename }", "operationName": 1}"#,
        r#"{"query": "{ __typename }", "operationName": "other"}"#,
        r#"{"query": "{ a(x: \"\\u0000\") }"}"#,
        r#"{"query": "{ noSuchField }"}"#,
        r#"{"query": "{ broken"}"#,
    ] {
        refused(&post(&server, &accept, body.as_bytes()), 400, "BAD_REQUEST");
    }
    refused(&post(&server, &accept, b"{\"query\": \"\xff\"}"), 400, "BAD_REQUEST");
    refused(&get(&server, "/graphql", &[]), 400, "BAD_REQUEST");
    refused(&get(&server, "/graphql?query=%7Ba%7D&query=%7Bb%7D", &[]), 400, "BAD_REQUEST");
}

#[test]
fn plain_json_says_200_where_graphql_was_reached() {
    let server = serve();
    let answer = post(&server, &[], br#"{"query": "{ noSuchField }"}"#);
    refused(&answer, 200, "BAD_REQUEST");
    refused(&post(&server, &[], br#"{"query": 1}"#), 400, "BAD_REQUEST");
}

#[test]
fn an_answer_that_nobody_can_read_is_not_acceptable() {
    let server = serve();
    let answer = get(&server, "/graphql?query=%7B__typename%7D", &[("accept", "text/html")]);
    refused(&answer, 406, "BAD_REQUEST");
}

#[test]
fn a_bad_token_is_never_the_public() {
    let server = serve();
    for token in ["Bearer nonsense", "Bearer", "Basic eDp5", "Bearer a b", "nonsense", ""] {
        let target = "/graphql?query=%7B__typename%7D";
        let answer = get(&server, target, &[("authorization", token)]);
        refused(&answer, 401, "UNAUTHENTICATED");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn nothing_else_is_here() {
    let server = serve();
    refused(&get(&server, "/nowhere", &[]), 404, "NOT_FOUND");
    refused(&request(&server, "POST /nowhere", &[], b"{}"), 404, "NOT_FOUND");
    let posted = request(&server, "POST /health/live", &[], b"");
    refused(&posted, 405, "BAD_REQUEST");
    assert_eq!(posted.header("allow"), Some("GET"));
}

#[test]
fn introspection_can_be_switched_off() {
    let server = serve_with(&["--introspection", "off"]);
    refused(&ask(&server, "{ __schema { queryType { name } } }"), 403, "FORBIDDEN");
    refused(&get(&server, "/schema.graphql", &[]), 404, "NOT_FOUND");
    assert_eq!(ask(&server, "{ __typename }").status, 200);
}
