//! How many statements lists of enrolments cost: as many for a full page as for one row.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{apply, cohort_input, done};
use crate::harness::{Who, World, on_postgres, people, with};

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (query LIKE 'SELECT%' OR query LIKE 'INSERT%') AND query NOT LIKE '%pg_stat_statements%'";

async fn statements(world: &World, who: Who, document: &str) -> i64 {
    let before = world.number(CALLS).await;
    world.data(who, document, json!({})).await;
    world.number(CALLS).await - before
}

#[test]
fn a_page_of_enrolments_costs_as_many_statements_as_one() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        let cohort = with(&cohort_input("many"), json!({ "places": 30 }));
        let cohort = done(world, people::YORKSHIRE, "openCohort", cohort).await;
        for number in 0..5 {
            apply(world, &format!("learner-{number}"), &cohort).await;
        }
        for (who, fields, expected) in [
            (people::YORKSHIRE, "state site { name } cohort { placesLeft } events { on }", 0),
            (people::YORKSHIRE, "learner { reference enrolments { nodes { state } } }", 0),
            (people::YORKSHIRE, "learner { details { name } }", 2),
            (people::NATIONAL, "state learner { reference }", 1),
            (people::NATIONAL, "learner { enrolments { nodes { state } } }", 1),
        ] {
            for size in [1, 5] {
                let list = format!(
                    "{{ enrolments(first: {size}) {{ totalCount nodes {{ {fields} }} }} }}"
                );
                assert_eq!(statements(world, who, &list).await, expected, "{size} of {fields}");
            }
        }
        let cohorts =
            "{ cohorts { totalCount nodes { placesTaken enrolments { nodes { id } } } } }";
        assert_eq!(statements(world, people::YORKSHIRE, cohorts).await, 0);
    });
}
