//! How many statements progress and worklists cost: as many for many as for one.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{cohort, item, record, started};
use crate::harness::{Who, World, on_postgres, people};

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (query LIKE 'SELECT%' OR query LIKE 'INSERT%') AND query NOT LIKE '%pg_stat_statements%'";

async fn statements(world: &World, who: Who, document: &str) -> i64 {
    let before = world.number(CALLS).await;
    world.data(who, document, json!({})).await;
    world.number(CALLS).await - before
}

#[test]
fn many_learners_cost_as_many_statements_as_one() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        let cohort = cohort(world).await;
        for number in 0..4 {
            let key = format!("learner-{number}");
            let it = started(world, &key, &cohort, "2025-04-01").await;
            let items = [item(&it, "safeguard", "IN_PROGRESS", "2025-05-01")];
            record(world, people::ASSESSOR, &key, &items).await;
        }
        let history = "assessments(competency: \"safeguard\") { state }";
        for (fields, expected) in [
            ("progress { share remaining { state } domains { achieved } }", 1),
            (history, 1),
            ("award { title }", 0),
        ] {
            for size in [1, 4] {
                let list = format!("{{ enrolments(first: {size}) {{ nodes {{ {fields} }} }} }}");
                let found = statements(world, people::YORKSHIRE, &list).await;
                assert_eq!(found, expected, "{size} of {fields}");
            }
        }
        let inbox = "{ assessorInbox { counts { kind count } items { totalCount } } }";
        assert_eq!(statements(world, people::ASSESSOR, inbox).await, 1);
        // Two at most: when anything was last assessed, and the returns that are begun.
        let worklist = "worklist { counts { kind } items { nodes { kind enrolment { id } } } }";
        for size in [1, 3] {
            let list = format!("{{ sites(first: {size}) {{ nodes {{ {worklist} }} }} }}");
            assert!(statements(world, people::YORKSHIRE, &list).await <= 2, "{size} sites");
        }
    });
}
