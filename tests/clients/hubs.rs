//! A training hub's own machine clients: those that are granted that hub and nothing else.

use serde_json::{Value, json};

use super::{Key, REGISTER, ask_token, vendor};
use crate::harness::{World, on_both, people, with};

const FORM: &str = "grant_type=client_credentials";
const ROTATE: &str =
    "mutation($input: RotateApiClientSecretInput!) { rotateApiClientSecret(input: $input) {
    ... on ApiClientSecretRotated { secret apiClient { id version } } } }";
const REVOKE: &str = "mutation($input: RevokeApiClientInput!) { revokeApiClient(input: $input) {
    ... on ApiClientRevoked { apiClient { revokedAt } } } }";

/// A client that is granted more than West Yorkshire.
async fn wider(world: &World) -> Value {
    let grant =
        |slug: &str| json!({ "organisation": { "slug": slug }, "scopes": ["PROGRESS_READ"] });
    let input = json!({
        "idempotencyKey": "wider", "clientId": "wider", "name": "Wider", "contact": "wider@example.org",
        "secret": true, "grants": [grant("west-yorkshire"), grant("cheshire-and-merseyside")],
    });
    let mut data = world.data(people::NATIONAL, REGISTER, json!({ "input": input })).await;
    data["registerApiClient"]["apiClient"].take()
}

#[test]
fn a_hub_sees_renews_and_revokes_its_own_clients_and_no_others() {
    on_both(async |world| {
        let made = vendor(world, &Key::new()).await;
        let wider = wider(world).await;
        let old = made["secret"].as_str().unwrap();
        assert_eq!(ask_token(world, Some(("vendor", old)), FORM).await.status, 200);

        let list = "{ apiClients { totalCount nodes { clientId contact } } }";
        let seen = world.data(people::YORKSHIRE, list, json!({})).await;
        assert_eq!(seen["apiClients"]["totalCount"], 2);
        let ids = ["portal", "vendor"].map(Value::from);
        for (client, id) in seen["apiClients"]["nodes"].as_array().unwrap().iter().zip(ids) {
            assert_eq!(client["clientId"], id);
            assert!(client["contact"].is_string());
        }
        let others = world.data(people::CHESHIRE, list, json!({})).await;
        assert_eq!(others["apiClients"], json!({ "totalCount": 0, "nodes": [] }));

        let first = json!({ "id": made["apiClient"]["id"], "expectedVersion": 1 });
        let at_once = with(&first, json!({ "overlapHours": 0 }));
        for (who, input) in [
            (people::CHESHIRE, at_once.clone()),
            (people::YORKSHIRE, with(&at_once, json!({ "id": wider["id"] }))),
        ] {
            for document in [ROTATE, REVOKE] {
                let mut input = input.clone();
                if document == REVOKE {
                    input.as_object_mut().unwrap().remove("overlapHours");
                }
                let answer = world.ask(who, document, json!({ "input": input })).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer:#}");
            }
        }

        let data = world.data(people::YORKSHIRE, ROTATE, json!({ "input": at_once })).await;
        let renewed = &data["rotateApiClientSecret"];
        let new = renewed["secret"].as_str().unwrap();
        assert_eq!(ask_token(world, Some(("vendor", old)), FORM).await.status, 401);
        assert_eq!(ask_token(world, Some(("vendor", new)), FORM).await.status, 200);

        let second = with(&first, json!({ "expectedVersion": renewed["apiClient"]["version"] }));
        let data = world.data(people::YORKSHIRE, REVOKE, json!({ "input": second })).await;
        let revoked = &data["revokeApiClient"]["apiClient"]["revokedAt"];
        assert_eq!(*revoked, "2026-01-15T09:00:00+00:00");
        assert_eq!(ask_token(world, Some(("vendor", new)), FORM).await.status, 401);
    });
}
