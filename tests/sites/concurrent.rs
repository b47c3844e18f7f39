//! Many at once: one effect for one key, one winner for one version.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{on_both, people};

const MANY: usize = 50;

#[test]
fn one_key_sent_many_times_at_once_has_one_effect_and_one_answer() {
    on_both(async |world| {
        let input = json!({
            "idempotencyKey": "at-once", "name": "Once", "openedOn": "2025-06-01",
            "subIcb": { "odsCode": "15F" },
        });
        let before = world.number("SELECT COUNT(*) FROM organisation").await;
        let sent =
            (0..MANY).map(|_| world.command(people::NATIONAL, "registerSite", input.clone()));
        let answers = join_all(sent).await;
        assert_eq!(answers[0]["__typename"], "SiteRegistered");
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(world.number("SELECT COUNT(*) FROM organisation").await, before + 1);
        let keys = "SELECT COUNT(*) FROM idempotency_key WHERE key = 'at-once'";
        assert_eq!(world.number(keys).await, 1);
    });
}

#[test]
fn of_many_edits_of_one_version_one_wins_and_the_others_see_it() {
    on_both(async |world| {
        let site = world.site("Y90001").await;
        let (position, audits) =
            (world.position().await, world.number("SELECT COUNT(*) FROM audit").await);
        let renamed = |number: usize| json!({ "id": site["id"], "expectedVersion": 1, "name": format!("Name {number}") });
        let sent = (0..MANY).map(|n| world.command(people::YORKSHIRE, "renameSite", renamed(n)));
        let answers = join_all(sent).await;
        let mut outcomes: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for answer in &answers {
            outcomes.entry(answer["__typename"].as_str().unwrap()).or_default().push(answer);
        }
        let (won, lost) = (&outcomes["SiteRenamed"], &outcomes["VersionConflict"]);
        assert_eq!((won.len(), lost.len()), (1, MANY - 1));
        let current = json!({
            "id": site["id"], "version": 2, "name": won[0]["site"]["name"],
        });
        assert!(lost.iter().all(|answer| answer["current"] == current), "{lost:#?}");
        assert_eq!(world.position().await, position + 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM audit").await, audits + 1);
    });
}

#[test]
fn edits_of_many_sites_at_once_all_take_their_turn() {
    on_both(async |world| {
        let position = world.position().await;
        let sites = "{ sites(first: 30, filter: { status: [ACTIVE] }) { nodes { id version } } }";
        let data = world.data(people::PUBLIC, sites, json!({})).await;
        let sites = data["sites"]["nodes"].as_array().unwrap();
        let renamed = |site: &Value| json!({ "id": site["id"], "expectedVersion": site["version"], "name": "Renamed" });
        let sent =
            sites.iter().map(|it| world.command(people::NATIONAL, "renameSite", renamed(it)));
        let answers = join_all(sent).await;
        assert!(answers.iter().all(|answer| answer["__typename"] == "SiteRenamed"));
        // Positions in the feed are given without a gap, in the order of commits.
        let since = format!("FROM change WHERE position > {position}");
        let count = world.number(&format!("SELECT COUNT(*) {since}")).await;
        assert_eq!(count, 30);
        assert_eq!(world.position().await, position + 30);
    });
}
