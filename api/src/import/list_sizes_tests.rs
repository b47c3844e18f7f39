//! Both eras of list sizes, and the rows that are none.

use super::*;
use crate::import::made;

const NOW: &str = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n";
const THEN: &str = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\r\n";

fn read(text: &str) -> Reading<Vec<Read<ListSize>>, Columns> {
    read_list_sizes(made::file("lists.csv", text.as_bytes()).open()).unwrap()
}

fn problems(rows: &str) -> Vec<String> {
    let reading = read(&format!("{NOW}{rows}"));
    reading.findings.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn both_eras_are_read() {
    let then = read(&format!(
        "{THEN}GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,A84002,NE65 7UW,ALL,ALL,5903\r\n"
    ));
    let now = read(&format!(
        "{NOW}GP_PRAC_PAT_LIST,2021-01-01,GP,00L,E38000130,A84002,NE65 7UW,ALL,ALL,5903\n"
    ));
    assert_eq!(then.rows[0].row, now.rows[0].row);
    let row = &now.rows[0].row;
    assert_eq!((row.site.as_str(), row.sub_icb.as_str(), row.patients), ("A84002", "00L", 5903));
    assert_eq!(row.on.to_string(), "2021-01-01");
    assert_eq!(now.columns.site.number, 6);
}

#[test]
fn rows_that_are_no_list_size_are_refused_with_the_reason() {
    let found = problems("X,2025-10-01,LSOA,16C,E38000247,A81001,TS18 1HU,MALE,0_4,10\n");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with(r#"lists.csv:2: column 3 (type): "LSOA" is not GP, so this"#));
    assert!(found[1].contains(r#"column 8 (sex): "MALE" is not ALL"#));
    assert!(found[2].contains(r#"column 9 (age): "0_4" is not ALL"#));
}

#[test]
fn wrong_values_are_named() {
    let found = problems("X,2025-13-01,GP,16c,E38000247,,TS18 1HU,ALL,ALL,-1\n");
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found[0].contains("column 6 (practice code): is empty"));
    assert!(found[1].contains(r#"column 4 (sub-ICB code): "16c" is not an ODS code"#));
    assert!(found[2].contains(r#"column 2 (extract date): "2025-13-01" is not a date"#));
    assert!(found[3].contains(r#"column 10 (number of patients): "-1" is not a number"#));
}

#[test]
fn a_site_has_one_size_on_a_date() {
    let row = |date| format!("X,{date},GP,16C,E38000247,A81001,TS18 1HU,ALL,ALL,10\n");
    let found = problems(&(row("2025-10-01") + &row("2025-11-01") + &row("2025-10-01")));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with(r#"lists.csv:4: column 6 (practice code): "A81001" stands at line 2"#)
    );
}

#[test]
fn a_file_without_its_headings_is_refused() {
    let refused = |text: &str| {
        read_list_sizes(made::file("l.csv", text.as_bytes()).open()).unwrap_err().to_string()
    };
    assert_eq!(
        refused("CODE,AGE\n1,2\n"),
        r#"l.csv: there is no column headed "sub icb code"; the headings are code, age: use the file as published"#
    );
    assert_eq!(refused(NOW), "l.csv: the file has headings and no rows: download it again");
    assert!(refused(&NOW.replace("SEX", "CODE")).contains(r#"two columns are headed "code""#));
    assert!(
        refused("\"CODE,AGE\n").contains("line 1 holds the headings and is not right: a quote")
    );
}
