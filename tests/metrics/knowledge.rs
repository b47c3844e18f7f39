//! What was known at an earlier moment can be read again.

use serde_json::{Value, json};

use super::{POINTS, asked, item, months, record, record_as, site, told};
use crate::harness::{NOW, World, on_both, people};

/// Sets the clock, on which everything is recorded.
fn at(world: &World, moment: &str) {
    world.app.store.clock().set(moment.parse().unwrap());
}

async fn known(world: &World, metric: &str, of: Value, at: Option<&str>) -> Vec<String> {
    let input = json!({ "metrics": [metric], "of": of, "periods": months("2025-10", "2025-11"),
        "knownAt": at });
    told(&asked(world, people::PUBLIC, input, POINTS).await)
}

#[test]
fn every_level_is_as_it_was_known() {
    on_both(async |world| {
        let of =
            |code: &str, month: &str, value: f64| item("survey.adopters", site(code), month, value);
        at(world, "2025-11-10T09:00:00Z");
        record(world, "one", vec![of("Y90001", "2025-10", 1.0), of("Y90002", "2025-10", 10.0)])
            .await;
        at(world, "2025-12-10T09:00:00Z");
        record(world, "two", vec![of("Y90001", "2025-10", 2.0)]).await;
        at(world, NOW);
        record_as(world, "APPROVED", "three", vec![of("Y90001", "2025-10", 3.0)]).await;
        for (place, at, expected) in [
            ("own", None, "2025-10 3"),
            ("own", Some("2025-12-31T00:00:00Z"), "2025-10 2"),
            ("own", Some("2025-12-10T09:00:00Z"), "2025-10 2"),
            ("own", Some("2025-12-10T08:59:59Z"), "2025-10 1"),
            ("own", Some("2025-11-10T08:59:59Z"), "2025-10 NOT_SUBMITTED"),
            ("region", None, "2025-10 13"),
            ("region", Some("2025-12-31T00:00:00Z"), "2025-10 12"),
            ("region", Some("2025-11-30T00:00:00Z"), "2025-10 11"),
            ("region", Some("2025-11-01T00:00:00Z"), "2025-10 NOT_SUBMITTED"),
            ("england", Some("2025-11-30T00:00:00Z"), "2025-10 11"),
        ] {
            let of = match place {
                "own" => json!({ "organisations": [site("Y90001")] }),
                "region" => json!({ "organisations": [site("Y63")] }),
                _ => json!({ "england": true }),
            };
            assert_eq!(
                known(world, "survey.adopters", of, at).await[0],
                expected,
                "{place} {at:?}"
            );
        }
    });
}

#[test]
fn what_was_taken_back_is_still_there_in_the_past() {
    on_both(async |world| {
        let mut said = item("survey.engaged", site("Y90001"), "2025-11", 5.0);
        at(world, "2025-12-01T00:00:00Z");
        record(world, "said", vec![said.clone()]).await;
        at(world, NOW);
        said["state"] = json!("WITHDRAWN");
        said.as_object_mut().unwrap().remove("value");
        record(world, "gone", vec![said]).await;
        let england = || json!({ "england": true });
        let before = Some("2025-12-24T00:00:00Z");
        assert_eq!(
            known(world, "survey.engaged", england(), None).await[1],
            "2025-11 NOT_SUBMITTED"
        );
        assert_eq!(known(world, "survey.engaged", england(), before).await[1], "2025-11 5");
    });
}
