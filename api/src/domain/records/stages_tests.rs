//! Stages as 01-domain has them: each rule, and the days on which it begins to hold.

use chrono::NaiveDate;
use entity::stage_record::RecordedStage;

use super::{Cause, Facts, Held, Stage, stage_at, stages};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn held(id: i64, from: &str, to: Option<&str>) -> Held {
    let from = day(from);
    Held { id, from, to: to.map(day), since: from, carried: false, completed_on: None }
}

fn said(facts: &Facts) -> Vec<(String, Stage, Cause)> {
    stages(facts).iter().map(|it| (it.on.to_string(), it.stage, it.cause)).collect()
}

#[test]
fn a_site_goes_from_interest_to_a_lasting_post_by_its_facts_alone() {
    let training =
        Held { completed_on: Some(day("2024-11-01")), ..held(7, "2024-02-01", Some("2024-11-01")) };
    let facts = Facts {
        recorded: vec![
            (day("2023-10-05"), 1, RecordedStage::Interested),
            (day("2023-12-01"), 2, RecordedStage::Preparing),
        ],
        training: vec![training],
        posts: vec![held(9, "2024-06-10", None)],
    };
    let expected = [
        ("2023-10-05", Stage::Interested, Cause::Recorded(1)),
        ("2023-12-01", Stage::Preparing, Cause::Recorded(2)),
        ("2024-02-01", Stage::Training, Cause::Enrolment(7)),
        ("2024-06-10", Stage::InPost, Cause::Post(9)),
        // In post for 3 months since September, and somebody completed.
        ("2024-11-01", Stage::Embedded, Cause::Enrolment(7)),
        ("2025-06-10", Stage::Sustained, Cause::Time),
    ];
    assert_eq!(said(&facts), expected.map(|(on, stage, cause)| (on.to_owned(), stage, cause)));
    assert_eq!(stage_at(&stages(&facts), day("2024-06-09")), Stage::Training);
    assert_eq!(stage_at(&stages(&facts), day("2023-10-04")), Stage::NotEngaged);
}

#[test]
fn without_a_completion_a_post_is_not_embedded_but_lasts_all_the_same() {
    let facts = Facts { posts: vec![held(1, "2024-01-31", None)], ..Facts::default() };
    let stages: Vec<_> = said(&facts).into_iter().map(|(on, stage, _)| (on, stage)).collect();
    let expected = [("2024-01-31", Stage::InPost), ("2025-01-31", Stage::Sustained)];
    assert_eq!(stages, expected.map(|(on, stage)| (on.to_owned(), stage)));
}

#[test]
fn a_gap_of_60_days_keeps_the_months_and_one_of_61_begins_anew() {
    for (again, at, stage) in [
        ("2024-08-30", "2025-01-01", Stage::Sustained),
        ("2024-08-31", "2025-01-01", Stage::InPost),
        ("2024-08-31", "2025-08-31", Stage::Sustained),
    ] {
        let posts = vec![held(1, "2024-01-01", Some("2024-07-01")), held(2, again, None)];
        let changes = stages(&Facts { posts, ..Facts::default() });
        assert_eq!(stage_at(&changes, day("2024-07-01")), Stage::Lapsed);
        assert_eq!(stage_at(&changes, day(at)), stage, "again on {again}");
    }
}

#[test]
fn whoever_withdraws_last_leaves_the_site_lapsed_and_whoever_completes_has_a_while() {
    let withdrawn =
        Facts { training: vec![held(1, "2024-01-10", Some("2024-03-01"))], ..Facts::default() };
    assert_eq!(stage_at(&stages(&withdrawn), day("2024-03-01")), Stage::Lapsed);
    let done =
        Held { completed_on: Some(day("2024-10-01")), ..held(1, "2024-01-10", Some("2024-10-01")) };
    let completed = stages(&Facts { training: vec![done], ..Facts::default() });
    assert_eq!(stage_at(&completed, day("2024-11-30")), Stage::Training);
    assert_eq!(stage_at(&completed, day("2024-12-01")), Stage::Lapsed);
}

#[test]
fn a_site_that_lapsed_or_declined_can_be_interested_again() {
    let facts = Facts {
        recorded: vec![
            (day("2023-01-01"), 1, RecordedStage::Interested),
            (day("2023-02-01"), 2, RecordedStage::Declined),
            (day("2023-06-01"), 3, RecordedStage::Interested),
            (day("2024-05-01"), 4, RecordedStage::Interested),
        ],
        training: vec![held(5, "2023-09-01", Some("2024-02-01"))],
        posts: Vec::new(),
    };
    let stages: Vec<Stage> = stages(&facts).iter().map(|it| it.stage).collect();
    let expected = [
        Stage::Interested,
        Stage::Declined,
        Stage::Interested,
        Stage::Training,
        Stage::Lapsed,
        Stage::Interested,
    ];
    assert_eq!(stages, expected);
}

#[test]
fn what_is_carried_over_keeps_its_age_and_is_marked() {
    let since = day("2023-05-01");
    let post = Held { since, carried: true, ..held(1, "2024-04-01", None) };
    let changes = stages(&Facts { posts: vec![post], ..Facts::default() });
    let said: Vec<_> = changes.iter().map(|it| (it.on, it.stage, it.carried)).collect();
    let expected =
        [(day("2024-04-01"), Stage::InPost, true), (day("2024-05-01"), Stage::Sustained, false)];
    assert_eq!(said, expected);
}
