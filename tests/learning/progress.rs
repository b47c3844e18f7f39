//! How far learners have come: by domain, with what remains, and what was said when.

use serde_json::{Value, json};

use super::{cohort, item, record, started};
use crate::harness::{World, on_both, people};

async fn enrolment(world: &World, it: &Value, selection: &str) -> Value {
    let document = format!("query($id: ID!) {{ enrolment(id: $id) {selection} }}");
    world.data(people::YORKSHIRE, &document, json!({ "id": it["id"] })).await["enrolment"].take()
}

#[test]
fn progress_counts_what_applies_and_what_was_achieved_by_domain() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-04-01").await;
        let selection = "{ progress { applicable achieved share
            domains { domain { code } applicable achieved share }
            remaining { competency { code core } state attempt } } }";
        let before = enrolment(world, &it, selection).await["progress"].take();
        let all = before["applicable"].as_i64().unwrap();
        assert_eq!((&before["achieved"], &before["share"]), (&json!(0), &json!(0.0)));
        let care = |progress: &Value| progress["domains"][0].clone();
        let expected = json!({ "domain": { "code": "care" }, "applicable": 5, "achieved": 0,
            "share": 0.0 });
        assert_eq!(care(&before), expected);
        let items = [
            item(&it, "respect-dignity", "IN_PROGRESS", "2025-05-01"),
            item(&it, "respect-dignity", "EVIDENCE_SUBMITTED", "2025-06-01"),
            item(&it, "respect-dignity", "REFERRED_BACK", "2025-06-10"),
            item(&it, "respect-dignity", "EVIDENCE_SUBMITTED", "2025-07-01"),
            item(&it, "respect-dignity", "COMPETENT", "2025-07-10"),
            item(&it, "support-wellbeing", "NOT_APPLICABLE", "2025-05-01"),
            item(&it, "seek-consent", "IN_PROGRESS", "2025-07-01"),
            item(&it, "seek-consent", "EVIDENCE_SUBMITTED", "2025-08-01"),
        ];
        let payload = record(world, people::ASSESSOR, "batch", &items).await;
        assert_eq!(payload["refused"], 0, "{payload:#}");
        let after = enrolment(world, &it, selection).await["progress"].take();
        assert_eq!((&after["applicable"], &after["achieved"]), (&json!(all - 1), &json!(1)));
        let expected = json!({ "domain": { "code": "care" }, "applicable": 4, "achieved": 1,
            "share": 0.25 });
        assert_eq!(care(&after), expected);
        let remaining = after["remaining"].as_array().unwrap();
        assert_eq!(remaining.len() as i64, all - 2);
        let first = json!({ "competency": { "code": "seek-consent", "core": true },
            "state": "EVIDENCE_SUBMITTED", "attempt": 1 });
        assert_eq!(remaining[0], first);
        let core: Vec<_> = remaining.iter().map(|it| it["competency"]["core"] == true).collect();
        assert!(core.is_sorted_by(|one, other| one >= other), "core competencies come first");
        assert!(core.contains(&false));
        let history = "{ assessments(competency: \"respect-dignity\") { revision state attempt
            assessedOn } none: assessments(competency: \"no-such-thing\") { id } }";
        let said = enrolment(world, &it, history).await;
        let line = |row: &Value| format!("{} {} {}", row["revision"], row["state"], row["attempt"]);
        let lines: Vec<String> = said["assessments"].as_array().unwrap().iter().map(line).collect();
        let expected = [
            "1 \"IN_PROGRESS\" 0",
            "2 \"EVIDENCE_SUBMITTED\" 1",
            "3 \"REFERRED_BACK\" 1",
            "4 \"EVIDENCE_SUBMITTED\" 2",
            "5 \"COMPETENT\" 2",
        ];
        assert_eq!(lines, expected);
        assert_eq!(said["none"], json!([]));
    });
}
