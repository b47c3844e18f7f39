//! `recordObservations`: each item is judged by itself, and everything wrong is named.

use serde_json::{Value, json};

use super::{POINTS, asked, item, months, ratio, record, record_as, series, site, told};
use crate::harness::{World, on_both, people, with};

async fn send(world: &World, key: &str, items: Value) -> Value {
    let input = json!({ "idempotencyKey": key, "items": items });
    world.command(people::NATIONAL, "recordObservations", input).await
}

/// Every finding of an item as `column CODE`.
fn found(outcome: &Value) -> Vec<String> {
    let findings = outcome["findings"].as_array().unwrap().iter();
    let told = findings.map(|finding| {
        assert_eq!(finding["severity"], "ERROR");
        assert!(finding["message"].as_str().unwrap().len() > 8);
        let word = |field: &str| finding[field].as_str().unwrap();
        format!("{} {}", word("column"), word("code"))
    });
    told.collect()
}

#[test]
fn good_items_are_recorded_beside_bad_ones() {
    on_both(async |world| {
        let good = item("survey.engaged", site("Y90001"), "2025-11", 1.0);
        let position = world.position().await;
        let done = send(
            world,
            "mixed",
            json!([
                good,
                with(&good, json!({ "metric": "no.such" })),
                with(&good, json!({ "month": "2025-10" })),
                good,
            ]),
        )
        .await;
        assert_eq!(done["refused"], 2, "{done:#}");
        let results: Vec<_> =
            done["outcomes"].as_array().unwrap().iter().map(|o| &o["result"]).collect();
        assert_eq!(results, ["CREATED", "REFUSED", "CREATED", "REFUSED"]);
        assert_eq!(found(&done["outcomes"][1]), ["metric NOT_FOUND"]);
        assert_eq!(found(&done["outcomes"][3]), ["metric ALREADY_EXISTS"]);
        assert_eq!(done["outcomes"][2]["index"], 2);
        assert_eq!(
            world.said_since(position).await,
            ["nadia RECORD_OBSERVATIONS: FIGURES_RECORDED - > survey.engaged 2025-10, \
              survey.engaged 2025-11 from 2025-10-01"]
        );
    });
}

