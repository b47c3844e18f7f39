//! `closeSite`: from a day on, with all that would go on past it.

use serde_json::{Value, json};

use crate::harness::{on_both, people, with};

fn input(site: &Value) -> Value {
    json!({ "id": site["id"], "expectedVersion": site["version"], "closedOn": "2026-01-10" })
}

#[test]
fn a_closed_site_is_still_known_and_its_code_is_free() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let position = world.position().await;
        let done = world.command(people::YORKSHIRE, "closeSite", input(&site)).await;
        let closed = &done["site"];
        assert_eq!(
            (&closed["status"], &closed["closedOn"]),
            (&json!("CLOSED"), &json!("2026-01-10"))
        );
        assert_eq!(closed["placement"], Value::Null);
        assert_eq!(closed["memberships"]["nodes"][0]["to"], "2026-01-10");
        assert_eq!(closed["codes"][0]["to"], "2026-01-10");
        assert_eq!(closed["odsCode"], "Y90001", "the last code that it bore");
        let said = world.said_since(position).await;
        assert!(said.iter().all(|line| line.starts_with("hana CLOSE_SITE: ")), "{said:#?}");
        assert!(said.iter().any(|line| line.contains("STATUS_CHANGED ACTIVE > CLOSED")));

        assert_eq!(world.site("Y90001").await["id"], site["id"], "the code still finds it");
        let heir = json!({
            "idempotencyKey": "heir", "name": "Heir", "odsCode": "Y90001",
            "openedOn": "2026-01-10", "subIcb": { "odsCode": "15F" },
        });
        let heir = world.command(people::YORKSHIRE, "registerSite", heir).await;
        assert_eq!(heir["site"]["odsCode"], "Y90001");
        assert_eq!(world.site("Y90001").await["id"], heir["site"]["id"]);
        let then = "{ site(by: { odsCode: \"Y90001\" }, asAt: \"2026-01-09\") { id name status } }";
        let data = world.data(people::PUBLIC, then, json!({})).await;
        assert_eq!(
            data["site"],
            json!({ "id": site["id"], "name": "Moor View Surgery", "status": "ACTIVE" })
        );
    });
}

#[test]
fn a_closure_ahead_does_not_close_yet() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let ahead = with(&input(&site), json!({ "closedOn": "2026-03-01" }));
        let done = world.command(people::YORKSHIRE, "closeSite", ahead).await;
        assert_eq!(done["site"]["status"], "ACTIVE");
        assert_eq!(done["site"]["placement"]["to"], "2026-03-01");
        let again = json!({ "id": site["id"], "expectedVersion": 2, "closedOn": "2026-02-01" });
        let named = world.problems(people::YORKSHIRE, "closeSite", again).await;
        assert_eq!(named[0], "input.id CONTRADICTION");
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        for (day, problem) in [
            ("2024-07-01", "input.closedOn OUT_OF_RANGE"),
            ("2027-01-16", "input.closedOn OUT_OF_RANGE"),
        ] {
            let wrong = with(&input(&site), json!({ "closedOn": day }));
            let named = world.problems(people::NATIONAL, "closeSite", wrong).await;
            assert_eq!(named[0], problem, "{day}");
        }
        let closed = world.site("Y90003").await;
        let named = world.problems(people::NATIONAL, "closeSite", input(&closed)).await;
        assert_eq!(named[0], "input.id CONTRADICTION");

        let moved = json!({
            "id": site["id"], "expectedVersion": 1, "from": "2026-02-01",
            "parent": { "odsCode": "36J" },
        });
        world.command(people::NATIONAL, "recordMembershipChange", moved).await;
        let site = world.site("Y90001").await;
        let named = world.problems(people::NATIONAL, "closeSite", input(&site)).await;
        assert_eq!(named, ["input.closedOn CONTRADICTION"]);
        let stale = with(&input(&site), json!({ "expectedVersion": 1 }));
        let conflict = world.command(people::NATIONAL, "closeSite", stale).await;
        assert_eq!(conflict["current"]["version"], 2);
    });
}
