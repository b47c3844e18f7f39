//! Every transition that the program does not know is refused, and says what can be done.

use super::{
    apply, cohort, command_to, enrolment, framework::assess, mentor, read, refused, send,
    sentences, step, to,
};
use crate::harness::{on_both, on_sqlite, people};
use serde_json::{Value, json};

/// Each state, and what may become of it: as 01-domain has it, told here once more.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("APPLIED", &["OFFERED", "REJECTED", "CANCELLED"]),
    ("OFFERED", &["ACCEPTED", "CANCELLED"]),
    ("ACCEPTED", &["STARTED", "CANCELLED"]),
    ("STARTED", &["PAUSED", "SUBMITTED", "WITHDRAWN"]),
    ("PAUSED", &["STARTED", "WITHDRAWN"]),
    ("SUBMITTED", &["REFERRED", "VERIFIED", "WITHDRAWN"]),
    ("REFERRED", &["SUBMITTED", "WITHDRAWN"]),
    ("VERIFIED", &["COMPLETED", "WITHDRAWN"]),
    ("COMPLETED", &[]),
    ("REJECTED", &[]),
    ("CANCELLED", &[]),
    ("WITHDRAWN", &[]),
];

/// The way to each state.
fn way(state: &str) -> Vec<&str> {
    let all = ["OFFERED", "ACCEPTED", "STARTED", "SUBMITTED", "VERIFIED", "COMPLETED"];
    let until = |last: &str| {
        let at = all.iter().position(|each| *each == last).unwrap();
        all[..=at].to_vec()
    };
    let after = |last: &str, more| [until(last), vec![more]].concat();
    match state {
        "APPLIED" => vec![],
        "REJECTED" => vec!["REJECTED"],
        "CANCELLED" => vec!["OFFERED", "CANCELLED"],
        "PAUSED" => after("STARTED", "PAUSED"),
        "WITHDRAWN" => after("STARTED", "WITHDRAWN"),
        "REFERRED" => after("SUBMITTED", "REFERRED"),
        other => until(other),
    }
}

#[test]
fn whatever_is_not_in_the_table_is_refused_with_what_can_be_done() {
    on_both(async |world| {
        let input = super::cohort_input("many");
        let input = crate::harness::with(&input, json!({ "places": 20 }));
        let cohort = super::done(world, people::YORKSHIRE, "openCohort", input).await;
        for (state, allowed) in ALLOWED {
            let mut it = apply(world, &state.to_lowercase(), &cohort).await;
            it = mentor(world, &it, "2025-03-01").await;
            for each in way(state) {
                if each == "COMPLETED" {
                    for part in [1, 2] {
                        assess(world, &it, part, "COMPETENT").await;
                    }
                }
                it = step(world, &it, each, "2025-03-10").await;
            }
            let next: Vec<&str> = it["next"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["state"].as_str().unwrap())
                .collect();
            assert_eq!(next, allowed, "{state}");
            for (other, _) in ALLOWED {
                if other == "APPLIED" || allowed.contains(&other) {
                    continue;
                }
                let (command, who) = command_to(other);
                let told = sentences(world, who, command, to(&it, other, "2025-03-11")).await;
                let [(problem, sentence)] = &told[..] else { panic!("{told:?}") };
                assert_eq!(problem, "input.to CONTRADICTION", "{state} to {other}");
                assert!(sentence.starts_with(&format!("it is {state}: ")), "{sentence}");
                assert!(allowed.iter().all(|each| sentence.contains(each)), "{sentence}");
            }
        }
    });
}

#[test]
fn dates_never_run_backwards_and_versions_must_be_read() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        for on in ["2025-01-09", "2026-01-16"] {
            let input = to(&it, "OFFERED", on);
            let named = super::problems(world, people::YORKSHIRE, "advanceEnrolment", input).await;
            assert_eq!(named, ["input.on OUT_OF_RANGE"], "{on}");
        }
        let before = it.clone();
        let it = step(world, &it, "OFFERED", "2025-01-10").await;
        let rows = world.rows().await;
        let stale = to(&before, "ACCEPTED", "2025-01-11");
        let conflict = send(world, people::YORKSHIRE, "advanceEnrolment", stale).await;
        assert_eq!(conflict["current"], json!({ "version": it["version"], "state": "OFFERED" }));
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn only_whoever_may_takes_each_step() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let it = mentor(world, &it, "2025-03-01").await;
        for (who, code) in [
            (people::PRACTICE, "FORBIDDEN"),
            (people::PROVIDER, "FORBIDDEN"),
            (people::ASSESSOR, "FORBIDDEN"),
            (people::NATIONAL, "FORBIDDEN"),
            (people::NORTH_EAST, "FORBIDDEN"),
            (people::CHESHIRE, "NOT_FOUND"),
            (people::PUBLIC, "UNAUTHENTICATED"),
        ] {
            for state in ["OFFERED", "REJECTED"] {
                let (command, _) = command_to(state);
                let input = to(&it, state, "2025-01-20");
                assert_eq!(refused(world, who, command, input).await, code, "{command} {who:?}");
            }
        }
        for who in [people::PRACTICE, people::ASSESSOR, people::NATIONAL] {
            let input = to(&it, "VERIFIED", "2025-01-20");
            assert_eq!(refused(world, who, "verifyEnrolment", input).await, "FORBIDDEN");
        }
        let elsewhere = json!({ "to": "VERIFIED" });
        let unknown = api::ids::GlobalId { type_name: "Enrolment", row: 987_654 }.encode();
        let input = crate::harness::with(&read(&it, elsewhere), json!({ "id": unknown }));
        let code = refused(world, people::PROVIDER, "verifyEnrolment", input).await;
        assert_eq!(code, "NOT_FOUND");
    });
}

#[test]
fn what_is_said_on_one_day_is_kept_in_the_order_of_saying() {
    on_sqlite(async |world| {
        let cohort = cohort(world).await;
        let it = apply(world, "amy", &cohort).await;
        let it = mentor(world, &it, "2025-03-01").await;
        let mut it = step(world, &it, "OFFERED", "2025-03-03").await;
        for state in ["ACCEPTED", "STARTED", "PAUSED", "STARTED"] {
            it = step(world, &it, state, "2025-03-03").await;
        }
        let seen = enrolment(world, people::PRACTICE, &it["id"]).await;
        let states: Vec<&Value> =
            seen["events"].as_array().unwrap().iter().map(|event| &event["state"]).collect();
        assert_eq!(states, ["APPLIED", "OFFERED", "ACCEPTED", "STARTED", "PAUSED", "STARTED"]);
    });
}
