//! The reject file has the bad rows as they were, and can be loaded once they are right.

use super::*;
use crate::import::{
    FileRefused, Read as Good, list_sizes, made, ods, read_list_sizes, read_ods, read_pcn,
};

fn ods_row(code: &str, open: &str) -> String {
    format!(
        "\"{code}\",\"A, B\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"{open}\",\"\",\"A\"{}\"4\",\"\"",
        ",\"\"".repeat(12) + ","
    )
}

fn read(file: &made::Made) -> Result<Reading<Vec<Good<ods::OdsRow>>, ods::Columns>, FileRefused> {
    read_ods(file.open())
}

#[test]
fn bad_records_are_copied_byte_for_byte() {
    let good = ods_row("A81001", "19740401");
    let bad = ods_row("A81002", "19741332").replace("A, B", "CAF\u{c9}");
    let last = "\"short\",\"row";
    let text = format!("\u{feff}{good}\r\n\n{bad}\r\n{good}\n{last}");
    let file = made::file("f.csv", text.as_bytes());
    let mut reading = read(&file).unwrap();
    let to = file.beside("rejects.csv");
    assert_eq!(reading.write_rejects(&to).unwrap(), 3);
    let written = fs::read_to_string(&to).unwrap();
    assert_eq!(written, format!("\u{feff}{bad}\r\n{good}\n{last}"));
}

#[test]
fn rows_refused_later_join_the_others_in_the_order_of_the_file() {
    let rows = ["A81001", "A81002", "?", "A81004"].map(|code| ods_row(code, "19740401") + "\n");
    let file = made::file("f.csv", rows.concat().as_bytes());
    let mut reading = read(&file).unwrap();
    let (at, column) = (reading.rows[1].at, reading.columns.commissioner);
    reading.findings.reject(at, column, "00K", "is not known", "load the hierarchy first");
    let to = file.beside("rejects.csv");
    assert_eq!(reading.write_rejects(&to).unwrap(), 2);
    assert_eq!(fs::read_to_string(&to).unwrap(), rows[1].clone() + &rows[2]);
    assert_eq!(
        reading.findings.problems[1].to_string(),
        r#"f.csv:2: column 15 (commissioner): "00K" is not known: load the hierarchy first"#
    );
}

#[test]
fn headings_come_first_and_the_corrected_file_loads() {
    let headings = "TYPE,EXTRACT_DATE,CCG_CODE,CODE,SEX,AGE,NUMBER_OF_PATIENTS\r\n";
    let text =
        format!("{headings}GP,2021-01-01,00L,A84002,ALL,ALL,12\r\nGP,x,00L,A84003,ALL,ALL,7\r\n");
    let file = made::file("lists.csv", text.as_bytes());
    let mut reading = read_list_sizes(file.open()).unwrap();
    let to = file.beside("rejects.csv");
    reading.write_rejects(&to).unwrap();
    let written = fs::read_to_string(&to).unwrap();
    assert_eq!(written, format!("{headings}GP,x,00L,A84003,ALL,ALL,7\r\n"));
    let corrected = made::file("lists.csv", written.replace(",x,", ",01JAN2021,").as_bytes());
    let again = read_list_sizes(corrected.open()).unwrap();
    let list_sizes::ListSize { site, patients, .. } = &again.rows[0].row;
    assert_eq!((site.as_str(), *patients, again.findings.bad_rows()), ("A84003", 7, 0));
}

#[test]
fn a_workbook_is_written_as_a_workbook_of_the_same_sheets() {
    let pcns = vec![
        vec!["PCN Name", "PCN Code", "CCG Code", "Open Date", "Close Date", "Postcode"],
        vec!["ONE", "U00001", "02P", "20191001", "", "S70 3NE"],
        vec!["TWO", "U00002", "02P", "20191332", "", "S70 3NE"],
    ];
    let partners = vec![vec![
        "Partner Organisation Code",
        "Partner Name",
        "Practice Parent CCG Code",
        "PCN Code",
        "PCN Parent CCG Code",
        "Practice to PCN Relationship Start Date",
        "Practice to PCN Relationship End Date",
    ]];
    let sheets = [("PCNDetails", pcns), ("PCN Core Partner Details", partners)];
    let file = made::workbook("ePCN.xlsx", &sheets);
    let mut reading = read_pcn(file.open()).unwrap();
    let to = file.beside("rejects.xlsx");
    assert_eq!(reading.write_rejects(&to).unwrap(), 1);
    let again = read_pcn(crate::import::Opened::open(&to).unwrap()).unwrap();
    assert_eq!((again.source.rows, again.rows.pcns.len()), (1, 0));
    assert_eq!(
        again.findings.problems[0].to_string(),
        r#"rejects.xlsx:PCNDetails:2: column 4 (open date): "20191332" is not a date: write yyyymmdd, or a date without a time"#
    );
}

#[test]
fn the_file_that_was_read_is_never_overwritten() {
    let file = made::file("f.csv", ods_row("?", "19740401").as_bytes());
    let mut reading = read(&file).unwrap();
    let refused = reading.write_rejects(&file.path).unwrap_err().to_string();
    assert!(refused.contains("give another name"), "{refused}");
    assert!(fs::metadata(&file.path).unwrap().len() > 0);
    assert!(reading.write_rejects(&file.beside("no/such/folder.csv")).is_err());
}
