//! Every rule of `epraccur`, each broken on its own.

use super::*;
use crate::import::{Place, Problem, made};

const GOOD: [&str; 27] = [
    "A81001",
    "THE DENSHAM SURGERY",
    "Y63",
    "QHM",
    "THE HEALTH CENTRE",
    "LAWSON STREET",
    "STOCKTON",
    "",
    "",
    "TS18 1HU",
    "19740401",
    "",
    "A",
    "B",
    "16C",
    "20200401",
    "",
    "01642 672351",
    "",
    "",
    "",
    "0",
    "",
    "16C",
    "",
    "4",
    "",
];

fn line(changes: &[(usize, &str)]) -> String {
    let mut fields = GOOD;
    for &(number, text) in changes {
        fields[number - 1] = text;
    }
    format!("\"{}\"\n", fields.join("\",\""))
}

fn read(text: impl AsRef<[u8]>) -> Reading<Vec<Read<OdsRow>>, Columns> {
    read_ods(made::file("epraccur.csv", text.as_ref()).open()).unwrap()
}

fn problems(text: impl AsRef<[u8]>) -> Vec<String> {
    read(text).findings.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_row_is_read_whole() {
    let reading = read(line(&[(12, "20171031"), (13, "C"), (16, "20130401"), (17, "20171031")]));
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let row = &reading.rows[0].row;
    assert_eq!(row.code.as_str(), "A81001");
    assert_eq!(row.name, "THE DENSHAM SURGERY");
    assert_eq!(row.grouping.as_ref().unwrap().as_str(), "Y63");
    assert_eq!(row.icb.as_ref().unwrap().as_str(), "QHM");
    assert_eq!(row.address, ["THE HEALTH CENTRE", "LAWSON STREET", "STOCKTON", "", ""]);
    assert_eq!(row.postcode, "TS18 1HU");
    assert_eq!((row.opened_on, row.closed_on), (date(1974, 4, 1), Some(date(2017, 10, 31))));
    assert_eq!((row.status, row.sub_type.as_str()), (Status::Closed, "B"));
    assert_eq!(row.commissioner.as_ref().unwrap().as_str(), "16C");
    assert_eq!((row.joined_on, row.left_on), (Some(date(2013, 4, 1)), row.closed_on));
    assert_eq!(row.prescribing_setting, 4);
}

#[test]
fn what_may_be_absent_is() {
    let reading = read(line(&[(3, ""), (4, ""), (10, ""), (15, ""), (16, "")]));
    let row = &reading.rows[0].row;
    assert_eq!((&row.grouping, &row.icb, &row.commissioner), (&None, &None, &None));
    assert_eq!((row.joined_on, row.closed_on, row.postcode.as_str()), (None, None, ""));
}

#[test]
fn each_rule_has_its_word() {
    for (changes, said) in [
        (&[(1, "a81001")][..], r#"1 (code): "a81001" is not an ODS code: write 2 to 10 capital"#),
        (&[(1, "")], "1 (code): is empty: every row needs one"),
        (&[(2, " ")], "2 (name): is empty"),
        (&[(3, "Y6?")], r#"3 (national grouping): "Y6?" is not an ODS code"#),
        (&[(4, "q")], r#"4 (ICB): "q" is not an ODS code"#),
        (&[(11, "20191332")], r#"11 (open date): "20191332" is not a date: write yyyymmdd"#),
        (&[(11, "18991231")], r#"11 (open date): "18991231" is not between 1900 and 2100"#),
        (&[(11, "")], "11 (open date): is empty"),
        (
            &[(12, "20200101")],
            r#"12 (close date): "20200101" is given, though the status is not C"#,
        ),
        (&[(13, "C")], "12 (close date): is empty, though the status is C"),
        (
            &[(12, "19700101"), (13, "C")],
            r#"12 (close date): "19700101" is before the open date 1974-04-01"#,
        ),
        (&[(13, "X")], r#"13 (status): "X" is not a status: write A (active), C"#),
        (&[(13, "")], "13 (status): is empty"),
        (&[(15, "16c")], r#"15 (commissioner): "16c" is not an ODS code"#),
        (&[(16, "2020-04-01")], r#"16 (joined date): "2020-04-01" is not a date"#),
        (&[(17, "20200331")], r#"17 (left date): "20200331" is before the joined date 2020-04-01"#),
        (&[(26, "four")], r#"26 (prescribing setting): "four" is not a number"#),
        (&[(26, "+4")], r#"26 (prescribing setting): "+4" is not a number"#),
        (&[(26, "99999")], r#"26 (prescribing setting): "99999" is not a number"#),
    ] {
        let found = problems(line(changes));
        assert_eq!(found.len(), 1, "{changes:?}: {found:?}");
        let wanted = format!("epraccur.csv:1: column {said}");
        assert!(found[0].starts_with(&wanted), "{} is not {wanted}", found[0]);
    }
}

#[test]
fn all_problems_of_a_row_are_found_and_other_rows_are_kept() {
    let bad = line(&[(1, "?"), (2, ""), (11, "x"), (13, "Q"), (17, "y"), (26, "z")]);
    let reading = read(line(&[]) + &bad + &line(&[(1, "A81002")]));
    let columns: Vec<_> =
        reading.findings.problems.iter().map(|p| p.column.unwrap().number).collect();
    assert_eq!(columns, [1, 2, 11, 13, 17, 26]);
    assert_eq!((reading.rows.len(), reading.findings.bad_rows(), reading.source.rows), (2, 1, 3));
    assert_eq!(reading.rows[1].at.line, 3);
}

#[test]
fn a_column_that_is_not_utf8_does_not_hide_another_problem() {
    let mut text = line(&[(2, "CAF?"), (11, "x")]).into_bytes();
    let at = text.windows(4).position(|w| w == b"CAF?").unwrap();
    text[at + 3] = 0xc9;
    let found = problems(&text);
    assert_eq!(
        found,
        [
            "epraccur.csv:1: column 2 (name): \"CAF\u{fffd}\" is not UTF-8: byte 0xc9 at 4: save the file as CSV UTF-8",
            r#"epraccur.csv:1: column 11 (open date): "x" is not a date: write yyyymmdd"#,
        ]
    );
}

#[test]
fn the_second_of_two_equal_codes_names_the_first() {
    let reading = read(line(&[]) + "\n" + &line(&[(2, "ANOTHER")]));
    let Problem { at: Place { line, .. }, column, .. } = reading.findings.problems[0];
    assert_eq!((line, column), (3, Some(COLUMNS.code)));
    assert_eq!(
        reading.findings.problems[0].to_string(),
        r#"epraccur.csv:3: column 1 (code): "A81001" stands at line 1 already: keep the row that is right"#
    );
    assert_eq!(reading.rows[0].row.name, "THE DENSHAM SURGERY");
}

#[test]
fn short_rows_and_files_without_rows() {
    assert_eq!(
        problems("\"A81001\",\"X\"\n".to_owned() + &line(&[])),
        [
            "epraccur.csv:1: the row has 2 columns, not 27: write every column, and quote a value that holds a comma"
        ]
    );
    let refused = |text: &[u8]| read_ods(made::file("f.csv", text).open()).unwrap_err().to_string();
    assert!(refused(b"\n\n").contains("the file is empty"));
    assert!(refused(b"\xef\xbb\xbf").contains("the file is empty"));
}

#[test]
fn crlf_and_a_byte_order_mark_change_nothing() {
    let plain = line(&[]) + &line(&[(1, "A81002")]);
    let marked = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let rows = |text: &str| read(text).rows.into_iter().map(|read| read.row).collect::<Vec<_>>();
    assert_eq!(rows(&plain), rows(&marked));
}

#[test]
fn reading_stops_when_too_many_rows_are_bad_and_still_hashes_the_file() {
    let text = line(&[(1, "?")]).repeat(50_000);
    let file = made::file("epraccur.csv", text.as_bytes());
    let reading = read_ods(file.open().with_at_most_bad_rows(3)).unwrap();
    assert!(reading.findings.stopped());
    assert_eq!((reading.findings.bad_rows(), reading.source.rows), (4, 4));
    assert_eq!(reading.source.bytes, text.len() as u64);
    assert_eq!(reading.source.sha256, read(&text).source.sha256);
}
