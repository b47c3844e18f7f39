//! A batch sent again under its key is recorded once, also where many send it at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{POINTS, item, months, series, site, told};
use crate::harness::{on_both, people, with};

#[test]
fn twenty_at_once_record_it_once_and_hear_the_same() {
    on_both(async |world| {
        let input = json!({ "idempotencyKey": "once", "items": [
            item("survey.adopters", site("Y90001"), "2025-11", 3.0),
            item("no.such", site("Y90001"), "2025-11", 3.0),
        ] });
        let send = || world.command(people::YORKSHIRE, "recordObservations", input.clone());
        let answers = join_all((0..20).map(|_| send())).await;
        assert_eq!(answers[0]["outcomes"][0]["result"], "CREATED", "{:#}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        let count = "SELECT COUNT(*) FROM observation";
        assert_eq!(world.number(count).await, 1);
        assert_eq!(world.number("SELECT CAST(MAX(revision) AS BIGINT) FROM observation").await, 1);
        let of = ("survey.adopters", json!({ "slug": "national" }));
        let shown = series(world, people::PUBLIC, of, months("2025-11", "2025-11"), POINTS).await;
        assert_eq!(told(&shown), ["2025-11 3"]);
        let other = with(
            &input,
            json!({ "items": [item("survey.engaged", site("Y90001"), "2025-11", 3.0)] }),
        );
        let conflict = world.command(people::YORKSHIRE, "recordObservations", other).await;
        assert_eq!(conflict["__typename"], "IdempotencyConflict");
    });
}

/// Different values at once: every one is a revision, and the sums are those of the last.
#[test]
fn concurrent_corrections_follow_each_other() {
    on_both(async |world| {
        let send = |value: i32| {
            let item = item("survey.adopters", site("Y90001"), "2025-11", f64::from(value));
            let input = json!({ "idempotencyKey": format!("v{value}"), "items": [item] });
            world.command(people::NATIONAL, "recordObservations", input)
        };
        let answers = join_all((1..=12).map(send)).await;
        assert!(answers.iter().all(|answer| answer["refused"] == 0));
        assert_eq!(world.number("SELECT CAST(MAX(revision) AS BIGINT) FROM observation").await, 12);
        let last =
            world.number("SELECT value / 1000000 FROM observation WHERE revision = 12").await;
        let of = ("survey.adopters", json!({ "odsCode": "Y63" }));
        let shown = series(world, people::PUBLIC, of, months("2025-11", "2025-11"), POINTS).await;
        assert_eq!(told(&shown), [format!("2025-11 {last}")]);
    });
}
