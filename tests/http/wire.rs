//! The smallest HTTP client that can also be rude.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::harness::Server;

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let named =
            |line: &&str| line.split_once(':').is_some_and(|(n, _)| n.eq_ignore_ascii_case(name));
        self.head.lines().find(named).and_then(|line| line.split_once(": ")).map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The code of the only error, which must have the shape that all errors have.
    pub(super) fn code(&self) -> String {
        let json = self.json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{json}");
        assert!(!errors[0]["message"].as_str().unwrap().is_empty());
        let id = errors[0]["extensions"]["requestId"].as_str().unwrap();
        assert_eq!(self.header("x-request-id"), Some(id));
        errors[0]["extensions"]["code"].as_str().unwrap().to_owned()
    }
}

pub(super) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads one answer, which must come, and must say how long it is.
pub(super) fn read(stream: &mut TcpStream) -> Answer {
    try_read(stream).expect("the server hung up without an answer")
}

/// Reads one answer, if one comes.
pub(super) fn try_read(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer { status, head, body: String::new() };
    let length = answer.header("content-length").unwrap_or("0").parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    answer.body = String::from_utf8(body).unwrap();
    Ok(answer)
}

/// Whether the server closes the connection, and says nothing more.
pub(super) fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => rest.is_empty(),
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

pub(super) fn request(
    server: &Server,
    line: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut stream = connect(&server.url);
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head =
        format!("{line} HTTP/1.1\r\nhost: test\r\ncontent-length: {length}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses the head may close before it has read the body.
    let _ = stream.write_all(body);
    read(&mut stream)
}

pub(super) fn get(server: &Server, target: &str, headers: &[(&str, &str)]) -> Answer {
    request(server, &format!("GET {target}"), headers, b"")
}

pub(super) fn post(server: &Server, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let headers = [&[("content-type", "application/json")], headers].concat();
    request(server, "POST /graphql", &headers, body)
}

/// Posts a query as a client does that reads both status and body.
pub(super) fn ask(server: &Server, query: &str) -> Answer {
    let body = serde_json::json!({ "query": query }).to_string();
    post(server, &[("accept", "application/graphql-response+json")], body.as_bytes())
}
