//! Who did what is for those whose reach holds the organisation: nobody else learns it
//! in any form, by any argument, at any depth.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Who, World, on_both, people};

const AUDIT: &str = "query($filter: AuditFilter, $after: String, $before: String) {
    audit(filter: $filter, first: 100, after: $after, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage }
        edges { cursor node { subject requestId issuer action organisation { id } } } } }";

const REACH: &str = "query($hub: Slug!) { trainingHub(by: { slug: $hub }) {
    id sites(first: 100) { nodes { id } } } }";

const HISTORIES: &str = "query { organisations(first: 100, filter: { name: \"Bank\" }) {
    nodes { id history { nodes { audit { subject requestId } } } } } }";

/// The hub itself and the sites that it trains.
async fn of_hub(world: &World, slug: &str) -> BTreeSet<String> {
    let data = world.data(people::PUBLIC, REACH, json!({ "hub": slug })).await;
    let hub = &data["trainingHub"];
    let sites = hub["sites"]["nodes"].as_array().unwrap().iter();
    sites.chain([hub]).map(|each| each["id"].as_str().unwrap().to_owned()).collect()
}

async fn audit(world: &World, who: Who, variables: Value) -> Value {
    world.data(who, AUDIT, variables).await["audit"].take()
}

fn organisations(audit: &Value) -> Vec<&str> {
    let edges = audit["edges"].as_array().unwrap().iter();
    edges.filter_map(|edge| edge["node"]["organisation"]["id"].as_str()).collect()
}

#[test]
fn each_hub_reads_what_was_done_to_its_own_and_nothing_else() {
    on_both(async |world| {
        let everything = audit(world, people::NATIONAL, json!({})).await;
        let all = organisations(&everything);
        assert!(all.len() >= 7, "{everything:#}");
        for (who, slug) in
            [(people::YORKSHIRE, "west-yorkshire"), (people::CHESHIRE, "cheshire-and-merseyside")]
        {
            let reach = of_hub(world, slug).await;
            let own: Vec<_> = all.iter().filter(|id| reach.contains(**id)).copied().collect();
            assert!(!own.is_empty() && own.len() < all.len());
            let seen = audit(world, who, json!({})).await;
            assert_eq!(organisations(&seen), own, "{slug}");
            assert_eq!(seen["totalCount"], own.len(), "{slug}");
        }
    });
}

#[test]
fn no_argument_brings_out_what_another_hub_did() {
    on_both(async |world| {
        let mersey = world
            .data(people::PUBLIC, "{ site(by: { odsCode: \"Y90004\" }) { id } }", json!({}))
            .await;
        let own = audit(world, people::YORKSHIRE, json!({})).await;
        for filter in [
            json!({ "organisation": mersey["site"]["id"] }),
            json!({ "subject": people::CHESHIRE.subject }),
            json!({ "subject": people::CHESHIRE.subject, "action": "RENAME_SITE" }),
            json!({ "action": "LOAD_EDITION" }),
            json!({ "action": "RENAME_SITE" }),
        ] {
            let variables = json!({ "filter": filter });
            assert_ne!(audit(world, people::NATIONAL, variables.clone()).await["totalCount"], 0);
            let seen = audit(world, people::YORKSHIRE, variables).await;
            let page = json!({ "hasNextPage": false, "hasPreviousPage": false });
            assert_eq!(seen, json!({ "totalCount": 0, "pageInfo": page, "edges": [] }), "{filter}");
        }
        let everything = audit(world, people::NATIONAL, json!({})).await;
        for edge in everything["edges"].as_array().unwrap() {
            for side in ["after", "before"] {
                let seen = audit(world, people::YORKSHIRE, json!({ side: edge["cursor"] })).await;
                assert_eq!(seen["totalCount"], own["totalCount"]);
                let own = organisations(&own);
                assert!(organisations(&seen).iter().all(|id| own.contains(id)), "{seen:#}");
            }
        }
    });
}

#[test]
fn a_history_names_only_whom_the_reader_may_know() {
    on_both(async |world| {
        for (who, mine, theirs) in [
            (people::YORKSHIRE, "nadia", "cheshires-secret-person"),
            (people::CHESHIRE, "cheshires-secret-person", ""),
        ] {
            let answer = world.data(who, HISTORIES, json!({})).await.to_string();
            assert!(answer.contains(mine));
            assert!(theirs.is_empty() || !answer.contains(theirs), "{who:?}");
        }
        let slugs = ["west-yorkshire", "cheshire-and-merseyside"];
        for (who, slug) in [people::YORKSHIRE, people::CHESHIRE].into_iter().zip(slugs) {
            let reach = of_hub(world, slug).await;
            let data = world.data(who, HISTORIES, json!({})).await;
            for organisation in data["organisations"]["nodes"].as_array().unwrap() {
                let inside = reach.contains(organisation["id"].as_str().unwrap());
                for change in organisation["history"]["nodes"].as_array().unwrap() {
                    // What was loaded as a whole was done to nobody in particular.
                    let named = !change["audit"].is_null();
                    assert!(inside || !named, "{slug}: {organisation:#}");
                }
            }
        }
    });
}