#[test]
fn everything_wrong_with_an_item_is_named() {
    on_both(async |world| {
        let plain = item("survey.engaged", site("Y90001"), "2025-11", 1.0);
        let share = ratio("impact.letters_to_gp_share", "Y90001", "2025-11", (1.0, 2.0));
        let mean = with(
            &plain,
            json!({ "metric": "impact.gp_satisfaction", "value": 7.5, "denominator": 4 }),
        );
        let cases = [
            (&plain, json!({ "metric": "no.such" }), vec!["metric NOT_FOUND"]),
            (
                &plain,
                json!({ "metric": "adoption.rate" }),
                vec!["metric WRONG_KIND", "numerator REQUIRED", "denominator REQUIRED"],
            ),
            (&plain, json!({ "metric": "sites.in_post" }), vec!["metric WRONG_KIND"]),
            (&plain, json!({ "organisation": site("Y99999") }), vec!["organisation NOT_FOUND"]),
            (&plain, json!({ "metric": "gpa.fte" }), vec!["organisation WRONG_KIND"]),
            (&plain, json!({ "month": "2026-02" }), vec!["month OUT_OF_RANGE"]),
            (
                &plain,
                json!({ "month": "2019-03" }),
                vec!["month OUT_OF_RANGE", "month OUT_OF_RANGE"],
            ),
            (&plain, json!({ "month": "2024-06" }), vec!["month OUT_OF_RANGE"]),
            (&plain, json!({ "value": null }), vec!["value REQUIRED"]),
            (&plain, json!({ "value": -1 }), vec!["value OUT_OF_RANGE"]),
            (&plain, json!({ "value": 1.5 }), vec!["value INTEGER"]),
            (&plain, json!({ "value": -1.5 }), vec!["value INTEGER", "value OUT_OF_RANGE"]),
            (&plain, json!({ "denominator": 3 }), vec!["numerator CONTRADICTION"]),
            (
                &share,
                json!({ "numerator": null, "denominator": null }),
                vec!["numerator REQUIRED", "denominator REQUIRED"],
            ),
            (&share, json!({ "numerator": 3 }), vec!["numerator NUMERATOR_WITHIN_DENOMINATOR"]),
            (
                &share,
                json!({ "denominator": 0 }),
                vec!["numerator NUMERATOR_WITHIN_DENOMINATOR", "denominator OUT_OF_RANGE"],
            ),
            (&share, json!({ "numerator": -1 }), vec!["denominator OUT_OF_RANGE"]),
            (&share, json!({ "value": 49 }), vec!["value CONTRADICTION"]),
            (&mean, json!({ "value": 11 }), vec!["value OUT_OF_RANGE"]),
            (&mean, json!({ "denominator": null }), vec!["denominator REQUIRED"]),
            (&mean, json!({ "denominator": 0 }), vec!["denominator OUT_OF_RANGE"]),
            (&plain, json!({ "expectedRevision": 1 }), vec!["expectedRevision REVISION_CONFLICT"]),
        ];
        let rows = world.rows().await;
        for (number, (good, changes, expected)) in cases.into_iter().enumerate() {
            let done =
                send(world, &format!("case-{number}"), json!([with(good, changes.clone())])).await;
            assert_eq!(found(&done["outcomes"][0]), expected, "{changes}");
            assert_eq!(done["outcomes"][0]["observation"], Value::Null);
        }
        assert_eq!(world.rows().await, rows, "a batch of which nothing was recorded wrote");
        let done = send(world, "good", json!([plain, share, mean])).await;
        assert_eq!(done["refused"], 0, "{done:#}");
        assert_eq!(done["outcomes"][1]["observation"]["value"], 50.0);
        assert_eq!(done["outcomes"][2]["observation"]["numerator"], 30.0);
    });
}

#[test]
fn a_closed_site_is_not_observed_after_its_end() {
    on_both(async |world| {
        let id = json!({ "id": world.site("Y90003").await["id"] });
        let of = |month: &str| item("survey.engaged", id.clone(), month, 1.0);
        let done = send(world, "closed", json!([of("2025-11"), of("2025-12")])).await;
        assert_eq!(done["outcomes"][0]["result"], "CREATED");
        assert_eq!(found(&done["outcomes"][1]), ["month OUT_OF_RANGE"]);
    });
}

#[test]
fn a_correction_is_another_revision_and_what_is_the_same_is_not() {
    on_both(async |world| {
        let of = |value: f64| item("survey.engaged", site("Y90001"), "2025-11", value);
        let observed = async |key: &str, item: Value| {
            let done = send(world, key, json!([item])).await;
            let outcome = &done["outcomes"][0];
            (outcome["result"].clone(), outcome["observation"]["revision"].clone())
        };
        assert_eq!(observed("1", of(1.0)).await, (json!("CREATED"), json!(1)));
        let rows = world.rows().await;
        assert_eq!(observed("2", of(1.0)).await, (json!("SAME"), json!(1)));
        assert_eq!(world.rows().await, rows);
        let stale = with(&of(2.0), json!({ "expectedRevision": 0 }));
        assert_eq!(observed("3", stale).await.0, json!("REFUSED"));
        let read = with(&of(2.0), json!({ "expectedRevision": 1 }));
        assert_eq!(observed("4", read).await, (json!("CHANGED"), json!(2)));
        let said = |state: &str| {
            let mut item = of(0.0);
            item.as_object_mut().unwrap().remove("value");
            with(&item, json!({ "state": state }))
        };
        let shown = async || {
            let of = ("survey.engaged", site("Y90001"));
            let shown =
                series(world, people::PUBLIC, of, months("2025-11", "2025-11"), POINTS).await;
            told(&shown).pop().unwrap()
        };
        for (key, state, expected, then) in [
            ("5", "NIL", ("CHANGED", 3), "2025-11 0"),
            ("6", "NOT_APPLICABLE", ("CHANGED", 4), "2025-11 NOT_APPLICABLE"),
            ("7", "WITHDRAWN", ("CHANGED", 5), "2025-11 NOT_SUBMITTED"),
        ] {
            let (result, revision) = observed(key, said(state)).await;
            assert_eq!((result, revision), (json!(expected.0), json!(expected.1)));
            assert_eq!(shown().await, then);
        }
        assert_eq!(observed("8", said("WITHDRAWN")).await.0, json!("SAME"));
        assert_eq!(observed("9", of(4.0)).await, (json!("CREATED"), json!(6)));
        assert_eq!(shown().await, "2025-11 4");
    });
}

