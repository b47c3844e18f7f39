//! Registered queries as files: the rows that their pages hold together, as whoever asks
//! may see them, or a sentence that says why not.

use std::io::Cursor;

use actix_web::test::TestRequest;
use calamine::{Reader, Xlsx};
use serde_json::{Value, json};

use crate::harness::{Who, World, on_both, people};

/// Two sites a page, so that there are several.
const SITES: &str = "query($after: String, $withList: Boolean = false) {
    sites(first: 2, after: $after, orderBy: { field: NAME, direction: ASCENDING }) {
        totalCount
        nodes { ...Row placement { region { name } } listSize @include(if: $withList) { patients } }
        pageInfo { hasNextPage endCursor } } }
    fragment Row on Site { odsCode name }";

async fn register(world: &World, name: &str, document: &str) {
    let mutation = "mutation($input: RegisterOperationsInput!) {
        registerOperations(input: $input) { __typename
            ... on InvalidInput { problems { path message } } } }";
    let input =
        json!({ "idempotencyKey": name, "operations": [{ "name": name, "document": document }] });
    let data = world.data(people::NATIONAL, mutation, json!({ "input": input })).await;
    assert_eq!(data["registerOperations"]["__typename"], "OperationsRegistered", "{data:#}");
}

struct File {
    status: u16,
    kind: String,
    name: String,
    body: Vec<u8>,
}

impl File {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn message(&self) -> String {
        let told: Value = serde_json::from_slice(&self.body).unwrap();
        told["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    }
}

async fn get(world: &World, who: Who, path: &str) -> File {
    let mut request = TestRequest::get().uri(&format!("/export/{path}"));
    if let Some(token) = world.token(who) {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    let answer = world.call(request).await;
    File {
        status: answer.status,
        kind: answer.header("content-type").to_owned(),
        name: answer.header("content-disposition").to_owned(),
        body: answer.body.to_vec(),
    }
}

/// Codes and names of all sites, read page by page.
async fn all_sites(world: &World) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = world.data(people::PUBLIC, SITES, json!({ "after": after })).await;
        for node in data["sites"]["nodes"].as_array().unwrap() {
            let text = |field: &str| node[field].as_str().unwrap().to_owned();
            all.push((text("odsCode"), text("name")));
        }
        if data["sites"]["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = data["sites"]["pageInfo"]["endCursor"].clone();
    }
}

#[test]
fn one_query_is_a_file_in_several_shapes() {
    on_both(async |world| {
        register(world, "sites", SITES).await;
        let all = all_sites(world).await;
        assert!(all.len() > 4, "more than two pages");

        let csv = get(world, people::PUBLIC, "sites.csv").await;
        assert_eq!(
            (csv.status, csv.kind.as_str()),
            (200, "text/csv; charset=utf-8; header=present")
        );
        assert_eq!(csv.name, "attachment; filename=\"sites-2026-01-15.csv\"");
        let mut read = csv::Reader::from_reader(csv.body.as_slice());
        let heading = read.headers().unwrap().iter().collect::<Vec<_>>().join(",");
        assert_eq!(heading, "odsCode,name,placement.region.name,listSize.patients");
        let rows: Vec<_> = read.records().map(|row| row.unwrap()).collect();
        let named: Vec<_> = rows.iter().map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
        assert_eq!(named, all);
        assert!(
            rows.iter().any(|row| !row[2].is_empty()) && rows.iter().all(|row| row[3].is_empty())
        );

        let with = get(world, people::PUBLIC, "sites.jsonl?withList=true").await;
        let lines: Vec<Value> =
            with.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), all.len());
        assert!(lines.iter().any(|line| line["listSize.patients"].is_u64()), "{lines:#?}");

        let sheet = get(world, people::PUBLIC, "sites.xlsx").await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sheet.body)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.height(), all.len() + 1);

