//! The change feed: in the order of commits, without gaps, for each viewer what they may
//! know of, and word of what was taken from them.

mod days;
mod following;
mod grants;
mod order;
mod reach;

use serde_json::{Value, json};

use crate::harness::{Who, World};

/// Everything that follows a cursor, as somebody sees it: each change as `TYPE name of node`.
pub(crate) struct Told {
    pub changes: Vec<Value>,
    pub cursor: String,
}

pub(crate) const CHANGES: &str = "query($after: String, $first: Int!, $types: [ChangeType!]) {
    changes(after: $after, first: $first, types: $types) {
        edges { cursor node { type nodeId effectiveOn before after organisation { id }
            node { id __typename } } }
        pageInfo { startCursor endCursor hasNextPage } } }";

pub(crate) async fn told(world: &World, who: Who, after: &str) -> Told {
    let mut told = Told { changes: Vec::new(), cursor: after.to_owned() };
    loop {
        let variables = json!({ "after": told.cursor, "first": 50 });
        let data = world.data(who, CHANGES, variables).await;
        let edges = data["changes"]["edges"].as_array().unwrap();
        told.changes.extend(edges.iter().map(|edge| edge["node"].clone()));
        let page = &data["changes"]["pageInfo"];
        page["endCursor"].as_str().unwrap().clone_into(&mut told.cursor);
        if page["hasNextPage"] == false {
            return told;
        }
    }
}

/// Where the feed is now.
pub(crate) async fn now(world: &World, who: Who) -> String {
    let data = world.data(who, "{ service { feedCursor } }", json!({})).await;
    data["service"]["feedCursor"].as_str().unwrap().to_owned()
}

impl Told {
    /// The types of what was told of one node, in their order.
    pub(crate) fn of(&self, id: &Value) -> Vec<&str> {
        let of_it = self.changes.iter().filter(|change| change["nodeId"] == *id);
        of_it.map(|change| change["type"].as_str().unwrap()).collect()
    }
}
