//! A hub's way from opening a cohort to a completed enrolment.

use serde_json::json;

use super::{
    apply, cohort, done, enrolment,
    framework::{assess, core},
    mentor, sentences, step, to,
};
use crate::harness::{on_both, on_the_same, people};

#[test]
fn a_learner_goes_from_the_application_to_the_end() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        assert_eq!(cohort["endsOn"], "2025-12-01", "9 months later");
        assert_eq!((&cohort["placesTaken"], &cohort["placesLeft"]), (&json!(0), &json!(2)));
        let position = world.position().await;
        let it = apply(world, "amy", &cohort).await;
        assert_eq!((&it["state"], &it["version"]), (&json!("APPLIED"), &json!(1)));
        let reference = it["learner"]["reference"].as_str().unwrap().to_owned();
        assert_eq!(
            world.said_since(position).await,
            [
                format!(
                    "sam APPLY_FOR_ENROLMENT: LEARNER_REGISTERED - > {reference} from 2026-01-15"
                ),
                "sam APPLY_FOR_ENROLMENT: ENROLMENT_APPLIED - > APPLIED from 2025-01-10".to_owned(),
                // The network that the site is in comes to see the cohort.
                "sam APPLY_FOR_ENROLMENT: REACH_CHANGED - > - from -".to_owned(),
            ]
        );
        let it = step(world, &it, "OFFERED", "2025-01-20").await;
        let it = step(world, &it, "ACCEPTED", "2025-02-01").await;
        assert_eq!(it["dueOn"], json!(null));
        let follows = json!({ "version": "1.0.0" });
        assert_eq!((&cohort["framework"], &it["framework"]), (&follows, &follows));
        assert_eq!(
            it["next"],
            json!([
                { "state": "STARTED", "action": "ADVANCE_ENROLMENT",
                    "requires": ["COHORT_DATES", "GP_MENTOR"] },
                { "state": "CANCELLED", "action": "ADVANCE_ENROLMENT", "requires": ["REASON"] },
            ])
        );
        let it = mentor(world, &it, "2025-03-01").await;
        let it = step(world, &it, "STARTED", "2025-03-03").await;
        assert_eq!(it["dueOn"], "2025-12-03");
        let it = step(world, &it, "PAUSED", "2025-05-01").await;
        let it = step(world, &it, "STARTED", "2025-06-01").await;
        assert_eq!((&it["dueOn"], &it["startedOn"]), (&json!("2025-12-03"), &json!("2025-03-03")));
        let it = step(world, &it, "SUBMITTED", "2025-11-03").await;
        let it = step(world, &it, "REFERRED", "2025-11-10").await;
        let it = step(world, &it, "SUBMITTED", "2025-11-20").await;
        let it = step(world, &it, "VERIFIED", "2025-11-25").await;
        let it = step_completed(world, &it).await;
        assert_eq!(it["events"].as_array().unwrap().len(), 11);
        assert_eq!(it["next"], json!([]));
        let fresh = on_the_same(world).await;
        assert_eq!(enrolment(&fresh, people::YORKSHIRE, &it["id"]).await, it);
        fresh.leave().await;
    });
}

/// Completing names each core competency that is missing, and leaves out those that are
/// not core.
async fn step_completed(
    world: &crate::harness::World,
    it: &serde_json::Value,
) -> serde_json::Value {
    let input = to(it, "COMPLETED", "2025-12-01");
    let missing = sentences(world, people::PROVIDER, "verifyEnrolment", input.clone()).await;
    let problem = "input.to CONTRADICTION";
    let expected: Vec<(String, String)> = core(world)
        .await
        .iter()
        .map(|(code, title)| (problem.to_owned(), format!("{code} ({title}) is not COMPETENT yet")))
        .collect();
    assert_eq!(missing, expected);
    assess(world, it, 1, "COMPETENT").await;
    assess(world, it, 2, "REFERRED_BACK").await;
    let missing = sentences(world, people::PROVIDER, "verifyEnrolment", input.clone()).await;
    assert_eq!(missing, expected[expected.len() - 1..], "to be referred back is not to be through");
    assess(world, it, 2, "COMPETENT").await;
    done(world, people::PROVIDER, "verifyEnrolment", input).await
}

