//! What is not done to a return, by whom, and why.

use serde_json::json;

use super::{
    HUBS_OTHER, december, findings, of_hubs, of_sites, problems, read, refused, send, submitted,
};
use crate::harness::{on_both, people, with};

#[test]
fn who_submits_never_approves() {
    on_both(async |world| {
        let schedule = of_sites(world).await;
        let nil = json!({
            "schedule": schedule, "organisation": { "odsCode": "Y90001" }, "month": "2025-12",
            "expectedVersion": 0, "nil": true,
        });
        let it = submitted(world, people::YORKSHIRE, nil.clone()).await;
        let refusal = refused(world, people::YORKSHIRE, "approveReturn", read(&it)).await;
        assert_eq!(refusal, "FORBIDDEN", "hana submitted it");
        let refusal = refused(world, people::PRACTICE, "approveReturn", read(&it)).await;
        assert_eq!(refusal, "FORBIDDEN", "a site's team only submits");
        let done = send(world, HUBS_OTHER, "approveReturn", read(&it)).await;
        assert_eq!(done["return"]["state"], "APPROVED");

        let november = with(&nil, json!({ "month": "2025-11" }));
        let it = submitted(world, people::NATIONAL, november).await;
        let refusal = refused(world, people::NATIONAL, "approveReturn", read(&it)).await;
        assert_eq!(refusal, "FORBIDDEN", "nor does the programme's own team");
    });
}

#[test]
fn nobody_decides_about_what_their_own_organisation_owes() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let it = submitted(world, people::YORKSHIRE, december(&schedule)).await;
        for (who, code) in [
            (HUBS_OTHER, "FORBIDDEN"),
            (people::PRACTICE, "FORBIDDEN"),
            (people::CHESHIRE, "NOT_FOUND"),
            (people::NORTH_WEST, "NOT_FOUND"),
            (people::ANALYST, "FORBIDDEN"),
            (people::PUBLIC, "UNAUTHENTICATED"),
        ] {
            for command in ["approveReturn", "sendReturnBack"] {
                let mut input = read(&it);
                if command == "sendReturnBack" {
                    input["reason"] = json!("No.");
                }
                assert_eq!(refused(world, who, command, input).await, code, "{command} {who:?}");
            }
        }
        for (who, code) in [(people::YORKSHIRE, "FORBIDDEN"), (people::NORTH_WEST, "NOT_FOUND")] {
            assert_eq!(refused(world, who, "lockReturn", read(&it)).await, code);
        }
    });
}

#[test]
fn each_step_follows_from_the_one_before() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let saved = send(world, people::YORKSHIRE, "saveReturnDraft", december(&schedule)).await;
        let draft = &saved["return"];
        let back = |it| with(&read(it), json!({ "reason": "Please look again." }));
        let restated = |it| {
            let values = json!([{ "metric": "survey.places", "value": 1 }]);
            with(&read(it), json!({ "values": values, "note": "It was wrong." }))
        };
        let named =
            async |command: &str, input| problems(world, people::NORTH_EAST, command, input).await;
        let state = ["input.id CONTRADICTION"];
        assert_eq!(named("approveReturn", read(draft)).await, state);
        assert_eq!(named("sendReturnBack", back(draft)).await, state);
        assert_eq!(named("lockReturn", read(draft)).await, state);
        assert_eq!(named("restateReturn", restated(draft)).await, state);

        let done = send(world, people::YORKSHIRE, "submitReturn", read(draft)).await;
        let it = &done["return"];
        let again = problems(world, people::YORKSHIRE, "submitReturn", read(it)).await;
        assert_eq!(again, state);
        let later = with(&december(&schedule), json!({ "expectedVersion": 2 }));
        let named_draft = problems(world, people::YORKSHIRE, "saveReturnDraft", later).await;
        assert_eq!(named_draft, state, "what was submitted is not filled in");
        assert_eq!(named("lockReturn", read(it)).await, state);
        let empty = with(&read(it), json!({ "reason": "  " }));
        assert_eq!(named("sendReturnBack", empty).await, ["input.reason REQUIRED"]);

        let done = send(world, people::NORTH_EAST, "approveReturn", read(it)).await;
        let it = &done["return"];
        assert_eq!(named("sendReturnBack", back(it)).await, state);
        assert_eq!(named("restateReturn", restated(it)).await, state);
        let stale = with(&read(it), json!({ "expectedVersion": 1 }));
        let conflict = send(world, people::NORTH_EAST, "lockReturn", stale).await;
        assert_eq!(
            conflict["current"],
            json!({ "id": it["id"], "version": it["version"], "state": "APPROVED" })
        );
    });
}

