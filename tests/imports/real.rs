//! The real editions, where they are at hand: what the API counts equals what a few
//! lines count straight from each file.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::json;

use super::{Made, import, site};
use crate::harness::{World, on_both_new, people::PUBLIC};

const EDITIONS: [(&str, &str); 3] =
    [("2019-08", "2019-08-31"), ("2022-11", "2022-11-30"), ("2024-05", "2024-05-31")];

const REGIONS: [&str; 7] = ["Y56", "Y58", "Y59", "Y60", "Y61", "Y62", "Y63"];

pub(super) fn sample(path: &str) -> Option<Made> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path);
    if path.exists() {
        return Some(Made { path, folder: tempfile::tempdir().unwrap() });
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

/// Active practices of prescribing setting 4 in each region, read past the program.
fn counted(file: &Made) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in std::fs::read_to_string(&file.path).unwrap().lines() {
        let cells: Vec<_> = line[1..line.len() - 1].split("\",\"").collect();
        if cells[12] == "A" && cells[25] == "4" && REGIONS.contains(&cells[2]) {
            *counts.entry(cells[2].to_owned()).or_default() += 1;
        }
    }
    counts
}

async fn shown(world: &World, day: &str) -> BTreeMap<String, u64> {
    let document = "query($day: Date!) { regions(asAt: $day) { odsCode
        sites(filter: {eligible: true}) { totalCount } } }";
    let data = world.data(PUBLIC, document, json!({"day": day})).await;
    let regions = data["regions"].as_array().unwrap().iter();
    let count = |region: &serde_json::Value| {
        let code = region["odsCode"].as_str().unwrap().to_owned();
        (code, region["sites"]["totalCount"].as_u64().unwrap())
    };
    regions.map(count).collect()
}

#[test]
fn three_editions_in_order_count_as_the_files_do() {
    let files = EDITIONS.map(|(file, _)| sample(&format!("ods/epraccur_{file}_edition.csv")));
    let [Some(a), Some(b), Some(c)] = files else { return };
    on_both_new(async |world| {
        for ((_, day), file) in EDITIONS.iter().zip([&a, &b, &c]) {
            let ran = import(world, "ods", file, &["--edition", day]).await;
            assert!(ran.summary().contains(" 0 refused; written"), "{}", ran.out);
        }
        for ((_, day), file) in EDITIONS.iter().zip([&a, &b, &c]) {
            assert_eq!(shown(world, day).await, counted(file), "as at {day}");
        }
        let rows = world.rows().await;
        for ((_, day), file) in EDITIONS.iter().zip([&a, &b, &c]) {
            import(world, "ods", file, &["--edition", day]).await.summary();
        }
        assert_eq!(world.rows().await, rows);

        // Middlesbrough's groups became one in April 2020, and an ICB's part in July 2022.
        let then = site(world, "A81001", "2020-01-01").await;
        let now = site(world, "A81001", "2024-06-01").await;
        assert_eq!(
            (&then["placement"]["subIcb"]["odsCode"], &then["placement"]["icb"]["odsCode"]),
            (&json!("00K"), &json!("Q74"))
        );
        assert_eq!(
            (&now["placement"]["subIcb"]["odsCode"], &now["placement"]["icb"]["odsCode"]),
            (&json!("16C"), &json!("QHM"))
        );
        assert_eq!(
            now["memberships"]["nodes"],
            json!([
                {"level": "SUB_ICB", "from": "2013-04-01", "to": "2020-04-01", "parent": {"odsCode": "00K"}},
                {"level": "SUB_ICB", "from": "2020-04-01", "to": null, "parent": {"odsCode": "16C"}},
            ])
        );
        // Bassetlaw went to the Midlands with its commissioner.
        let then = site(world, "C84008", "2020-01-01").await;
        let now = site(world, "C84008", "2024-06-01").await;
        assert_eq!(
            (&then["placement"]["region"]["odsCode"], &now["placement"]["region"]["odsCode"]),
            (&json!("Y63"), &json!("Y60"))
        );

        let (Some(pcn), Some(sizes)) =
            (sample("ods/ePCN_2022-05.xlsx"), sample("lists/gp-reg-pat-prac-all_2025-10.csv"))
        else {
            return;
        };
        let ran = import(world, "pcn", &pcn, &[]).await;
        assert!(
            ran.summary().starts_with("ePCN_2022-05.xlsx: 8677 rows; 1318 opened"),
            "{}",
            ran.out
        );
        let ran = import(world, "list-sizes", &sizes, &["--edition", "2025-10-01"]).await;
        assert!(ran.summary().contains("6202 counted"), "{}", ran.out);
        let patients = "SELECT SUM(patients) FROM list_size WHERE counted_on = '2025-10-01'";
        let patients = format!("SELECT CAST(({patients}) AS BIGINT)");
        assert_eq!(world.number(&patients).await, 63_919_527);
    });
}
