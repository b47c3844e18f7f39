//! Returns that are overdue.

use chrono::TimeDelta;
use serde_json::json;

use super::found;
use crate::{
    harness::{now, on_both, people},
    returns::{december, of_hubs, submitted},
};

#[test]
fn an_overdue_return_is_found_until_it_is_submitted() {
    on_both(async |world| {
        let schedule = of_hubs(world, 10).await;
        // It is 15 January: December's was due on the 10th.
        let months = |issues: &[serde_json::Value]| -> Vec<String> {
            let what = |issue: &serde_json::Value| issue["what"].as_str().unwrap().to_owned();
            issues.iter().map(what).collect()
        };
        let issues = found(world, people::YORKSHIRE, "MISSING_RETURN").await;
        assert_eq!(
            months(&issues),
            [
                "\"Hub month\" for 2025-10 was due on 2025-11-10",
                "\"Hub month\" for 2025-11 was due on 2025-12-10",
                "\"Hub month\" for 2025-12 was due on 2026-01-10",
            ]
        );
        assert_eq!(issues[2]["since"], "2026-01-11");
        submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let issues = found(world, people::YORKSHIRE, "MISSING_RETURN").await;
        assert_eq!(issues.len(), 2);
        // The other hub's are its own, and what is not due yet is no issue.
        let others = found(world, people::CHESHIRE, "MISSING_RETURN").await;
        assert_eq!(others.len(), 3);
        assert_ne!(others[0]["organisation"], issues[0]["organisation"]);
        world.app.store.clock().set(now() - TimeDelta::days(10));
        let earlier = found(world, people::CHESHIRE, "MISSING_RETURN").await;
        assert_eq!(earlier.len(), 2, "{:#}", json!(earlier));
    });
}
