//! What a document costs, and which are refused.

use std::fmt::Write;

use async_graphql::value;

use super::*;

const SDL: &str = "
interface Node { id: ID! }
type Site implements Node { id: ID! name: String! hub: Hub! sites(first: Int, last: Int): SiteConnection! }
type Hub implements Node { id: ID! sites(first: Int = 50): SiteConnection! codes: [String!]! }
type SiteEdge { cursor: String! node: Site! }
type PageInfo { hasNextPage: Boolean! }
type SiteConnection { nodes: [Site!]! edges: [SiteEdge!]! pageInfo: PageInfo! totalCount: Int! }
type Query {
  hubs: [Hub!]!
  sites(first: Int, last: Int): SiteConnection!
  search(text: String!, first: Int): [Site!]!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
}
type Mutation { rename(name: String!): Site }
schema { query: Query mutation: Mutation }
";

const LIMITS: Limits = Limits {
    depth: 16,
    cost: 5_000_000_000,
    aliases: 30,
    directives: 5,
    selections: 1000,
    tokens: 2000,
};

fn gate(limits: Limits) -> Gate {
    Gate::new(SDL, limits, true).unwrap()
}

fn cost_with(query: &str, variables: async_graphql::Value) -> u64 {
    gate(LIMITS).admit(query, None, &Variables::from_value(variables)).unwrap().cost
}

fn cost(query: &str) -> u64 {
    cost_with(query, value!({}))
}

fn refusal(query: &str) -> Refusal {
    gate(LIMITS).admit(query, None, &Variables::default()).unwrap_err()
}

#[test]
fn a_field_costs_one_for_every_row_that_it_stands_in() {
    assert_eq!(cost("{ __typename }"), 1);
    assert_eq!(cost("{ hubs { id codes } }"), 1 + 10 * 2);
    assert_eq!(cost("{ sites(first: 3) { totalCount nodes { id name } } }"), 3 + 3 * 2);
    assert_eq!(cost("{ sites(first: 3) { edges { cursor node { id } } } }"), 2 + 3 * 3);
    assert_eq!(cost("{ search(text: \"x\", first: 7) { id } }"), 1 + 7);
    assert_eq!(
        cost("{ sites(first: 100) { nodes { sites(first: 100) { nodes { id } } } } }"),
        2 + 100 * (2 + 100)
    );
}

#[test]
fn a_page_without_a_size_costs_its_default() {
    assert_eq!(cost("{ sites { nodes { id } } }"), 2 + 20);
    assert_eq!(cost("{ sites(first: null) { nodes { id } } }"), 2 + 20);
    assert_eq!(cost("{ hubs { sites { nodes { id } } } }"), 1 + 10 * (2 + 50));
}

#[test]
fn a_size_may_come_from_a_variable_or_its_default() {
    let query = "query($n: Int = 5) { sites(first: $n) { nodes { id } } }";
    assert_eq!(cost_with(query, value!({"n": 9})), 2 + 9);
    assert_eq!(cost(query), 2 + 5);
    assert_eq!(cost_with(query, value!({"n": null})), 2 + 20);
    let query = "query($n: Int) { sites(first: $n, last: 2) { nodes { id } } }";
    assert_eq!(cost_with(query, value!({"n": 9})), 2 + 9);
    assert_eq!(cost(query), 2 + 2);
}

#[test]
fn ids_are_counted_wherever_they_stand() {
    assert_eq!(cost("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }"), 1 + 3);
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert_eq!(cost_with(query, value!({"ids": ["a", "b"]})), 1 + 2);
    let query = "query($id: ID!) { nodes(ids: [$id, $id]) { id } }";
    assert_eq!(cost_with(query, value!({"id": "a"})), 1 + 2);
}

#[test]
fn a_size_that_is_no_size_costs_the_most() {
    for wrong in ["-1", "2.5", "\"9\"", "true", "[1]", "-9223372036854775808"] {
        assert_eq!(cost(&format!("{{ sites(first: {wrong}) {{ nodes {{ id }} }} }}")), 2 + 100);
    }
    let endless = "{ sites(first: 18446744073709551615) { nodes {
        sites(first: 18446744073709551615) { nodes { id } } } } }";
    assert_eq!(refusal(endless).code, Code::TooComplex);
    assert!(refusal(endless).message.contains("18446744073709551615"));
}

#[test]
fn fragments_cost_what_they_stand_for() {
    assert_eq!(
        cost(
            "{ sites(first: 3) { ...page } } fragment page on SiteConnection { nodes { ...s } }
              fragment s on Site { ... on Node { id } ... { name } }"
        ),
        2 + 3 * 2
    );
    assert_eq!(
        cost("{ node(id: \"x\") { id ... on Hub { codes sites(first: 2) { nodes { id } } } } }"),
        1 + 1 + 1 + 2 + 2
    );
}

#[test]
fn the_cost_and_the_limit_are_named() {
    let gate = gate(Limits { cost: 20, ..LIMITS });
    let refusal =
        gate.admit("{ sites { nodes { id } } }", None, &Variables::default()).unwrap_err();
    assert_eq!(refusal.code, Code::TooComplex);
    assert_eq!(refusal.message, "The cost is 22; the limit is 20.");
}

#[test]
fn only_the_operation_that_runs_is_charged() {
    let gate = gate(LIMITS);
    let document = "query a { __typename } mutation b { rename(name: \"x\") { id name } }";
    let admit = |name| gate.admit(document, name, &Variables::default());
    assert_eq!(admit(Some("a")).unwrap().cost, 1);
    let change = admit(Some("b")).unwrap();
    assert_eq!((change.cost, change.kind), (3, OperationType::Mutation));
    assert_eq!(admit(None).unwrap_err().code, Code::BadRequest);
    assert_eq!(admit(Some("c")).unwrap_err().code, Code::BadRequest);
}

