//! Whoever could see a record and cannot any more is told so, and nothing else of it.

use serde_json::json;

use super::{now, told};
use crate::{
    enrolments::{apply, cohort, done, enrolment, mentor, read, started},
    harness::{Who, on_both, people},
};

const NEXT_DOOR: Who = Who { organisation: "ods:Y90002", ..people::PRACTICE };

#[test]
fn a_transfer_takes_a_learner_from_one_site_to_another() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        let before = now(world, people::PRACTICE).await;
        let to = json!({ "site": { "odsCode": "Y90002" }, "on": "2025-06-02" });
        done(world, people::YORKSHIRE, "transferEnrolment", read(&it, to)).await;

        let left = told(world, people::PRACTICE, &before).await;
        for id in [&it["id"], &it["learner"]["id"]] {
            assert_eq!(left.of(id), ["LEFT_YOUR_REACH"]);
        }
        for change in left.changes.iter().filter(|it| it["type"] == "LEFT_YOUR_REACH") {
            for hidden in ["node", "organisation", "before", "after", "effectiveOn"] {
                assert!(change[hidden].is_null(), "{change:#}");
            }
        }
        assert!(enrolment(world, people::PRACTICE, &it["id"]).await.is_null());

        let came = told(world, NEXT_DOOR, &before).await;
        assert_eq!(came.of(&it["id"]), ["ENROLMENT_TRANSFERRED", "ENROLMENT_TRANSFERRED"]);
        assert_eq!(came.of(&it["learner"]["id"]), ["REACH_CHANGED"]);
        let hub = told(world, people::YORKSHIRE, &before).await;
        assert_eq!(
            hub.of(&it["id"]),
            ["ENROLMENT_TRANSFERRED", "ENROLMENT_TRANSFERRED"],
            "of both sites"
        );
        let other_hub = told(world, people::CHESHIRE, &before).await;
        assert!(other_hub.changes.is_empty(), "{:#?}", other_hub.changes);
    });
}

#[test]
fn an_assessor_sees_what_they_are_assigned_to_and_no_more() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let before = now(world, people::ASSESSOR).await;
        let it = mentor(world, &it, "2025-03-01").await;
        let assigned = told(world, people::ASSESSOR, &before).await;
        assert_eq!(assigned.of(&it["id"]), ["MENTOR_ASSIGNED"]);
        let ended = json!({ "id": it["mentors"][0]["id"], "to": "2026-01-15" });
        done(world, people::YORKSHIRE, "endMentorAssignment", read(&it, ended)).await;
        let after = told(world, people::ASSESSOR, &assigned.cursor).await;
        assert_eq!(after.of(&it["id"]), ["LEFT_YOUR_REACH"]);
    });
}

#[test]
fn a_site_that_another_hub_trains_takes_its_records_along() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        let post = json!({ "idempotencyKey": "post", "funding": "PRACTICE", "band": 4,
            "startedOn": "2025-05-01",
            "places": [{ "at": { "odsCode": "Y90001" }, "hours": 37.5 }] });
        let post = world.command(people::PRACTICE, "startPost", post).await["post"].take();
        let before = now(world, people::YORKSHIRE).await;
        let region = now(world, people::NORTH_EAST).await;

        let site = world.site("Y90001").await;
        let input = json!({ "id": site["id"], "expectedVersion": site["version"],
            "parent": { "slug": "cheshire-and-merseyside" }, "from": "2026-01-15" });
        let moved = world.command(people::NATIONAL, "recordMembershipChange", input).await;
        assert_eq!(moved["__typename"], "MembershipChangeRecorded", "{moved:#}");

        let left = told(world, people::YORKSHIRE, &before).await;
        assert_eq!(left.of(&post["id"]), ["LEFT_YOUR_REACH"]);
        assert_eq!(left.of(&it["id"]), ["REACH_CHANGED"], "its cohort is the hub's still");
        let came = told(world, people::CHESHIRE, &before).await;
        assert_eq!(came.of(&post["id"]), ["REACH_CHANGED"]);
        assert_eq!(came.of(&it["id"]), ["REACH_CHANGED"]);
        let stays = told(world, people::NORTH_EAST, &region).await;
        assert!(stays.of(&post["id"]).iter().all(|it| *it != "LEFT_YOUR_REACH"));
        // The site lost sight of the hub's cohort, but for its own learner's sake.
        let own = told(world, people::PRACTICE, &before).await;
        assert_eq!(own.of(&it["id"]), ["REACH_CHANGED"]);
    });
}
