//! Training hubs: registering them, what they cover, and who leads.

use serde_json::{Value, json};

use crate::harness::{on_both, people, with};

fn registration() -> Value {
    json!({
        "idempotencyKey": "hub", "name": "Aire Valley Hub", "slug": "aire-valley",
        "tier": "LOCALITY", "region": { "odsCode": "Y63" }, "openedOn": "2025-06-01",
    })
}

#[test]
fn a_registered_hub_lies_in_its_region_and_covers_nothing_yet() {
    on_both(async |world| {
        let position = world.position().await;
        let done = world.command(people::NATIONAL, "registerTrainingHub", registration()).await;
        let hub = &done["trainingHub"];
        assert_eq!((&hub["tier"], &hub["slug"]), (&json!("LOCALITY"), &json!("aire-valley")));
        assert_eq!(hub["placement"]["region"]["odsCode"], "Y63");
        assert_eq!(
            world.said_since(position).await,
            ["nadia REGISTER_TRAINING_HUB: REGISTERED - > Aire Valley Hub from 2025-06-01"]
        );
        let rows = world.rows().await;
        let again = world.command(people::NATIONAL, "registerTrainingHub", registration()).await;
        assert_eq!(again, done);
        let other = with(&registration(), json!({ "tier": "SYSTEM" }));
        let conflict = world.command(people::NATIONAL, "registerTrainingHub", other).await;
        assert_eq!(conflict["__typename"], "IdempotencyConflict");
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn every_mistake_in_a_registration_is_named() {
    on_both(async |world| {
        for (changes, problem) in [
            (json!({ "name": " " }), "input.name REQUIRED"),
            (json!({ "slug": "west-yorkshire" }), "input.slug ALREADY_EXISTS"),
            (json!({ "region": { "odsCode": "Y99" } }), "input.region NOT_FOUND"),
            (json!({ "region": { "odsCode": "QWO" } }), "input.region NOT_FOUND"),
            (json!({ "idempotencyKey": "ü" }), "input.idempotencyKey MALFORMED"),
        ] {
            let wrong = with(&registration(), changes);
            let named = world.problems(people::NATIONAL, "registerTrainingHub", wrong).await;
            assert_eq!(named, [problem]);
        }
    });
}

#[test]
fn coverage_moves_boards_from_a_day_on() {
    on_both(async |world| {
        let done = world.command(people::NATIONAL, "registerTrainingHub", registration()).await;
        let hub = done["trainingHub"].clone();
        let position = world.position().await;
        let input = json!({
            "id": hub["id"], "expectedVersion": 1, "from": "2025-07-01",
            "icbs": [{ "odsCode": "QWO" }, { "odsCode": "QOQ" }],
        });
        let done = world.command(people::NATIONAL, "setCoverage", input.clone()).await;
        let covered = done["trainingHub"]["coverage"].as_array().unwrap();
        assert_eq!(covered.len(), 2, "{done:#}");
        assert_eq!(done["trainingHub"]["version"], 2);
        let site = world.site("Y90001").await;
        assert_eq!(site["placement"]["trainingHub"]["slug"], "aire-valley");
        assert_eq!(site["placement"]["from"], "2025-07-01");
        let dee = world.site("Y90005").await;
        assert_eq!(dee["placement"]["trainingHub"]["slug"], "west-yorkshire", "the exception");
        let asked = "{ trainingHub(by: { slug: \"west-yorkshire\" }) {
            before: coverage(asAt: \"2025-06-30\") { odsCode } coverage { odsCode } } }";
        let data = world.data(people::PUBLIC, asked, json!({})).await;
        assert_eq!(data["trainingHub"]["before"].as_array().unwrap().len(), 3);
        assert_eq!(data["trainingHub"]["coverage"], json!([{ "odsCode": "QF7" }]));
        let said = world.said_since(position).await;
        assert!(said.iter().all(|line| line.starts_with("nadia SET_COVERAGE: ")), "{said:#?}");
        assert_eq!(said.iter().filter(|line| line.contains(" MOVED ")).count(), 2, "{said:#?}");

        for (changes, problem) in [
            (json!({}), "input.icbs UNCHANGED"),
            (json!({ "icbs": [{ "odsCode": "99Z" }] }), "input.icbs NOT_FOUND"),
            (json!({ "icbs": [{ "odsCode": "15F" }] }), "input.icbs WRONG_KIND"),
            (json!({ "from": "2022-06-30" }), "input.from OUT_OF_RANGE"),
        ] {
            let wrong = with(&with(&input, json!({ "expectedVersion": 2 })), changes);
            let named = world.problems(people::NATIONAL, "setCoverage", wrong).await;
            assert_eq!(named[0], problem);
        }
        let conflict = world.command(people::NATIONAL, "setCoverage", input).await;
        assert_eq!(conflict["current"]["version"], 2);
    });
}

#[test]
fn a_region_has_one_lead_at_a_time() {
    on_both(async |world| {
        let region = world.organisation(json!({ "odsCode": "Y63" })).await;
        let position = world.position().await;
        let input = json!({
            "id": region["id"], "expectedVersion": region["version"], "from": "2026-01-01",
            "trainingHub": { "slug": "north-east-and-north-cumbria" },
        });
        let done = world.command(people::NATIONAL, "appointLeadTrainingHub", input.clone()).await;
        assert_eq!(
            done["region"]["leadAppointments"],
            json!([
                { "trainingHub": { "slug": "west-yorkshire" },
                  "from": "2019-04-01", "to": "2026-01-01" },
                { "trainingHub": { "slug": "north-east-and-north-cumbria" },
                  "from": "2026-01-01", "to": null },
            ])
        );
        assert_eq!(done["region"]["leadTrainingHub"]["slug"], "north-east-and-north-cumbria");
        let said = world.said_since(position).await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("nadia APPOINT_LEAD_TRAINING_HUB: LEAD_APPOINTED "));

        let version = json!({ "expectedVersion": done["region"]["version"] });
        let next = with(&input, version);
        for (changes, problem) in [
            (json!({ "from": "2026-02-01" }), "input.trainingHub UNCHANGED"),
            (
                json!({ "from": "2026-02-01", "trainingHub": { "slug": "the-spinney" } }),
                "input.trainingHub CONTRADICTION",
            ),
            (
                json!({ "from": "2026-02-01", "trainingHub": { "slug": "nowhere" } }),
                "input.trainingHub NOT_FOUND",
            ),
            (
                json!({ "from": "2020-01-01", "trainingHub": { "slug": "west-yorkshire" } }),
                "input.from CONTRADICTION",
            ),
        ] {
            let wrong = with(&next, changes);
            let named = world.problems(people::NATIONAL, "appointLeadTrainingHub", wrong).await;
            assert_eq!(named[0], problem, "{named:?}");
        }
        let conflict = world.command(people::NATIONAL, "appointLeadTrainingHub", input).await;
        assert_eq!(conflict["__typename"], "VersionConflict");
    });
}