#[test]
fn a_start_takes_a_mentor_and_a_day_of_the_cohort() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "ben", &cohort).await;
        let it = step(world, &it, "OFFERED", "2025-01-20").await;
        let it = step(world, &it, "ACCEPTED", "2025-02-01").await;
        for (on, expected) in [
            ("2025-03-03", vec!["input.to CONTRADICTION"]),
            ("2025-02-28", vec!["input.on OUT_OF_RANGE", "input.to CONTRADICTION"]),
        ] {
            let input = to(&it, "STARTED", on);
            let named = super::problems(world, people::YORKSHIRE, "advanceEnrolment", input).await;
            assert_eq!(named, expected, "{on}");
        }
        let it = mentor(world, &it, "2025-03-10").await;
        for (on, expected) in [
            ("2025-03-09", "input.to CONTRADICTION"),
            ("2025-12-01", "input.on OUT_OF_RANGE"),
            ("2025-01-31", "input.on OUT_OF_RANGE"),
            ("2026-01-16", "input.on OUT_OF_RANGE"),
        ] {
            let input = to(&it, "STARTED", on);
            let named = super::problems(world, people::YORKSHIRE, "advanceEnrolment", input).await;
            assert!(named.contains(&expected.to_owned()), "{on}: {named:?}");
        }
        let it = step(world, &it, "STARTED", "2025-03-10").await;
        let mentor = &it["mentors"][0];
        let end =
            |to: &str| json!({ "id": mentor["id"], "expectedVersion": it["version"], "to": to });
        let mut early = vec![];
        for day in ["2025-03-10", "2025-03-09"] {
            let command = "endMentorAssignment";
            early.extend(super::problems(world, people::YORKSHIRE, command, end(day)).await);
        }
        assert_eq!(early, ["input.to OUT_OF_RANGE", "input.to OUT_OF_RANGE"]);
        let it = done(world, people::YORKSHIRE, "endMentorAssignment", end("2025-03-11")).await;
        assert_eq!(it["mentors"][0]["to"], "2025-03-11");
        let it = step(world, &it, "PAUSED", "2025-04-01").await;
        let input = to(&it, "STARTED", "2025-04-10");
        let named = super::problems(world, people::YORKSHIRE, "advanceEnrolment", input).await;
        assert_eq!(named, ["input.to CONTRADICTION"], "a resumption takes a mentor too");
    });
}

#[test]
fn learners_of_a_rolling_cohort_start_on_the_first_of_a_month() {
    on_both(async |world| {
        let rolling = json!({ "kind": "ROLLING", "endsOn": "2026-03-01" });
        let input = super::cohort_input("rolling");
        let input = crate::harness::with(&input, rolling);
        let wrong = crate::harness::with(&input, json!({ "startsOn": "2025-03-02" }));
        let named = super::problems(world, people::YORKSHIRE, "openCohort", wrong).await;
        assert_eq!(named, ["input.startsOn OUT_OF_RANGE"]);
        let cohort = done(world, people::YORKSHIRE, "openCohort", input).await;
        let it = apply(world, "cay", &cohort).await;
        let it = step(world, &it, "OFFERED", "2025-01-20").await;
        let it = step(world, &it, "ACCEPTED", "2025-02-01").await;
        let it = mentor(world, &it, "2025-03-01").await;
        let wrong = to(&it, "STARTED", "2025-03-03");
        let named = super::problems(world, people::YORKSHIRE, "advanceEnrolment", wrong).await;
        assert_eq!(named, ["input.on OUT_OF_RANGE"]);
        let it = step(world, &it, "STARTED", "2025-06-01").await;
        assert_eq!(it["dueOn"], "2026-03-01");
    });
}
