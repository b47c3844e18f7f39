//! `recordSuccession`: who was followed by whom, once, and never in a circle.

use serde_json::{Value, json};

use crate::harness::{World, on_both, people, with};

async fn input(world: &World) -> Value {
    let (old, new) = (world.site("Y90003").await, world.site("Y90001").await);
    json!({
        "idempotencyKey": "merger", "predecessor": old["id"], "successor": new["id"],
        "occurredOn": "2025-12-01", "kind": "MERGER",
    })
}

#[test]
fn both_sides_know_of_it_and_it_can_be_read_again() {
    on_both(async |world| {
        let input = input(world).await;
        let position = world.position().await;
        let done = world.command(people::NATIONAL, "recordSuccession", input.clone()).await;
        let succession = &done["succession"];
        assert_eq!(succession["confidence"], "CONFIRMED");
        let asked = "query($id: ID!) { node(id: $id) { ... on Succession { kind occurredOn } }
            old: site(by: { odsCode: \"Y90003\" }) { successors { id } predecessors { id } }
            new: site(by: { odsCode: \"Y90001\" }) { successors { id } predecessors { id } } }";
        let data = world.data(people::PUBLIC, asked, json!({ "id": succession["id"] })).await;
        assert_eq!(data["node"], json!({ "kind": "MERGER", "occurredOn": "2025-12-01" }));
        let id = json!([{ "id": succession["id"] }]);
        assert_eq!(data["old"], json!({ "successors": id, "predecessors": [] }));
        assert_eq!(data["new"], json!({ "successors": [], "predecessors": id }));
        let said = world.said_since(position).await;
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said.iter().all(|line| line.starts_with("nadia RECORD_SUCCESSION: SUCCEEDED ")));

        let rows = world.rows().await;
        assert_eq!(world.command(people::NATIONAL, "recordSuccession", input.clone()).await, done);
        let other = with(&input, json!({ "kind": "SPLIT" }));
        let conflict = world.command(people::NATIONAL, "recordSuccession", other).await;
        assert_eq!(conflict["__typename"], "IdempotencyConflict");
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn every_mistake_is_named_with_its_place() {
    on_both(async |world| {
        let input = input(world).await;
        world.command(people::NATIONAL, "recordSuccession", input.clone()).await;
        let hub = world.organisation(json!({ "slug": "west-yorkshire" })).await;
        let next = |key: &str| json!({ "idempotencyKey": key });
        for (key, changes, problem) in [
            ("again", json!({}), "input.successor ALREADY_EXISTS"),
            (
                "back",
                json!({ "predecessor": input["successor"], "successor": input["predecessor"] }),
                "input.successor CONTRADICTION",
            ),
            (
                "itself",
                json!({ "successor": input["predecessor"] }),
                "input.successor CONTRADICTION",
            ),
            ("kind", json!({ "successor": hub["id"] }), "input.successor WRONG_KIND"),
            (
                "early",
                json!({ "predecessor": input["successor"], "occurredOn": "2024-06-30",
                        "successor": world.site("Y90002").await["id"] }),
                "input.occurredOn OUT_OF_RANGE",
            ),
        ] {
            let wrong = with(&with(&input, next(key)), changes);
            let named = world.problems(people::NATIONAL, "recordSuccession", wrong).await;
            assert_eq!(named, [problem], "{key}");
        }
    });
}
