//! Pages of other origins: a browser lets those that are allowed ask and read, and no others.

use super::wire::{Answer, get, post, request};
use crate::harness::{Server, serve, serve_with};

const PORTAL: &str = "https://portal.example";
const QUERY: &[u8] = br#"{"query": "{ __typename }"}"#;

fn asks_first(server: &Server, origin: &str, header: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", header),
    ];
    request(server, "OPTIONS /graphql", &headers, b"")
}

fn names(answer: &Answer, header: &str) -> Vec<String> {
    let list = answer.header(header).unwrap_or_default().split(',');
    let mut names: Vec<String> = list.map(|name| name.trim().to_ascii_lowercase()).collect();
    names.sort();
    names
}

#[test]
fn a_page_of_an_allowed_origin_may_ask_and_read_what_its_budget_is() {
    let server = serve_with(&["--allowed-origins", PORTAL]);
    let may = asks_first(&server, PORTAL, "authorization, content-type");
    assert_eq!(may.status, 200, "{}", may.body);
    assert_eq!(may.header("access-control-allow-origin"), Some(PORTAL));
    assert_eq!(names(&may, "access-control-allow-methods"), ["get", "post"]);
    let allowed = names(&may, "access-control-allow-headers");
    assert!(allowed.contains(&"authorization".to_owned()), "{allowed:?}");
    assert!(may.header("access-control-allow-credentials").is_none(), "no cookie signs in");

    let answer = post(&server, &[("origin", PORTAL)], QUERY);
    assert_eq!((answer.status, answer.json()["data"]["__typename"].as_str()), (200, Some("Query")));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL));
    let told = names(&answer, "access-control-expose-headers");
    for header in ["ratelimit", "ratelimit-policy", "retry-after", "x-request-id"] {
        assert!(told.contains(&header.to_owned()), "{header}: {told:?}");
    }
    let refused = post(&server, &[("origin", PORTAL)], b"{");
    assert_eq!(refused.status, 400);
    assert_eq!(refused.header("access-control-allow-origin"), Some(PORTAL), "errors are read too");
    let file = get(&server, "/returns/template.csv?month=2025-11", &[("origin", PORTAL)]);
    assert_eq!(file.header("access-control-allow-origin"), Some(PORTAL));
}

#[test]
fn a_page_of_any_other_origin_is_told_nothing() {
    let allowing = serve_with(&["--allowed-origins", PORTAL]);
    let alone = serve();
    for (server, origin) in [
        (&allowing, "https://evil.example"),
        (&allowing, "http://portal.example"),
        (&allowing, "https://portal.example.evil.example"),
        (&allowing, "null"),
        (&alone, PORTAL),
    ] {
        let asked = asks_first(server, origin, "content-type");
        assert!(asked.status >= 400, "{origin}: {}", asked.body);
        assert!(asked.header("access-control-allow-origin").is_none(), "{origin}");
        let answer = post(server, &[("origin", origin)], QUERY);
        assert!(answer.header("access-control-allow-origin").is_none(), "{origin}");
    }
    let odd = asks_first(&allowing, PORTAL, "x-anything");
    assert!(odd.status >= 400, "a header nobody needs: {}", odd.body);
}
