//! What happens at one invented site, from the first day of the demonstration until today:
//! a pure function of a seed and the site's number, so that the same site has the same
//! story whatever stands beside it.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{
    enrolment::{ExitReason, Route, State},
    extension::ExtensionReason,
    post::{EndReason, Funding},
    role_model::RoleModel,
    stage_record::RecordedStage,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

use super::programme::OPENED;
use crate::ids::Month;

/// One site's story.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub recorded: Vec<(NaiveDate, RecordedStage, Option<&'static str>)>,
    pub role_model: Option<RoleModel>,
    pub learners: Vec<LearnerPlan>,
    pub posts: Vec<PostPlan>,
}

/// One learner's run.
#[derive(Debug, Clone)]
pub(super) struct LearnerPlan {
    pub route: Route,
    /// States in their order, each with its day.
    pub events: Vec<(NaiveDate, State)>,
    pub started: NaiveDate,
    pub exit_reason: Option<ExitReason>,
    pub extension: Option<ExtensionPlan>,
    /// The part of the competencies that was shown, from 0 to 1.
    pub progress: f64,
    /// Nobody has been the GP mentor since that day.
    pub mentor_until: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ExtensionPlan {
    pub months: i32,
    pub reason: ExtensionReason,
    pub requested: NaiveDate,
    /// None while it waits.
    pub granted: Option<NaiveDate>,
}

/// One post.
#[derive(Debug, Clone)]
pub(super) struct PostPlan {
    /// Which of the site's learners holds it, if one does.
    pub learner: Option<usize>,
    pub from: NaiveDate,
    pub to: Option<(NaiveDate, EndReason)>,
    /// Tenths of a full-time week.
    pub tenths: i64,
    pub funding: Funding,
    pub band: i32,
}

/// A source of chances that are the same for the same seed and site.
fn chances(seed: u64, site: u64) -> ChaCha8Rng {
    let mut chances = ChaCha8Rng::seed_from_u64(seed);
    chances.set_stream(site);
    chances
}

/// The story of a site until `today`.
pub(super) fn plan(seed: u64, site: u64, today: NaiveDate) -> Plan {
    let mut chances = chances(seed, site);
    let mut plan = Plan::default();
    let length = (today - OPENED).num_days().max(1);
    // The role spreads faster the more have it.
    let day = (chances.random_range(0.0_f64..1.0).powf(0.7) * length as f64) as u64;
    let engaged = chances.random_bool(0.58);
    if !engaged {
        return plan;
    }
    let interested = OPENED + Days::new(day);
    plan.recorded.push((interested, RecordedStage::Interested, None));
    let then = interested + Days::new(chances.random_range(20..120));
    if chances.random_bool(0.15) {
        let reason = Some("no room for a learner this year");
        plan.recorded.push((then, RecordedStage::Declined, reason));
        plan.until(today);
        return plan;
    }
    plan.role_model = Some(match chances.random_range(0..10) {
        0..4 => RoleModel::Administrative,
        4..9 => RoleModel::Combined,
        _ => RoleModel::Clinical,
    });
    plan.recorded.push((then, RecordedStage::Preparing, None));
    let ready = then + Days::new(chances.random_range(14..90));
    for number in 0..chances.random_range(1..4_u32) {
        // Later learners come in later intakes.
        let later = ready + Months::new(number * chances.random_range(4..9));
        let learner = learner(&mut chances, first_of_next_month(later), today);
        if learner.events.is_empty() {
            break;
        }
        plan.learners.push(learner);
    }
    plan.posts = posts(&mut chances, &plan.learners, today);
    plan.until(today);
    plan
}

impl Plan {
    fn until(&mut self, today: NaiveDate) {
        self.recorded.retain(|(on, _, _)| *on <= today);
        if self.recorded.len() < 2 {
            self.role_model = None;
        }
    }
}

fn first_of_next_month(day: NaiveDate) -> NaiveDate {
    Month::of(day).plus(1).first_day()
}

/// A weekday on or after a day.
fn weekday(day: NaiveDate) -> NaiveDate {
    let into_weekend = day.weekday().num_days_from_monday().saturating_sub(4);
    day + Days::new(if into_weekend == 0 { 0 } else { u64::from(3 - into_weekend) })
}

fn learner(chances: &mut ChaCha8Rng, started: NaiveDate, today: NaiveDate) -> LearnerPlan {
    let after = |day: NaiveDate, days: u64| weekday(day + Days::new(days));
    let applied = weekday(started - Days::new(chances.random_range(40..70)));
    let mut events = vec![
        (applied, State::Applied),
        (after(applied, 7), State::Offered),
        (after(applied, 14), State::Accepted),
        (started, State::Started),
    ];
    let takes = chances.random_range(160..310_u64);
    let (mut exit_reason, mut extension) = (None, None);
    let due = started + Months::new(9);
    if chances.random_bool(0.12) {
        let withdrew = after(started, chances.random_range(30..200));
        events.push((withdrew, State::Withdrawn));
        exit_reason = Some(match chances.random_range(0..4) {
            0 => ExitReason::ChangedRole,
            1 => ExitReason::Workload,
            2 => ExitReason::SiteWithdrew,
            _ => ExitReason::LeftEmployment,
        });
    } else {
        let submitted = after(started, takes);
        if submitted > due {
            extension = Some(extend(chances, due, today));
        }
        if chances.random_bool(0.1) {
            events.push((submitted, State::Submitted));
            events.push((after(submitted, 14), State::Referred));
            events.push((after(submitted, 35), State::Submitted));
            events.push((after(submitted, 49), State::Verified));
            events.push((after(submitted, 56), State::Completed));
        } else {
            events.push((submitted, State::Submitted));
            events.push((after(submitted, 21), State::Verified));
            events.push((after(submitted, 28), State::Completed));
        }
    }
    events.retain(|(on, _)| *on <= today);
    let state = events.last().map(|(_, state)| *state);
    if state != Some(State::Withdrawn) {
        exit_reason = None;
    }
    let so_far = (today - started).num_days().max(0) as f64 / takes as f64;
    let leaves = started + Days::new(120);
    let without = chances.random_bool(0.04) && state == Some(State::Started) && leaves <= today;
    LearnerPlan {
        route: match chances.random_range(0..10) {
            0 => Route::Retrospective,
            1..3 => Route::InHouse,
            _ => Route::Accredited,
        },
        started,
        exit_reason,
        extension: extension.filter(|extension: &ExtensionPlan| extension.requested <= today),
        progress: so_far.min(1.0),
        mentor_until: without.then_some(leaves),
        events,
    }
}

fn extend(chances: &mut ChaCha8Rng, due: NaiveDate, today: NaiveDate) -> ExtensionPlan {
    let requested = weekday(due - Days::new(chances.random_range(14..28)));
    let granted = weekday(requested + Days::new(4));
    ExtensionPlan {
        months: chances.random_range(1..4),
        reason: match chances.random_range(0..3) {
            0 => ExtensionReason::Workload,
            1 => ExtensionReason::MentorUnavailable,
            _ => ExtensionReason::EvidenceOutstanding,
        },
        requested,
        granted: (granted <= today).then_some(granted),
    }
}

/// Whoever stays takes up a post, some of them while they still learn.
fn posts(chances: &mut ChaCha8Rng, learners: &[LearnerPlan], today: NaiveDate) -> Vec<PostPlan> {
    let mut posts = Vec::new();
    for (number, learner) in learners.iter().enumerate() {
        let early = chances.random_bool(0.6);
        let takes_up = chances.random_bool(0.9) && learner.exit_reason.is_none();
        let completed = learner.events.iter().find(|(_, state)| *state == State::Completed);
        let in_training = weekday(learner.started + Days::new(chances.random_range(0..100)));
        let from = if early { Some(in_training) } else { completed.map(|(on, _)| weekday(*on)) };
        let lasts = Days::new(chances.random_range(120..1_600));
        let tenths = [4, 5, 6, 8, 10, 10][chances.random_range(0..6)];
        let funding = match chances.random_range(0..10) {
            0..6 => Funding::Arrs,
            6..9 => Funding::Practice,
            _ => Funding::TrainingHub,
        };
        let band = chances.random_range(3..5);
        let Some(from) = from.filter(|from| takes_up && *from <= today) else { continue };
        let end = Some((from + lasts, EndReason::MovedToAnotherPost));
        let to = end.filter(|(on, _)| *on <= today);
        posts.push(PostPlan { learner: Some(number), from, to, tenths, funding, band });
    }
    posts
}
