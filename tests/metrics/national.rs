//! The published national series, which several tests load; where the programme's samples
//! are not at hand, they say so and do not run.

use std::path::Path;

use serde_json::{Value, json};

use super::{item, record};
use crate::harness::World;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/data/workforce/gpa_england_monthly_2023-04_2025-11.csv"
);

pub(super) fn england() -> Value {
    json!({ "slug": "national" })
}

/// Month, headcount and full-time equivalents of England, April 2023 to November 2025.
fn rows() -> Option<Vec<(String, f64, f64)>> {
    if !Path::new(FILE).exists() {
        eprintln!("SKIPPED: the published national series is not here");
        return None;
    }
    let text = std::fs::read_to_string(FILE).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim().split(',').collect();
        (cells[0].to_owned(), cells[1].parse().unwrap(), cells[2].parse().unwrap())
    };
    let rows: Vec<_> = text.lines().skip(1).map(row).collect();
    assert_eq!(rows.len(), 32);
    Some(rows)
}

/// Records the series; says whether it is here.
pub(super) async fn load(world: &World) -> bool {
    let Some(rows) = rows() else { return false };
    let items = rows.iter().flat_map(|(month, headcount, fte)| {
        [
            item("gpa.headcount", england(), month, *headcount),
            item("gpa.fte", england(), month, *fte),
        ]
    });
    record(world, "national", items.collect()).await;
    true
}
