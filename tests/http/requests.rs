//! Requests that are answered, and what the answers carry.

use super::wire::{ask, get, post};
use crate::harness::serve;

const TYPENAME: &str = "query=%7B__typename%7D";

#[test]
fn both_methods_and_both_media_types_answer() {
    let server = serve();
    let got = get(&server, &format!("/graphql?{TYPENAME}"), &[]);
    assert_eq!((got.status, got.body.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));
    assert_eq!(got.header("content-type"), Some("application/json; charset=utf-8"));

    let posted = ask(&server, "{ __typename }");
    assert_eq!((posted.status, &posted.body), (200, &got.body));
    assert_eq!(
        posted.header("content-type"),
        Some("application/graphql-response+json; charset=utf-8")
    );
}

#[test]
fn every_answer_tells_the_browser_to_trust_it_with_nothing() {
    let server = serve();
    for target in ["/", "/graphql", "/health/live", "/nowhere", "/schema.graphql"] {
        let answer = get(&server, target, &[]);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{target}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{target}: {policy}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{target}");
    }
}

#[test]
fn a_sane_request_id_is_kept_and_any_other_replaced() {
    let server = serve();
    let id = |sent: &str| {
        let answer = get(&server, "/health/live", &[("x-request-id", sent)]);
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(id("portal-7.a_B"), "portal-7.a_B");
    assert_ne!(id("a b"), "a b");
    assert_ne!(id("a b"), id("a b"));
    assert_eq!(id(&"x".repeat(65)).len(), 36);
}

#[test]
fn the_cost_is_told_to_whoever_asks() {
    let server = serve();
    let asking = br#"{"query": "{ __typename }", "extensions": {"cost": true}}"#;
    let json = post(&server, &[], asking).json();
    assert_eq!(json["extensions"]["cost"]["requested"], 1);
    assert!(json["extensions"]["cost"]["maximum"].as_u64().unwrap() > 1);
    let silent = post(&server, &[], br#"{"query": "{ __typename }"}"#).json();
    assert!(silent.get("extensions").is_none());
}

#[test]
fn health_is_told_apart_from_readiness() {
    let server = serve();
    assert_eq!(get(&server, "/health/live", &[]).json()["status"], "live");
    assert_eq!(get(&server, "/health/ready", &[]).json()["status"], "ready");
}
