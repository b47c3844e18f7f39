//! Cohorts and the providers that they name: opening, changing, closing, finding.

use serde_json::{Value, json};

use super::{apply, cohort, cohort_input, done, problems, read, refused, send, started};
use crate::harness::{World, on_both, people, with};

#[test]
fn a_provider_is_registered_once_for_each_key() {
    on_both(async |world| {
        let input = json!({ "idempotencyKey": "new", "name": "  Fell  University ",
            "slug": "fell-university", "openedOn": "2020-01-01" });
        let it = done(world, people::NATIONAL, "registerProvider", input.clone()).await;
        assert_eq!((&it["name"], &it["status"]), (&json!("Fell University"), &json!("ACTIVE")));
        let again = done(world, people::NATIONAL, "registerProvider", input.clone()).await;
        assert_eq!(again, it);
        let found = world
            .data(
                people::PUBLIC,
                "{ provider(by: { slug: \"fell-university\" }) { id } providers { slug } }",
                json!({}),
            )
            .await;
        assert_eq!(found["provider"]["id"], it["id"]);
        let providers = found["providers"].as_array().unwrap();
        assert!(providers.contains(&json!({ "slug": "fell-university" })), "{providers:?}");
        for (changes, problem) in [
            (json!({ "slug": "dales-college" }), "input.slug ALREADY_EXISTS"),
            (json!({ "name": " " }), "input.name REQUIRED"),
            (json!({ "openedOn": "2026-01-16" }), "input.openedOn OUT_OF_RANGE"),
        ] {
            let slug = json!({ "idempotencyKey": "other", "slug": "another-one" });
            let wrong = with(&with(&input, slug), changes);
            assert_eq!(
                problems(world, people::NATIONAL, "registerProvider", wrong).await,
                [problem]
            );
        }
        for who in [people::YORKSHIRE, people::PROVIDER, people::ANALYST] {
            assert_eq!(refused(world, who, "registerProvider", input.clone()).await, "FORBIDDEN");
        }
    });
}

#[test]
fn every_mistake_in_a_cohort_is_named_with_its_place() {
    on_both(async |world| {
        let input = cohort_input("wrong");
        for (changes, problem) in [
            (json!({ "name": "" }), "input.name REQUIRED"),
            (json!({ "places": 0 }), "input.places OUT_OF_RANGE"),
            (json!({ "places": 10_001 }), "input.places OUT_OF_RANGE"),
            (json!({ "endsOn": "2025-03-01" }), "input.endsOn OUT_OF_RANGE"),
            (json!({ "provider": { "slug": "nowhere" } }), "input.provider NOT_FOUND"),
            (json!({ "provider": { "slug": "west-yorkshire" } }), "input.provider NOT_FOUND"),
            (json!({ "trainingHub": { "slug": "nowhere" } }), "input.trainingHub NOT_FOUND"),
            (json!({ "trainingHub": { "slug": "dales-college" } }), "input.trainingHub NOT_FOUND"),
            (
                json!({ "frameworkId": api::ids::GlobalId {
                    type_name: "CompetencyFramework", row: 1 }.encode() }),
                "input.framework NOT_FOUND",
            ),
        ] {
            let wrong = with(&input, changes);
            assert_eq!(problems(world, people::YORKSHIRE, "openCohort", wrong).await, [problem]);
        }
        let theirs = with(&input, json!({ "trainingHub": { "slug": "cheshire-and-merseyside" } }));
        assert_eq!(refused(world, people::YORKSHIRE, "openCohort", theirs).await, "FORBIDDEN");
        for who in [people::PRACTICE, people::PROVIDER, people::BOARD, people::ANALYST] {
            assert_eq!(refused(world, who, "openCohort", input.clone()).await, "FORBIDDEN");
        }
        for (number, who) in [people::NATIONAL, people::NORTH_EAST].into_iter().enumerate() {
            let theirs = with(&input, json!({ "idempotencyKey": format!("by-{number}") }));
            done(world, who, "openCohort", theirs).await;
        }
    });
}

#[test]
fn a_cohort_changes_while_it_keeps_its_word() {
    on_both(async |world| {
        let it = cohort(world).await;
        let changes = json!({ "name": "Early 2025", "places": 3, "startsOn": "2025-02-01" });
        let position = world.position().await;
        let it = done(world, people::YORKSHIRE, "changeCohort", read(&it, changes)).await;
        assert_eq!((&it["name"], &it["version"]), (&json!("Early 2025"), &json!(2)));
        assert_eq!(
            world.said_since(position).await,
            ["hana OPEN_COHORT: COHORT_CHANGED Spring 2025: 2 places > Early 2025: 3 places \
                from 2025-02-01"]
        );
        started(world, "amy", &it).await;
        started(world, "ben", &it).await;
        for (changes, problem) in [
            (json!({ "places": 1 }), "input.places CONTRADICTION"),
            (json!({ "startsOn": "2025-01-01" }), "input.startsOn CONTRADICTION"),
            (json!({ "endsOn": "2026-01-01" }), "input.endsOn CONTRADICTION"),
            (json!({ "name": "Early 2025" }), "input UNCHANGED"),
        ] {
            let wrong = read(&it, changes);
            assert_eq!(problems(world, people::YORKSHIRE, "changeCohort", wrong).await, [problem]);
        }
        let it =
            done(world, people::YORKSHIRE, "changeCohort", read(&it, json!({ "places": 2 }))).await;
        assert_eq!((&it["placesTaken"], &it["placesLeft"]), (&json!(2), &json!(0)));
        let stale = with(&read(&it, json!({ "places": 9 })), json!({ "expectedVersion": 1 }));
        let conflict = send(world, people::YORKSHIRE, "changeCohort", stale).await;
        assert_eq!(conflict["current"]["version"], 3);
        for (who, code) in [(people::PRACTICE, "FORBIDDEN"), (people::CHESHIRE, "NOT_FOUND")] {
            let input = read(&it, json!({ "places": 9 }));
            assert_eq!(refused(world, who, "changeCohort", input).await, code);
        }
    });
}

