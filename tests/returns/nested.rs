//! Returns under those who owe them, and by their ids: for whoever may see them, and as
//! though there were none for anybody else.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{december, of_hubs, of_sites, read, send};
use crate::harness::{Who, World, on_both, on_postgres, people};

const OWED: &str = "query($first: Int, $after: String, $last: Int, $before: String,
    $states: [ReturnState!]) {
    trainingHub(by: { slug: \"west-yorkshire\" }) {
        returns(first: $first, after: $after, last: $last, before: $before, states: $states,
            firstMonth: \"2025-08\") {
            totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            nodes { id month state organisation { name } } } }
    site(by: { odsCode: \"Y90001\" }) {
        returns(states: $states) { totalCount nodes { id month state } } } }";

async fn owed(world: &World, who: Who, variables: Value) -> (Value, Value) {
    let mut data = world.data(who, OWED, variables).await;
    (data["trainingHub"]["returns"].take(), data["site"]["returns"].take())
}

fn months(list: &Value) -> Vec<&str> {
    let nodes = list["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["month"].as_str().unwrap()).collect()
}

#[test]
fn a_hub_and_a_site_show_what_they_owe_to_whom_it_concerns() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        of_sites(world).await;
        send(world, people::YORKSHIRE, "saveReturnDraft", december(&schedule)).await;
        let (hubs, sites) = owed(world, people::YORKSHIRE, json!({})).await;
        for list in [&hubs, &sites] {
            assert_eq!(months(list), ["2025-12", "2025-11", "2025-10"], "{list:#}");
            assert_eq!(list["totalCount"], 3);
        }
        assert_eq!(hubs["nodes"][0]["organisation"]["name"], "West Yorkshire Training Hub");
        let states = json!({ "states": ["DRAFT"] });
        let (drafts, none) = owed(world, people::NORTH_EAST, states).await;
        assert_eq!((months(&drafts), &none["totalCount"]), (vec!["2025-12"], &json!(0)));

        // The practice sees its own alone, and another hub, or nobody's team, none of them.
        let (hubs, sites) = owed(world, people::PRACTICE, json!({})).await;
        assert_eq!((&hubs, &sites["totalCount"]), (&Value::Null, &json!(3)));
        for who in [people::CHESHIRE, people::NORTH_WEST, people::PUBLIC, people::BOARD] {
            let (hubs, sites) = owed(world, who, json!({})).await;
            assert_eq!((hubs, sites), (Value::Null, Value::Null), "{who:?}");
        }
    });
}

#[test]
fn they_are_paged_from_either_end() {
    on_both(async |world| {
        of_hubs(world, 14).await;
        let first = owed(world, people::YORKSHIRE, json!({ "first": 2 })).await.0;
        assert_eq!(months(&first), ["2025-12", "2025-11"]);
        assert_eq!(
            (&first["totalCount"], &first["pageInfo"]["hasNextPage"]),
            (&json!(3), &json!(true))
        );
        let after = json!({ "first": 2, "after": first["pageInfo"]["endCursor"] });
        let rest = owed(world, people::YORKSHIRE, after).await.0;
        assert_eq!(months(&rest), ["2025-10"]);
        assert_eq!(rest["pageInfo"]["hasNextPage"], false);
        let last = owed(world, people::YORKSHIRE, json!({ "last": 1 })).await.0;
        assert_eq!(months(&last), ["2025-10"]);
        let before = json!({ "last": 1, "before": last["pageInfo"]["startCursor"] });
        let before = owed(world, people::YORKSHIRE, before).await.0;
        assert_eq!(months(&before), ["2025-11"]);
        assert_eq!(before["pageInfo"]["hasPreviousPage"], true);
    });
}

const NODE: &str = "query($ids: [ID!]!) { nodes(ids: $ids) {
    __typename id ... on Return { month state values { metric value } } } }";

