//! Both eras of the PCN workbook, and each thing that may be wrong with one.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Made};

use super::*;
use crate::import::made;

const PCNS_THEN: [&str; 6] = [
    "PCN Code",
    "PCN Name",
    "Current Clinical \nCommissioning \nGroup Code",
    "Open Date",
    "Close Date",
    "Postcode",
];
const PARTNERS_THEN: [&str; 7] = [
    "Partner\nOrganisation\nCode",
    "Partner\nName",
    "Practice\nParent\nCCG Code",
    "PCN Code",
    "PCN Parent\nCCG Code",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
];
const PCN: [&str; 6] = ["U16464", "BARNSLEY PCN", "02P", "20191001", "", "S70 3NE"];
const PARTNER: [&str; 7] =
    ["C85628", "CAXTON HOUSE SURGERY", "02P", "U16464", "02Q", "20191001", "20200831"];

type Rows<'a> = Vec<Vec<&'a str>>;

fn workbook(pcns: Rows<'_>, partners: Rows<'_>) -> made::Made {
    made::workbook("ePCN.xlsx", &[("PCNDetails", pcns), ("PCN Core Partner Details", partners)])
}

fn sheets<'a>(pcns: &[[&'a str; 6]], partners: &[[&'a str; 7]]) -> made::Made {
    let pcns = [PCNS_THEN].iter().chain(pcns).map(|row| row.to_vec()).collect();
    let partners = [PARTNERS_THEN].iter().chain(partners).map(|row| row.to_vec()).collect();
    workbook(pcns, partners)
}

fn problems(file: &made::Made) -> Vec<String> {
    let reading = read_pcn(file.open()).unwrap();
    reading.findings.problems.iter().map(ToString::to_string).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_ccg_era_is_read() {
    let reading = read_pcn(sheets(&[PCN], &[PARTNER]).open()).unwrap();
    let (pcn, partner) = (&reading.rows.pcns[0].row, &reading.rows.partners[0].row);
    assert_eq!((pcn.code.as_str(), pcn.name.as_str()), ("U16464", "BARNSLEY PCN"));
    assert_eq!((pcn.sub_icb.as_str(), pcn.postcode.as_str()), ("02P", "S70 3NE"));
    assert_eq!((pcn.opened_on, pcn.closed_on), (day("2019-10-01"), None));
    assert_eq!((partner.site.as_str(), partner.pcn.as_str()), ("C85628", "U16464"));
    assert_eq!((partner.site_sub_icb.as_str(), partner.pcn_sub_icb.as_str()), ("02P", "02Q"));
    assert_eq!((partner.from, partner.to), (day("2019-10-01"), Some(day("2020-08-31"))));
    assert_eq!((reading.source.rows, reading.rows.pcns[0].at.line), (2, 2));
}

#[test]
fn the_sub_icb_era_is_read_in_any_order_under_a_title() {
    let file = workbook(
        vec![
            vec!["Primary care networks"],
            vec![],
            vec![
                "Postcode",
                "Close Date",
                "Open Date",
                "Current Sub ICB Loc Code",
                "PCN Name",
                "PCN Code",
            ],
            vec!["S70 3NE", "20230101", "20191001", "02P", "BARNSLEY PCN", "U16464"],
        ],
        vec![
            vec![
                "PCN Code",
                "PCN Parent\nSub ICB Loc Code",
                "Practice\nParent\nSub ICB Loc Code",
                "Partner\nName",
                "Partner\nOrganisation\nCode",
                "Practice to PCN\nRelationship\nStart Date",
                "Practice to PCN\nRelationship\nEnd Date ",
            ],
            vec!["U16464", "02Q", "02P", "CAXTON", "C85628", "20191001"],
        ],
    );
    let reading = read_pcn(file.open()).unwrap();
    assert_eq!(problems(&file), [""; 0]);
    assert_eq!(reading.rows.pcns[0].row.closed_on, Some(day("2023-01-01")));
    assert_eq!(reading.rows.pcns[0].at.line, 4);
    assert_eq!(reading.rows.partners[0].row.pcn_sub_icb.as_str(), "02Q");
    assert_eq!(reading.columns.pcn.code.number, 6);
}

#[test]
fn dates_may_be_text_dates_or_numbers() {
    let mut book = Made::new();
    let format = Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet().set_name("PCNDetails").unwrap();
    sheet.write_row(0, 0, PCNS_THEN).unwrap();
    for (row, code) in [(1, "U00001"), (2, "U00002"), (3, "U00003")] {
        sheet.write_row(row, 0, [code, "A PCN", "02P"]).unwrap();
    }
    let date = ExcelDateTime::from_ymd(2019, 10, 1).unwrap();
    sheet.write_datetime_with_format(1, 3, &date, &format).unwrap();
    sheet.write_number(2, 3, 20_191_001).unwrap();
    sheet.write_number(3, 3, 43_739).unwrap();
    let sheet = book.add_worksheet().set_name("PCN Core Partner Details").unwrap();
    sheet.write_row(0, 0, PARTNERS_THEN).unwrap();
    let reading = read_pcn(made::saved("ePCN.xlsx", book).open()).unwrap();
    assert_eq!(reading.rows.pcns.len(), 3);
    assert!(reading.rows.pcns.iter().all(|pcn| pcn.row.opened_on == day("2019-10-01")));
}

#[test]
fn all_problems_of_a_row_are_named_with_sheet_and_row() {
    let file = sheets(
        &[PCN, ["u1", "", "", "20191332", "x", ""], PCN],
        &[PARTNER, ["", "X", "02P", "U16464", "02P", "20191001", "20190930"]],
    );
    let found = problems(&file);
    assert_eq!(found.len(), 8, "{found:#?}");
    let starts = [
        r#"ePCN.xlsx:PCNDetails:3: column 1 (PCN code): "u1" is not an ODS code"#,
        "ePCN.xlsx:PCNDetails:3: column 2 (PCN name): is empty",
        "ePCN.xlsx:PCNDetails:3: column 3 (sub-ICB code): is empty",
        r#"ePCN.xlsx:PCNDetails:3: column 4 (open date): "20191332" is not a date"#,
        r#"ePCN.xlsx:PCNDetails:3: column 5 (close date): "x" is not a date"#,
        r#"ePCN.xlsx:PCNDetails:4: column 1 (PCN code): "U16464" stands at line 2 already"#,
        "ePCN.xlsx:PCN Core Partner Details:3: column 1 (practice code): is empty",
        r#"ePCN.xlsx:PCN Core Partner Details:3: column 7 (end date): "20190930" is before the start date 2019-10-01"#,
    ];
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found} is not {start}");
    }
}

