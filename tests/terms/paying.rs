//! Files of queries are paid for page by page, and end with what their client was granted.

use reqwest::Client as Http;
use serde_json::json;

use super::{change_portal, register};
use crate::harness::{Served, World, on_both, people};

const PAGES: &str = "query Pages($after: String) { sites(first: 1, after: $after) {
    nodes { name } pageInfo { hasNextPage endCursor } } }";

/// What a page of [`PAGES`] costs, and how many there are.
async fn costs(world: &World) -> (u64, u64) {
    let cost = json!({ "cost": true });
    let answer = world.ask_with(people::PUBLIC, PAGES, json!({}), cost).await;
    let page = answer["extensions"]["cost"]["requested"].as_u64().unwrap();
    let count = world.data(people::PUBLIC, "{ sites { totalCount } }", json!({})).await;
    (page, count["sites"]["totalCount"].as_u64().unwrap())
}

async fn file(served: &Served, who: &str) -> reqwest::Response {
    let request = Http::new().get(format!("{}/export/pages.csv", served.url)).bearer_auth(who);
    request.send().await.unwrap()
}

#[test]
fn a_file_waits_for_what_its_next_page_costs_and_ends_with_its_client() {
    on_both(async |world| {
        let made = json!({ "operations": [{ "name": "pages", "document": PAGES }] });
        register(world, people::NATIONAL, made).await;
        let (page, pages) = costs(world).await;
        // All pages but the last can be paid for at once.
        let enough = page * (pages - 1);
        change_portal(world, json!({ "costPerMinute": enough })).await;
        let token = world.token(people::PORTAL).unwrap();

        let served = Served::of(world);
        let whole = file(&served, &token).await;
        assert_eq!(whole.status(), 200);
        let whole = whole.text().await.unwrap();
        assert_eq!(whole.lines().count() as u64, pages + 1, "{whole}");
        served.stop().await;

        // A door of its own, whose budgets are full; then what the client is held to changes.
        let served = Served::of(world);
        let broken = file(&served, &token).await;
        assert_eq!(broken.status(), 200);
        change_portal(world, json!({ "costPerMinute": 0 })).await;
        assert!(broken.text().await.is_err(), "it was cut off");
        served.stop().await;
    });
}
