//! `startPost`, `movePost`, `endPost`: where somebody works, and for how many hours.

use serde_json::{Value, json};

use super::{post, site, started};
use crate::harness::{World, on_both, people, with};

/// What the post came to month by month, at the site and in its board.
async fn counted(world: &World) {
    let series = "{ metricSeries(input: { metrics: [\"posts.fte\", \"posts.headcount\"],
        of: { organisations: [{ odsCode: \"Y90001\" }, { odsCode: \"QWO\" }] },
        periods: { from: \"2025-05\", to: \"2025-10\" }, boundaries: { kind: AT_PERIOD } }) {
        points { value { value } } } }";
    let seen = world.data(people::YORKSHIRE, series, Value::Null).await;
    let values: Vec<Vec<f64>> = seen["metricSeries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|series| {
            let points = series["points"].as_array().unwrap().iter();
            points.map(|point| point["value"]["value"].as_f64().unwrap()).collect()
        })
        .collect();
    assert_eq!(values[0], [1.0, 0.6, 0.6, 0.6, 0.6, 0.0]);
    assert_eq!(values[1], [1.0, 0.8, 0.8, 0.8, 0.8, 0.0]);
    // One person, at two sites of the board, is counted once.
    assert_eq!(values[2], [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(values[3], [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn a_post_is_started_moved_and_ended_and_its_past_stays_known() {
    on_both(async |world| {
        let begun = started(world, "Y90001", "one", "2025-03-03").await;
        assert_eq!(begun["fte"], 1.0);
        assert_eq!(begun["employer"]["odsCode"], "Y90001");
        let both = json!({
            "id": begun["id"], "expectedVersion": 1, "from": "2025-06-02", "places": [
                { "at": site("Y90001"), "hours": 22.5 }, { "at": site("Y90002"), "hours": 7.5 },
            ],
        });
        let moved = world.command(people::YORKSHIRE, "movePost", both).await;
        let places: Vec<String> = moved["post"]["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| {
                format!(
                    "{} {} {} {}",
                    at["organisation"]["odsCode"], at["fte"], at["from"], at["to"]
                )
            })
            .collect();
        assert_eq!(
            places,
            [
                r#""Y90001" 1.0 "2025-03-03" "2025-06-02""#,
                r#""Y90001" 0.6 "2025-06-02" null"#,
                r#""Y90002" 0.2 "2025-06-02" null"#,
            ]
        );
        let end = json!({
            "id": begun["id"], "expectedVersion": 2, "endedOn": "2025-10-01",
            "reason": "FUNDING_ENDED",
        });
        let ended = world.command(people::PRACTICE, "endPost", end.clone()).await;
        assert_eq!(ended["post"]["endReason"], "FUNDING_ENDED");
        assert_eq!(ended["post"]["fte"], 0.0);
        let stale = world.command(people::PRACTICE, "endPost", end.clone()).await;
        assert_eq!(stale["current"]["version"], 3);
        let twice = with(&end, json!({ "expectedVersion": 3 }));
        assert_eq!(
            world.problems(people::PRACTICE, "endPost", twice).await,
            ["input.id UNCHANGED"]
        );
        counted(world).await;
    });
}

#[test]
fn a_week_can_have_any_hours() {
    on_both(async |world| {
        let hours = json!({ "places": [{ "at": site("Y90001"), "hours": 20 }] });
        let input = with(&post("Y90001", "twenty", "2025-03-03"), hours);
        let done = world.command(people::YORKSHIRE, "startPost", input).await;
        assert_eq!(done["post"]["fte"], 0.533333, "{done:#}");
        let read = "{ posts { nodes { places { hours fte } } } }";
        let seen = world.data(people::YORKSHIRE, read, Value::Null).await;
        let places = &seen["posts"]["nodes"][0]["places"];
        assert_eq!(*places, json!([{ "hours": 20.0, "fte": 0.533333 }]));
    });
}

#[test]
fn the_same_key_starts_a_post_once() {
    on_both(async |world| {
        let first = started(world, "Y90001", "key", "2025-03-03").await;
        let again = started(world, "Y90001", "key", "2025-03-03").await;
        assert_eq!(first, again);
        assert_eq!(world.number("SELECT COUNT(*) FROM post").await, 1);
        let other = world
            .command(people::YORKSHIRE, "startPost", post("Y90001", "key", "2025-03-04"))
            .await;
        assert_eq!(other["__typename"], "IdempotencyConflict");
    });
}

#[test]
fn what_is_wrong_with_a_post_is_named() {
    on_both(async |world| {
        let good = post("Y90001", "bad", "2025-03-03");
        for (changes, problems) in [
            (json!({ "places": [] }), vec!["input.places OUT_OF_RANGE"]),
            (json!({ "startedOn": "2026-01-16" }), vec!["input.startedOn OUT_OF_RANGE"]),
            (json!({ "startedOn": "2024-06-30" }), vec!["input.places[0] WRONG_KIND"]),
            (json!({ "band": 10 }), vec!["input.band OUT_OF_RANGE"]),
            (json!({ "person": "P-nobody" }), vec!["input.person NOT_FOUND"]),
            (
                json!({ "places": [{ "at": site("Y90001"), "hours": 0 },
                                   { "at": site("Y90001"), "hours": 80 }] }),
                vec![
                    "input.places[0].hours OUT_OF_RANGE",
                    "input.places[1] ALREADY_EXISTS",
                    "input.places[1].hours OUT_OF_RANGE",
                ],
            ),
        ] {
            let input = with(&good, changes);
            assert_eq!(world.problems(people::YORKSHIRE, "startPost", input).await, problems);
        }
        let elsewhere = post("Y90004", "elsewhere", "2025-03-03");
        let refused = world.refused(people::YORKSHIRE, "startPost", elsewhere).await;
        assert_eq!(refused, "FORBIDDEN");
        let theirs = started(world, "Y90004", "theirs", "2025-03-03").await;
        let end = json!({
            "id": theirs["id"], "expectedVersion": 1, "endedOn": "2025-10-01", "reason": "OTHER",
        });
        assert_eq!(world.refused(people::YORKSHIRE, "endPost", end).await, "NOT_FOUND");
    });
}
