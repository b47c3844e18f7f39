//! Clients that are slow, break off, or send what is no HTTP.

use std::io::Write;

use super::wire::{connect, is_closed, read};
use crate::harness::{serve, serve_with};

const HEAD: &str = "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n";

#[test]
fn a_body_that_does_not_arrive_in_time_is_not_waited_for() {
    let server = serve_with(&["--body-seconds", "1"]);
    let mut stream = connect(&server.url);
    write!(stream, "{HEAD}content-length: 30\r\n\r\n{{").unwrap();
    let answer = read(&mut stream);
    assert_eq!((answer.status, answer.code().as_str()), (408, "TIMEOUT"));
    assert!(is_closed(&mut stream));
}

#[test]
fn an_endless_body_is_cut_off_at_its_largest_size() {
    let server = serve_with(&["--max-body-bytes", "2000"]);
    let mut stream = connect(&server.url);
    write!(stream, "{HEAD}transfer-encoding: chunked\r\n\r\n").unwrap();
    for _ in 0..4 {
        let _ = write!(stream, "3e8\r\n{}\r\n", " ".repeat(1000));
    }
    let answer = read(&mut stream);
    assert_eq!((answer.status, answer.code().as_str()), (413, "BAD_REQUEST"));
    assert!(is_closed(&mut stream));
}

#[test]
fn nobody_is_waited_for_whose_answer_is_sent() {
    let server = serve();
    for line in ["POST /nowhere", "GET /health/live", "PUT /graphql", "POST /graphql"] {
        let mut stream = connect(&server.url);
        write!(stream, "{line} HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n1\r\n")
            .unwrap();
        let answer = read(&mut stream);
        assert_eq!(answer.header("connection"), Some("close"), "{line}");
        assert!(is_closed(&mut stream), "{line}");
    }
}

#[test]
fn a_body_that_breaks_off_harms_nobody_else() {
    let server = serve();
    let mut stream = connect(&server.url);
    write!(stream, "{HEAD}content-length: 30\r\n\r\n{{").unwrap();
    drop(stream);
    let mut nonsense = connect(&server.url);
    nonsense.write_all(b"\0\x16\x03\x01 nonsense\r\n\r\n").unwrap();
    assert_eq!(read(&mut nonsense).status, 400);

    let mut stream = connect(&server.url);
    for _ in 0..2 {
        let body = r#"{"query": "{ __typename }"}"#;
        write!(stream, "{HEAD}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        assert_eq!(read(&mut stream).status, 200);
    }
}
