//! What a new day brings by itself is told once, as the service's own doing.

use chrono::TimeDelta;
use serde_json::json;

use super::{now, told};
use crate::{
    enrolments::{apply, cohort, done, mentor, read},
    harness::{World, now as moment, on_both, on_the_same, people},
};

/// Lets so many days go by.
async fn pass(world: &World, days: i64) -> bool {
    world.app.store.clock().set(moment() + TimeDelta::days(days));
    world.app.store.refresh().await.unwrap();
    world.app.store.pass_day().await.unwrap()
}

#[test]
fn what_was_recorded_for_a_day_is_told_when_it_comes() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let renamed = json!({ "id": site["id"], "expectedVersion": site["version"],
            "name": "Lark Rise Surgery", "from": "2026-01-17" });
        world.command(people::NATIONAL, "renameSite", renamed).await;
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let it = mentor(world, &it, "2025-03-01").await;
        let ended = json!({ "id": it["mentors"][0]["id"], "to": "2026-01-17" });
        done(world, people::YORKSHIRE, "endMentorAssignment", read(&it, ended)).await;
        let before = now(world, people::ASSESSOR).await;

        assert!(!pass(world, 0).await, "no day has come");
        assert!(pass(world, 1).await);
        assert!(told(world, people::ASSESSOR, &before).await.changes.is_empty());
        let audits = world.number("SELECT COUNT(*) FROM audit").await;
        assert!(pass(world, 3).await, "and those that nobody looked at");
        assert_eq!(world.number("SELECT COUNT(*) FROM audit").await, audits + 1);
        let brought = told(world, people::ASSESSOR, &before).await;
        assert_eq!(brought.of(&site["id"]), ["TOOK_EFFECT"]);
        let took_effect = brought.changes.iter().find(|it| it["type"] == "TOOK_EFFECT").unwrap();
        assert_eq!(took_effect["effectiveOn"], "2026-01-17");
        assert_eq!(brought.of(&it["id"]), ["LEFT_YOUR_REACH"]);

        let other = on_the_same(world).await;
        assert!(!pass(&other, 3).await, "one instance tells for all");
        let said = world.said_since(world.position().await - 1).await;
        assert!(said[0].starts_with("calendar PASS_DAY: "), "{said:?}");
        other.leave().await;
    });
}

#[test]
fn a_stage_that_time_alone_brings_is_told() {
    on_both(async |world| {
        let post = json!({ "idempotencyKey": "post", "funding": "PRACTICE", "band": 4,
            "startedOn": "2025-05-01",
            "places": [{ "at": { "odsCode": "Y90001" }, "hours": 37.5 }] });
        world.command(people::PRACTICE, "startPost", post).await;
        let before = now(world, people::YORKSHIRE).await;
        assert!(pass(world, 400).await);
        let brought = told(world, people::YORKSHIRE, &before).await;
        let stages = brought.changes.iter().filter(|it| it["type"] == "STAGE_CHANGED");
        let stages: Vec<_> = stages.map(|it| (&it["before"], &it["after"])).collect();
        assert_eq!(stages, [(&json!("IN_POST"), &json!("SUSTAINED"))]);
    });
}
