//! Registered documents: asked for by their digest, and what a client is held to.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{change_portal, register};
use crate::harness::{World, on_both, on_the_same, people};

const REGIONS: &str = "query Regions { regions { name } }";
const SITES: &str = "query($after: String) { sites(first: 2, after: $after) { nodes { name } } }";

fn digest(document: &str) -> String {
    Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends a body that may name no query.
async fn send(world: &World, token: Option<&str>, body: Value) -> Value {
    let mut request = TestRequest::post()
        .uri("/graphql")
        .insert_header(("accept", "application/graphql-response+json"))
        .set_json(body);
    if let Some(token) = token {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    world.call(request).await.json()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[test]
fn a_registered_document_is_asked_for_by_its_digest() {
    on_both(async |world| {
        let unknown = send(world, None, json!({ "documentId": digest(REGIONS) })).await;
        assert_eq!(code(&unknown), "BAD_REQUEST", "{unknown:#}");
        let input = json!({ "operations": [{ "name": "regions", "document": REGIONS }] });
        let made = register(world, people::NATIONAL, input.clone()).await;
        let outcome = &made["data"]["registerOperations"]["outcomes"][0];
        assert_eq!(outcome["created"], true, "{made:#}");
        assert_eq!(outcome["operation"]["sha256"], digest(REGIONS));
        let again = register(world, people::NATIONAL, input).await;
        assert_eq!(again, made, "the same key gives the same answer");
        let anew = json!({ "operations": [{ "name": "regions", "document": REGIONS },
            { "name": "roles", "document": "{ viewer { role } }" }] });
        let anew = register(world, people::NATIONAL, anew).await;
        let outcomes = &anew["data"]["registerOperations"]["outcomes"];
        assert_eq!(
            (&outcomes[0]["created"], &outcomes[1]["created"]),
            (&json!(false), &json!(true))
        );

        // In each of the spellings that clients have, on every instance.
        let other = on_the_same(world).await;
        for body in [
            json!({ "documentId": digest(REGIONS) }),
            json!({ "documentId": format!("sha256:{}", digest(REGIONS)) }),
            json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": digest(REGIONS) } } }),
            json!({ "query": REGIONS, "documentId": digest(REGIONS) }),
        ] {
            for instance in [world, &other] {
                let answer = send(instance, None, body.clone()).await;
                assert!(answer["data"]["regions"][0]["name"].is_string(), "{body} {answer:#}");
            }
        }
        other.leave().await;
        let mismatch = json!({ "query": "{ viewer { role } }", "documentId": digest(REGIONS) });
        assert_eq!(code(&send(world, None, mismatch).await), "BAD_REQUEST");

        let retire = "mutation($input: RetireOperationInput!) { retireOperation(input: $input) {
            ... on OperationRetired { operation { retiredAt } }
            ... on OperationConflict { current { version } } } }";
        let input = |version| json!({ "input": { "id": outcome["operation"]["id"], "expectedVersion": version } });
        let stale = world.data(people::NATIONAL, retire, input(7)).await;
        assert_eq!(stale["retireOperation"]["current"]["version"], 1);
        let gone = world.data(people::NATIONAL, retire, input(1)).await;
        assert!(gone["retireOperation"]["operation"]["retiredAt"].is_string());
        let after = send(world, None, json!({ "documentId": digest(REGIONS) })).await;
        assert_eq!(code(&after), "BAD_REQUEST");
    });
}

#[test]
fn only_what_the_schema_can_answer_is_registered() {
    on_both(async |world| {
        let before = world.rows().await;
        let wrong = json!({ "operations": [
            { "name": "good", "document": REGIONS },
            { "name": "no-such-field", "document": "{ regions { colour } }" },
            { "name": "no-such-argument", "document": "{ sites(colour: 1) { nodes { id } } }" },
            { "name": "not-graphql", "document": "{ regions {" },
            { "name": "two", "document": "query A { viewer { role } } query B { viewer { role } }" },
            { "name": "unused", "document": "query($a: Int) { viewer { role } }" },
        ] });
        let refused = register(world, people::NATIONAL, wrong).await;
        let problems = &refused["data"]["registerOperations"]["problems"];
        let paths = problems.as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap());
        let expected = (1..6).map(|index| format!("input.operations[{index}].document"));
        assert_eq!(paths.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{problems:#}");
        let taken = json!({ "operations": [{ "name": "series", "document": REGIONS }] });
        let refused = register(world, people::NATIONAL, taken).await;
        let problem = &refused["data"]["registerOperations"]["problems"][0];
        assert_eq!(problem["path"], "input.operations[0].name");
        assert_eq!(world.rows().await, before, "all of them or none");
    });
}

#[test]
fn a_client_held_to_its_documents_sends_no_others() {
    on_both(async |world| {
        let own = json!({ "operations": [{ "name": "sites", "document": SITES }] });
        let made = register(world, people::PORTAL, own).await;
        let operation = &made["data"]["registerOperations"]["outcomes"][0]["operation"];
        assert_eq!(operation["clientId"], "portal", "{made:#}");
        // What is a client's own is nobody else's.
        let others = send(world, None, json!({ "documentId": digest(SITES) })).await;
        assert_eq!(code(&others), "BAD_REQUEST");

        change_portal(world, json!({ "documents": "REPORT" })).await;
        let reported = world.ask(people::PORTAL, REGIONS, json!({})).await;
        assert!(reported["data"]["regions"].is_array(), "{reported:#}");
        world.ask(people::PORTAL, REGIONS, json!({})).await;
        world.ask(people::PORTAL, SITES, json!({})).await;
        let listed = "{ apiClient(clientId: \"portal\") {
            unregisteredDocuments { sha256 document requests lastSentAt } } }";
        let list = world.data(people::NATIONAL, listed, json!({})).await;
        let list = &list["apiClient"]["unregisteredDocuments"];
        assert_eq!(list.as_array().unwrap().len(), 1, "{list:#}");
        assert_eq!(
            (&list[0]["sha256"], &list[0]["requests"]),
            (&json!(digest(REGIONS)), &json!(2))
        );
        assert_eq!(list[0]["document"], REGIONS);

        change_portal(world, json!({ "documents": "REGISTERED" })).await;
        let other = on_the_same(world).await;
        let token = world.token(people::PORTAL).unwrap();
        for instance in [world, &other] {
            let refused = instance.ask(people::PORTAL, REGIONS, json!({})).await;
            assert_eq!(code(&refused), "FORBIDDEN", "{refused:#}");
            let sent = instance.ask(people::PORTAL, SITES, json!({})).await;
            assert!(sent["data"]["sites"]["nodes"].is_array(), "{sent:#}");
            let named = json!({ "documentId": digest(SITES) });
            assert!(send(instance, Some(&token), named).await["data"]["sites"].is_object());
        }
        other.leave().await;
        // By whatever door it comes.
        let bearer = ("authorization", format!("Bearer {token}"));
        let named = "/graphql?query=%7Bregions%7Bname%7D%7D";
        let got = world.call(TestRequest::get().uri(named).insert_header(bearer.clone())).await;
        assert_eq!(code(&got.json()), "FORBIDDEN");
        let events = TestRequest::post()
            .uri("/graphql")
            .insert_header(("accept", "text/event-stream"))
            .insert_header(bearer.clone())
            .set_json(json!({ "query": REGIONS }));
        assert_ne!(world.call(events).await.status, 200);
        let figures = "/export/series.csv?metrics=sites.eligible&of=every+REGION&periods=2025-10";
        let file = world.call(TestRequest::get().uri(figures).insert_header(bearer)).await;
        assert_eq!((file.status, code(&file.json())), (403, "FORBIDDEN"));
        // It cannot let itself out.
        let registering = "mutation($input: RegisterOperationsInput!) {
            registerOperations(input: $input) { __typename } }";
        let operations = json!([{ "name": "more", "document": registering }]);
        let input = json!({ "clientId": "portal", "operations": operations });
        assert!(register(world, people::NATIONAL, input).await["errors"].is_null());
        let own = json!({ "idempotencyKey": "own", "operations": [{ "name": "regions", "document": REGIONS }] });
        let refused = world.ask(people::PORTAL, registering, json!({ "input": own })).await;
        assert_eq!(code(&refused), "FORBIDDEN", "{refused:#}");
    });
}