#[test]
fn every_mistake_in_a_draft_is_named_with_its_place() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let one = |metric: &str, value: f64| json!({ "metric": metric, "value": value });
        for (changes, problem) in [
            (json!({ "month": "2026-01" }), "input.month OUT_OF_RANGE"),
            (json!({ "month": "2025-09" }), "input.organisation NOT_FOUND"),
            (json!({ "organisation": { "odsCode": "Y90001" } }), "input.organisation NOT_FOUND"),
            (json!({ "nil": true }), "input.values CONTRADICTION"),
            (json!({ "values": [one("gpa.fte", 1.0)] }), "input.values NOT_FOUND"),
            (
                json!({ "values": [one("survey.places", 1.0), one("survey.places", 2.0)] }),
                "input.values ALREADY_EXISTS",
            ),
            (json!({ "values": [one("survey.places", 0.000_000_1)] }), "input.values MALFORMED"),
            (
                json!({ "values": [with(&one("survey.places", 1.0), json!({ "answer": "NIL" }))] }),
                "input.values CONTRADICTION",
            ),
        ] {
            let wrong = with(&december(&schedule), changes);
            let named = problems(world, people::YORKSHIRE, "saveReturnDraft", wrong).await;
            assert_eq!(named, [problem]);
        }
        let theirs = json!({ "organisation": { "slug": "cheshire-and-merseyside" } });
        let theirs = with(&december(&schedule), theirs);
        for input in
            [theirs, with(&december(&schedule), json!({ "organisation": { "slug": "nowhere" } }))]
        {
            let refusal = refused(world, people::YORKSHIRE, "saveReturnDraft", input).await;
            assert_eq!(refusal, "NOT_FOUND", "another hub's returns are not there for them");
        }
        let refusal =
            refused(world, people::NORTH_EAST, "saveReturnDraft", december(&schedule)).await;
        assert_eq!(refusal, "FORBIDDEN", "a region's team decides, and fills in nothing");
        let unknown = with(&december(&schedule), json!({ "expectedVersion": 3 }));
        let conflict = send(world, people::YORKSHIRE, "saveReturnDraft", unknown).await;
        assert_eq!(conflict["__typename"], "ReturnConflict");
    });
}

#[test]
fn warnings_hold_it_up_until_somebody_explains_them() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let mut much = december(&schedule);
        much["values"][0]["value"] = json!(501);
        let saved = send(world, people::YORKSHIRE, "saveReturnDraft", much.clone()).await;
        assert_eq!(findings(&saved), ["!survey.places RANGE value"]);
        let held = send(world, people::YORKSHIRE, "submitReturn", read(&saved["return"])).await;
        assert_eq!(held["__typename"], "ReturnNotReady");
        much["values"][0]["explanation"] = json!("Two intakes began in December.");
        much["expectedVersion"] = json!(1);
        let saved = send(world, people::YORKSHIRE, "saveReturnDraft", much).await;
        assert_eq!(findings(&saved), ["survey.places RANGE value"]);
        let done = send(world, people::YORKSHIRE, "submitReturn", read(&saved["return"])).await;
        assert_eq!(done["__typename"], "ReturnSubmitted", "{done:#}");
        let note = "SELECT note FROM observation WHERE value = 501000000";
        assert_eq!(world.text(note).await, "Two intakes began in December.");
    });
}
