//! Imports of figures through the API: what a file would do, what a commit does of it,
//! and what undoing leaves.

mod commands;
mod expiry;
mod malformed;
mod template;
mod workforce;

use serde_json::{Value, json};

use crate::harness::{Who, World, on_both, on_the_same, people};

const IMPORT: &str = "id state version failure fileName sha256 startedBy rejectsPath
    progress { state read total }
    counts { create change same conflict refused skipped } openings { odsCode name subIcb }
    rows(first: 100) { totalCount nodes { number line outcome metric month organisationText raw
        organisation { odsCode } before { state value } after { state value numerator }
        findings { blocks code column message } } }";

/// Starts an import of a text; gives the whole payload.
pub(crate) async fn started(world: &World, who: Who, key: &str, format: &str, text: &str) -> Value {
    let document = format!(
        "mutation($input: StartImportInput!) {{ startImport(input: $input) {{ __typename
            ... on ImportStarted {{ import {{ {IMPORT} }} }}
            ... on InvalidInput {{ problems {{ path code message }} }}
            ... on IdempotencyConflict {{ message }} }} }}"
    );
    let input = json!({ "idempotencyKey": key, "format": format, "text": text });
    world.data(who, &document, json!({ "input": input })).await["startImport"].take()
}

/// Starts an import of observations that must be previewed.
async fn start(world: &World, who: Who, key: &str, lines: &[&str]) -> Value {
    let text = format!("organisation_code,metric,month,value\n{}\n", lines.join("\n"));
    let mut payload = started(world, who, key, "OBSERVATIONS", &text).await;
    assert_eq!(payload["import"]["state"], "PREVIEWED", "{payload:#}");
    payload["import"].take()
}

/// Commits, undoes or discards an import as it was read; gives the payload.
async fn moved(world: &World, who: Who, command: &str, import: &Value) -> Value {
    let mut kind = command.to_owned();
    kind[..1].make_ascii_uppercase();
    let done = match command {
        "commit" => "ImportCommitted",
        "undo" => "ImportUndone",
        _ => "ImportDiscarded",
    };
    let document = format!(
        "mutation($input: {kind}ImportInput!) {{ {command}Import(input: $input) {{ __typename
            ... on {done} {{ import {{ {IMPORT} }} }}
            ... on InvalidInput {{ problems {{ path code message }} }}
            ... on ImportVersionConflict {{ current {{ id state version }} }} }} }}"
    );
    let input = json!({ "id": import["id"], "expectedVersion": import["version"] });
    let mut data = world.data(who, &document, json!({ "input": input })).await;
    data[format!("{command}Import")].take()
}

/// As [`moved`], for what must be done; gives the import.
pub(crate) async fn done(world: &World, who: Who, command: &str, import: &Value) -> Value {
    let mut payload = moved(world, who, command, import).await;
    assert!(payload["import"].is_object(), "{payload:#}");
    payload["import"].take()
}

fn counts(import: &Value) -> [i64; 5] {
    let count = |name| import["counts"][name].as_i64().unwrap();
    ["create", "change", "same", "conflict", "refused"].map(count)
}

/// Each row as `line OUTCOME CODES`.
pub(crate) fn rows(import: &Value) -> Vec<String> {
    let nodes = import["rows"]["nodes"].as_array().unwrap().iter();
    let line = |row: &Value| {
        let codes = row["findings"].as_array().unwrap().iter();
        let codes: Vec<_> = codes.map(|finding| finding["code"].as_str().unwrap()).collect();
        let text =
            format!("{} {} {}", row["line"], row["outcome"].as_str().unwrap(), codes.join(","));
        text.trim().to_owned()
    };
    nodes.map(line).collect()
}

/// What holds of a site's `survey.in_post` in a month: the value in millionths, or the state.
async fn holds(world: &World, code: &str, month: i32) -> String {
    let statement = format!(
        "SELECT COALESCE(CAST(value AS TEXT), state) || ' ' || status FROM observation
         WHERE organisation_id = (SELECT organisation_id FROM organisation_code WHERE code = '{code}')
         AND month = {month} AND series_id = (SELECT series_id FROM metric_version
             WHERE code = 'survey.in_post') ORDER BY revision DESC LIMIT 1"
    );
    world.text(&statement).await
}

/// Sums that are kept equal those made anew from the observations.
pub(crate) async fn sums_are_right(world: &World) {
    let viewer = api::app::operator(&world.app.store);
    let checked = api::domain::observations::check::rollups(&viewer).await.unwrap();
    assert_eq!(checked.differences, []);
    assert!(checked.sums > 0);
}

const FILE: [&str; 3] = [
    "Y90001,survey.in_post,2025-10,1",
    "Y90001,survey.in_post,2025-11,2",
    "Y90002,survey.in_post,2025-11,3",
];

