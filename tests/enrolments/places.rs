//! Places: offered, freed, and never more than there are.

use serde_json::json;

use super::{apply, cohort, problems, started, step, to};
use crate::harness::{World, on_both, people};

async fn left(world: &World, cohort: &serde_json::Value) -> serde_json::Value {
    let document = "query($id: ID!) { cohort(id: $id) { placesLeft } }";
    let data = world.data(people::PRACTICE, document, json!({ "id": cohort["id"] })).await;
    data["cohort"]["placesLeft"].clone()
}

#[test]
fn a_place_is_offered_while_one_is_left() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let first = apply(world, "amy", &cohort).await;
        let second = apply(world, "ben", &cohort).await;
        let third = apply(world, "cay", &cohort).await;
        assert_eq!(left(world, &cohort).await, 2, "to apply takes no place");
        let first = step(world, &first, "OFFERED", "2025-01-20").await;
        step(world, &second, "OFFERED", "2025-01-20").await;
        assert_eq!(left(world, &cohort).await, 0);
        let wanted = to(&third, "OFFERED", "2025-01-20");
        let named = problems(world, people::YORKSHIRE, "advanceEnrolment", wanted).await;
        assert_eq!(named, ["input.to CONTRADICTION"]);
        step(world, &first, "CANCELLED", "2025-01-25").await;
        assert_eq!(left(world, &cohort).await, 1);
        step(world, &third, "OFFERED", "2025-01-26").await;
    });
}

#[test]
fn whoever_started_keeps_their_place() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = started(world, "amy", &cohort).await;
        assert_eq!(left(world, &cohort).await, 1);
        step(world, &it, "WITHDRAWN", "2025-04-01").await;
        assert_eq!(left(world, &cohort).await, 1, "it was filled");
    });
}
