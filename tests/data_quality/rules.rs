//! What each rule finds, and what it leaves alone.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{HOURS, STEADY, found, issues, outlier, record};
use crate::harness::{World, now, on_both, people};

#[test]
fn a_figure_beyond_the_limits_of_the_year_before_is_found() {
    on_both(async |world| {
        let issue = outlier(world).await;
        assert_eq!(issue["organisation"]["odsCode"], "Y90001");
        assert_eq!(issue["state"], "OPEN");
        assert_eq!(issue["since"], "2026-01-15");
        assert_eq!(issue["acceptance"], Value::Null);
        // The mean is 127 / 12, and the average moving range 16 / 11.
        let (mean, reach) = (127.0 / 12.0, 2.66 * 16.0 / 11.0);
        let what = issue["what"].as_str().unwrap();
        let limits = format!("beyond {:.2} to {:.2}", mean - reach, mean + reach);
        assert!(what.contains("of 2025-11 is 50") && what.contains(&limits), "{what}");

        // A figure that is put right is gone by itself.
        record(world, people::YORKSHIRE, HOURS, "Y90001", "2025-11", &[11.0]).await;
        assert!(found(world, people::YORKSHIRE, "OUTLIER").await.is_empty());
    });
}

#[test]
fn stocks_short_series_and_limits_of_a_new_process_are_left_alone() {
    on_both(async |world| {
        let eleven = &STEADY[..11];
        record(world, people::NATIONAL, HOURS, "Y90002", "2024-11", eleven).await;
        record(world, people::NATIONAL, HOURS, "Y90002", "2025-10", &[90.0]).await;
        record(world, people::NATIONAL, "survey.in_post", "Y90002", "2024-11", &STEADY).await;
        record(world, people::NATIONAL, "survey.in_post", "Y90002", "2025-11", &[90.0]).await;
        assert!(found(world, people::NATIONAL, "OUTLIER").await.is_empty());

        outlier(world).await;
        let rebase = json!({ "input": {
            "idempotencyKey": "r", "metric": HOURS, "organisation": { "odsCode": "Y90001" },
            "month": "2025-11", "reason": "a second assistant began",
        } });
        let document = "mutation($input: RebaseSeriesInput!) { rebaseSeries(input: $input) {
            __typename } }";
        let done = world.data(people::YORKSHIRE, document, rebase).await;
        assert_eq!(done["rebaseSeries"]["__typename"], "SeriesRebased");
        assert!(found(world, people::NATIONAL, "OUTLIER").await.is_empty());
    });
}

#[test]
fn figures_that_nobody_settled_are_one_issue_for_a_series() {
    on_both(async |world| {
        record(world, people::YORKSHIRE, HOURS, "Y90001", "2025-10", &[1.0, 2.0]).await;
        assert!(found(world, people::YORKSHIRE, "STALE_PROVISIONAL").await.is_empty());
        world.app.store.clock().set(now() + TimeDelta::days(91));
        // Signed for the day on which they are used.
        let stale = |world| stale(world);
        let issues = stale(world).await;
        assert_eq!(issues.len(), 1, "{issues:#?}");
        let what = &issues[0].what;
        assert!(what.contains("2 figures") && what.contains("2025-10 to 2025-11"), "{what}");
        assert_eq!(issues[0].since.to_string(), "2026-04-15");
    });
}

/// As the programme's own program sees it: tokens of the harness end long before.
async fn stale(world: &World) -> Vec<api::domain::data_quality::Issue> {
    use api::domain::{
        data_quality::{Rule, list},
        page::PageRequest,
    };
    let viewer = api::app::operator(&world.app.store);
    let rules = Some(vec![Rule::StaleProvisional]);
    let filter = list::IssueFilter { rules, ..list::IssueFilter::default() };
    let page = list::list(&viewer, &filter, &PageRequest::default()).await.unwrap();
    page.items.into_iter().map(|(_, issue)| issue).collect()
}

