//! Pages of issues: forwards and backwards, every issue once.

use serde_json::{Value, json};

use super::{HOURS, LIST, STEADY, issues, record};
use crate::harness::{World, on_both, people};

async fn page(world: &World, asked: Value) -> (Vec<String>, Value) {
    let mut asked = asked;
    asked["filter"] = json!({ "rules": ["OUTLIER"] });
    let data = world.data(people::NATIONAL, LIST, asked).await;
    let list = &data["dataQuality"];
    let keys = list["nodes"].as_array().unwrap().iter();
    let keys = keys.map(|node| node["key"].as_str().unwrap().to_owned()).collect();
    (keys, list["pageInfo"].clone())
}

#[test]
fn pages_hold_every_issue_once_both_ways() {
    on_both(async |world| {
        for code in ["Y90001", "Y90002", "Y90004", "DEMO0001"] {
            record(world, people::NATIONAL, HOURS, code, "2024-08", &STEADY).await;
            record(world, people::NATIONAL, HOURS, code, "2025-08", &[99.0, 10.0, 500.0]).await;
        }
        let all = issues(world, people::NATIONAL, json!({ "rules": ["OUTLIER"] })).await;
        let all: Vec<String> =
            all.iter().map(|issue| issue["key"].as_str().unwrap().to_owned()).collect();
        assert_eq!(all.len(), 8, "{all:?}");

        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        loop {
            let (keys, info) = page(world, json!({ "first": 3, "after": after })).await;
            assert_eq!(info["hasPreviousPage"], !forwards.is_empty());
            forwards.extend(keys);
            after = info["endCursor"].clone();
            if info["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forwards, all);

        let (mut backwards, mut before) = (Vec::new(), Value::Null);
        loop {
            let (keys, info) = page(world, json!({ "last": 3, "before": before })).await;
            assert_eq!(info["hasNextPage"], !backwards.is_empty());
            backwards.splice(0..0, keys);
            before = info["startCursor"].clone();
            if info["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backwards, all);
    });
}
