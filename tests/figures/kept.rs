//! Answers are kept, and none outlives a write.

use serde_json::{Value, json};

use super::{SITES, item, record};
use crate::harness::{World, on_both, people};

async fn in_post(world: &World) -> Value {
    let document = "{ metricSeries(input: { metrics: [\"survey.in_post\"], of: { england: true },
        periods: { from: \"2025-11\", to: \"2025-11\" } }) { points { value { value } } } }";
    let data = world.data(people::NATIONAL, document, json!({})).await;
    data["metricSeries"][0]["points"][0]["value"]["value"].clone()
}

#[test]
fn every_write_is_seen_at_once() {
    on_both(async |world| {
        assert_eq!(in_post(world).await, Value::Null);
        for (count, site) in (1..).zip(SITES) {
            record(
                world,
                &format!("in-post-{site}"),
                vec![item("survey.in_post", site, "2025-11", 1.0)],
            )
            .await;
            assert_eq!(in_post(world).await, json!(f64::from(count)));
            assert_eq!(in_post(world).await, json!(f64::from(count)));
        }
    });
}

#[test]
fn what_is_hidden_from_one_is_not_shown_from_the_answer_to_another() {
    on_both(async |world| {
        record(world, "one", vec![item("survey.started", SITES[0], "2025-11", 3.0)]).await;
        let document = "{ metricSeries(input: { metrics: [\"survey.started\"],
            of: { organisations: [{ odsCode: \"Y90001\" }] },
            periods: { from: \"2025-11\", to: \"2025-11\" } })
            { points { value { state value } } } }";
        let shown = async |who| {
            let data = world.data(who, document, json!({})).await;
            data["metricSeries"][0]["points"][0]["value"].clone()
        };
        let exact = json!({ "state": "VALUE", "value": 3.0 });
        let hidden = json!({ "state": "SUPPRESSED", "value": null });
        for _ in 0..2 {
            assert_eq!(shown(people::NATIONAL).await, exact);
            assert_eq!(shown(people::PUBLIC).await, hidden);
        }
    });
}
