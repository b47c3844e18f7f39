//! The readers on the real files, where the programme's samples are at hand.

use std::{fmt::Debug, path::PathBuf};

use super::{
    Opened, Reading, hierarchy::HierarchyRow, made, read_hierarchy, read_list_sizes, read_ods,
    read_pcn,
};

/// The sample, or a plain word that a test did not run.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
fn sample(path: &str) -> Option<PathBuf> {
    let found = made::sample(path);
    if found.is_none() {
        println!("skipped: the sample {path} is not here");
    }
    found
}

fn open(path: &str) -> Option<Opened> {
    sample(path).map(|path| Opened::open(&path).unwrap())
}

fn all_good<R: Debug, C: Debug>(reading: &Reading<R, C>, rows: u64) {
    let first: Vec<_> = reading.findings.problems.iter().take(5).map(ToString::to_string).collect();
    assert_eq!(first, [""; 0]);
    assert_eq!(reading.source.rows, rows);
    assert_eq!(reading.source.sha256.len(), 64);
}

#[test]
fn every_row_of_three_editions_of_ods_is_good() {
    for (edition, rows) in [("2019-08", 14_303), ("2022-11", 15_536), ("2024-05", 16_299)] {
        let Some(opened) = open(&format!("ods/epraccur_{edition}_edition.csv")) else { return };
        assert!(opened.edition().unwrap().to_string().starts_with(edition));
        let bytes = opened.path.metadata().unwrap().len();
        let reading = read_ods(opened).unwrap();
        all_good(&reading, rows);
        assert_eq!((reading.rows.len() as u64, reading.source.bytes), (rows, bytes));
    }
}

#[test]
fn every_row_of_both_pcn_workbooks_is_good() {
    for (edition, pcns, partners) in [("2022-05", 1_318, 7_359), ("2023-01", 1_329, 7_455)] {
        let Some(opened) = open(&format!("ods/ePCN_{edition}.xlsx")) else { return };
        let reading = read_pcn(opened).unwrap();
        all_good(&reading, pcns + partners);
        assert_eq!(reading.rows.pcns.len() as u64, pcns);
        assert_eq!(reading.rows.partners.len() as u64, partners);
        let ended = reading.rows.partners.iter().filter(|partner| partner.row.to.is_some()).count();
        assert_eq!(ended, if edition == "2022-05" { 885 } else { 1_064 });
    }
}

#[test]
fn list_sizes_add_up_to_the_published_totals() {
    for (edition, rows, patients) in
        [("2021", 6_658, 60_606_345), ("2025-10", 6_202, 63_919_527_u64)]
    {
        let Some(opened) = open(&format!("lists/gp-reg-pat-prac-all_{edition}.csv")) else {
            return;
        };
        let reading = read_list_sizes(opened).unwrap();
        all_good(&reading, rows);
        let sum: u64 = reading.rows.iter().map(|list| u64::from(list.row.patients)).sum();
        assert_eq!(sum, patients);
    }
}

#[test]
fn the_lookup_of_sub_icbs_is_whole() {
    let Some(opened) = open("lookups/region_icb_subicb_2023.csv") else { return };
    let reading = read_hierarchy(opened).unwrap();
    all_good(&reading, 106);
    assert!(reading.rows.iter().all(|read| matches!(read.row, HierarchyRow::SubIcb { .. })));
    assert_eq!(reading.rows.len(), 106);
}

#[test]
fn the_lookup_of_ccgs_has_one_row_without_a_code() {
    let Some(opened) = open("lookups/ccg_to_icb.csv") else { return };
    let reading = read_hierarchy(opened).unwrap();
    assert_eq!((reading.source.rows, reading.rows.len()), (249, 248));
    assert!(reading.rows.iter().all(|read| matches!(read.row, HierarchyRow::CcgToIcb { .. })));
    let problem = reading.findings.problems[0].to_string();
    let wanted =
        r#"ccg_to_icb.csv:56: column 1 (CCG code): "n/a not SBS client at present" is not"#;
    assert!(problem.starts_with(wanted), "{problem}");
}

#[test]
fn a_file_of_another_format_is_refused_or_all_bad() {
    let Some(lists) = open("lists/gp-reg-pat-prac-all_2025-10.csv") else { return };
    let reading = read_ods(lists.with_at_most_bad_rows(10)).unwrap();
    assert!(reading.rows.is_empty() && reading.findings.stopped());
    assert_eq!(reading.findings.bad_rows(), 11);
    let workbook = open("ods/ePCN_2023-01.xlsx").unwrap();
    assert!(read_ods(workbook).unwrap_err().to_string().contains("workbook or ZIP"));
    let register = open("ods/epraccur_2024-05_edition.csv").unwrap();
    let refused = read_list_sizes(register).unwrap_err().to_string();
    assert!(refused.contains("no column headed"), "{refused}");
    let register = open("ods/epraccur_2024-05_edition.csv").unwrap();
    assert!(read_pcn(register).unwrap_err().to_string().contains("not an Excel workbook"));
}
