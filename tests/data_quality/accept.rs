//! `acceptDataQualityIssue`: once, with a reason, and for that very issue.

use serde_json::json;

use super::{HOURS, accept, found, issues, outlier, record};
use crate::harness::{on_both, people};

const REASON: &str = "two assistants worked that month";

#[test]
fn an_acceptance_holds_for_the_figure_that_was_looked_at() {
    on_both(async |world| {
        let issue = outlier(world).await;
        let position = world.position().await;
        let done = accept(world, people::YORKSHIRE, &issue["key"], REASON, "one").await;
        let acceptance = json!({ "reason": REASON, "role": "HUB_TEAM",
            "at": "2026-01-15T09:00:00+00:00" });
        assert_eq!(
            done,
            json!({ "__typename": "DataQualityIssueAccepted",
                "issue": { "key": issue["key"], "state": "ACCEPTED", "acceptance": acceptance } })
        );
        let said = world.said_since(position).await;
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].starts_with("hana ACCEPT_DATA_QUALITY_ISSUE: DATA_QUALITY_ISSUE_ACCEPTED"));

        // Sent again it is the same, and with a new key it is there already.
        let rows = world.rows().await;
        assert_eq!(accept(world, people::YORKSHIRE, &issue["key"], REASON, "one").await, done);
        let twice = accept(world, people::YORKSHIRE, &issue["key"], REASON, "two").await;
        assert_eq!(twice["problems"], json!([{ "path": "input.key", "code": "ALREADY_EXISTS" }]));
        let other = accept(world, people::YORKSHIRE, &issue["key"], "another reason", "one").await;
        assert_eq!(other["__typename"], "IdempotencyConflict");
        assert_eq!(world.rows().await, rows);

        let open = json!({ "rules": ["OUTLIER"], "state": "OPEN" });
        let accepted = json!({ "rules": ["OUTLIER"], "state": "ACCEPTED" });
        assert!(issues(world, people::YORKSHIRE, open.clone()).await.is_empty());
        let all = issues(world, people::YORKSHIRE, accepted.clone()).await;
        assert_eq!(all[0]["acceptance"], acceptance);

        // Another figure of the same month asks again.
        record(world, people::YORKSHIRE, HOURS, "Y90001", "2025-11", &[60.0]).await;
        let again = issues(world, people::YORKSHIRE, open).await;
        assert_eq!(again.len(), 1);
        assert_ne!(again[0]["key"], issue["key"]);
        assert!(issues(world, people::YORKSHIRE, accepted).await.is_empty());
        let gone = accept(world, people::YORKSHIRE, &issue["key"], REASON, "one").await;
        assert_eq!(gone, json!({ "__typename": "DataQualityIssueAccepted", "issue": null }));
        let gone = accept(world, people::YORKSHIRE, &issue["key"], REASON, "three").await;
        assert_eq!(gone, "NOT_FOUND");
    });
}

#[test]
fn only_who_oversees_the_organisation_accepts() {
    on_both(async |world| {
        let issue = outlier(world).await;
        let rows = world.rows().await;
        for (who, code) in [
            (people::PUBLIC, "UNAUTHENTICATED"),
            (people::ANALYST, "FORBIDDEN"),
            (people::PRACTICE, "FORBIDDEN"),
            (people::BOARD, "FORBIDDEN"),
            (people::CHESHIRE, "NOT_FOUND"),
            (people::NORTH_WEST, "NOT_FOUND"),
        ] {
            let refused = accept(world, who, &issue["key"], REASON, "one").await;
            assert_eq!(refused, code, "{who:?}");
        }
        for key in ["", "OUTLIER", "OUTLIER:0:1", "OUTLIER:x:1", "a:b:c:d"] {
            let refused = accept(world, people::NATIONAL, &json!(key), REASON, "one").await;
            assert_eq!(refused, "NOT_FOUND", "{key}");
        }
        let short = accept(world, people::NATIONAL, &issue["key"], " ok ", "one").await;
        assert_eq!(short["problems"], json!([{ "path": "input.reason", "code": "REQUIRED" }]));
        assert_eq!(world.rows().await, rows);
        assert_eq!(found(world, people::NATIONAL, "OUTLIER").await, std::slice::from_ref(&issue));
        let done = accept(world, people::NORTH_EAST, &issue["key"], REASON, "one").await;
        assert_eq!(done["issue"]["acceptance"]["role"], "REGION_TEAM");
    });
}