#[test]
fn a_practice_that_belongs_nowhere_is_found_until_it_does() {
    on_both(async |world| {
        let before = found(world, people::NATIONAL, "SITE_WITHOUT_PLACEMENT").await;
        let hub = json!({ "slug": "cheshire-and-merseyside" });
        let cover = async |icbs: Value| {
            let id = world.organisation(hub.clone()).await;
            let input = json!({ "id": id["id"], "expectedVersion": id["version"], "icbs": icbs,
                "from": "2026-01-01" });
            let done = world.command(people::NATIONAL, "setCoverage", input).await;
            assert_eq!(done["__typename"], "CoverageSet", "{done:#}");
        };
        cover(json!([])).await;
        let north_west = found(world, people::NORTH_WEST, "SITE_WITHOUT_PLACEMENT").await;
        let codes: Vec<&Value> =
            north_west.iter().map(|issue| &issue["organisation"]["odsCode"]).collect();
        assert!(codes.contains(&&json!("Y90004")), "{north_west:#?}");
        // The exception is trained by another hub, whatever covers its ICB.
        assert!(!codes.contains(&&json!("Y90005")));
        let issue = north_west.iter().find(|each| each["organisation"]["odsCode"] == "Y90004");
        assert_eq!(issue.unwrap()["what"], "an active practice that has no training hub");
        assert_eq!(issue.unwrap()["since"], "2026-01-01");
        for who in [people::YORKSHIRE, people::CHESHIRE, people::NORTH_EAST] {
            assert!(found(world, who, "SITE_WITHOUT_PLACEMENT").await.is_empty(), "{who:?}");
        }
        cover(json!([{ "odsCode": "QYG" }])).await;
        assert_eq!(found(world, people::NATIONAL, "SITE_WITHOUT_PLACEMENT").await, before);
    });
}

#[test]
fn a_disputed_succession_is_an_issue_of_whoever_was_followed() {
    on_both(async |world| {
        let (old, new) = (world.site("Y90003").await, world.site("Y90001").await);
        let input = json!({
            "idempotencyKey": "merger", "predecessor": old["id"], "successor": new["id"],
            "occurredOn": "2025-12-01", "kind": "MERGER", "confidence": "DISPUTED",
        });
        world.command(people::NATIONAL, "recordSuccession", input).await;
        let seen = found(world, people::NORTH_EAST, "DISPUTED_SUCCESSION").await;
        let seen: Vec<&Value> = seen.iter().map(|each| &each["organisation"]["odsCode"]).collect();
        let all = found(world, people::NATIONAL, "DISPUTED_SUCCESSION").await;
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!(all[0]["organisation"]["odsCode"], "Y90003");
        let what = "it is disputed that Moor View Surgery followed it on 2025-12-01";
        assert_eq!(all[0]["what"], what);
        // A site that has closed sits nowhere, and so is within nobody's reach but theirs.
        assert!(seen.is_empty(), "{seen:?}");
        assert!(found(world, people::NORTH_WEST, "DISPUTED_SUCCESSION").await.is_empty());
    });
}

#[test]
fn nobody_sees_issues_beyond_their_reach() {
    on_both(async |world| {
        outlier(world).await;
        record(world, people::CHESHIRE, HOURS, "Y90004", "2024-11", &STEADY).await;
        record(world, people::CHESHIRE, HOURS, "Y90004", "2025-11", &[70.0]).await;
        for (who, codes) in [
            (people::NATIONAL, vec!["Y90001", "Y90004"]),
            (people::ANALYST, vec!["Y90001", "Y90004"]),
            (people::NORTH_EAST, vec!["Y90001"]),
            (people::YORKSHIRE, vec!["Y90001"]),
            (people::PRACTICE, vec!["Y90001"]),
            (people::CHESHIRE, vec!["Y90004"]),
            (people::BOARD, vec![]),
            (people::PORTAL, vec![]),
        ] {
            let seen = found(world, who, "OUTLIER").await;
            let seen: Vec<&str> =
                seen.iter().map(|each| each["organisation"]["odsCode"].as_str().unwrap()).collect();
            assert_eq!(seen, codes, "{who:?}");
        }
        let of = json!({ "organisation": { "odsCode": "Y90004" } });
        assert!(issues(world, people::YORKSHIRE, of.clone()).await.is_empty());
        assert_eq!(issues(world, people::NATIONAL, of).await.len(), 1);
        let within = json!({ "rules": ["OUTLIER"], "within": { "odsCode": "Y62" } });
        assert_eq!(issues(world, people::NATIONAL, within).await.len(), 1);
        let answer = world.ask(people::PUBLIC, super::LIST, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    });
}