#[test]
fn nobody_registers_for_others() {
    on_both(async |world| {
        let input = json!({ "clientId": "portal", "operations": [{ "name": "regions", "document": REGIONS }] });
        let before = world.rows().await;
        for (who, refused) in [
            (people::PUBLIC, "UNAUTHENTICATED"),
            (people::YORKSHIRE, "FORBIDDEN"),
            (people::ANALYST, "FORBIDDEN"),
        ] {
            assert_eq!(code(&register(world, who, input.clone()).await), refused);
        }
        let unknown = json!({ "clientId": "nobody", "operations": [{ "name": "regions", "document": REGIONS }] });
        assert_eq!(code(&register(world, people::PORTAL, unknown).await), "NOT_FOUND");
        assert_eq!(world.rows().await, before);
        let list = "{ operations(clientId: \"portal\") { totalCount } }";
        assert_eq!(code(&world.ask(people::ANALYST, list, json!({})).await), "FORBIDDEN");
        assert!(register(world, people::NATIONAL, input).await["errors"].is_null());
        let seen =
            world.data(people::PORTAL, "{ operations { nodes { name } totalCount } }", json!({}));
        assert_eq!(seen.await["operations"]["nodes"][0]["name"], "regions");
        let hidden =
            world.data(people::YORKSHIRE, "{ operations { totalCount } }", json!({})).await;
        assert_eq!(hidden["operations"]["totalCount"], 0);
        // The hub whose own client it is reads what that may send.
        for (who, count) in [(people::YORKSHIRE, 1), (people::CHESHIRE, 0)] {
            let seen = world.data(who, list, json!({})).await;
            assert_eq!(seen["operations"]["totalCount"], count, "{who:?}");
        }
    });
}

