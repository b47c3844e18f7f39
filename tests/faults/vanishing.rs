//! Clients that are gone before their answer comes: what they sent is done whole, or
//! not at all, and nobody after them notices.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use serde_json::{Value, json};

use crate::harness::{Server, Who, World, command, on_both, people, serve_on};

const MANY: usize = 50;

/// A request for a new name, as bytes on the wire.
fn renaming(world: &World, who: Who, site: &Value, name: &str, version: i64) -> String {
    let input = json!({ "id": site["id"], "expectedVersion": version, "name": name });
    let (document, variables) = command("renameSite", &input);
    let body = json!({ "query": document, "variables": variables }).to_string();
    let token = world.token(who).unwrap();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn send(server: &Server, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Sends a request and waits for the end of the answer.
fn answered(server: &Server, request: &str) -> String {
    let mut answer = String::new();
    send(server, request).read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_a_vanished_client_sent_is_done_whole_or_not_at_all() {
    on_both(async |world| {
        let server = serve_on(world.url(), &[]);
        let site = world.site("Y90001").await;
        let (position, audits) =
            (world.position().await, world.number("SELECT COUNT(*) FROM audit").await);
        // All of them speak of one version, so that at most one of them can be done.
        let requests: Vec<_> = (0..MANY)
            .map(|number| renaming(world, people::NATIONAL, &site, &format!("Gone {number}"), 1))
            .collect();
        thread::scope(|scope| {
            for request in &requests {
                let server = &server;
                scope.spawn(move || drop(send(server, request)));
            }
        });
        // Whoever comes later waits for their turn behind all that still runs.
        let mut version = 1;
        for number in 0..20 {
            let name = format!("Later {number}");
            let request = renaming(world, people::YORKSHIRE, &site, &name, version);
            let answer = answered(&server, &request);
            if answer.contains("\"VersionConflict\"") {
                assert_eq!(version, 1, "only a vanished client can have come before: {answer}");
                version = 2;
            } else {
                assert!(answer.contains("\"SiteRenamed\""), "{answer}");
                version += 1;
            }
        }
        let changes = world.position().await - position;
        let version = "SELECT CAST(version AS BIGINT) FROM organisation WHERE id =
                (SELECT organisation_id FROM organisation_code WHERE code = 'Y90001')";
        assert_eq!(world.number(version).await, 1 + changes);
        let audited = world.number("SELECT COUNT(*) FROM audit").await - audits;
        assert_eq!(audited, changes, "an audit row for every change, and no other");
        let names =
            "SELECT COUNT(*) FROM organisation_fact WHERE fact = 'NAME' AND organisation_id =
            (SELECT organisation_id FROM organisation_code WHERE code = 'Y90001')";
        assert_eq!(world.number(names).await, 2, "the first name, and today's last one");
    });
}