        // Of whom nothing is known that was asked for, there is a row still.
        let codes = "query($after: String) { sites(first: 3, after: $after) {
            nodes { onsCode } pageInfo { hasNextPage endCursor } } }";
        register(world, "codes", codes).await;
        let codes = get(world, people::PUBLIC, "codes.csv").await;
        assert_eq!(codes.text().lines().count(), all.len() + 1, "{}", codes.text());

        let plain = get(world, people::PUBLIC, "sites.json?withList=true").await;
        let plain: Value = serde_json::from_slice(&plain.body).unwrap();
        assert_eq!(plain["data"]["sites"]["totalCount"], all.len());
        assert_eq!(plain["data"]["sites"]["nodes"].as_array().unwrap().len(), 2);
    });
}

/// What is known of the outer item stands in every row of the inner ones.
#[test]
fn a_list_within_a_list_is_a_table() {
    on_both(async |world| {
        let document = "query($metrics: [String!]!, $of: OrganisationSelector!) {
            metricSeries(input: { metrics: $metrics, of: $of, periods: { from: \"2025-04\", to: \"2025-06\" } }) {
                metric { code } organisation { name }
                points { period { label } value { state } } } }";
        register(world, "figures", document).await;
        let of = "%7B%22every%22:%7B%22kind%22:%22REGION%22%7D%7D";
        let path = format!("figures.csv?metrics=gpa.fte&metrics=gpa.headcount&of={of}");
        let file = get(world, people::PUBLIC, &path).await;
        assert_eq!(file.status, 200, "{}", file.message());
        let mut read = csv::Reader::from_reader(file.body.as_slice());
        let heading = read.headers().unwrap().iter().collect::<Vec<_>>().join(",");
        assert_eq!(heading, "metric.code,organisation.name,points.period.label,points.value.state");
        let rows: Vec<_> = read.records().map(|row| row.unwrap()).collect();
        let regions = world.data(people::PUBLIC, "{ regions { id } }", json!({})).await;
        assert_eq!(rows.len(), regions["regions"].as_array().unwrap().len() * 2 * 3);
        assert_eq!((&rows[0][0], &rows[0][1]), (&rows[2][0], &rows[2][1]));
    });
}

#[test]
fn a_file_holds_what_its_reader_may_see() {
    on_both(async |world| {
        let cohort = crate::enrolments::cohort(world).await;
        crate::enrolments::started(world, "amy", &cohort).await;
        let document = "query($after: String) { enrolments(first: 1, after: $after) {
            nodes { id } pageInfo { hasNextPage endCursor } } }";
        register(world, "enrolments", document).await;
        let rows = |file: &File| file.text().lines().count() - 1;
        let own = get(world, people::YORKSHIRE, "enrolments.csv").await;
        assert_eq!((own.status, rows(&own)), (200, 1), "{}", own.text());
        let others = get(world, people::CHESHIRE, "enrolments.csv").await;
        assert_eq!((others.status, rows(&others)), (200, 0), "{}", others.text());
        assert_eq!(get(world, people::PUBLIC, "enrolments.csv").await.status, 401);
    });
}

/// Queries of which no file is made, and what is said of each.
const NO_TABLES: [(&str, &str, &str); 8] = [
    ("two-lists", "{ regions { name } providers { name } }", "side by side"),
    ("first-page", "{ sites(first: 1) { nodes { name } } }", "has pages"),
    (
        "no-cursor",
        "query($after: String) { sites(first: 1, after: $after) { nodes { name } } }",
        "has pages",
    ),
    (
        "inner-pages",
        "query($after: String) { trainingHubs(first: 9, after: $after) {
            nodes { sites(first: 1) { nodes { name } } } pageInfo { hasNextPage endCursor } } }",
        "so that none can be missed",
    ),
    (
        "from-the-end",
        "query($after: String) { sites(last: 1, after: $after) {
            nodes { name } pageInfo { hasNextPage endCursor } } }",
        "from its end",
    ),
    (
        "perhaps",
        "query($after: String, $more: Boolean = true) { sites(first: 1, after: $after) {
            nodes { name } ...Pages @include(if: $more) } }
            fragment Pages on SiteConnection { pageInfo { hasNextPage endCursor } }",
        "has pages",
    ),
    (
        "one-name",
        "query($after: String) { sites(first: 1, after: $after) {
            edges { cursor node { cursor: name } } pageInfo { hasNextPage endCursor } } }",
        "would be called cursor",
    ),
    ("nothing", "{ sites(first: 1) { totalCount } }", "selects nothing"),
];

