//! `registerSite`: once for each key, whole, and nowhere beyond one's reach.

use serde_json::{Value, json};

use crate::harness::{command, on_both, people, with};

fn input() -> Value {
    json!({
        "idempotencyKey": "new-site",
        "name": "  New   Lane Surgery ",
        "odsCode": "Y90099",
        "postcode": "ls11aa",
        "openedOn": "2025-06-01",
        "subIcb": { "odsCode": "15F" },
    })
}

#[test]
fn a_registered_site_has_its_place_at_once() {
    on_both(async |world| {
        let position = world.position().await;
        let done = world.command(people::YORKSHIRE, "registerSite", input()).await;
        let site = &done["site"];
        assert_eq!(site["name"], "New Lane Surgery");
        assert_eq!((&site["version"], &site["status"]), (&json!(1), &json!("ACTIVE")));
        assert_eq!(site["source"], "MANUAL");
        assert_eq!(
            site["placement"],
            json!({
                "from": "2025-06-01", "to": null, "pcn": null,
                "subIcb": { "odsCode": "15F" }, "icb": { "odsCode": "QWO" },
                "region": { "odsCode": "Y63" }, "trainingHub": { "slug": "west-yorkshire" },
            })
        );
        assert_eq!(
            world.said_since(position).await,
            ["hana REGISTER_SITE: REGISTERED - > New Lane Surgery from 2025-06-01"]
        );
        assert_eq!(world.site("Y90099").await, *site);
    });
}

#[test]
fn an_exception_wins_over_the_hub_that_covers() {
    on_both(async |world| {
        let changes = json!({
            "subIcb": { "odsCode": "99A" }, "trainingHub": { "slug": "west-yorkshire" },
        });
        let site = world.command(people::NATIONAL, "registerSite", with(&input(), changes)).await;
        let place = &site["site"]["placement"];
        assert_eq!(place["trainingHub"]["slug"], "west-yorkshire");
        assert_eq!(place["icb"]["odsCode"], "QYG");
        let dee = world.site("Y90005").await;
        assert_eq!(dee["placement"]["trainingHub"]["slug"], "west-yorkshire");
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        for (changes, problem) in [
            (json!({ "idempotencyKey": "" }), "input.idempotencyKey MALFORMED"),
            (json!({ "idempotencyKey": "a b" }), "input.idempotencyKey MALFORMED"),
            (json!({ "idempotencyKey": "x".repeat(101) }), "input.idempotencyKey MALFORMED"),
            (json!({ "name": " \t " }), "input.name REQUIRED"),
            (json!({ "name": "é".repeat(201) }), "input.name OUT_OF_RANGE"),
            (json!({ "name": "Bell\u{7}" }), "input.name MALFORMED"),
            (json!({ "postcode": "LS1" }), "input.postcode MALFORMED"),
            (json!({ "postcode": "L$1 1AA" }), "input.postcode MALFORMED"),
            (json!({ "odsCode": "Y90001" }), "input.odsCode ALREADY_EXISTS"),
            (json!({ "openedOn": "2026-01-16" }), "input.openedOn OUT_OF_RANGE"),
            (json!({ "subIcb": { "odsCode": "99Z" } }), "input.subIcb NOT_FOUND"),
            (json!({ "subIcb": { "odsCode": "QWO" } }), "input.subIcb WRONG_KIND"),
            (json!({ "pcn": { "odsCode": "15F" } }), "input.pcn WRONG_KIND"),
            (json!({ "trainingHub": { "slug": "nowhere" } }), "input.trainingHub NOT_FOUND"),
        ] {
            let wrong = with(&input(), changes);
            let named = world.problems(people::NATIONAL, "registerSite", wrong).await;
            assert_eq!(named, [problem]);
        }
        let all = with(&input(), json!({ "name": "", "postcode": "?", "odsCode": "Y90004" }));
        let named = world.problems(people::NATIONAL, "registerSite", all).await;
        assert_eq!(named.len(), 3, "all problems come at once: {named:?}");
    });
}

#[test]
fn what_a_scalar_cannot_be_is_a_bad_request() {
    on_both(async |world| {
        let before = world.rows().await;
        for changes in [
            json!({ "odsCode": "y90099" }),
            json!({ "openedOn": "2025-02-30" }),
            json!({ "openedOn": "1025-02-03" }),
            json!({ "subIcb": {} }),
            json!({ "subIcb": { "odsCode": "15F", "id": "x" } }),
            json!({ "prescribingSetting": 100 }),
            json!({ "nonsense": 1 }),
        ] {
            let (document, variables) = command("registerSite", &with(&input(), changes.clone()));
            let answer = world.ask(people::NATIONAL, &document, variables).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "BAD_REQUEST", "{changes}\n{answer:#}");
        }
        assert_eq!(world.rows().await, before);
    });
}

#[test]
fn the_same_key_gives_the_same_answer_and_no_second_site() {
    on_both(async |world| {
        let first = world.command(people::NATIONAL, "registerSite", input()).await;
        let rows = world.rows().await;
        let again = world.command(people::NATIONAL, "registerSite", input()).await;
        assert_eq!(again, first);
        assert_eq!(world.rows().await, rows);

        let other = with(&input(), json!({ "name": "Another" }));
        let conflict = world.command(people::NATIONAL, "registerSite", other).await;
        assert_eq!(conflict["__typename"], "IdempotencyConflict");
        assert_eq!(world.rows().await, rows);

        // Keys are each caller's own.
        let changes = json!({ "odsCode": "Y90098" });
        let theirs =
            world.command(people::YORKSHIRE, "registerSite", with(&input(), changes)).await;
        assert_ne!(theirs["site"]["id"], first["site"]["id"]);
    });
}

#[test]
fn a_hub_registers_within_its_reach_alone() {
    on_both(async |world| {
        let before = world.rows().await;
        let elsewhere = with(&input(), json!({ "subIcb": { "odsCode": "99A" } }));
        assert_eq!(world.refused(people::YORKSHIRE, "registerSite", elsewhere).await, "FORBIDDEN");
        assert_eq!(world.rows().await, before);
    });
}
