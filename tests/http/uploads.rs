//! A file with a request, and the lines of it that come back.

use std::io::{Read, Write};

use serde_json::{Value, json};

use super::wire::{Answer, connect, request};
use crate::harness::{Server, Who, World, on_both, people, serve_on};

const START: &str = "mutation($input: StartImportInput!) { startImport(input: $input) { __typename
    ... on ImportStarted { import { id rejectsPath fileName counts { create refused } } } } }";

const FILE: &str = "organisation_code,metric,month,value\nY90001,survey.in_post,2025-11,1\n\
                    Y90001,survey.in_post,2025-10,one\n";

fn operations(key: &str) -> String {
    let input = json!({ "idempotencyKey": key, "format": "OBSERVATIONS", "file": null });
    json!({ "query": START, "variables": { "input": input } }).to_string()
}

/// A body of parts, each a name, a file's name if it is one, and its content.
fn body(parts: &[(&str, &str, &str)]) -> Vec<u8> {
    let part = |(name, file, content): &(&str, &str, &str)| {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        format!(
            "--cut\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        )
    };
    (parts.iter().map(part).collect::<String>() + "--cut--\r\n").into_bytes()
}

fn send(server: &Server, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let kind = ("content-type", "multipart/form-data; boundary=cut");
    let accept = ("accept", "application/graphql-response+json");
    let headers = [&[kind, accept], headers].concat();
    request(server, "POST /graphql", &headers, body)
}

fn signed(world: &World, who: Who) -> String {
    format!("Bearer {}", world.token(who).unwrap())
}

const MAP: (&str, &str, &str) = ("map", "", "{\"0\": [\"variables.input.file\"]}");
const PREFLIGHT: (&str, &str) = ("graphql-require-preflight", "1");

#[test]
fn a_file_arrives_whole_and_its_bad_lines_come_back() {
    on_both(async |world| {
        let server = serve_on(world.url(), &[]);
        let token = signed(world, people::YORKSHIRE);
        let token = ("authorization", token.as_str());
        let operations = operations("one");
        let parts = [("operations", "", &*operations), MAP, ("0", "my figures.csv", FILE)];
        let answer = send(&server, &[token, PREFLIGHT], &body(&parts));
        let import = answer.json()["data"]["startImport"]["import"].take();
        assert_eq!(import["counts"], json!({ "create": 1, "refused": 1 }), "{}", answer.body);
        assert_eq!(import["fileName"], "my figures.csv");

        let path = import["rejectsPath"].as_str().unwrap();
        let rejects = get(&server, path, Some(token));
        assert!(rejects.starts_with("HTTP/1.1 200"), "{rejects}");
        assert!(rejects.contains("organisation_code,metric,month,value\n"), "{rejects}");
        assert!(rejects.contains("2025-10,one") && !rejects.contains("2025-11"), "{rejects}");
        let cheshire = signed(world, people::CHESHIRE);
        let other = get(&server, path, Some(("authorization", &cheshire)));
        assert!(other.starts_with("HTTP/1.1 404") && !other.contains("2025-10"), "{other}");
        assert!(get(&server, path, None).starts_with("HTTP/1.1 401"));
    });
}

#[test]
fn a_form_that_is_not_what_it_should_be_is_refused_and_starts_nothing() {
    on_both(async |world| {
        let server = serve_on(world.url(), &["--max-upload-bytes", "2000"]);
        let token = signed(world, people::NATIONAL);
        let token = ("authorization", token.as_str());
        let before = world.rows().await;
        let operations = operations("bad");
        let whole = [("operations", "", &*operations), MAP, ("0", "f.csv", FILE)];
        let code = |headers: &[(&str, &str)], parts: &[(&str, &str, &str)]| -> (u16, String) {
            let answer = send(&server, headers, &body(parts));
            (answer.status, answer.code())
        };
        let bad = || (400, "BAD_REQUEST".to_owned());
        // A page of another origin can send a form, and not this header.
        assert_eq!(code(&[token], &whole), bad());
        assert_eq!(code(&[PREFLIGHT], &whole).1, "UNAUTHENTICATED");
        assert_eq!(code(&[token, PREFLIGHT], &whole[1..]), bad());
        assert_eq!(code(&[token, PREFLIGHT], &[whole[0], whole[2]]), bad());
        assert_eq!(code(&[token, PREFLIGHT], &whole[..2]), bad());
        for map in [
            "[]",
            "{}",
            "{\"0\": [\"variables.input.text\"]}",
            "{\"0\": [\"query\"]}",
            "{\"0\": [\"variables.input.file\", \"variables.input.file\"]}",
        ] {
            let parts = [whole[0], ("map", "", map), whole[2]];
            assert_eq!(code(&[token, PREFLIGHT], &parts), bad(), "{map}");
        }
        let large = "x".repeat(3000);
        let parts = [whole[0], MAP, ("0", "f.csv", &*large)];
        assert_eq!(code(&[token, PREFLIGHT], &parts).0, 413);
        // A plain request cannot pretend that a file came with it.
        let mut plain: Value = serde_json::from_str(&operations).unwrap();
        plain["variables"]["input"]["file"] = json!("the file of this request");
        let answer = super::wire::post(&server, &[token], plain.to_string().as_bytes());
        assert_eq!(answer.json()["data"]["startImport"]["__typename"], "InvalidInput");
        world.app.store.refresh().await.unwrap();
        assert_eq!(world.rows().await, before);
    });
}

/// Everything that comes back before the server closes.
fn get(server: &Server, path: &str, header: Option<(&str, &str)>) -> String {
    let mut stream = connect(&server.url);
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{header}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
