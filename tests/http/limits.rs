//! Abuse that is refused before anything runs.

use std::fmt::Write;

use super::wire::{ask, post};
use crate::harness::{serve, serve_with};

#[test]
fn what_asks_for_too_much_is_too_complex() {
    let server = serve();
    let aliases: String = (0..31).map(|n| format!("a{n}: __typename ")).collect();
    let mut bomb = "{ ...f0 } fragment f23 on Query { __typename }".to_owned();
    for level in 0..23 {
        let spread = format!("...f{} ", level + 1).repeat(8);
        write!(bomb, " fragment f{level} on Query {{ {spread} }}").unwrap();
    }
    for query in [
        format!("{{ {aliases} }}"),
        format!("{{ __typename {} }}", "@skip(if: false) ".repeat(6)),
        format!("{}{}", "{ a ".repeat(17), "}".repeat(17)),
        "{".repeat(90_000),
        "[".repeat(90_000),
        "{ __typename }".repeat(5_000),
        bomb,
    ] {
        let answer = ask(&server, &query);
        assert_eq!((answer.status, answer.code().as_str()), (400, "TOO_COMPLEX"), "{query:.60}");
        assert!(answer.body.len() < 400, "{}", answer.body);
    }
}

#[test]
fn pages_are_counted_by_their_size() {
    let server = serve_with(&["--max-cost", "150"]);
    let cost =
        |size: u32| ask(&server, &format!("{{ sites(first: {size}) {{ nodes {{ id }} }} }}"));
    assert_eq!(cost(20).status, 200);
    assert_eq!(cost(200).code(), "TOO_COMPLEX");
    assert!(cost(200).body.contains("The cost is 202; the limit is 150."));
}

#[test]
fn a_body_has_a_largest_size() {
    let server = serve_with(&["--max-body-bytes", "2000"]);
    let padded = |length: usize| format!("{:length$}", r#"{"query": "{ __typename }"}"#);
    assert_eq!(post(&server, &[], padded(2000).as_bytes()).status, 200);
    let answer = post(&server, &[], padded(2001).as_bytes());
    assert_eq!((answer.status, answer.code().as_str()), (413, "BAD_REQUEST"));
}
