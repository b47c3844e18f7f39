//! Both lookups, told apart by their headings.

use super::*;
use crate::import::made;

const LOOKUP: &str = "region_ods,region_ons,region_name,icb_ods,icb_ons,icb_name,sub_icb_ods,sub_icb_ons,sub_icb_name\r\n";
const ROW: &str =
    "Y56,E40000003,London,QKK,E54000030,South East London,72Q,E38000244,NHS SEL - 72Q\r\n";

fn read(text: &str) -> Reading<Vec<Read<HierarchyRow>>, Columns> {
    read_hierarchy(made::file("h.csv", text.as_bytes()).open()).unwrap()
}

#[test]
fn the_lookup_of_sub_icbs_names_three_levels() {
    let reading = read(&format!("{LOOKUP}{ROW}"));
    let HierarchyRow::SubIcb { region, icb, sub_icb } = &reading.rows[0].row else {
        panic!("{:?}", reading.rows)
    };
    assert_eq!((region.ods.as_str(), region.ons.as_str()), ("Y56", "E40000003"));
    assert_eq!((icb.ods.as_str(), icb.name.as_str()), ("QKK", "South East London"));
    assert_eq!((sub_icb.ods.as_str(), sub_icb.ons.as_str()), ("72Q", "E38000244"));
}

#[test]
fn the_ccg_era_is_followed_into_icbs_with_a_byte_order_mark() {
    let reading = read("\u{feff}CCG Code,ICB Code,ICB NAME\r\n99C,QHM,NHS North East\r\n");
    let HierarchyRow::CcgToIcb { ccg, icb, icb_name } = &reading.rows[0].row else {
        panic!("{:?}", reading.rows)
    };
    assert_eq!((ccg.as_str(), icb.as_str(), icb_name.as_str()), ("99C", "QHM", "NHS North East"));
}

#[test]
fn wrong_codes_empty_names_and_repeats_are_named() {
    let bad = ROW.replace("E40000003", "E4").replace("South East London", "");
    let reading = read(&format!("{LOOKUP}{ROW}{bad}"));
    let found: Vec<_> = reading.findings.problems.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].starts_with(r#"h.csv:3: column 2 (region ONS code): "E4" is not an ONS code"#)
    );
    assert!(found[1].starts_with("h.csv:3: column 6 (ICB name): is empty"));
    assert!(
        found[2].starts_with(r#"h.csv:3: column 7 (sub-ICB ODS code): "72Q" stands at line 2"#)
    );
}

#[test]
fn other_headings_are_refused() {
    let refused = read_hierarchy(made::file("h.csv", b"a,b\n1,2\n").open()).unwrap_err();
    assert!(refused.to_string().contains("those of no file known here (a, b)"), "{refused}");
}
