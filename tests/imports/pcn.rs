//! Networks and who is in them, from a workbook of either era's words.

use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::{LEEDS, Made, Row, import, ods, site};
use crate::harness::{World, on_both_new, people::PUBLIC};

const PCN_HEADINGS: [&str; 12] = [
    "PCN Code",
    "PCN Name",
    "Current Sub ICB Loc Code",
    "Sub ICB Location",
    "Open Date",
    "Close Date",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Postcode",
];
const PARTNER_HEADINGS: [&str; 11] = [
    "Partner\nOrganisation\nCode",
    "Partner\nName",
    "Practice\nParent\nCCG Code",
    "Practice\nParent\nCCG Name",
    "PCN Code",
    "PCN Name",
    "PCN Parent\nCCG Code",
    "PCN Parent\nCCG Name",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
    "Practice CCG and PCN\nCCG Match ",
];

/// A workbook of networks (code, sub-ICB, closed) and partners (site, PCN, from, to).
fn workbook(networks: &[[&str; 3]], partners: &[[&str; 4]]) -> Made {
    let made = Made::new("ePCN.xlsx", "");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("PCNDetails").unwrap();
    sheet.write_row(0, 0, PCN_HEADINGS).unwrap();
    for (row, [code, sub_icb, closed]) in (1..).zip(networks) {
        let cells = [
            *code,
            "NORTH NETWORK",
            sub_icb,
            "",
            "20190701",
            closed,
            "",
            "",
            "",
            "",
            "",
            "LS1 1AA",
        ];
        sheet.write_row(row, 0, cells).unwrap();
    }
    let sheet = book.add_worksheet().set_name("PCN Core Partner Details").unwrap();
    sheet.write_row(0, 0, PARTNER_HEADINGS).unwrap();
    for (row, [site, pcn, from, to]) in (1..).zip(partners) {
        let cells =
            [*site, "PARK EDGE", "15F", "", pcn, "NORTH NETWORK", "15F", "", from, to, "TRUE"];
        sheet.write_row(row, 0, cells).unwrap();
    }
    book.save(&made.path).unwrap();
    made
}

async fn with_leeds(world: &World) {
    let rows = Made::new("epraccur.csv", ods(&[LEEDS, Row { code: "B86002", ..LEEDS }]));
    import(world, "ods", &rows, &["--edition", "2023-01-31"]).await.summary();
}

#[test]
fn memberships_come_with_the_days_that_the_file_gives() {
    on_both_new(async |world| {
        with_leeds(world).await;
        let networks = [["U10001", "15F", ""], ["U10002", "15F", ""]];
        let first =
            [["B86001", "U10001", "20190701", "20210331"], ["B86001", "U10002", "20210401", ""]];
        let file = workbook(&networks, &first);
        let ran = import(world, "pcn", &file, &["--edition", "2022-05-31"]).await;
        assert!(ran.summary().contains("2 opened") && ran.out.contains("2 moved"), "{}", ran.out);
        // The last day in the file is the last day in the network.
        assert_eq!(
            site(world, "B86001", "2021-03-31").await["placement"]["pcn"]["odsCode"],
            "U10001"
        );
        assert_eq!(
            site(world, "B86001", "2021-04-01").await["placement"]["pcn"]["odsCode"],
            "U10002"
        );
        let again = import(world, "pcn", &file, &["--edition", "2022-05-31"]).await;
        assert!(again.summary().ends_with("unchanged"), "{}", again.out);

        let networks = [["U10001", "15F", ""], ["U10002", "15F", "20220930"]];
        let second = [["B86001", "U10001", "20221001", ""]];
        let ran =
            import(world, "pcn", &workbook(&networks, &second), &["--edition", "2023-01-31"]).await;
        assert!(ran.summary().contains("1 closed"), "{}", ran.out);
        let levels = site(world, "B86001", "2023-01-31").await["memberships"]["nodes"].clone();
        let pcns: Vec<_> =
            levels.as_array().unwrap().iter().filter(|row| row["level"] == "PCN").collect();
        assert_eq!(
            json!(pcns),
            json!([
                {"level": "PCN", "from": "2019-07-01", "to": "2021-04-01", "parent": {"odsCode": "U10001"}},
                {"level": "PCN", "from": "2021-04-01", "to": "2022-10-01", "parent": {"odsCode": "U10002"}},
                {"level": "PCN", "from": "2022-10-01", "to": null, "parent": {"odsCode": "U10001"}},
            ])
        );
        let document = "{ organisation(by: {odsCode: \"U10002\"}) { closedOn placement(asAt: \"2022-09-30\") { icb { odsCode } } } }";
        let data = world.data(PUBLIC, document, json!({})).await;
        assert_eq!(
            data["organisation"],
            json!({"closedOn": "2022-10-01", "placement": {"icb": {"odsCode": "QWO"}}})
        );
    });
}