#[test]
fn a_preview_records_nothing_and_a_commit_all_of_it_once() {
    on_both(async |world| {
        let import = start(world, people::NATIONAL, "one", &FILE).await;
        assert_eq!(counts(&import), [3, 0, 0, 0, 0]);
        assert_eq!(import["progress"], json!({ "state": "PREVIEWED", "read": 3, "total": 3 }));
        assert_eq!(import["rows"]["nodes"][1]["after"]["value"], 2.0);
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 0);

        // Another instance commits it; the one that read the file may be gone.
        let other = on_the_same(world).await;
        let position = world.position().await;
        let committed = done(&other, people::NATIONAL, "commit", &import).await;
        assert_eq!(committed["state"], "COMMITTED");
        other.leave().await;
        world.app.store.refresh().await.unwrap();
        assert_eq!(holds(world, "Y90002", 202_511).await, "3000000 PROVISIONAL");
        let said = world.said_since(position).await;
        let import_said = "nadia IMPORT_FIGURES: IMPORT_COMMITTED - > text.csv: 3 created, \
                           0 changed, 0 in conflict from -";
        assert!(said.iter().any(|line| line == import_said), "{said:#?}");
        assert!(said.iter().any(|line| {
            line.contains("FIGURES_RECORDED - > survey.in_post 2025-10, survey.in_post 2025-11")
        }));
        sums_are_right(world).await;

        let again = start(world, people::NATIONAL, "two", &FILE).await;
        assert_eq!(counts(&again), [0, 0, 3, 0, 0]);
        assert_eq!(again["rows"]["nodes"][0]["before"], json!({ "state": "VALUE", "value": 1.0 }));
        done(world, people::NATIONAL, "commit", &again).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 3);
        // A second commit, of the version that was read before, is told what is so.
        let late = moved(world, people::NATIONAL, "commit", &import).await;
        assert_eq!(late["__typename"], "ImportVersionConflict");
        let wrong = moved(world, people::NATIONAL, "commit", &late["current"]).await;
        assert_eq!(wrong["__typename"], "InvalidInput");
    });
}

#[test]
fn the_same_key_starts_one_import_and_never_another() {
    on_both(async |world| {
        let first = start(world, people::NATIONAL, "key", &FILE).await;
        let before = world.rows().await;
        let again = start(world, people::NATIONAL, "key", &FILE).await;
        assert_eq!(first["id"], again["id"]);
        let text = "organisation_code,metric,month,value\nY90001,survey.in_post,2025-10,9\n";
        let other = started(world, people::NATIONAL, "key", "OBSERVATIONS", text).await;
        assert_eq!(other["__typename"], "IdempotencyConflict");
        assert_eq!(world.rows().await, before);
    });
}

#[test]
fn what_lies_outside_ones_reach_is_refused_as_what_is_not_there() {
    on_both(async |world| {
        let lines = [
            "Y90001,survey.in_post,2025-11,1",
            "Y90004,survey.in_post,2025-11,1",
            "Y99999,survey.in_post,2025-11,1",
            "programme:national,survey.in_post,2025-11,1",
            "hub:west-yorkshire,survey.in_post,2025-11,1",
        ];
        let import = start(world, people::YORKSHIRE, "reach", &lines).await;
        assert_eq!(counts(&import), [2, 0, 0, 0, 3]);
        let nodes = &import["rows"]["nodes"];
        assert_eq!(nodes[1]["findings"], nodes[2]["findings"]);
        assert_eq!(nodes[1]["findings"], nodes[3]["findings"]);
        assert_eq!(nodes[1]["organisation"], Value::Null);
        assert_eq!(nodes[1]["organisationText"], "Y90004");
        let national = start(world, people::NATIONAL, "reach", &lines).await;
        assert_eq!(counts(&national), [4, 0, 0, 0, 1]);
        // What a hub would do is its own and the programme's to see.
        let query = "query($id: ID!) { import(id: $id) { fileName rows { nodes { line } } } }";
        for (who, sees) in
            [(people::YORKSHIRE, true), (people::NATIONAL, true), (people::CHESHIRE, false)]
        {
            let seen = world.data(who, query, json!({ "id": import["id"] })).await;
            assert_eq!(seen["import"].is_object(), sees, "{who:?}");
        }
        let seen = world.ask(people::PUBLIC, query, json!({ "id": import["id"] })).await;
        assert_eq!(seen["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let approved =
            "mutation($input: StartImportInput!) { startImport(input: $input) { __typename } }";
        let input = json!({ "idempotencyKey": "a", "format": "OBSERVATIONS", "approved": true,
            "text": "organisation_code,metric,month,value\n" });
        let answer = world.ask(people::YORKSHIRE, approved, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    });
}

#[test]
fn a_line_that_says_what_another_said_names_it() {
    on_both(async |world| {
        let lines = [FILE[0], FILE[1], FILE[0], "Y90001,survey.in_post,2025-11,5"];
        let import = start(world, people::NATIONAL, "twice", &lines).await;
        assert_eq!(
            rows(&import),
            ["2 CREATE", "3 CREATE", "4 REFUSED ALREADY_EXISTS", "5 REFUSED ALREADY_EXISTS"]
        );
        let message = &import["rows"]["nodes"][3]["findings"][0]["message"];
        assert!(message.as_str().unwrap().starts_with("line 3 says it already"), "{message}");
    });
}
