//! The pages for people: they come from us alone, and only where they should.

use super::wire::get;
use crate::harness::{serve, serve_with};

#[test]
fn the_query_page_loads_nothing_from_elsewhere() {
    let server = serve();
    for target in ["/", "/graphiql", "/graphiql.js", "/desk.css"] {
        let answer = get(&server, target, &[]);
        assert_eq!(answer.status, 200, "{target}");
        assert!(!answer.body.contains("//cdn") && !answer.body.contains("https:"), "{target}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains("style="), "{target}");
    }
    let policy = get(&server, "/graphiql", &[]);
    let policy = policy.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn there_is_no_query_page_where_it_is_switched_off() {
    let server = serve_with(&["--graphiql", "off"]);
    for target in ["/graphiql", "/graphiql.js"] {
        assert_eq!(get(&server, target, &[]).code(), "NOT_FOUND");
    }
    assert!(!get(&server, "/", &[]).body.contains("/graphiql"));
}

#[test]
fn the_schema_is_the_one_that_answers() {
    let server = serve();
    let schema = get(&server, "/schema.graphql", &[]);
    assert_eq!(schema.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(schema.body.contains("type Query {"));
}