/// Hubs, each with so many of its sites.
const GUARDED: &str = "query($after: String, $n: Int!) { trainingHubs(first: 9, after: $after) {
    nodes { name sites(first: $n) { nodes { name } pageInfo { hasNextPage } } }
    pageInfo { hasNextPage endCursor } } }";

#[test]
fn what_is_no_table_or_might_lack_rows_is_refused_in_words() {
    on_both(async |world| {
        for (name, document, said) in NO_TABLES {
            register(world, name, document).await;
            let refused = get(world, people::PUBLIC, &format!("{name}.csv")).await;
            assert_eq!(refused.status, 400, "{name}");
            assert!(refused.message().contains(said), "{name}: {}", refused.message());
            let plain = get(world, people::PUBLIC, &format!("{name}.json")).await;
            assert_eq!(plain.status, 200, "{name}: {}", plain.message());
        }
        // A list within that turns out to be longer than it shows.
        register(world, "guarded", GUARDED).await;
        let short = get(world, people::PUBLIC, "guarded.csv?n=1").await;
        assert_eq!(short.status, 400, "{}", short.text());
        let whole = get(world, people::PUBLIC, "guarded.csv?n=100").await;
        assert_eq!(whole.status, 200, "{}", whole.text());
        assert!(whole.text().starts_with("name,sites.name\r\n"), "{}", whole.text());
        let writes =
            "mutation($input: RenameSiteInput!) { renameSite(input: $input) { __typename } }";
        register(world, "rename", writes).await;
        let refused = get(world, people::NATIONAL, "rename.json").await;
        assert_eq!(refused.status, 400);
        assert!(refused.message().contains("queries alone"), "{}", refused.message());
    });
}

#[test]
fn wrong_parameters_are_refused_in_words() {
    on_both(async |world| {
        register(world, "guarded", GUARDED).await;
        let figures = "query($of: OrganisationSelector!) {
            metricSeries(input: { metrics: [\"gpa.fte\"], of: $of, periods: { last: 1 } }) {
                organisation { name } } }";
        register(world, "figures", figures).await;
        for (query, said) in [
            ("guarded.csv", "n is missing"),
            ("guarded.csv?n=many", "is not a number"),
            ("guarded.csv?n=1&n=2", "sent twice"),
            ("guarded.csv?n=1&after=%00", "U+0000"),
            ("figures.csv?of=%7B%22every%22:1,%22every%22:2%7D", "given twice"),
            ("guarded.csv?n=1&colour=red", "there is no parameter \"colour\": send after, n"),
        ] {
            let refused = get(world, people::PUBLIC, query).await;
            assert_eq!(refused.status, 400, "{query}");
            assert!(refused.message().contains(said), "{query}: {}", refused.message());
        }
        for unknown in ["nobody.csv", "guarded.pdf", "guarded"] {
            assert_eq!(get(world, people::PUBLIC, unknown).await.status, 404, "{unknown}");
        }
    });
}

#[test]
fn what_no_cell_of_a_sheet_can_hold_is_named() {
    on_both(async |world| {
        let long = format!("{{ regions {{ name }} }} # {}", "x".repeat(40_000));
        register(world, "long", &long).await;
        let list = "query($after: String) { operations(first: 9, after: $after) {
            nodes { name document } pageInfo { hasNextPage endCursor } } }";
        register(world, "operations", list).await;
        let sheet = get(world, people::PUBLIC, "operations.xlsx").await;
        assert_eq!(sheet.status, 400);
        assert!(sheet.message().starts_with("document of row 1 is longer"), "{}", sheet.message());
        let csv = get(world, people::PUBLIC, "operations.csv").await;
        assert_eq!(csv.status, 200);
        assert!(csv.text().contains(&"x".repeat(40_000)));
    });
}