#[test]
fn of_very_many_unregistered_documents_the_latest_are_kept() {
    on_both(async |world| {
        change_portal(world, json!({ "documents": "REPORT" })).await;
        let listed = "{ apiClient(clientId: \"portal\") { unregisteredDocuments { document } } }";
        for round in 0..2 {
            for number in 0..60 {
                let document = format!("{{ viewer {{ role }} }} # {round} {number}");
                world.ask(people::PORTAL, &document, json!({})).await;
            }
            let clock = world.app.store.clock();
            clock.set(clock.now() + chrono::TimeDelta::minutes(1));
            // To list them is to write what was counted.
            world.data(people::NATIONAL, listed, json!({})).await;
        }
        let list = world.data(people::NATIONAL, listed, json!({})).await;
        let list = list["apiClient"]["unregisteredDocuments"].as_array().unwrap();
        let of = |round: &str| {
            let of = |it: &&Value| it["document"].as_str().unwrap().contains(round);
            list.iter().filter(of).count()
        };
        assert_eq!((of("# 1 "), of("# 0 ")), (60, 40));
        assert_eq!(world.number("SELECT COUNT(*) FROM unregistered_document").await, 100);
    });
}

#[test]
fn a_client_that_persists_queries_by_itself_is_told_to_send_this_one() {
    on_both(async |world| {
        let extensions =
            json!({ "persistedQuery": { "version": 1, "sha256Hash": digest(REGIONS) } });
        let unknown = send(world, None, json!({ "extensions": extensions })).await;
        assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
        let whole = json!({ "query": REGIONS, "extensions": extensions });
        assert!(send(world, None, whole).await["data"]["regions"].is_array());
    });
}
