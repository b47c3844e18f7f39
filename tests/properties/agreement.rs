//! What must agree with each other: the feed with the writes, the memory with the
//! database, the reach of a list with the reach of one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::{Who, World, on_the_same, people};

/// Invariant 12: every write leaves an audit row and change rows, without a gap.
pub(super) async fn every_write_is_recorded(world: &World) {
    for (what, statement) in [
        ("a gap in the feed", "SELECT MAX(position) - COUNT(*) FROM change"),
        (
            "an audit row that says nothing",
            // Machine clients are no organisations, and the feed does not tell of them.
            "SELECT COUNT(*) FROM audit WHERE id NOT IN (SELECT audit_id FROM change)
                AND action NOT LIKE '%_API_CLIENT%'",
        ),
        (
            "a version that no change accounts for",
            "SELECT COUNT(*) FROM organisation WHERE version > 1 + (SELECT COUNT(DISTINCT audit_id)
                FROM change WHERE change.organisation_id = organisation.id)",
        ),
    ] {
        assert_eq!(world.number(statement).await, 0, "{what}");
    }
}

const EVERYTHING: &str = "query($after: String) { organisations(first: 30, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id name version status openedOn closedOn source names { name from }
        codes { scheme code from to }
        memberships(first: 20) { nodes { id scheme level from to source parent { id } } }
        predecessors { id } successors { id occurredOn }
        a: placement(asAt: \"2024-09-15\") { ...P } b: placement(asAt: \"2025-05-15\") { ...P }
        c: placement { ...P } d: placement(asAt: \"2026-05-15\") { ...P }
        ... on Region { leadAppointments { from to trainingHub { id } } }
        ... on TrainingHub { coverage { id } leads { id } } } } }
    fragment P on Placement { from to pcn { id } subIcb { id } icb { id } region { id }
        trainingHub { id } }";

async fn everything(world: &World) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = world.data(people::NATIONAL, EVERYTHING, json!({ "after": after })).await;
        let page = &data["organisations"];
        all.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// An instance that has taken every step shows what one shows that has just started.
pub(super) async fn memory_is_what_the_database_holds(world: &World) {
    let fresh = on_the_same(world).await;
    let (known, read) = (everything(world).await, everything(&fresh).await);
    for (known, read) in known.iter().zip(&read) {
        assert_eq!(known, read);
    }
    assert_eq!(known.len(), read.len());
    fresh.leave().await;
}

const AUDITED: &str = "query($after: String) { audit(first: 100, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { organisation { id } } } }";

/// How many audit rows somebody is shown of each organisation.
async fn audited(world: &World, who: Who) -> BTreeMap<String, usize> {
    let (mut counts, mut after, mut shown) = (BTreeMap::new(), Value::Null, 0);
    loop {
        let data = world.data(who, AUDITED, json!({ "after": after })).await;
        let page = &data["audit"];
        for node in page["nodes"].as_array().unwrap() {
            shown += 1;
            if let Some(id) = node["organisation"]["id"].as_str() {
                *counts.entry(id.to_owned()).or_default() += 1;
            }
        }
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], shown);
            return counts;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Invariant 7: what the SQL of a list lets through is what the directory in memory
/// says of each organisation, for everybody.
pub(super) async fn reach_means_the_same_in_lists_and_for_one(world: &World) {
    const CAN: &str = "query($id: ID!) { viewer { can(action: READ_AUDIT, id: $id) { allowed } } }";
    let everything = audited(world, people::NATIONAL).await;
    assert!(everything.len() >= 5);
    let readers = [
        people::NORTH_EAST,
        people::NORTH_WEST,
        people::YORKSHIRE,
        people::CHESHIRE,
        people::BOARD,
    ];
    for who in readers {
        let seen = audited(world, who).await;
        let mut allowed = BTreeSet::new();
        for id in everything.keys() {
            let data = world.data(who, CAN, json!({ "id": id })).await;
            if data["viewer"]["can"]["allowed"] == true {
                allowed.insert(id);
            }
        }
        assert!(seen.keys().eq(allowed), "{who:?}");
        assert!(seen.iter().all(|(id, count)| everything[id] == *count), "{who:?}");
    }
}
