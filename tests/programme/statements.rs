//! Content is read from memory: however much is asked of it, no statement is made.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{plain, published};
use crate::harness::{World, on_postgres, people};

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_stat_statements%'";

async fn statements(world: &World, document: &str) -> i64 {
    let before = world.number(CALLS).await;
    world.data(people::NATIONAL, document, json!({})).await;
    world.number(CALLS).await - before
}

#[test]
fn lists_of_content_cost_no_statement() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        published(world, "1.1.0", plain()).await;
        for document in [
            "{ jobDescriptions { version duties { code } } }",
            "{ competencyFrameworks { version domains { title competencies { code } } } }",
            "{ competencyFramework { competencies { duties { code } domain { title } } } }",
            "{ competencyFrameworkDifferences(from: \"1.0.0\", to: \"1.1.0\") {
                competencies { kind before { title } } duties { kind } } }",
            "{ evidence { claim metrics { code evidence { grade } } } }",
            "{ proofsOfConcept { place regions { name } } }",
            "{ competencyFramework { version source domains { title competencies { code title
                core clinical duties { title kind } } } }
              competencyFrameworkDifferences(from: \"1.0.0\", to: \"1.1.0\") {
                competencies { kind code fields { field from to } } }
              evidence { claim change { value unit } grade }
              proofsOfConcept { place roleModel regions { name } } }",
        ] {
            assert_eq!(statements(world, document).await, 0, "{document}");
        }
        assert_eq!(statements(world, "{ audit(first: 1) { nodes { subject } } }").await, 1);
    });
}
