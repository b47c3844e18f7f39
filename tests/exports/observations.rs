//! Single observations: those that the API lists for the same person, and no others.

use serde_json::{Value, json};

use super::{begin, column, file, record, record_both, rows, whole};
use crate::harness::{Who, World, on_both, people};

/// Metric, organisation, month, revision and value, as the API lists them.
async fn listed(world: &World, who: Who, filter: Value) -> Vec<String> {
    let document = "query($filter: ObservationFilter) { observations(filter: $filter, first: 500) {
        nodes { metric { code } organisation { ... on Site { odsCode } } month revision value } } }";
    let data = world.data(who, document, json!({ "filter": filter })).await;
    let nodes = data["observations"]["nodes"].as_array().unwrap().clone();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |node: &Value| {
        format!(
            "{} {} {} {} {}",
            word(&node["metric"]["code"]),
            word(&node["organisation"]["odsCode"]),
            word(&node["month"]),
            node["revision"],
            node["value"].as_f64().unwrap()
        )
    };
    nodes.iter().map(line).collect()
}

fn lines(rows: &[Value]) -> Vec<String> {
    let columns = ["metric", "organisation_code", "period", "revision", "value"];
    let line = |row: &Value| columns.map(|name| row[name].as_str().unwrap().to_owned()).join(" ");
    rows.iter().map(line).collect()
}

#[test]
fn everybody_gets_the_rows_that_the_api_lists_for_them() {
    on_both(async |world| {
        record_both(world).await;
        record(world, &[("survey.started", "Y90001", "2025-10", 4.0)]).await;
        let mut counts = Vec::new();
        for who in [people::PUBLIC, people::PRACTICE, people::YORKSHIRE, people::NATIONAL] {
            let found = rows(&file(world, who, "observations.csv", &[]).await);
            assert_eq!(lines(&found), listed(world, who, json!({})).await, "{who:?}");
            counts.push(found.len());
        }
        // The public sees hours alone; Yorkshire's team its own sites' starts beside them.
        assert_eq!(counts, [2, 4, 7, 11]);

        let every = [("revisions", "true"), ("metrics", "survey.started"), ("within", "QWO")];
        let found = rows(&file(world, people::NATIONAL, "observations.csv", &every).await);
        let filter = json!({ "revisions": true, "metrics": ["survey.started"],
            "within": { "odsCode": "QWO" } });
        assert_eq!(lines(&found), listed(world, people::NATIONAL, filter).await);
        assert!(lines(&found).contains(&"survey.started Y90001 2025-10 1 3".to_owned()));
        assert!(lines(&found).contains(&"survey.started Y90001 2025-10 2 4".to_owned()));

        let some = [
            ("firstMonth", "2025-11"),
            ("lastMonth", "2025-11"),
            ("organisation", "Y90004"),
            ("recordedSince", "2026-01-15T09:00:00Z"),
        ];
        let found = rows(&file(world, people::NATIONAL, "observations.csv", &some).await);
        assert_eq!(column(&found, "to"), ["2025-11-30", "2025-11-30"]);
        assert_eq!(column(&found, "recorded_at"), ["2026-01-15T09:00:00Z"; 2]);
        let late = [("recordedSince", "2026-01-15T09:00:01Z")];
        assert!(file(world, people::NATIONAL, "observations.jsonl", &late).await.is_empty());
    });
}

/// Rows enough for several pages, put in by hand, and an older revision among them.
async fn many(world: &World) {
    use sea_orm::ConnectionTrait;
    record(world, &[("impact.gp_hours_released", "Y90001", "2025-10", 1.0)]).await;
    let insert = "INSERT INTO observation (id, series_id, version_id, organisation_id, month,
            revision, state, value, status, source, recorded_at, audit_id)
        SELECT 1000000 + years.year * 100000 + months.month * 1000
                + ROW_NUMBER() OVER (PARTITION BY years.year, months.month ORDER BY site.id),
            series_id, version_id, site.id, years.year * 100 + months.month, 1, 'VALUE', 5000000,
            'PROVISIONAL', 'RECORDED', recorded_at, audit_id
        FROM observation CROSS JOIN (SELECT id FROM organisation WHERE kind = 'SITE') AS site
            CROSS JOIN (SELECT 2023 AS year UNION SELECT 2024) AS years
            CROSS JOIN (SELECT 1 AS month UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9
                UNION SELECT 10 UNION SELECT 11 UNION SELECT 12) AS months
        WHERE month_of(observation) = 202510";
    let insert = insert.replace("month_of(observation)", "observation.month");
    world.raw.execute_unprepared(&insert).await.unwrap();
    // What follows has higher ids, as it always has.
    world.raw.execute_unprepared("UPDATE row_id SET next = 2000000000").await.unwrap();
}

#[test]
fn what_is_recorded_meanwhile_neither_joins_nor_takes_away() {
    on_both(async |world| {
        many(world).await;
        let count = world.number("SELECT COUNT(*) FROM observation").await;
        assert!(count > 4_000, "{count}");
        let begun = begin(world, people::NATIONAL, "observations.csv", &[]).await;
        // The last rows of the file, and one that was not there.
        let last = "SELECT code FROM organisation_code JOIN observation
            ON observation.organisation_id = organisation_code.organisation_id
            WHERE scheme = 'ODS' ORDER BY observation.id DESC LIMIT 1";
        let last = world.text(last).await;
        let hours = "impact.gp_hours_released";
        world.app.store.refresh().await.unwrap();
        record(world, &[(hours, last.as_str(), "2024-12", 6.0), (hours, "Y90002", "2025-11", 7.0)])
            .await;
        let found = rows(&whole(begun).await.unwrap());
        assert_eq!(found.len() as i64, count);
        let values = column(&found, "value");
        assert!(!values.contains(&"6") && !values.contains(&"7"));

        let again = rows(&file(world, people::NATIONAL, "observations.csv", &[]).await);
        assert_eq!(again.len() as i64, count + 1);
        assert!(column(&again, "value").contains(&"6"));
        let every = [("revisions", "true")];
        let every = rows(&file(world, people::NATIONAL, "observations.csv", &every).await);
        assert_eq!(every.len() as i64, count + 2);
    });
}
