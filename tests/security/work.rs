//! Whether there is a client of some name is told by nothing: not by what is answered, and
//! not by how much work is done for it.

use actix_web::test::TestRequest;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::harness::{World, on_both, people};

const REGISTER: &str = "mutation($input: RegisterApiClientInput!) {
    registerApiClient(input: $input) { ... on ApiClientRegistered { secret apiClient { id version } } } }";
const REVOKE: &str = "mutation($input: RevokeApiClientInput!) {
    revokeApiClient(input: $input) { __typename } }";

/// The status, the answer, and how many hashes were worked out for it.
async fn attempt(world: &World, client: &str, secret: &str) -> (u16, String, u64) {
    let before = world.app.store.hasher().worked_out();
    let pair = STANDARD.encode(format!("{client}:{secret}"));
    let request = TestRequest::post()
        .uri("/oauth2/token")
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .insert_header(("authorization", format!("Basic {pair}")))
        .set_payload("grant_type=client_credentials");
    let answer = world.call(request).await;
    let body = String::from_utf8(answer.body.clone()).unwrap();
    (answer.status, body, world.app.store.hasher().worked_out() - before)
}

#[test]
fn as_much_work_is_done_for_a_client_that_there_is_not() {
    on_both(async |world| {
        let input = |code: &str| {
            json!({ "input": { "idempotencyKey": code, "clientId": code, "name": "Vendor",
                "contact": "vendor@example.org", "secret": true,
                "grants": [{ "organisation": { "slug": "west-yorkshire" }, "scopes": ["SITES_READ"] }] } })
        };
        let mut made = world.data(people::NATIONAL, REGISTER, input("vendor")).await;
        let good = made["registerApiClient"]["secret"].as_str().unwrap().to_owned();
        let other = world.data(people::NATIONAL, REGISTER, input("other")).await;
        let others = other["registerApiClient"]["secret"].as_str().unwrap().to_owned();
        assert_eq!(attempt(world, "vendor", &good).await.0, 200);

        let unknown = attempt(world, "nobody", &good).await;
        assert_eq!((unknown.0, unknown.2), (401, 1), "{}", unknown.1);
        // Another's secret, and a secret with a hint of one's own and another rest.
        let mixed = format!("{}{}", &good[..12], &others[12..]);
        for (client, secret) in [("vendor", &others), ("vendor", &mixed), ("other", &good)] {
            assert_eq!(attempt(world, client, secret).await, unknown);
        }
        let client = made["registerApiClient"]["apiClient"].take();
        let revoke = json!({ "id": client["id"], "expectedVersion": client["version"] });
        world.data(people::NATIONAL, REVOKE, json!({ "input": revoke })).await;
        assert_eq!(attempt(world, "vendor", &good).await, unknown);
        // What has no secret's shape is nobody's, known or not.
        let shapeless = attempt(world, "nobody", "guess").await;
        assert_eq!(attempt(world, "other", "guess").await, shapeless);
    });
}
