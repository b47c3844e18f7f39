//! Subscriptions, as real clients follow them over real sockets: what they are told, what
//! they are not, and how each is ended.

mod changes;
mod client;
mod events;
mod figures;
mod imports;
mod origins;
mod protocol;
mod slow;
mod standard;
mod stopping;
mod terms;
mod tokens;

use serde_json::{Value, json};

use crate::harness::{Served, Who, World, people};

use self::client::Client;

/// What every test asks of a change that it follows.
const CHANGES: &str = "subscription($after: String, $types: [ChangeType!]) {
    changes(after: $after, types: $types) {
        cursor node { type nodeId before after node { id __typename } } } }";

/// A client of somebody who follows the changes from a cursor, or from now on.
async fn following(world: &World, served: &Served, who: Who, after: Option<&str>) -> Client {
    let mut client = Client::signed_in(served, world.token(who)).await;
    client.subscribe("feed", CHANGES, json!({ "after": after })).await;
    client
}

/// Names a site anew, which everybody is told; gives the site as it then is.
async fn rename(world: &World, code: &str, name: &str) -> Value {
    let site = world.site(code).await;
    let input = json!({ "id": site["id"], "expectedVersion": site["version"], "name": name });
    let mut done = world.command(people::NATIONAL, "renameSite", input).await;
    done["site"].take()
}

/// The words of a change: its type, and what it became.
fn words(event: &Value) -> String {
    let change = &event["data"]["changes"]["node"];
    let word = |field: &str| change[field].as_str().unwrap_or("-").to_owned();
    format!("{} {}", word("type"), word("after"))
}
