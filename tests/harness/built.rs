//! The small world in which every test begins.
//!
//! Two regions matter. In the North East and Yorkshire (`Y63`) the training hub
//! `west-yorkshire` covers West Yorkshire's board (`QWO`); in the North West (`Y62`)
//! `cheshire-and-merseyside` covers Cheshire's (`QYG`), and `the-spinney` leads the
//! region. They come with the reference data and the demonstration, whose invented
//! practices (`DEMO…`) make up the rest of England. Beside them stand:
//!
//! | code | site | of | story |
//! |---|---|---|---|
//! | Y90001 | Moor View Surgery | 15F in `QWO` | recorded by hand in July 2024 |
//! | Y90002 | Aire Bank Practice | 36J in `QWO` | of the NHS register: hubs may not change it |
//! | Y90003 | Calder Hill Surgery | 02T in `QWO` | closed on 2025-12-01 |
//! | Y90004 | Mersey Bank Practice | 99A in `QYG` | renamed by Cheshire's own team |
//! | Y90005 | Dee Bridge Practice | 27D in `QYG` | trained by `west-yorkshire`, an exception |
//!
//! `portal` is a machine client, granted all that it asks for in `west-yorkshire`.
//!
//! `dales-college` is a provider; no command makes one yet, so it is put in by hand.
//!
//! Figures are reported of metrics under `survey.`, which `measures` defines: what the
//! catalogue itself has of sites, posts and learners is counted, and never recorded.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{Who, measures, people, world};

const REGISTER: &str = "mutation($input: RegisterSiteInput!) {
    registerSite(input: $input) { __typename ... on SiteRegistered { site { id version } } } }";
const RENAME: &str = "mutation($input: RenameSiteInput!) {
    renameSite(input: $input) { __typename } }";
const CLIENT: &str = "mutation($input: RegisterApiClientInput!) {
    registerApiClient(input: $input) { __typename } }";
const CLOSE: &str = "mutation($input: CloseSiteInput!) {
    closeSite(input: $input) { __typename } }";

/// What no command writes: a site of the NHS register (an edition of it would put an end
/// to the demonstration), and a provider.
const BY_HAND: [&str; 5] = [
    "UPDATE organisation SET source = 'ODS' WHERE id =
        (SELECT organisation_id FROM organisation_code WHERE code = 'Y90002')",
    "INSERT INTO organisation (id, kind, source, opened_on, version)
        VALUES (900000, 'PROVIDER', 'REFERENCE', '2020-01-01', 1)",
    "INSERT INTO organisation_fact (organisation_id, fact, valid_from, value)
        VALUES (900000, 'NAME', '2020-01-01', 'Dales College')",
    "INSERT INTO organisation_fact (organisation_id, fact, valid_from, value)
        VALUES (900000, 'STATUS', '2020-01-01', 'ACTIVE')",
    "INSERT INTO organisation_code (scheme, code, valid_from, organisation_id)
        VALUES ('SLUG', 'dales-college', '2020-01-01', 900000)",
];

/// Fills a new database with the world.
pub(super) async fn build(url: &str) {
    let app = Arc::new(world::open(world::config(url, &[])).await);
    assert!(app.demonstrate_register().await.unwrap(), "the database was not new");
    let front = world::front_door(app.clone()).await;
    let send = async |who: Who, document: &str, input: Value| {
        let answer = world::ask(&app, &front, who, document, json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{document}\n{answer:#}");
        let done = answer["data"].as_object().unwrap().values().next().unwrap().clone();
        assert_ne!(done["__typename"], "InvalidInput", "{document}\n{input}");
        done
    };
    let nadia = people::NATIONAL;
    send(nadia, REGISTER, site("Y90001", "Moor View Surgery", "15F")).await;
    send(nadia, REGISTER, site("Y90002", "Aire Bank Practice", "36J")).await;
    let calder = send(nadia, REGISTER, site("Y90003", "Calder Hill Surgery", "02T")).await;
    let closure =
        json!({ "id": calder["site"]["id"], "expectedVersion": 1, "closedOn": "2025-12-01" });
    send(nadia, CLOSE, closure).await;
    let mersey = send(nadia, REGISTER, site("Y90004", "Mersey Practice", "99A")).await;
    let name = "Mersey Bank Practice";
    let renaming = json!({ "id": mersey["site"]["id"], "expectedVersion": 1, "name": name });
    send(people::CHESHIRE, RENAME, renaming).await;
    let mut dee = site("Y90005", "Dee Bridge Practice", "27D");
    dee["trainingHub"] = json!({ "slug": "west-yorkshire" });
    send(nadia, REGISTER, dee).await;
    measures::publish(send).await;
    send(nadia, CLIENT, portal()).await;
    app.store.close().await;

    let raw = world::raw(url).await;
    for statement in BY_HAND {
        raw.execute_unprepared(statement).await.unwrap();
    }
    raw.close().await.unwrap();
}

fn portal() -> Value {
    let scopes = people::PORTAL.scopes.iter();
    let scopes: Vec<_> =
        scopes.map(|scope| scope.name().replace(':', "_").to_uppercase()).collect();
    json!({
        "idempotencyKey": "portal", "clientId": "portal", "name": "Portal",
        "contact": "portal@example.org", "secret": true,
        "grants": [{ "organisation": { "slug": "west-yorkshire" }, "scopes": scopes }],
    })
}

fn site(code: &str, name: &str, sub_icb: &str) -> Value {
    json!({
        "idempotencyKey": code,
        "name": name,
        "odsCode": code,
        "postcode": format!("ZZ9 {}ZZ", &code[5..]),
        "openedOn": "2024-07-01",
        "subIcb": { "odsCode": sub_icb },
    })
}
