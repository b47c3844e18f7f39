//! How many statements figures cost: as many for many series as for one.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{item, record, site};
use crate::harness::{World, on_postgres, people};

const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_stat_statements%'";

async fn statements(world: &World, document: &str) -> i64 {
    let before = world.number(CALLS).await;
    world.data(people::NATIONAL, document, json!({})).await;
    world.number(CALLS).await - before
}

/// Figures of four sites, and everything that can be set for them.
async fn set(world: &World) {
    let sites = ["Y90001", "Y90002", "Y90004", "Y90005"];
    let of = |code: &&str| item("survey.adopters", site(code), "2025-01", 1.0);
    record(world, "figures", sites.iter().map(of).collect()).await;
    for code in sites {
        for (metric, month) in [("survey.adopters", "2025-02"), ("survey.engaged", "2025-03")] {
            let of = json!({ "idempotencyKey": format!("{metric}-{code}"), "metric": metric,
                "organisation": site(code) });
            let send = async |command, rest: serde_json::Value| {
                let input = crate::harness::with(&of, rest);
                world.command(people::NATIONAL, command, input).await;
            };
            send("rebaseSeries", json!({ "month": month, "reason": "Something changed" })).await;
            send(
                "setTargets",
                json!({ "targets": [{ "month": month, "value": 3 }],
                "idempotencyKey": format!("target-{metric}-{code}") }),
            )
            .await;
            send(
                "setBaseline",
                json!({ "first": "2025-01", "last": month,
                "idempotencyKey": format!("baseline-{metric}-{code}") }),
            )
            .await;
        }
    }
}

#[test]
fn many_series_cost_as_many_statements_as_one() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        set(world).await;
        for (fields, most) in [
            ("points { value { value } }", 1),
            ("points { target }", 5),
            ("rebases { reason } targets { value } spc { __typename }", 5),
            (
                "points { target } trajectory { __typename } forecast { __typename }
              spc { __typename } changeFromBaseline { __typename }",
                7,
            ),
        ] {
            let ask = |organisations: &str, metrics: &str| {
                format!(
                    "{{ metricSeries(input: {{ metrics: [{metrics}], periods: {{ last: 13 }},
                    of: {organisations} }}) {{ {fields} }} }}"
                )
            };
            let one = "{ organisations: [{ odsCode: \"Y90001\" }] }";
            let one = statements(world, &ask(one, "\"survey.adopters\"")).await;
            let every = "{ every: { kind: SITE } }";
            let metrics = "\"survey.adopters\", \"survey.engaged\"";
            let many = statements(world, &ask(every, metrics)).await;
            assert!(one <= most && many == one, "{fields}: {one} for one, {many} for many");
        }
    });
}

#[test]
fn nested_series_and_peers_are_loaded_together() {
    on_postgres(async |world| {
        let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
        world.raw.execute_unprepared(extension).await.expect("PostgreSQL with its contrib");
        set(world).await;
        let nested = |first: i32| {
            format!(
                "{{ sites(first: {first}) {{ nodes {{ metricSeries(metrics: [\"survey.engaged\"],
                periods: {{ last: 3 }}) {{ targets {{ value }} rebases {{ month }} }} }} }} }}"
            )
        };
        let (one, many) =
            (statements(world, &nested(1)).await, statements(world, &nested(20)).await);
        assert_eq!(one, many);
        let compared = |kind: &str| {
            format!(
                "{{ comparison(input: {{ metric: \"survey.engaged\", every: {{ kind: {kind} }},
                period: {{ month: \"2025-11\" }} }}) {{ peers {{ rank }} }} }}"
            )
        };
        assert_eq!(statements(world, &compared("SITE")).await, 1);
    });
}
