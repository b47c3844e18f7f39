//! Pages of observations, however they are narrowed, and the newest figures of sites whose
//! last month was taken back.

use serde_json::{Value, json};

use super::{SITES, command, item, record};
use crate::harness::{World, on_both, people};

async fn ids(world: &World, arguments: &str) -> Vec<Value> {
    let document =
        format!("{{ observations({arguments}) {{ nodes {{ id }} edges {{ cursor }} }} }}");
    let data = world.data(people::NATIONAL, &document, json!({})).await;
    data["observations"]["nodes"].as_array().unwrap().clone()
}

#[test]
fn pages_of_one_series_join_without_a_gap() {
    on_both(async |world| {
        for month in ["2025-08", "2025-09", "2025-10", "2025-11"] {
            let both = ["survey.in_post", "survey.engaged"].into_iter();
            let items = both.flat_map(|metric| SITES.map(|site| item(metric, site, month, 1.0)));
            record(world, month, items.collect()).await;
        }
        let all = ids(world, "first: 100, filter: { metrics: [\"survey.in_post\"] }").await;
        assert_eq!(all.len(), 16);
        let mut joined = Vec::new();
        let mut after = Value::Null;
        loop {
            let document = "query ($after: String) { observations(first: 5, after: $after,
                filter: { metrics: [\"survey.in_post\"], recordedSince: \"2001-01-01T00:00:00Z\" })
                { nodes { id } pageInfo { endCursor hasNextPage } totalCount } }";
            let data = world.data(people::NATIONAL, document, json!({ "after": after })).await;
            let page = &data["observations"];
            assert_eq!(page["totalCount"], 16);
            joined.extend(page["nodes"].as_array().unwrap().iter().cloned());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(joined, all);
        let backward = ids(world, "last: 100, filter: { metrics: [\"survey.in_post\"] }").await;
        assert_eq!(backward, all);
        let two = "first: 100, filter: { metrics: [\"survey.in_post\", \"survey.engaged\"] }";
        assert_eq!(ids(world, two).await.len(), 32);
        let later = "first: 9, filter: { metrics: [\"survey.in_post\"],
            recordedSince: \"2199-01-01T00:00:00Z\" }";
        assert_eq!(ids(world, later).await.len(), 0);
    });
}

#[test]
fn the_latest_figure_is_the_last_that_stands() {
    on_both(async |world| {
        let site = SITES[0];
        for (value, month) in [(4.0, "2025-09"), (5.0, "2025-10"), (6.0, "2025-11")] {
            record(world, month, vec![item("survey.in_post", site, month, value)]).await;
        }
        let latest = async || {
            let document = format!(
                "{{ site(by: {{ odsCode: \"{site}\" }}) {{ latest(metrics: [\"survey.in_post\",
                 \"survey.engaged\"]) {{ period {{ label }} value {{ value }} }} }} }}"
            );
            let data = world.data(people::NATIONAL, &document, json!({})).await;
            let latest = data["site"]["latest"].as_array().unwrap().clone();
            assert_eq!(latest[1], json!({ "period": null, "value": { "value": null } }));
            (latest[0]["period"]["label"].clone(), latest[0]["value"]["value"].clone())
        };
        assert_eq!(latest().await, (json!("2025-11"), json!(6.0)));
        for month in ["2025-11", "2025-10"] {
            let taken_back = json!({ "metric": "survey.in_post", "state": "WITHDRAWN",
                "organisation": { "odsCode": site }, "month": month });
            let key = format!("back {month}").replace(' ', "-");
            let done =
                command(world, json!({ "idempotencyKey": key, "items": [taken_back] })).await;
            assert_eq!(done["recordObservations"]["refused"], 0, "{done:#}");
        }
        assert_eq!(latest().await, (json!("2025-09"), json!(4.0)));
    });
}