#[test]
fn a_membership_may_come_again_later_but_not_twice() {
    let mut later = PARTNER;
    (later[5], later[6]) = ("20210401", "");
    let found = problems(&sheets(&[PCN], &[PARTNER, later, PARTNER]));
    assert_eq!(found.len(), 1);
    assert!(found[0].contains(r#"Details:4: column 1 (practice code): "C85628" stands at line 2"#));
}

#[test]
fn a_workbook_of_another_shape_is_refused() {
    let refused = |file: made::Made| read_pcn(file.open()).unwrap_err().to_string();
    let missing = made::workbook("p.xlsx", &[("PCNDetails", vec![])]);
    assert_eq!(
        refused(missing),
        r#"p.xlsx: the workbook has no sheet named "PCN Core Partner Details"; its sheets are PCNDetails: use the file as published"#
    );
    assert!(refused(workbook(vec![], vec![])).contains("the file is empty"));
    assert!(refused(sheets(&[], &[])).contains("headings and no rows"));
    let unheaded = workbook(vec![PCNS_THEN[1..].to_vec()], vec![PARTNERS_THEN.to_vec()]);
    assert!(
        refused(unheaded).contains(r#"no column headed "pcn code"; the headings are pcn name,"#)
    );
    assert!(refused(made::file("p.csv", b"a,b\n")).contains("not an Excel workbook"));
}
