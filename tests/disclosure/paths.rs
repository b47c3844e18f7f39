//! The same cell is the same by every path, and nobody is told by another what this one
//! hides.

use serde_json::json;

use super::seen::{METRIC, MONTHS, Site, record, scattered, seen, shown, sites};
use crate::harness::{on_both, people};

#[test]
fn a_cell_is_the_same_however_it_is_asked_for() {
    on_both(async |world| {
        let sites = sites(world).await;
        record(world, &sites, "paths", scattered(7)).await;
        for who in [people::PUBLIC, people::BOARD, people::CHESHIRE] {
            let known = seen(world, who, json!({})).await;
            for how in [
                json!({ "boundaries": { "kind": "AT_PERIOD" } }),
                json!({ "boundaries": { "kind": "AS_AT", "asAt": "2025-10-15" } }),
                json!({ "follow": "SUCCESSOR" }),
                json!({ "minStatus": "APPROVED" }),
                json!({ "knownAt": "2026-01-01T00:00:00Z" }),
            ] {
                let again = seen(world, who, how.clone()).await;
                for (cell, shown) in &known {
                    // What lies within one's own reach is exact, and answers what is asked.
                    let own = who == people::CHESHIRE && shown.value.is_some() && !shown.rounded;
                    assert!(own || again[cell] == *shown, "{cell:?} {how}: {:?}", again[cell]);
                }
            }
        }
    });
}

#[test]
fn one_organisation_shows_what_a_list_of_all_does() {
    on_both(async |world| {
        let sites = sites(world).await;
        record(world, &sites, "alone", scattered(8)).await;
        let known = seen(world, people::PUBLIC, json!({})).await;
        let document = format!(
            "query($by: OrganisationBy!) {{ organisation(by: $by) {{ metricSeries(
                metrics: [\"{METRIC}\"], periods: {{ from: \"{}\", to: \"{}\" }}) {{
                points {{ period {{ label }} value {{ state value rounded }} }} }} }} }}",
            MONTHS[0], MONTHS[2]
        );
        for place in ["REGION Y63", "REGION Y62", "ICB QWO", "ICB QYG", "SUB_ICB 99A"] {
            let code = place.split(' ').nth(1).unwrap();
            let by = json!({ "by": { "odsCode": code } });
            let data = world.data(people::PUBLIC, &document, by).await;
            let points = data["organisation"]["metricSeries"][0]["points"].as_array().unwrap();
            for point in points {
                let label = point["period"]["label"].as_str().unwrap().to_owned();
                assert_eq!(shown(&point["value"]), known[&(place.to_owned(), label)], "{place}");
            }
        }
    });
}

#[test]
fn nothing_is_told_of_people_at_one_site() {
    on_both(async |world| {
        let sites = sites(world).await;
        let far = |site: &&Site| site.places.contains(&"REGION Y56".to_owned());
        let with = sites.iter().find(far).unwrap().clone();
        record(world, std::slice::from_ref(&with), "one", |_, _| 3).await;
        let with = &with.code;
        let document = format!(
            "{{ sites(filter: {{ region: {{ odsCode: \"Y56\" }} }}, first: 100) {{ nodes {{ odsCode latest(metrics: [\"{METRIC}\"]) {{
                period {{ label }} value {{ state value coverage {{ reported expected }} status }}
            }} }} }}
            observations(filter: {{ metrics: [\"{METRIC}\"], revisions: true }}) {{
                totalCount nodes {{ id }} }} }}"
        );
        let outsiders = [people::PUBLIC, people::BOARD, people::YORKSHIRE, people::PROVIDER];
        for who in outsiders {
            let data = world.data(who, &document, json!({})).await;
            let nodes = data["sites"]["nodes"].as_array().unwrap();
            let latest = |node: &serde_json::Value| node["latest"][0].clone();
            let it = nodes.iter().find(|node| node["odsCode"] == with.as_str()).unwrap();
            assert_eq!(latest(it)["value"]["state"], "SUPPRESSED");
            // It cannot be told from its neighbours, of which nothing is recorded.
            let alike = nodes.iter().filter(|node| latest(node) == latest(it)).count();
            assert!(alike > 10, "{alike}");
            assert_eq!(data["observations"]["totalCount"], 0, "{who:?}");
            assert_eq!(data["observations"]["nodes"], json!([]));
        }
        let data = world.data(people::NATIONAL, &document, json!({})).await;
        assert_eq!(data["observations"]["totalCount"], 3);
    });
}
