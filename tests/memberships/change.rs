//! `recordMembershipChange`: what was stays known, and everything below moves along.

use serde_json::{Value, json};

use crate::harness::{World, on_both, people, with};

const PLACE: &str = "query($id: ID!, $asAt: Date) { organisation(by: { id: $id }) {
    placement(asAt: $asAt) { from to subIcb { odsCode } icb { odsCode } region { odsCode }
        trainingHub { slug } } } }";

/// Where an organisation sat on a day, in few words.
async fn place(world: &World, id: &Value, day: &str) -> String {
    let asked = json!({ "id": id, "asAt": day });
    let data = world.data(people::PUBLIC, PLACE, asked).await;
    let place = &data["organisation"]["placement"];
    let word = |field: &str, code: &str| place[field][code].as_str().unwrap_or("-").to_owned();
    format!(
        "{} {} {} {}",
        word("subIcb", "odsCode"),
        word("icb", "odsCode"),
        word("region", "odsCode"),
        word("trainingHub", "slug")
    )
}

#[test]
fn a_site_moves_on_a_day_and_was_elsewhere_before() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let position = world.position().await;
        let input = json!({
            "id": site["id"], "expectedVersion": 1, "from": "2025-09-01",
            "parent": { "odsCode": "99A" },
        });
        // Out of one's own reach one moves nothing.
        let refused = world.refused(people::YORKSHIRE, "recordMembershipChange", input.clone());
        assert_eq!(refused.await, "FORBIDDEN");
        assert_eq!(world.position().await, position);
        let done = world.command(people::NATIONAL, "recordMembershipChange", input).await;
        assert_eq!(done["membership"]["from"], "2025-09-01");
        assert_eq!(done["membership"]["parent"]["odsCode"], "99A");
        for (day, expected) in [
            ("2024-06-30", "- - - -"),
            ("2024-07-01", "15F QWO Y63 west-yorkshire"),
            ("2025-08-31", "15F QWO Y63 west-yorkshire"),
            ("2025-09-01", "99A QYG Y62 cheshire-and-merseyside"),
            ("2030-01-01", "99A QYG Y62 cheshire-and-merseyside"),
        ] {
            assert_eq!(place(world, &site["id"], day).await, expected, "{day}");
        }
        let said = world.said_since(position).await;
        // The second line is for those who came to see its part in the programme, or lost it.
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[1].contains("REACH_CHANGED"), "{said:?}");
        assert!(said[0].starts_with("nadia RECORD_MEMBERSHIP_CHANGE: MOVED "), "{said:?}");
        assert!(said[0].ends_with(" from 2025-09-01"), "{said:?}");

        // It has left the hub's reach, and is not the hub's to fetch back.
        let site = world.site("Y90001").await;
        let back = json!({
            "id": site["id"], "expectedVersion": site["version"], "from": "2025-10-01",
            "parent": { "odsCode": "15F" },
        });
        let refused = world.refused(people::YORKSHIRE, "recordMembershipChange", back).await;
        assert_eq!(refused, "FORBIDDEN");
    });
}

#[test]
fn what_lies_below_moves_along_and_says_so() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let leeds = world.organisation(json!({ "odsCode": "15F" })).await;
        let position = world.position().await;
        let input = json!({
            "id": leeds["id"], "expectedVersion": leeds["version"], "from": "2026-04-01",
            "parent": { "odsCode": "QYG" },
        });
        world.command(people::NATIONAL, "recordMembershipChange", input).await;
        assert_eq!(place(world, &site["id"], "2026-03-31").await, "15F QWO Y63 west-yorkshire");
        assert_eq!(
            place(world, &site["id"], "2026-04-01").await,
            "15F QYG Y62 cheshire-and-merseyside"
        );
        let said = world.said_since(position).await;
        let moved = said.iter().filter(|line| line.contains(": MOVED ")).count();
        let placed = said.iter().filter(|line| line.contains(": PLACED ")).count();
        assert_eq!((moved, moved + placed), (1, said.len()), "{said:#?}");
        assert!(placed >= 1);
        let after = world.site("Y90001").await;
        assert_eq!(after["version"], site["version"], "nobody changed the site itself");
    });
}

#[test]
fn an_exception_wins_over_coverage_for_as_long_as_it_holds() {
    on_both(async |world| {
        let site = world.site("Y90004").await;
        let input = json!({
            "id": site["id"], "expectedVersion": site["version"], "from": "2025-02-01",
            "parent": { "slug": "west-yorkshire" },
        });
        world.command(people::NATIONAL, "recordMembershipChange", input).await;
        let hubs = [
            ("2025-01-31", "99A QYG Y62 cheshire-and-merseyside"),
            ("2025-02-01", "99A QYG Y62 west-yorkshire"),
        ];
        for (day, expected) in hubs {
            assert_eq!(place(world, &site["id"], day).await, expected, "{day}");
        }
        let counted = "{ trainingHub(by: { slug: \"west-yorkshire\" }) {
            then: siteCounts(asAt: \"2025-01-31\") { total } now: siteCounts { total }
            sites(first: 100) { totalCount nodes { id } } } }";
        let hub = &world.data(people::PUBLIC, counted, json!({})).await["trainingHub"];
        assert_eq!(hub["sites"]["totalCount"], hub["now"]["total"]);
        let sites = hub["sites"]["nodes"].as_array().unwrap();
        assert!(sites.iter().any(|it| it["id"] == site["id"]), "{hub:#}");
    });
}

