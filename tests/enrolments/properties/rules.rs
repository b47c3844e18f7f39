//! What must be true of the rows, told by code that shares nothing with the program's.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use entity::{
    assessment::{self, AssessmentState},
    cohort,
    enrolment::{self, State},
    enrolment_event,
    extension::{self, Decision},
    mentor_assignment::{self, MentorKind},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::play::Play;
use crate::{
    enrolments::{enrolment as seen, framework::core_ids},
    harness::{World, on_the_same, people},
};

pub(super) fn states_follow_the_table(row: &enrolment::Model, events: &[enrolment_event::Model]) {
    use State::{
        Accepted, Applied, Cancelled, Completed, Offered, Paused, Referred, Rejected, Started,
        Submitted, Verified, Withdrawn,
    };
    assert_eq!(events[0].state, Applied);
    assert_eq!(
        events.last().map(|last| (last.state, last.site_id)),
        Some((row.state, row.site_id))
    );
    for pair in events.windows(2) {
        let (from, to) = (pair[0].state, pair[1].state);
        let moved = from == to && pair[0].site_id != pair[1].site_id;
        let stepped = pair[0].site_id == pair[1].site_id
            && matches!(
                (from, to),
                (Applied, Offered | Rejected | Cancelled)
                    | (Offered, Accepted | Cancelled)
                    | (Accepted, Started | Cancelled)
                    | (Started, Paused | Submitted | Withdrawn)
                    | (Paused, Started | Withdrawn)
                    | (Submitted, Referred | Verified | Withdrawn)
                    | (Referred, Submitted | Withdrawn)
                    | (Verified, Completed | Withdrawn)
            );
        assert!(moved || stepped, "{pair:?}");
    }
    let ended = matches!(row.state, Rejected | Cancelled | Withdrawn);
    assert_eq!(row.exit_reason.is_some(), ended, "{row:?}");
}

fn starts(events: &[enrolment_event::Model]) -> impl Iterator<Item = &enrolment_event::Model> {
    let pairs = events.windows(2);
    let begun =
        pairs.filter(|pair| pair[1].state == State::Started && pair[0].state != State::Started);
    begun.map(|pair| &pair[1])
}

pub(super) async fn each_start_had_a_mentor(world: &World, events: &[enrolment_event::Model]) {
    let mentors = mentor_assignment::Entity::find().all(&world.raw).await.unwrap();
    for start in starts(events) {
        let there = mentors.iter().any(|row| {
            row.enrolment_id == start.enrolment_id
                && row.kind == MentorKind::GpMentor
                && row.valid_from <= start.occurred_on
                && row.valid_to.is_none_or(|to| start.occurred_on < to)
        });
        assert!(there, "nobody was the mentor on {start:?}");
    }
}

pub(super) async fn what_is_due_is_what_was_granted(
    world: &World,
    row: &enrolment::Model,
    events: &[enrolment_event::Model],
) {
    let asked = extension::Entity::find().all(&world.raw).await.unwrap();
    let mine = asked.iter().filter(|each| each.enrolment_id == row.id);
    let granted = mine.filter(|each| each.decision == Some(Decision::Granted));
    let granted: Vec<&extension::Model> = granted.collect();
    assert!(granted.iter().map(|each| each.months).sum::<i32>() <= 3);
    for each in &granted {
        assert_ne!(Some(&each.requested_subject), each.decided_subject.as_ref());
    }
    let after = |day: NaiveDate, months: i32| {
        day.checked_add_months(Months::new(u32::try_from(months).unwrap())).unwrap()
    };
    let due = starts(events).next().map(|start| {
        granted.iter().fold(after(start.occurred_on, 9), |day, each| after(day, each.months))
    });
    assert_eq!(row.due_on, due, "{row:?}");
}

pub(super) async fn completed_means_competent(world: &World, row: &enrolment::Model) {
    for competency in core_ids(world).await {
        let rows = assessment::Entity::find()
            .order_by_desc(assessment::Column::Revision)
            .all(&world.raw)
            .await
            .unwrap();
        let mut mine =
            rows.iter().filter(|it| it.enrolment_id == row.id && it.competency_id == competency);
        assert_eq!(mine.next().map(|it| it.state), Some(AssessmentState::Competent), "{row:?}");
    }
}

pub(super) async fn no_place_is_taken_twice(
    world: &World,
    enrolments: &[enrolment::Model],
    events: &BTreeMap<i64, Vec<enrolment_event::Model>>,
) {
    for cohort in cohort::Entity::find().all(&world.raw).await.unwrap() {
        let held = enrolments.iter().filter(|row| {
            let offered = matches!(row.state, State::Offered | State::Accepted);
            row.cohort_id == cohort.id && (offered || starts(&events[&row.id]).next().is_some())
        });
        assert!(held.count() <= usize::try_from(cohort.places).unwrap(), "{cohort:?}");
    }
}

pub(super) fn nobody_has_two_that_are_not_over(enrolments: &[enrolment::Model]) {
    let over = [State::Completed, State::Rejected, State::Cancelled, State::Withdrawn];
    let mut open: Vec<i64> = enrolments
        .iter()
        .filter(|row| !over.contains(&row.state))
        .map(|row| row.learner_id)
        .collect();
    open.sort_unstable();
    assert!(open.windows(2).all(|pair| pair[0] != pair[1]), "{open:?}");
}

pub(super) async fn memory_is_what_the_database_holds(world: &World, play: &Play) {
    let fresh = on_the_same(world).await;
    for id in &play.enrolments {
        let (known, read) =
            (seen(world, people::YORKSHIRE, id).await, seen(&fresh, people::YORKSHIRE, id).await);
        assert_eq!(known, read);
    }
    let cohorts = "{ cohorts { nodes { id name placesTaken version enrolments { totalCount } } } }";
    let known = world.data(people::YORKSHIRE, cohorts, json!({})).await;
    assert_eq!(known, fresh.data(people::YORKSHIRE, cohorts, json!({})).await);
    fresh.leave().await;
}