#[test]
fn what_the_register_does_not_know_is_refused_by_sheet_row_and_column() {
    on_both_new(async |world| {
        with_leeds(world).await;
        let networks = [["U10001", "15F", ""], ["U10003", "77X", ""]];
        let partners = [
            ["B99999", "U10001", "20190701", ""],
            ["B86001", "U10003", "20190701", ""],
            ["B86001", "U10001", "20190701", ""],
            ["B86001", "U10001", "20200101", ""],
        ];
        let file = workbook(&networks, &partners);
        let rejects = file.beside("rejects.xlsx");
        let flags = ["--edition", "2022-05-31", "--reject-file", rejects.to_str().unwrap()];
        let ran = import(world, "pcn", &file, &flags).await;
        assert!(
            ran.summary().contains("1 opened") && ran.out.contains("4 refused; written"),
            "{}",
            ran.out
        );
        for said in [
            "column 3 (sub-ICB code): \"77X\" is no sub-ICB location that the register knows",
            "column 1 (practice code): \"B99999\" is no site that the register knows",
            "column 5 (PCN code): \"U10003\" is no PCN of this file",
            "column 9 (start date): \"2020-01-01\" overlaps another membership of this site",
        ] {
            assert!(ran.err.contains(said), "{said}\n{}", ran.err);
        }
        assert!(rejects.exists());
    });
}

#[test]
fn a_csv_is_no_workbook() {
    on_both_new(async |world| {
        let ran =
            import(world, "pcn", &Made::new("a.xlsx", "code,name\n"), &["--edition", "2022-05-31"])
                .await;
        assert!(!ran.success && ran.err.contains("a.xlsx"), "{}", ran.err);
    });
}

#[test]
fn a_site_that_a_whole_file_no_longer_names_has_left_and_a_bad_row_says_nothing() {
    on_both_new(async |world| {
        with_leeds(world).await;
        let networks = [["U10001", "15F", ""]];
        let both = [["B86001", "U10001", "20190701", ""], ["B86002", "U10001", "20190701", ""]];
        let first = workbook(&networks, &both);
        import(world, "pcn", &first, &["--edition", "2022-05-31"]).await.summary();
        let bad = [["B86001", "U10001", "20190701", ""], ["B86002", "U10001", "20191332", ""]];
        let ran =
            import(world, "pcn", &workbook(&networks, &bad), &["--edition", "2022-08-31"]).await;
        assert!(ran.summary().contains("1 refused; written"), "{}", ran.out);
        let pcn = async |day: &str| site(world, "B86002", day).await["placement"]["pcn"].clone();
        assert_eq!(pcn("2022-12-31").await["odsCode"], "U10001");
        let whole = workbook(&networks, &both[..1]);
        let ran = import(world, "pcn", &whole, &["--edition", "2023-01-31"]).await;
        assert!(ran.summary().contains("1 moved"), "{}", ran.out);
        assert_eq!(pcn("2023-01-30").await["odsCode"], "U10001");
        assert_eq!(pcn("2023-01-31").await, json!(null));
    });
}
