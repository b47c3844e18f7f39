//! Lists: every page in every order, forwards and backwards, with every filter.

use serde_json::{Value, json};

use crate::harness::{World, on_both, people};

const SITES: &str = "query($filter: SiteFilter, $orderBy: OrganisationOrder, $asAt: Date,
        $first: Int, $after: String, $last: Int, $before: String) {
    sites(filter: $filter, orderBy: $orderBy, asAt: $asAt, first: $first, after: $after,
            last: $last, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { id name odsCode openedOn listSize { patients } status eligible } } }";

async fn page(world: &World, variables: Value) -> Value {
    world.data(people::PUBLIC, SITES, variables).await["sites"].take()
}

/// All pages of a list, from its beginning or from its end; the sizes do not divide it.
async fn walk(world: &World, order: &Value, backwards: bool) -> Vec<Value> {
    let (size, cursor, edge, more) = if backwards {
        ("last", "before", "startCursor", "hasPreviousPage")
    } else {
        ("first", "after", "endCursor", "hasNextPage")
    };
    let mut all: Vec<Value> = Vec::new();
    let mut at = Value::Null;
    loop {
        let page = page(world, json!({ "orderBy": order, size: 37, cursor: at })).await;
        let nodes = page["nodes"].as_array().unwrap().clone();
        if backwards {
            all.splice(0..0, nodes);
        } else {
            all.extend(nodes);
        }
        if page["pageInfo"][more] == false {
            assert_eq!(page["totalCount"], all.len(), "{order}");
            return all;
        }
        at = page["pageInfo"][edge].clone();
    }
}

/// What a list is ordered by, in a form that can be compared.
fn key(site: &Value, field: &str) -> (Option<i64>, String) {
    let text = |field: &str| site[field].as_str().unwrap_or_default().to_owned();
    match field {
        "NAME" => (None, text("name")),
        "ODS_CODE" => (None, text("odsCode")),
        "OPENED_ON" => (None, text("openedOn")),
        _ => (site["listSize"]["patients"].as_i64(), String::new()),
    }
}

#[test]
fn the_pages_of_a_list_are_the_list_in_every_order_and_both_ways() {
    on_both(async |world| {
        for field in ["NAME", "ODS_CODE", "OPENED_ON", "LIST_SIZE"] {
            let mut both = Vec::new();
            for direction in ["ASCENDING", "DESCENDING"] {
                let order = json!({ "field": field, "direction": direction });
                let forwards = walk(world, &order, false).await;
                assert_eq!(forwards, walk(world, &order, true).await, "{order}");
                let ids: std::collections::BTreeSet<_> =
                    forwards.iter().map(|site| site["id"].as_str().unwrap()).collect();
                assert_eq!(ids.len(), forwards.len(), "{order} repeats");
                let keys: Vec<_> = forwards.iter().map(|site| key(site, field)).collect();
                let ordered = match direction {
                    "ASCENDING" => keys.is_sorted(),
                    _ => keys.iter().rev().is_sorted(),
                };
                assert!(ordered, "{order}");
                both.push(forwards);
            }
            both[1].reverse();
            assert_eq!(both[0], both[1], "{field}: one way is the other, turned round");
        }
    });
}

#[test]
fn a_page_stays_right_while_rows_come_and_go() {
    on_both(async |world| {
        let first = page(world, json!({ "first": 5 })).await;
        let rest =
            page(world, json!({ "first": 5, "after": first["pageInfo"]["endCursor"] })).await;
        for name in ["AAA first of all", "Zzz last of all"] {
            let input = json!({
                "idempotencyKey": name.replace(' ', "-"), "name": name, "openedOn": "2025-06-01",
                "subIcb": { "odsCode": "15F" },
            });
            world.command(people::NATIONAL, "registerSite", input).await;
        }
        let again =
            page(world, json!({ "first": 5, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!(again["nodes"], rest["nodes"]);
    });
}

#[test]
fn a_window_that_makes_no_sense_is_a_bad_request() {
    on_both(async |world| {
        for variables in [
            json!({ "first": 0 }),
            json!({ "first": -1 }),
            json!({ "first": 101 }),
            json!({ "last": 0 }),
            json!({ "first": 1, "last": 1 }),
            json!({ "after": "nonsense" }),
            json!({ "before": "" }),
            json!({ "filter": { "status": [] } }),
            json!({ "filter": { "region": { "odsCode": "lower" } } }),
        ] {
            let answer = world.ask(people::PUBLIC, SITES, variables.clone()).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_REQUEST",
                "{variables}\n{answer:#}"
            );
        }
    });
}

#[test]
fn filters_let_through_just_what_they_say() {
    on_both(async |world| {
        let all = walk(world, &Value::Null, false).await;
        let is = |field: &'static str, value: Value| move |site: &Value| site[field] == value;
        type Passes = Box<dyn Fn(&Value) -> bool>;
        let filters: [(Value, Passes); 6] = [
            (json!({ "eligible": true }), Box::new(is("eligible", json!(true)))),
            (json!({ "eligible": false }), Box::new(is("eligible", json!(false)))),
            (json!({ "status": ["CLOSED"] }), Box::new(is("status", json!("CLOSED")))),
            (
                json!({ "name": "bank" }),
                Box::new(|site| site["name"].as_str().unwrap().to_lowercase().contains("bank")),
            ),
            (
                json!({ "listSize": { "from": 5000, "to": 9000 } }),
                Box::new(|site| {
                    let patients = site["listSize"]["patients"].as_i64();
                    patients.is_some_and(|patients| (5000..=9000).contains(&patients))
                }),
            ),
            (json!({ "name": null, "status": null }), Box::new(|_| true)),
        ];
        for (filter, passes) in filters {
            let expected: Vec<_> = all.iter().filter(|site| passes(site)).collect();
            assert!(!expected.is_empty(), "{filter}");
            let seen = page(world, json!({ "filter": filter, "first": 100 })).await;
            assert_eq!(seen["totalCount"], expected.len(), "{filter}");
            let seen: Vec<_> = seen["nodes"].as_array().unwrap().iter().collect();
            assert_eq!(seen, expected[..expected.len().min(100)], "{filter}");
        }
    });
}

#[test]
fn places_narrow_a_list_as_they_lie() {
    on_both(async |world| {
        let count = async |filter: Value| {
            page(world, json!({ "filter": filter })).await["totalCount"].as_i64().unwrap()
        };
        let region = count(json!({ "region": { "odsCode": "Y63" } })).await;
        let mut boards = 0;
        for icb in ["QF7", "QHM", "QOQ", "QWO"] {
            boards += count(json!({ "icb": { "odsCode": icb } })).await;
        }
        assert_eq!(region, boards, "a region's sites are those of its boards");
        let board = count(json!({ "icb": { "odsCode": "QWO" } })).await;
        let both = json!({ "icb": { "odsCode": "QWO" }, "region": { "odsCode": "Y62" } });
        assert!(board > 0 && count(both).await == 0);
        let exception = json!({
            "trainingHub": { "slug": "west-yorkshire" }, "region": { "odsCode": "Y62" },
        });
        assert_eq!(count(exception).await, 1, "Dee Bridge, an exception");
        assert_eq!(count(json!({ "pcn": { "odsCode": "NOSUCH" } })).await, 0);
    });
}
