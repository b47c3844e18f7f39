//! Finding one organisation, and asking what it was on a day.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::{on_both, people};

#[test]
fn an_organisation_shows_all_that_is_known_of_it() {
    on_both(async |world| {
        for code in ["Y90001", "Y90003", "Y90005", "QWO"] {
            assert_json_snapshot!(format!("organisation_{code}"), world.site(code).await);
        }
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        assert_json_snapshot!("organisation_west_yorkshire", hub);
        let body = world.organisation(json!({ "slug": "national" })).await;
        assert_json_snapshot!("organisation_national", body);
    });
}

#[test]
fn a_history_tells_what_happened_and_to_those_who_may_know_by_whom() {
    on_both(async |world| {
        let asked = "{ site(by: { odsCode: \"Y90004\" }) { history { totalCount
            pageInfo { hasNextPage } nodes { at type effectiveOn before after
                audit { at subject role action requestId organisation { name }
                    actorOrganisation { name } } } } } }";
        let theirs = world.data(people::CHESHIRE, asked, json!({})).await;
        assert_json_snapshot!("history_for_its_hub", theirs);
        let others = world.data(people::YORKSHIRE, asked, json!({})).await;
        assert_json_snapshot!("history_for_another_hub", others);
    });
}

#[test]
fn regions_and_the_service_say_what_they_are() {
    on_both(async |world| {
        let asked = "{ regions { name odsCode onsCode leadTrainingHub { slug } siteCounts {
            total active eligible dormant proposed eligiblePatients } }
            service { registerChangedAt demonstration licence editions { format editionOn rows } } }";
        assert_json_snapshot!(
            "regions_and_service",
            world.data(people::PUBLIC, asked, json!({})).await
        );
    });
}

#[test]
fn nodes_come_in_their_order_with_null_for_what_is_not_there() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        let gone = api::ids::GlobalId { type_name: "Site", row: 987_654 }.encode();
        let row = api::ids::decode_global_id(hub["id"].as_str().unwrap()).unwrap().1;
        let disguised = api::ids::GlobalId { type_name: "Site", row }.encode();
        let strange = api::ids::GlobalId { type_name: "Audit", row: 1 }.encode();
        let membership = &site["memberships"]["nodes"][0]["id"];
        let ids = json!([hub["id"], gone, site["id"], disguised, membership, strange, site["id"]]);
        let asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
        let data = world.data(people::PUBLIC, asked, json!({ "ids": ids })).await;
        let types: Vec<_> =
            data["nodes"].as_array().unwrap().iter().map(|it| it["__typename"].clone()).collect();
        let expected = json!(["TrainingHub", null, "Site", null, "Membership", null, "Site"]);
        assert_eq!(json!(types), expected);

        let malformed = world.ask(people::PUBLIC, asked, json!({ "ids": ["%%%"] })).await;
        assert_eq!(malformed["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        let many: Vec<_> = (0..101).map(|_| site["id"].clone()).collect();
        let many = world.ask(people::PUBLIC, asked, json!({ "ids": many })).await;
        assert!(many.get("errors").is_some(), "101 are too many");
    });
}

#[test]
fn before_it_opened_a_site_has_no_status_and_is_in_no_list() {
    on_both(async |world| {
        let asked = "{ site(by: { odsCode: \"Y90001\" }) {
            status(asAt: \"2024-06-30\") placement(asAt: \"2024-06-30\") { from }
            eligible(asAt: \"2024-06-30\") now: eligible }
            sites(asAt: \"2024-05-31\") { totalCount }
            closed: site(by: { odsCode: \"Y90003\" }) { status odsCode eligible closedOn }
            nobody: site(by: { odsCode: \"Y9\" }) { id }
            region(by: { odsCode: \"QWO\" }) { id } trainingHub(by: { slug: \"national\" }) { id }
            icb: organisation(by: { onsCode: \"E54000054\" }) { __typename odsCode } }";
        let data = world.data(people::PUBLIC, asked, json!({})).await;
        assert_eq!(
            data,
            json!({
                "site": { "status": null, "placement": null, "eligible": false, "now": true },
                "sites": { "totalCount": 0 },
                "closed": { "status": "CLOSED", "odsCode": "Y90003", "eligible": false,
                            "closedOn": "2025-12-01" },
                "nobody": null, "region": null, "trainingHub": null,
                "icb": { "__typename": "Icb", "odsCode": "QWO" },
            })
        );
    });
}

#[test]
fn a_viewer_learns_beforehand_what_they_may_do() {
    on_both(async |world| {
        let asked = "query($mine: ID!, $theirs: ID!, $register: ID!) { viewer { role subject scopes
            organisation { name }
            mine: can(action: RENAME_SITE, id: $mine) { allowed reason whoCan }
            theirs: can(action: RENAME_SITE, id: $theirs) { allowed reason whoCan }
            register: can(action: RENAME_SITE, id: $register) { allowed reason whoCan }
            lead: can(action: APPOINT_LEAD_TRAINING_HUB, id: $mine) { allowed reason whoCan } } }";
        let mut ids = json!({});
        for (name, code) in [("mine", "Y90001"), ("theirs", "Y90004"), ("register", "Y90002")] {
            ids[name] = world.site(code).await["id"].clone();
        }
        for who in [people::PUBLIC, people::YORKSHIRE, people::NATIONAL, people::PORTAL] {
            let data = world.data(who, asked, ids.clone()).await;
            assert_json_snapshot!(format!("viewer_{}", who.role_name()), data);
        }
    });
}
