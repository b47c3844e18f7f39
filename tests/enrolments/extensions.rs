//! More time: three months at most in all, decided by somebody else than asked.

use serde_json::{Value, json};

use super::{HUBS_OTHER, apply, cohort, done, problems, read, refused, send, started, step};
use crate::harness::{Who, World, on_both, people};

fn request(key: &str, it: &Value, months: i32) -> Value {
    json!({ "idempotencyKey": key, "enrolment": it["id"], "months": months,
        "reason": "MENTOR_UNAVAILABLE" })
}

async fn decide(world: &World, who: Who, it: &Value, number: usize, decision: &str) -> Value {
    let input = read(&it["extensions"][number], json!({ "decision": decision }));
    done(world, who, "decideExtension", input).await
}

#[test]
fn what_is_granted_moves_the_day_on_which_it_is_due() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await).await;
        assert_eq!(it["dueOn"], "2025-12-03");
        let it = done(world, people::PRACTICE, "requestExtension", request("one", &it, 2)).await;
        assert_eq!(it["dueOn"], "2025-12-03", "to ask moves nothing");
        let again = done(world, people::PRACTICE, "requestExtension", request("one", &it, 2)).await;
        assert_eq!(again["extensions"].as_array().unwrap().len(), 1, "the same key asks once");
        let it = decide(world, people::YORKSHIRE, &it, 0, "GRANTED").await;
        assert_eq!(
            (&it["dueOn"], &it["extensions"][0]["decidedBy"]),
            (&json!("2026-02-03"), &json!("hana"))
        );
        let it = done(world, people::YORKSHIRE, "requestExtension", request("two", &it, 1)).await;
        let own = read(&it["extensions"][1], json!({ "decision": "GRANTED" }));
        let code = refused(world, people::YORKSHIRE, "decideExtension", own.clone()).await;
        assert_eq!(code, "FORBIDDEN", "hana asked for it");
        let code = refused(world, people::PRACTICE, "decideExtension", own.clone()).await;
        assert_eq!(code, "FORBIDDEN", "a site asks, and decides nothing");
        let code = refused(world, people::CHESHIRE, "decideExtension", own).await;
        assert_eq!(code, "NOT_FOUND");
        let it = decide(world, HUBS_OTHER, &it, 1, "GRANTED").await;
        assert_eq!(it["dueOn"], "2026-03-03");
        let decided = read(&it["extensions"][1], json!({ "decision": "REFUSED" }));
        let named = problems(world, HUBS_OTHER, "decideExtension", decided).await;
        assert_eq!(named, ["input.id CONTRADICTION"]);
    });
}

#[test]
fn three_months_are_the_most_with_those_that_are_asked_for() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await).await;
        for months in [0, 4, -1] {
            let input = request("wrong", &it, months);
            let named = problems(world, people::PRACTICE, "requestExtension", input).await;
            assert_eq!(named, ["input.months OUT_OF_RANGE"], "{months}");
        }
        let it = done(world, people::PRACTICE, "requestExtension", request("one", &it, 2)).await;
        let much = request("two", &it, 2);
        let named = problems(world, people::PRACTICE, "requestExtension", much.clone()).await;
        assert_eq!(named, ["input.months OUT_OF_RANGE"], "what waits counts");
        let it = decide(world, people::YORKSHIRE, &it, 0, "REFUSED").await;
        assert_eq!(it["dueOn"], "2025-12-03");
        let it = done(world, people::PRACTICE, "requestExtension", much).await;
        let it = decide(world, people::YORKSHIRE, &it, 1, "GRANTED").await;
        let more = request("three", &it, 2);
        let named = problems(world, people::PRACTICE, "requestExtension", more).await;
        assert_eq!(named, ["input.months OUT_OF_RANGE"], "what was granted counts");
    });
}

#[test]
fn only_learning_that_goes_on_takes_more_time() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let early = request("early", &it, 1);
        let named = problems(world, people::PRACTICE, "requestExtension", early).await;
        assert_eq!(named, ["input.enrolment CONTRADICTION"]);
        let it = started(world, "ben", &cohort).await;
        let it = done(world, people::PRACTICE, "requestExtension", request("one", &it, 1)).await;
        let stale = json!({ "id": it["extensions"][0]["id"], "expectedVersion": 9,
            "decision": "GRANTED" });
        let conflict = send(world, people::YORKSHIRE, "decideExtension", stale).await;
        assert_eq!(conflict["__typename"], "EnrolmentConflict");
        let it = step(world, &it, "WITHDRAWN", "2025-06-01").await;
        let late = read(&it["extensions"][0], json!({ "decision": "GRANTED" }));
        let named = problems(world, people::YORKSHIRE, "decideExtension", late).await;
        assert_eq!(named, ["input.id CONTRADICTION"], "it is over");
        let it = decide(world, people::YORKSHIRE, &it, 0, "REFUSED").await;
        assert_eq!(it["extensions"][0]["decision"], "REFUSED");
    });
}
