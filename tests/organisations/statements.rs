//! How many statements a query costs: as many for a full page as for one row. Counted
//! by PostgreSQL itself; the code that sends them is the same on SQLite.

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::harness::{World, on_postgres, people};

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_stat_statements%'";

/// The statements that a query sends.
async fn statements(world: &World, document: &str) -> i64 {
    let before = world.number(CALLS).await;
    world.data(people::NATIONAL, document, json!({})).await;
    world.number(CALLS).await - before
}

#[test]
fn a_page_costs_as_many_statements_as_one_row() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        for (fields, expected) in [
            ("id name placement { icb { name } } memberships { nodes { parent { name } } }", 0),
            ("history { nodes { type } }", 1),
            ("history(last: 3) { nodes { type } }", 1),
            ("history { nodes { type audit { subject } } }", 2),
            (
                "history { nodes { type audit { subject } } } more: history(first: 1) { nodes { at } }",
                3,
            ),
        ] {
            for size in [1, 20] {
                let document =
                    format!("{{ sites(first: {size}) {{ totalCount nodes {{ {fields} }} }} }}");
                assert_eq!(statements(world, &document).await, expected, "{size} of {fields}");
            }
        }
        let audit = "{ audit(first: 20) { nodes { subject organisation { name } } } }";
        assert_eq!(statements(world, audit).await, 1);
        let counted = "{ audit(first: 20) { totalCount nodes { subject } } }";
        assert_eq!(statements(world, counted).await, 2, "counted only when asked for");
        let nested = "{ regions { name icbs(first: 50) { nodes { name
            history(first: 2) { nodes { type } } } } } }";
        assert_eq!(statements(world, nested).await, 1);
    });
}
