//! `correctMembership`: what was recorded wrongly is rewritten, and the history keeps
//! that it was.

use serde_json::{Value, json};

use crate::harness::{World, on_both, people, with};

/// The membership of the site in a sub-location of an ICB.
fn seat(site: &Value) -> Value {
    let all = site["memberships"]["nodes"].as_array().unwrap();
    all.iter().find(|row| row["level"] == "SUB_ICB").unwrap().clone()
}

fn input(site: &Value) -> Value {
    json!({ "id": seat(site)["id"], "expectedVersion": site["version"] })
}

async fn moved(world: &World) -> Value {
    let site = world.site("Y90001").await;
    let input = json!({
        "id": site["id"], "expectedVersion": 1, "from": "2025-09-01",
        "parent": { "odsCode": "36J" },
    });
    world.command(people::YORKSHIRE, "recordMembershipChange", input).await;
    world.site("Y90001").await
}

#[test]
fn the_past_is_rewritten_and_its_history_kept() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let position = world.position().await;
        let input = with(&input(&site), json!({ "parent": { "odsCode": "02T" } }));
        let done = world.command(people::YORKSHIRE, "correctMembership", input).await;
        assert_eq!(done["membership"]["id"], seat(&site)["id"], "it is the same membership");
        let after = world.site("Y90001").await;
        assert_eq!(after["placement"]["subIcb"]["odsCode"], "02T");
        assert_eq!(after["placement"]["from"], "2024-07-01");
        assert_eq!(after["version"], 2);
        let said = world.said_since(position).await;
        // The second line is for those who came to see its part in the programme, or lost it.
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[1].contains("REACH_CHANGED"), "{said:?}");
        assert!(said[0].starts_with("hana CORRECT_MEMBERSHIP: MEMBERSHIP_CORRECTED "), "{said:?}");
    });
}

#[test]
fn a_later_beginning_leaves_the_days_before_it_without_a_place() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let input = with(&input(&site), json!({ "from": "2024-10-01" }));
        world.command(people::YORKSHIRE, "correctMembership", input).await;
        let asked = "{ site(by: { odsCode: \"Y90001\" }) {
            before: placement(asAt: \"2024-09-30\") { from to icb { odsCode } }
            after: placement(asAt: \"2024-10-01\") { from to icb { odsCode } } } }";
        let data = world.data(people::PUBLIC, asked, json!({})).await;
        assert_eq!(
            data["site"],
            json!({
                "before": { "from": "2024-07-01", "to": "2024-10-01", "icb": null },
                "after": { "from": "2024-10-01", "to": null, "icb": { "odsCode": "QWO" } },
            })
        );
    });
}

#[test]
fn an_end_is_set_and_taken_away_again() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let ended = with(&input(&site), json!({ "to": "2025-12-01" }));
        let refused = world.refused(people::YORKSHIRE, "correctMembership", ended.clone()).await;
        assert_eq!(refused, "FORBIDDEN", "without a place it would be in nobody's reach");
        let done = world.command(people::NATIONAL, "correctMembership", ended).await;
        assert_eq!(done["membership"]["to"], "2025-12-01");
        let site = world.site("Y90001").await;
        assert_eq!(site["placement"]["icb"], Value::Null);
        let opened = with(&input(&site), json!({ "to": null }));
        let refused = world.refused(people::YORKSHIRE, "correctMembership", opened.clone()).await;
        assert_eq!(refused, "FORBIDDEN");
        let done = world.command(people::NATIONAL, "correctMembership", opened).await;
        assert_eq!(done["membership"]["to"], Value::Null);
        assert_eq!(world.site("Y90001").await["placement"]["icb"]["odsCode"], "QWO");
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let site = moved(world).await;
        let input = with(&input(&site), json!({ "expectedVersion": site["version"] }));
        for (changes, problem) in [
            (json!({}), "input UNCHANGED"),
            (json!({ "parent": { "odsCode": "15F" } }), "input UNCHANGED"),
            (json!({ "parent": { "odsCode": "99Z" } }), "input.parent NOT_FOUND"),
            (json!({ "parent": { "odsCode": "QWO" } }), "input.parent WRONG_KIND"),
            (json!({ "parent": { "slug": "west-yorkshire" } }), "input.parent WRONG_KIND"),
            (json!({ "to": "2024-07-01" }), "input.to OUT_OF_RANGE"),
            (json!({ "from": "2024-06-30" }), "input.from OUT_OF_RANGE"),
            (json!({ "to": "2025-09-02" }), "input.from CONTRADICTION"),
            (json!({ "to": null }), "input.from CONTRADICTION"),
        ] {
            let wrong = with(&input, changes.clone());
            let named = world.problems(people::NATIONAL, "correctMembership", wrong).await;
            assert_eq!(named, [problem], "{changes}");
        }
        let stale = with(&input, json!({ "expectedVersion": 1, "from": "2024-08-01" }));
        let conflict = world.command(people::NATIONAL, "correctMembership", stale).await;
        assert_eq!(conflict["current"]["version"], 2);
    });
}

#[test]
fn a_parent_must_be_open_while_it_is_one() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        // West Yorkshire's X2C4Y opened in 2021; nothing can have lain in it before.
        let early = json!({
            "idempotencyKey": "early", "name": "Early", "openedOn": "2015-01-01",
            "subIcb": { "odsCode": "02T" },
        });
        let early = &world.command(people::NATIONAL, "registerSite", early).await["site"];
        let wrong = with(&input(early), json!({ "parent": { "odsCode": "X2C4Y" } }));
        let named = world.problems(people::NATIONAL, "correctMembership", wrong).await;
        assert_eq!(named, ["input.parent OUT_OF_RANGE"]);
        assert_eq!(world.site("Y90001").await, site);
    });
}
