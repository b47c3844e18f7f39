//! `/export/…` and `gpa export`: the very cells that GraphQL shows, as files; and
//! `gpa check`, which makes again what is kept.

mod cells;
mod command_line;
mod observations;
mod queries;
mod refusals;
mod streams;

use actix_web::{
    App as Routes,
    body::{BoxBody, to_bytes},
    dev::ServiceResponse,
    middleware::from_fn,
    test,
    web::Data,
};
use api::http::{self, Door};
use serde_json::{Value, json};

use crate::harness::{Who, World, people};

/// Asks for a file; gives the answer as it begins.
async fn begin(world: &World, who: Who, file: &str, asked: &[(&str, &str)]) -> ServiceResponse {
    let door = Data::new(Door::new(world.app.clone()).unwrap());
    let routes = Routes::new()
        .wrap(from_fn(http::observe))
        .configure(|routes| http::configure(routes, door.clone()));
    let service = test::init_service(routes).await;
    let asked = serde_urlencoded::to_string(asked).unwrap();
    let mut request = test::TestRequest::get().uri(&format!("/export/{file}?{asked}"));
    if let Some(token) = world.token(who) {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    test::call_service(&service, request.to_request()).await
}

/// The whole of a file, unless it was cut off.
async fn whole(answer: ServiceResponse<BoxBody>) -> Option<Vec<u8>> {
    to_bytes(answer.into_body()).await.ok().map(|bytes| bytes.to_vec())
}

/// A file that must come.
async fn file(world: &World, who: Who, file: &str, asked: &[(&str, &str)]) -> Vec<u8> {
    let answer = begin(world, who, file, asked).await;
    let status = answer.status();
    let body = whole(answer).await.expect("the file was cut off");
    assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    body
}

/// The rows of a CSV, each cell under its heading.
fn rows(csv: &[u8]) -> Vec<Value> {
    let mut read = csv::Reader::from_reader(csv);
    let names = read.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        let cells = names.iter().zip(row.iter());
        Value::Object(cells.map(|(name, cell)| (name.to_owned(), json!(cell))).collect())
    };
    read.records().map(|record| row(record.unwrap())).collect()
}

/// What the column holds in each row.
fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().unwrap()).collect()
}

/// Records values: metric, ODS code, month, value.
async fn record(world: &World, values: &[(&str, &str, &str, f64)]) {
    let item = |(metric, code, month, value): &(&str, &str, &str, f64)| {
        json!({ "metric": metric, "organisation": { "odsCode": code }, "month": month,
                "value": value, "explanation": "made up" })
    };
    let items: Vec<Value> = values.iter().map(item).collect();
    let key = format!("{values:?}");
    let key = key.bytes().fold(7_u64, |key, byte| key.wrapping_mul(31) + u64::from(byte));
    let input = json!({ "idempotencyKey": key.to_string(), "items": items });
    let document = "mutation($input: RecordObservationsInput!) {
        recordObservations(input: $input) { ... on ObservationsRecorded { refused
            outcomes { result findings { message } } } } }";
    let done = world.data(people::NATIONAL, document, json!({ "input": input })).await;
    assert_eq!(done["recordObservations"]["refused"], 0, "{done:#}");
}

/// Learners' starts, which are about people, and hours, which are not, in both regions.
async fn record_both(world: &World) {
    let starts = "survey.started";
    record(
        world,
        &[
            (starts, "Y90001", "2025-10", 3.0),
            (starts, "Y90002", "2025-10", 12.0),
            (starts, "DEMO0001", "2025-10", 2.0),
            (starts, "DEMO0002", "2025-10", 31.0),
            (starts, "Y90004", "2025-10", 5.0),
            (starts, "Y90005", "2025-10", 9.0),
            (starts, "Y90001", "2025-11", 14.0),
            (starts, "Y90004", "2025-11", 22.0),
            (starts, "Y90005", "2025-11", 1.0),
            ("impact.gp_hours_released", "Y90001", "2025-10", 12.5),
            ("impact.gp_hours_released", "Y90004", "2025-11", 7.25),
        ],
    )
    .await;
}
