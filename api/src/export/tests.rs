//! Files without a database: what stands in their cells.

use super::{cells::Cells, delimited::Delimited, json_lines::JsonLines};
use crate::domain::amount::Amount;

fn row(cells: &mut dyn Cells, text: &str) {
    cells.text(text).unwrap();
    cells.number(Amount(-12_500_000)).unwrap();
    cells.nothing().unwrap();
    cells.flag(true).unwrap();
    cells.end_row().unwrap();
}

fn delimited(text: &str) -> String {
    let mut file = Delimited::new();
    row(&mut file, text);
    String::from_utf8(file.bytes().unwrap()).unwrap()
}

#[test]
fn a_cell_is_quoted_where_it_must_be() {
    for (text, cell) in [
        ("Moor View", "Moor View"),
        ("a, b", "\"a, b\""),
        ("a \"b\"", "\"a \"\"b\"\"\""),
        ("a\nb", "\"a\nb\""),
        ("a\rb", "\"a\rb\""),
        ("", ""),
    ] {
        assert_eq!(delimited(text), format!("{cell},-12.5,,true\r\n"));
    }
}

#[test]
fn no_text_begins_a_formula_and_every_number_stays_one() {
    for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "=\"a\""] {
        let file = delimited(text);
        let mut read = csv::ReaderBuilder::new();
        let mut read = read.has_headers(false).from_reader(file.as_bytes());
        let row = read.records().next().unwrap().unwrap();
        assert_eq!(&row[0], format!("'{text}"), "{file:?}");
        assert_eq!(&row[1], "-12.5");
    }
}

#[test]
fn a_line_is_an_object_with_every_column() {
    let mut file = JsonLines::new(["name", "value", "status", "rounded"].map(str::to_owned).into());
    row(&mut file, "=\"Ă\"\n");
    row(&mut file, "b");
    let bytes = file.bytes();
    let text = std::str::from_utf8(&bytes).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = serde_json::json!(
        { "name": "=\"Ă\"\n", "value": -12.5, "status": null, "rounded": true }
    );
    assert_eq!(
        lines,
        [
            first,
            serde_json::json!(
                { "name": "b", "value": -12.5, "status": null, "rounded": true }
            )
        ]
    );
    assert!(text.ends_with("}\n"));
}