#[test]
fn a_site_records_its_own_figures_and_nobody_elses() {
    on_both(async |world| {
        let items = json!([
            item("survey.engaged", site("Y90001"), "2025-11", 1.0),
            item("survey.engaged", site("Y90002"), "2025-11", 1.0)
        ]);
        let input = json!({ "idempotencyKey": "sam", "items": items });
        let done = world.command(people::PRACTICE, "recordObservations", input.clone()).await;
        assert_eq!(done["outcomes"][0]["result"], "CREATED");
        assert_eq!(found(&done["outcomes"][1]), ["organisation NOT_FOUND"]);
        let approved = with(&input, json!({ "idempotencyKey": "approved", "status": "APPROVED" }));
        for who in [people::PRACTICE, people::YORKSHIRE] {
            assert_eq!(
                world.refused(who, "recordObservations", approved.clone()).await,
                "FORBIDDEN"
            );
        }
        for who in [people::ANALYST, people::NORTH_EAST, people::BOARD] {
            assert_eq!(world.refused(who, "recordObservations", input.clone()).await, "FORBIDDEN");
        }
        for items in [json!([]), Value::Array(vec![items[0].clone(); 1_001])] {
            let wrong = json!({ "idempotencyKey": "many", "items": items });
            let named = world.problems(people::NATIONAL, "recordObservations", wrong).await;
            assert_eq!(named, ["input.items OUT_OF_RANGE"]);
        }
    });
}

#[test]
fn a_series_can_be_asked_of_what_is_settled_alone() {
    on_both(async |world| {
        let of = |site_code: &str, value: f64| {
            item("survey.adopters", site(site_code), "2025-11", value)
        };
        record(world, "loose", vec![of("Y90001", 1.0)]).await;
        record_as(world, "APPROVED", "approved", vec![of("Y90002", 2.0)]).await;
        record_as(world, "RESTATED", "restated", vec![of("Y90005", 4.0)]).await;
        for (least, value, status) in [
            ("PROVISIONAL", 7.0, "PROVISIONAL"),
            ("APPROVED", 6.0, "APPROVED"),
            ("RESTATED", 4.0, "RESTATED"),
        ] {
            let input = json!({ "metrics": ["survey.adopters"], "of": { "england": true },
                "periods": months("2025-11", "2025-11"), "minStatus": least });
            let shown = asked(
                world,
                people::PUBLIC,
                input,
                "points { value { value status
                coverage { reported expected } } }",
            )
            .await;
            let shown = &shown["points"][0]["value"];
            assert_eq!((&shown["value"], &shown["status"]), (&json!(value), &json!(status)));
        }
        // Approving what was provisional is a revision of the same value.
        record_as(world, "APPROVED", "settled", vec![of("Y90001", 1.0)]).await;
        let input = json!({ "metrics": ["survey.adopters"], "of": { "england": true },
            "periods": months("2025-11", "2025-11"), "minStatus": "APPROVED" });
        assert_eq!(told(&asked(world, people::PUBLIC, input, POINTS).await), ["2025-11 7"]);
    });
}