#[test]
fn a_return_is_one_node_before_and_after_it_is_begun() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let (hubs, _) = owed(world, people::YORKSHIRE, json!({})).await;
        let id = &hubs["nodes"][0]["id"];
        let ids = json!({ "ids": [id, hubs["nodes"][2]["id"], id] });
        let mut data = world.data(people::YORKSHIRE, NODE, ids.clone()).await;
        let nodes = data["nodes"].take();
        assert_eq!((&nodes[0]["id"], &nodes[0]["__typename"]), (id, &json!("Return")));
        assert_eq!(
            (&nodes[0]["state"], &nodes[1]["month"]),
            (&json!("NOT_STARTED"), &json!("2025-10"))
        );
        // Nothing is submitted that nobody has filled in.
        let untouched = send(
            world,
            people::YORKSHIRE,
            "submitReturn",
            json!({ "id": id, "expectedVersion": 0 }),
        )
        .await;
        assert_eq!(untouched["problems"][0]["code"], "CONTRADICTION", "{untouched:#}");

        let saved = send(world, people::YORKSHIRE, "saveReturnDraft", december(&schedule)).await;
        assert_eq!(&saved["return"]["id"], id);
        let submitted =
            send(world, people::YORKSHIRE, "submitReturn", read(&saved["return"])).await;
        assert_eq!(&submitted["return"]["id"], id, "{submitted:#}");
        let nodes = world.data(people::NORTH_EAST, NODE, ids.clone()).await["nodes"].take();
        assert_eq!(nodes[0]["state"], "SUBMITTED");
        assert_eq!(nodes[0]["values"][0], json!({ "metric": "survey.places", "value": 12.0 }));
        assert_eq!((&nodes[2], &nodes[1]["state"]), (&nodes[0], &json!("NOT_STARTED")));
        for who in [people::CHESHIRE, people::PRACTICE, people::PUBLIC, people::PROVIDER] {
            let nodes = world.data(who, NODE, ids.clone()).await["nodes"].take();
            assert_eq!(nodes, json!([null, null, null]), "{who:?}");
        }
    });
}

#[test]
fn nobody_owes_what_no_schedule_asks_for() {
    on_both(async |world| {
        of_hubs(world, 14).await;
        let (hubs, sites) = owed(world, people::NATIONAL, json!({})).await;
        assert_eq!((&sites["totalCount"], &hubs["totalCount"]), (&json!(0), &json!(3)));
        let known = hubs["nodes"][0]["id"].as_str().unwrap();
        let known = api::ids::ReturnId::decode(known).unwrap();
        // Not begun, not over, not of that kind, and not there.
        let month = |text: &str| text.parse().unwrap();
        let site =
            world.number("SELECT organisation_id FROM organisation_code WHERE code = 'Y90001'");
        let others = [
            api::ids::ReturnId { month: month("2025-09"), ..known },
            api::ids::ReturnId { month: month("2026-01"), ..known },
            api::ids::ReturnId { organisation: site.await, ..known },
            api::ids::ReturnId { organisation: 987_654, ..known },
            api::ids::ReturnId { schedule: 987_654, ..known },
        ];
        for other in others {
            let ids = json!({ "ids": [other.encode()] });
            let nodes = world.data(people::NATIONAL, NODE, ids).await["nodes"].take();
            assert_eq!(nodes, json!([null]), "{other:?}");
        }
    });
}

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_stat_statements%'";

#[test]
fn a_page_of_sites_with_returns_costs_as_many_statements_as_one() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        let schedule = of_sites(world).await;
        let statements = async |size: i32| {
            let document = format!(
                "{{ sites(first: {size}) {{ nodes {{ odsCode returns(first: 2) {{ totalCount nodes {{
                    month values {{ value }} }} }} }} }} }}"
            );
            let before = world.number(CALLS).await;
            let data = world.data(people::NATIONAL, &document, json!({})).await;
            let owing = data["sites"]["nodes"].as_array().unwrap().iter();
            assert!(owing.filter(|site| site["returns"]["totalCount"] == 3).count() >= 1);
            assert!(size == 1 || data.to_string().contains("Y90002"), "{data:#}");
            world.number(CALLS).await - before
        };
        assert_eq!((statements(1).await, statements(20).await), (1, 1), "nobody has begun");
        let draft = json!({ "schedule": schedule, "organisation": { "odsCode": "Y90002" },
            "month": "2025-12", "expectedVersion": 0, "nil": true });
        let saved = send(world, people::NATIONAL, "saveReturnDraft", draft).await;
        assert_eq!(saved["saved"], true, "{saved:#}");
        assert_eq!(statements(20).await, 2, "and the answers, all at once");
    });
}
