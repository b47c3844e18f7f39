//! Every cell of a file is the one that `metricSeries` shows to the same person.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};

use super::{column, file, record, record_both, rows};
use crate::harness::{Who, World, on_both, people};

const SERIES: &str = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
    metric { code version } boundaries { kind asAt }
    organisation { __typename name ... on Site { odsCode } ... on Region { odsCode }
        ... on Icb { odsCode } ... on SubIcb { odsCode } ... on TrainingHub { slug }
        ... on Pcn { odsCode } ... on Programme { slug } }
    points { period { label from to } value { state value numerator denominator status rounded
        coverage { reported expected } } } } }";

/// A number or a word as a cell of a CSV holds it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            format!("{number}")
        }
        other => other.to_string(),
    }
}

/// What GraphQL says, in the columns of a file.
async fn shown(world: &World, who: Who, input: Value) -> Vec<Value> {
    let data = world.data(who, SERIES, json!({ "input": input })).await;
    let mut rows = Vec::new();
    for series in data["metricSeries"].as_array().unwrap() {
        let organisation = &series["organisation"];
        let code = organisation.get("odsCode").or(organisation.get("slug"));
        for point in series["points"].as_array().unwrap() {
            let value = &point["value"];
            rows.push(json!({
                "metric": series["metric"]["code"],
                "metric_version": series["metric"]["version"],
                "organisation_code": code,
                "organisation_name": organisation["name"],
                "period": point["period"]["label"],
                "from": point["period"]["from"],
                "to": point["period"]["to"],
                "state": value["state"],
                "value": cell(&value["value"]),
                "numerator": cell(&value["numerator"]),
                "denominator": cell(&value["denominator"]),
                "reported": cell(&value["coverage"]["reported"]),
                "expected": cell(&value["coverage"]["expected"]),
                "status": cell(&value["status"]),
                "boundaries": series["boundaries"]["kind"],
                "rounded": cell(&value["rounded"]),
            }));
        }
    }
    rows
}

fn without_kind(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("organisation_kind").unwrap();
    }
    rows
}

const METRICS: &str = "survey.started,impact.gp_hours_released,sites.eligible";

#[test]
fn every_cell_is_the_one_that_graphql_shows_to_the_same_person() {
    on_both(async |world| {
        record_both(world).await;
        let metrics: Vec<&str> = METRICS.split(',').collect();
        let mut hidden = Vec::new();
        for who in [people::PUBLIC, people::YORKSHIRE, people::NATIONAL] {
            let mut suppressed = 0;
            for kind in ["REGION", "ICB", "SUB_ICB", "TRAINING_HUB", "PCN", "SITE"] {
                for boundaries in ["CURRENT", "AT_PERIOD"] {
                    let of = format!("every {kind}");
                    let asked = [
                        ("metrics", METRICS),
                        ("of", of.as_str()),
                        ("periods", "2025-09..2025-12"),
                        ("boundaries", boundaries),
                    ];
                    let found = rows(&file(world, who, "series.csv", &asked).await);
                    let input = json!({
                        "metrics": metrics, "of": { "every": { "kind": kind } },
                        "periods": { "from": "2025-09", "to": "2025-12" },
                        "boundaries": { "kind": boundaries },
                    });
                    let expected = shown(world, who, input).await;
                    assert_eq!(without_kind(&found), expected, "{kind} {boundaries} {who:?}");
                    assert!(column(&found, "organisation_kind").iter().all(|each| *each == kind));
                    let states = column(&found, "state");
                    suppressed += states.iter().filter(|state| **state == "SUPPRESSED").count();
                }
            }
            hidden.push(suppressed);
        }
        assert!(hidden[0] > hidden[1] && hidden[1] > hidden[2], "{hidden:?}");
        assert_eq!(hidden[2], 0);
    });
}