#[test]
fn a_handover_ahead_leaves_todays_hub_its_rights() {
    on_both(async |world| {
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        let coverage = json!({
            "id": hub["id"], "expectedVersion": hub["version"], "icbs": [], "from": "2026-06-01",
        });
        world.command(people::NATIONAL, "setCoverage", coverage).await;
        let site = world.site("Y90001").await;
        let renaming = json!({ "id": site["id"], "expectedVersion": 1, "name": "Still Ours" });
        let done = world.command(people::YORKSHIRE, "renameSite", renaming).await;
        assert_eq!(done["__typename"], "SiteRenamed");
        let away = json!({
            "id": site["id"], "expectedVersion": 2, "from": "2026-02-01",
            "parent": { "odsCode": "99A" },
        });
        let refused =
            world.refused(people::YORKSHIRE, "recordMembershipChange", away.clone()).await;
        assert_eq!(refused, "FORBIDDEN");
        let within = with(&away, json!({ "parent": { "odsCode": "36J" } }));
        let done = world.command(people::YORKSHIRE, "recordMembershipChange", within).await;
        assert_eq!(done["__typename"], "MembershipChangeRecorded");
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let input = json!({
            "id": site["id"], "expectedVersion": 1, "from": "2025-09-01",
            "parent": { "odsCode": "36J" },
        });
        for (changes, problem) in [
            (json!({ "parent": { "odsCode": "99Z" } }), "input.parent NOT_FOUND"),
            (json!({ "parent": { "odsCode": "QWO" } }), "input.parent WRONG_KIND"),
            (json!({ "parent": { "odsCode": "Y63" } }), "input.parent WRONG_KIND"),
            (json!({ "parent": { "id": site["id"] } }), "input.parent WRONG_KIND"),
            (json!({ "from": "2010-01-01" }), "input.parent OUT_OF_RANGE"),
            (json!({ "from": "2024-06-30" }), "input.from OUT_OF_RANGE"),
            (json!({ "from": "2024-07-01" }), "input.from CONTRADICTION"),
            (json!({ "parent": { "odsCode": "15F" } }), "input.parent UNCHANGED"),
        ] {
            let wrong = with(&input, changes.clone());
            let named = world.problems(people::NATIONAL, "recordMembershipChange", wrong).await;
            assert_eq!(named, [problem], "{changes}");
        }
        let stale = with(&input, json!({ "expectedVersion": 7 }));
        let conflict = world.command(people::NATIONAL, "recordMembershipChange", stale).await;
        assert_eq!(conflict["__typename"], "VersionConflict");
    });
}

#[test]
fn a_site_that_will_close_moves_until_then_and_no_longer() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let close = json!({ "id": site["id"], "expectedVersion": 1, "closedOn": "2026-06-01" });
        world.command(people::NATIONAL, "closeSite", close).await;
        let moved = |from: &str| {
            json!({ "id": site["id"], "expectedVersion": 2, "from": from,
                    "parent": { "odsCode": "99A" } })
        };
        let late = world.problems(people::NATIONAL, "recordMembershipChange", moved("2026-06-01"));
        assert_eq!(late.await, ["input.from OUT_OF_RANGE"]);
        let out = world.refused(people::YORKSHIRE, "recordMembershipChange", moved("2026-03-01"));
        assert_eq!(out.await, "FORBIDDEN");
        let done =
            world.command(people::NATIONAL, "recordMembershipChange", moved("2026-03-01")).await;
        assert_eq!(done["membership"]["to"], "2026-06-01");
        assert_eq!(
            place(world, &site["id"], "2026-05-31").await,
            "99A QYG Y62 cheshire-and-merseyside"
        );
        assert_eq!(place(world, &site["id"], "2026-06-01").await, "- - - -");
    });
}

#[test]
fn a_hub_moves_sites_and_never_itself() {
    on_both(async |world| {
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        let input = json!({
            "id": hub["id"], "expectedVersion": hub["version"], "from": "2026-01-15",
            "parent": { "odsCode": "Y62" },
        });
        let refused = world.refused(people::YORKSHIRE, "recordMembershipChange", input).await;
        assert_eq!(refused, "FORBIDDEN");
        let can = "query($id: ID!) { viewer { can(action: REGISTER_SITE, id: $id) { allowed } } }";
        for (by, allowed) in [
            (json!({ "slug": "west-yorkshire" }), true),
            (json!({ "odsCode": "15F" }), true),
            (json!({ "odsCode": "99A" }), false),
        ] {
            let place = world.organisation(by).await;
            let asked = json!({ "id": place["id"] });
            let data = world.data(people::YORKSHIRE, can, asked).await;
            assert_eq!(data["viewer"]["can"]["allowed"], allowed, "{place}");
        }
    });
}
