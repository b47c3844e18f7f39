//! Lookups of the hierarchy, of both shapes.

use serde_json::json;

use super::{Made, import};
use crate::harness::{on_both_new, people::PUBLIC};

const AREAS: &str = "region_ods,region_ons,region_name,icb_ods,icb_ons,icb_name,sub_icb_ods,sub_icb_ons,sub_icb_name\n";

#[test]
fn a_lookup_names_and_moves_areas_from_its_day_on() {
    on_both_new(async |world| {
        let rows = "Y63,E40000012,North East and Yorkshire,QWO,E54000054,NHS West Yorkshire Board,15F,E38000225,Leeds\n\
                    Y63,E40000012,North East and Yorkshire,QWO,E54000054,NHS West Yorkshire Board,9ZZ,E38999999,Ilkley\n\
                    Y99,E40999999,Nowhere,QWO,E54000054,NHS West Yorkshire Board,15F,E38000225,Leeds again\n";
        let file = Made::new("lookup.csv", format!("{AREAS}{rows}"));
        let ran = import(world, "hierarchy", &file, &["--edition", "2025-04-01"]).await;
        assert!(
            ran.summary().contains("1 opened") && ran.out.contains("1 refused; written"),
            "{}",
            ran.out
        );
        assert!(ran.err.contains("lookup.csv:4"), "{}", ran.err);
        let document = "{ a: organisation(by: {odsCode: \"QWO\"}, asAt: \"2025-03-31\") { name }
            b: organisation(by: {odsCode: \"QWO\"}, asAt: \"2025-04-01\") { name }
            c: organisation(by: {odsCode: \"9ZZ\"}) { name onsCode openedOn placement { icb { odsCode } region { odsCode } } } }";
        let data = world.data(PUBLIC, document, json!({})).await;
        assert_eq!(data["a"]["name"], "NHS West Yorkshire Integrated Care Board");
        assert_eq!(data["b"]["name"], "NHS West Yorkshire Board");
        assert_eq!(
            data["c"],
            json!({"name": "Ilkley", "onsCode": "E38999999", "openedOn": "2025-04-01",
                   "placement": {"icb": {"odsCode": "QWO"}, "region": {"odsCode": "Y63"}}})
        );
    });
}

#[test]
fn a_commissioning_group_is_one_of_today_or_was_followed_by_its_board() {
    on_both_new(async |world| {
        let rows = "\u{feff}CCG Code,ICB Code,ICB NAME\n15F,QWO,NHS West Yorkshire\n02R,QWO,NHS West Yorkshire\n02V,QZZ,Nowhere\n";
        let file = Made::new("ccg_to_icb.csv", rows);
        let ran = import(world, "hierarchy", &file, &["--edition", "2023-04-01"]).await;
        assert!(ran.summary().contains("1 opened"), "{}", ran.out);
        assert!(ran.err.contains("ccg_to_icb.csv:4: column 2"), "{}", ran.err);
        let document = "{ organisation(by: {odsCode: \"02R\"}) { name status openedOn closedOn
            successors { occurredOn kind confidence successor { odsCode } } } }";
        let data = world.data(PUBLIC, document, json!({})).await;
        assert_eq!(
            data["organisation"],
            json!({"name": "Clinical commissioning group 02R", "status": "CLOSED",
                   "openedOn": "2013-04-01", "closedOn": "2022-07-01",
                   "successors": [{"occurredOn": "2022-07-01", "kind": "MERGER",
                                   "confidence": "INFERRED", "successor": {"odsCode": "QWO"}}]})
        );
    });
}

#[test]
fn a_move_keeps_where_an_area_was_and_a_borrowed_code_is_refused() {
    on_both_new(async |world| {
        let rows = "Y63,E40000012,North East and Yorkshire,QWO,E54000054,NHS West Yorkshire Board,72Q,E38000244,South East London\n\
                    Y63,E40000012,North East and Yorkshire,QWO,E54000054,NHS West Yorkshire Board,15F,E38000244,Leeds\n";
        let file = Made::new("lookup.csv", format!("{AREAS}{rows}"));
        let ran = import(world, "hierarchy", &file, &["--edition", "2025-04-01"]).await;
        assert!(ran.summary().contains("1 refused; written"), "{}", ran.out);
        let said = "lookup.csv:3: column 8 (sub-ICB ONS code): \"E38000244\" is borne by another";
        assert!(ran.err.contains(said), "{}", ran.err);
        let document = "{ organisation(by: {odsCode: \"72Q\"}) { memberships { nodes { from to parent { odsCode } } } } }";
        let data = world.data(PUBLIC, document, json!({})).await;
        assert_eq!(
            data["organisation"]["memberships"]["nodes"],
            json!([
                {"from": "2022-07-01", "to": "2025-04-01", "parent": {"odsCode": "QKK"}},
                {"from": "2025-04-01", "to": null, "parent": {"odsCode": "QWO"}},
            ])
        );
    });
}