#[test]
fn nobody_applies_to_a_closed_cohort() {
    on_both(async |world| {
        let it = cohort(world).await;
        apply(world, "amy", &it).await;
        let early = read(&it, json!({ "closedOn": "2025-01-10" }));
        let named = problems(world, people::YORKSHIRE, "closeCohort", early).await;
        assert_eq!(named, ["input.closedOn CONTRADICTION"]);
        let closing = read(&it, json!({ "closedOn": "2025-01-11" }));
        let closed = done(world, people::YORKSHIRE, "closeCohort", closing).await;
        assert_eq!((&closed["open"], &closed["version"]), (&json!(false), &json!(2)));
        let late = with(&super::application("ben", &it), json!({ "appliedOn": "2025-01-11" }));
        let named = problems(world, people::PRACTICE, "enrolLearner", late).await;
        assert_eq!(named, ["input.cohort CONTRADICTION"]);
        apply(world, "cay", &it).await;
        let again = read(&closed, json!({}));
        let named = problems(world, people::YORKSHIRE, "closeCohort", again).await;
        assert_eq!(named, ["input.id UNCHANGED"]);
    });
}

#[test]
fn cohorts_are_listed_for_those_who_have_to_do_with_them() {
    on_both(async |world| {
        let it = cohort(world).await;
        let theirs = json!({ "trainingHub": { "slug": "cheshire-and-merseyside" },
            "idempotencyKey": "theirs", "name": "Cheshire's Secret", "startsOn": "2025-09-01" });
        let theirs = with(&cohort_input("theirs"), theirs);
        let theirs = done(world, people::CHESHIRE, "openCohort", theirs).await;
        const LIST: &str = "query($filter: CohortFilter, $order: CohortOrder) {
            cohorts(filter: $filter, orderBy: $order) { totalCount nodes { id name } } }";
        let names = async |world: &World, who, variables: Value| {
            let data = world.data(who, LIST, variables).await;
            let nodes = data["cohorts"]["nodes"].as_array().unwrap().clone();
            assert_eq!(data["cohorts"]["totalCount"], nodes.len());
            nodes.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for who in [people::YORKSHIRE, people::PRACTICE, people::NORTH_EAST] {
            assert_eq!(names(world, who, json!({})).await, ["Spring 2025"], "{who:?}");
            let one = "query($id: ID!) { cohort(id: $id) { name } node(id: $id) { id } }";
            let data = world.data(who, one, json!({ "id": theirs["id"] })).await;
            assert_eq!(data, json!({ "cohort": null, "node": null }));
        }
        for who in [people::NATIONAL, people::ANALYST, people::PROVIDER] {
            let all = names(
                world,
                who,
                json!({ "order": { "field": "STARTS_ON",
                "direction": "DESCENDING" } }),
            );
            assert_eq!(all.await, ["Cheshire's Secret", "Spring 2025"], "{who:?}");
        }
        assert_eq!(names(world, people::ASSESSOR, json!({})).await, [""; 0]);
        for (filter, expected) in [
            (json!({ "trainingHub": { "slug": "west-yorkshire" } }), 1),
            (json!({ "provider": { "slug": "dales-college" } }), 2),
            (json!({ "provider": { "slug": "nowhere" } }), 0),
            (json!({ "startsFrom": "2025-03-02" }), 1),
            (json!({ "startsTo": "2025-02-28" }), 0),
            (json!({ "open": false }), 0),
        ] {
            let all = names(world, people::NATIONAL, json!({ "filter": filter })).await;
            assert_eq!(all.len(), expected, "{filter}");
        }
        let hub = "{ trainingHub(by: { slug: \"west-yorkshire\" }) {
            cohorts { nodes { id } } } }";
        let data = world.data(people::YORKSHIRE, hub, json!({})).await;
        assert_eq!(data["trainingHub"]["cohorts"]["nodes"], json!([{ "id": it["id"] }]));
        let data = world.data(people::PUBLIC, hub, json!({})).await;
        assert_eq!(data["trainingHub"]["cohorts"], json!(null));
    });
}
