//! Longer periods: stocks take the last month, flows add up, ratios are divided anew.

use serde_json::{Value, json};

use super::{POINTS, item, ratio, record, series, site, told};
use crate::harness::{World, on_both, people};

async fn shown(world: &World, metric: &str, kind: &str) -> Vec<String> {
    let periods = json!({ "type": kind, "from": "2024-10", "to": "2025-06" });
    told(&series(world, people::PUBLIC, (metric, site("Y90001")), periods, POINTS).await)
}

#[test]
fn a_period_is_made_by_what_the_metric_is() {
    on_both(async |world| {
        let months = ["2024-10", "2024-12", "2025-01", "2025-02", "2025-04"];
        let mut items: Vec<Value> = Vec::new();
        for (month, value) in months.iter().zip([1.0, 2.0, 4.0, 8.0, 16.0]) {
            items.push(item("survey.engaged", site("Y90001"), month, value));
            items.push(item("survey.adopters", site("Y90001"), month, value));
            items.push(ratio(
                "impact.letters_to_gp_share",
                "Y90001",
                month,
                (value, 2.0 * value + 4.0),
            ));
            let mut mean = item("impact.gp_satisfaction", site("Y90001"), month, value / 2.0);
            mean["denominator"] = json!(value);
            items.push(mean);
        }
        record(world, "figures", items).await;
        for (metric, kind, expected) in [
            ("survey.engaged", "QUARTER", ["2024 Q4 2", "2025 Q1 8", "2025 Q2 16"].as_slice()),
            ("survey.engaged", "FINANCIAL_YEAR", &["2024/25 8", "2025/26 16"]),
            ("survey.engaged", "CALENDAR_YEAR", &["2024 2", "2025 16"]),
            ("survey.adopters", "QUARTER", &["2024 Q4 3", "2025 Q1 12", "2025 Q2 16"]),
            ("survey.adopters", "FINANCIAL_YEAR", &["2024/25 15", "2025/26 16"]),
            ("survey.adopters", "CALENDAR_YEAR", &["2024 3", "2025 28"]),
            // 3 of 14, 12 of 32, 16 of 36; 15 of 46.
            (
                "impact.letters_to_gp_share",
                "QUARTER",
                &["2024 Q4 21.4", "2025 Q1 37.5", "2025 Q2 44.4"],
            ),
            ("impact.letters_to_gp_share", "FINANCIAL_YEAR", &["2024/25 32.6", "2025/26 44.4"]),
            // (0.5 + 2) of 3, (8 + 32) of 12.
            ("impact.gp_satisfaction", "QUARTER", &["2024 Q4 0.8", "2025 Q1 3.3", "2025 Q2 8"]),
        ] {
            assert_eq!(shown(world, metric, kind).await, expected, "{metric} {kind}");
        }
    });
}

#[test]
fn a_figure_says_what_it_rests_on() {
    on_both(async |world| {
        let share =
            |code: &str, month: &str| ratio("impact.letters_to_gp_share", code, month, (1.0, 4.0));
        let mut nil = item("impact.letters_to_gp_share", site("Y90005"), "2025-11", 0.0);
        nil["state"] = json!("NIL");
        nil.as_object_mut().unwrap().remove("value");
        record(world, "letters", vec![share("Y90001", "2025-11"), share("Y90002", "2025-11"), nil])
            .await;
        let hub = json!({ "slug": "west-yorkshire" });
        let fields = "points { value { state value numerator denominator text status rounded
            coverage { reported expected } } } boundaries { kind } freshness";
        let periods = json!({ "from": "2025-11", "to": "2025-11" });
        let shown =
            series(world, people::PUBLIC, ("impact.letters_to_gp_share", hub), periods, fields)
                .await;
        let value = &shown["points"][0]["value"];
        assert_eq!((&value["value"], &value["text"]), (&json!(25.0), &json!("25.0 %")));
        assert_eq!((&value["numerator"], &value["denominator"]), (&json!(2.0), &json!(8.0)));
        assert_eq!(value["coverage"]["reported"], 3);
        assert!(value["coverage"]["expected"].as_i64().unwrap() > 3);
        assert_eq!((&value["status"], &value["rounded"]), (&json!("PROVISIONAL"), &json!(false)));
        assert_eq!(shown["boundaries"]["kind"], "CURRENT");
        assert_eq!(shown["freshness"].as_str().unwrap()[..19], crate::harness::NOW[..19]);
        let own = series(
            world,
            people::PUBLIC,
            ("impact.letters_to_gp_share", site("Y90005")),
            json!({ "from": "2025-11", "to": "2025-11" }),
            fields,
        )
        .await;
        assert_eq!(own["points"][0]["value"]["state"], "NIL");
    });
}