#[test]
fn longer_periods_and_named_organisations_are_the_same_too() {
    on_both(async |world| {
        record_both(world).await;
        let of = "Y63,west-yorkshire,QYG,Y90001";
        let asked = [
            ("metrics", METRICS),
            ("of", of),
            ("periods", "last 4"),
            ("by", "QUARTER"),
            ("boundaries", "AS_AT 2025-06-30"),
            ("follow", "SUCCESSOR"),
            ("minStatus", "PROVISIONAL"),
            ("knownAt", "2026-01-15T09:00:00Z"),
        ];
        let named = json!([{ "odsCode": "Y63" }, { "slug": "west-yorkshire" },
            { "odsCode": "QYG" }, { "odsCode": "Y90001" }]);
        let input = json!({
            "metrics": METRICS.split(',').collect::<Vec<_>>(),
            "of": { "organisations": named },
            "periods": { "type": "QUARTER", "last": 4 },
            "boundaries": { "kind": "AS_AT", "asAt": "2025-06-30" },
            "follow": "SUCCESSOR", "knownAt": "2026-01-15T09:00:00Z",
        });
        for who in [people::PUBLIC, people::YORKSHIRE] {
            let mut found = without_kind(&rows(&file(world, who, "series.csv", &asked).await));
            for row in &mut found {
                let boundaries = row["boundaries"].as_str().unwrap();
                let kind = boundaries.trim_end_matches(" 2025-06-30").to_owned();
                row["boundaries"] = json!(kind);
            }
            assert_eq!(found, shown(world, who, input.clone()).await, "{who:?}");
        }
    });
}

#[test]
fn lines_and_sheets_hold_the_cells_of_the_csv() {
    on_both(async |world| {
        record_both(world).await;
        let asked = [("metrics", METRICS), ("of", "every ICB"), ("periods", "2025-10..2025-11")];
        let csv = file(world, people::PUBLIC, "series.csv", &asked).await;
        let expected = rows(&csv);
        assert!(column(&expected, "state").contains(&"SUPPRESSED"));

        let lines = file(world, people::PUBLIC, "series.jsonl", &asked).await;
        let lines = String::from_utf8(lines).unwrap();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let as_cells = |row: &Value| {
            let cells = row.as_object().unwrap().iter();
            Value::Object(cells.map(|(name, value)| (name.clone(), json!(cell(value)))).collect())
        };
        assert_eq!(lines.iter().map(as_cells).collect::<Vec<_>>(), expected);

        let sheet = file(world, people::PUBLIC, "series.xlsx", &asked).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sheet)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let mut read = range.rows();
        let names: Vec<String> = read.next().unwrap().iter().map(ToString::to_string).collect();
        let text = |data: &Data| match data {
            Data::Bool(flag) => flag.to_string(),
            other => other.to_string(),
        };
        let found: Vec<Value> = read
            .map(|row| {
                let cells = names.iter().zip(row);
                Value::Object(cells.map(|(name, data)| (name.clone(), json!(text(data)))).collect())
            })
            .collect();
        assert_eq!(found, expected);
        let number = range.rows().flatten().any(|data| matches!(data, Data::Float(_)));
        assert!(number, "numbers are numbers in a sheet");
    });
}

#[test]
fn a_name_is_no_formula_and_a_negative_number_stays_one() {
    on_both(async |world| {
        let name = "=HYPERLINK(\"http://x\", \"Ă\")";
        let site = world.site("Y90001").await;
        let input = json!({ "id": site["id"], "expectedVersion": 1, "name": name });
        world.command(people::NATIONAL, "renameSite", input).await;
        record(
            world,
            &[
                ("gpa.headcount", "DEMOP001", "2025-10", 5.0),
                ("gpa.headcount", "DEMOP001", "2025-11", 2.0),
            ],
        )
        .await;
        let asked = [
            ("metrics", "gpa.net_change,impact.gp_hours_released"),
            ("of", "DEMOP001,Y90001"),
            ("periods", "2025-11"),
        ];
        let csv = file(world, people::PUBLIC, "series.csv", &asked).await;
        let text = String::from_utf8(csv.clone()).unwrap();
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\", \"\"Ă\"\")\""), "{text}");
        assert!(text.lines().all(|line| !line.contains(",=") && !line.contains("\"=")));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        let found = rows(&csv);
        assert!(column(&found, "value").contains(&"-3"), "{text}");

        let lines = file(world, people::PUBLIC, "series.jsonl", &asked).await;
        let lines = String::from_utf8(lines).unwrap();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().any(|line| line["organisation_name"] == name));
        assert!(lines.iter().any(|line| line["value"] == -3), "{lines:#?}");

        let sheet = file(world, people::PUBLIC, "series.xlsx", &asked).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sheet)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let cells: Vec<&Data> = range.rows().flatten().collect();
        assert!(cells.contains(&&Data::String(name.to_owned())));
        assert!(cells.contains(&&Data::Float(-3.0)));
        let formulas = book.worksheet_formula("Sheet1").unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty));
    });
}