#[test]
fn a_fragment_bomb_is_refused() {
    let mut bomb = "{ ...f0 }".to_owned();
    for level in 0..23 {
        let next = format!("...f{} ", level + 1).repeat(8);
        write!(bomb, " fragment f{level} on Query {{ {next} }}").unwrap();
    }
    bomb.push_str(" fragment f23 on Query { __typename }");
    let refusal = refusal(&bomb);
    assert_eq!(refusal.code, Code::TooComplex);
    assert!(refusal.message.starts_with("The number of selections"), "{refusal:?}");
}

#[test]
fn fragments_that_go_in_circles_are_refused_even_unused() {
    assert_eq!(refusal("{ ...a } fragment a on Query { ...a }").code, Code::BadRequest);
    let unused = "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }";
    assert!(refusal(unused).message.contains("contains itself"));
    assert!(gate(LIMITS).admit("{ ...missing }", None, &Variables::default()).is_ok());
}

#[test]
fn what_is_beyond_a_limit_is_refused() {
    let code = |query: &str| refusal(query).code;
    let aliases: String = (0..31).map(|n| format!("a{n}: __typename ")).collect();
    assert_eq!(code(&format!("{{ {aliases} }}")), Code::TooComplex);
    let million: String = (0..1_000_000).map(|n| format!("a{n}:x ")).collect();
    assert_eq!(code(&format!("{{ {million} }}")), Code::TooComplex);
    let shared = "{ ...a ...a ...a ...a } fragment a on Query {
        a: __typename b: __typename c: __typename d: __typename e: __typename f: __typename
        g: __typename h: __typename }";
    assert!(refusal(shared).message.contains("aliases is 32"));
    assert_eq!(code(&format!("{{ __typename {} }}", "@a ".repeat(6))), Code::TooComplex);
    assert_eq!(code(&format!("query {} {{ __typename }}", "@a ".repeat(6))), Code::TooComplex);
    let deep = format!("{}{}", "{ a ".repeat(17), "}".repeat(17));
    assert!(refusal(&deep).message.contains("depth of the query is 17"));
    assert_eq!(code(&format!("{{ {} }}", "a ".repeat(1001))), Code::TooComplex);
}

#[test]
fn long_and_deep_nonsense_is_refused_before_it_is_parsed() {
    for nonsense in ["{", "[", "{a(x:[", "{a{", "...", "\"", "@a(", "#", " "] {
        let refusal = refusal(&nonsense.repeat(512_000 / nonsense.len()));
        assert!(matches!(refusal.code, Code::TooComplex | Code::BadRequest), "{nonsense}");
        assert!(refusal.message.len() < 300, "{nonsense}");
    }
    let lists = format!("{{ node(id: {}1{}) {{ id }} }}", "[".repeat(48), "]".repeat(48));
    assert!(gate(LIMITS).admit(&lists, None, &Variables::default()).is_ok());
    let lists = format!("{{ node(id: {}1{}) {{ id }} }}", "[".repeat(61), "]".repeat(61));
    assert_eq!(refusal(&lists).code, Code::TooComplex);
}

#[test]
fn a_syntax_error_says_where_it_is() {
    let refusal = refusal("{\n  a(\n}");
    assert_eq!((refusal.code, refusal.place.unwrap().line), (Code::BadRequest, 3));
    assert!(refusal.message.starts_with("The query cannot be read: expected "), "{refusal:?}");
}

#[test]
fn introspection_is_free_and_can_be_switched_off() {
    let query = "{ ...s } fragment s on Query { __schema { types { name } } }";
    assert_eq!(cost(query), 0);
    let closed = Gate::new(SDL, LIMITS, false).unwrap();
    let refusal = closed.admit(query, None, &Variables::default()).unwrap_err();
    assert_eq!(refusal.code, Code::Forbidden);
    assert!(closed.admit("{ __typename }", None, &Variables::default()).is_ok());
}

#[test]
fn introspection_may_not_go_in_circles() {
    let circle = |times: usize| {
        let (open, close) = ("fields { type { ".repeat(times), "} }".repeat(times));
        format!("{{ __schema {{ types {{ {open} name {close} }} }} }}")
    };
    assert_eq!(cost(&circle(2)), 0);
    assert_eq!(refusal(&circle(4)).code, Code::TooComplex);
    let wide = format!("{{ __schema {{ types {{ fields {{ {} }} }} }} }}", "name ".repeat(500));
    assert!(refusal(&wide).message.starts_with("The cost of introspection"));
    let many: String =
        (0..30).map(|n| format!("a{n}: __type(name: \"Site\") {{ ...t }} ")).collect();
    let fields = "fields { type { fields { type { fields { name description } } } } }";
    let many = format!("{{ {many} }} fragment t on __Type {{ {fields} }}");
    assert_eq!(refusal(&many).code, Code::TooComplex);
}

#[test]
fn a_document_is_parsed_once() {
    let gate = gate(LIMITS);
    for _ in 0..2 {
        gate.admit("{ __typename }", None, &Variables::default()).unwrap();
        assert!(gate.admit("{ broken", None, &Variables::default()).is_err());
    }
    gate.documents.run_pending_tasks();
    assert_eq!(gate.documents.entry_count(), 1);
}
