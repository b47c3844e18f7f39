//! `renameSite`: from a day on, by those whose site it is, on the version they read.

use serde_json::{Value, json};

use crate::harness::{on_both, people, with};

fn input(site: &Value) -> Value {
    json!({ "id": site["id"], "expectedVersion": site["version"], "name": "High Moor Surgery" })
}

#[test]
fn the_new_name_holds_from_its_day_and_the_old_one_stays_known() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let position = world.position().await;
        let renaming = with(&input(&site), json!({ "from": "2025-03-01" }));
        let done = world.command(people::YORKSHIRE, "renameSite", renaming).await;
        assert_eq!(done["site"]["name"], "High Moor Surgery");
        assert_eq!(done["site"]["version"], 2);
        assert_eq!(
            done["site"]["names"],
            json!([
                { "name": "Moor View Surgery", "from": "2024-07-01" },
                { "name": "High Moor Surgery", "from": "2025-03-01" },
            ])
        );
        assert_eq!(
            world.said_since(position).await,
            ["hana RENAME_SITE: RENAMED Moor View Surgery > High Moor Surgery from 2025-03-01"]
        );
        let names = "query($id: ID!) { site(by: { id: $id }) {
            before: name(asAt: \"2025-02-28\") on: name(asAt: \"2025-03-01\") } }";
        let data = world.data(people::PUBLIC, names, json!({ "id": site["id"] })).await;
        assert_eq!(
            data["site"],
            json!({ "before": "Moor View Surgery", "on": "High Moor Surgery" })
        );
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        for (changes, problem) in [
            (json!({ "name": "" }), "input.name REQUIRED"),
            (json!({ "name": "n".repeat(201) }), "input.name OUT_OF_RANGE"),
            (json!({ "name": "a\u{0085}\u{1}b" }), "input.name MALFORMED"),
            (json!({ "name": "Moor View Surgery" }), "input.name UNCHANGED"),
            (json!({ "from": "2024-06-30" }), "input.from OUT_OF_RANGE"),
        ] {
            let wrong = with(&input(&site), changes);
            assert_eq!(world.problems(people::NATIONAL, "renameSite", wrong).await, [problem]);
        }
        let closed = world.site("Y90003").await;
        let named = world.problems(people::NATIONAL, "renameSite", input(&closed)).await;
        assert_eq!(named, ["input.id CONTRADICTION"]);
    });
}

#[test]
fn whoever_read_an_older_version_is_shown_the_current_one() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        world.command(people::YORKSHIRE, "renameSite", input(&site)).await;
        let before = world.rows().await;
        let late = with(&input(&site), json!({ "name": "Low Moor Surgery" }));
        let conflict = world.command(people::NATIONAL, "renameSite", late).await;
        assert_eq!(
            conflict,
            json!({
                "__typename": "VersionConflict",
                "current": { "id": site["id"], "version": 2, "name": "High Moor Surgery" },
            })
        );
        assert_eq!(world.rows().await, before);
    });
}

#[test]
fn what_the_nhs_register_says_is_not_a_hubs_to_change() {
    on_both(async |world| {
        let site = world.site("Y90002").await;
        let before = world.rows().await;
        for (name, changes) in [
            ("renameSite", json!({ "name": "X" })),
            ("closeSite", json!({ "closedOn": "2026-02-01" })),
            (
                "recordMembershipChange",
                json!({ "parent": { "odsCode": "15F" }, "from": "2026-02-01" }),
            ),
        ] {
            let mut sent = json!({ "id": site["id"], "expectedVersion": site["version"] });
            sent = with(&sent, changes);
            assert_eq!(world.refused(people::YORKSHIRE, name, sent).await, "FORBIDDEN", "{name}");
        }
        assert_eq!(world.rows().await, before);
        let done = world.command(people::NATIONAL, "renameSite", input(&site)).await;
        assert_eq!(done["site"]["name"], "High Moor Surgery");
    });
}

#[test]
fn the_wrong_kind_of_id_is_a_bad_request_and_an_unknown_one_not_found() {
    on_both(async |world| {
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        let wrong = with(&input(&hub), json!({ "id": hub["id"] }));
        assert_eq!(world.refused(people::NATIONAL, "renameSite", wrong).await, "BAD_REQUEST");
        let id = api::ids::GlobalId { type_name: "Site", row: 987_654 }.encode();
        let gone = with(&input(&hub), json!({ "id": id }));
        assert_eq!(world.refused(people::NATIONAL, "renameSite", gone).await, "NOT_FOUND");
        let row = api::ids::decode_global_id(hub["id"].as_str().unwrap()).unwrap().1;
        let disguised = api::ids::GlobalId { type_name: "Site", row }.encode();
        let disguised = with(&input(&hub), json!({ "id": disguised }));
        assert_eq!(world.refused(people::NATIONAL, "renameSite", disguised).await, "NOT_FOUND");
    });
}
