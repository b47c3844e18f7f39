//! The stages of adoption: which one a site was in, day by day, worked out from what its
//! hub recorded and from its learners and posts. A pure function: nothing of it is stored.
//!
//! Facts go before words: who has somebody in post is IN_POST, whatever was recorded.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};
use entity::stage_record::RecordedStage;

use crate::domain::timeline::within;

/// How far a site is with adopting the role, from its first interest to a lasting post,
/// and the two ways out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    NotEngaged,
    Interested,
    Preparing,
    Training,
    InPost,
    Embedded,
    Sustained,
    Declined,
    Lapsed,
}

/// Why a site came to a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Its hub said so, in that row.
    Recorded(i64),
    /// A learner's training there began or ended.
    Enrolment(i64),
    /// A post there began or ended.
    Post(i64),
    /// Time passed.
    Time,
}

/// From a day on, a site was in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageChange {
    pub on: NaiveDate,
    pub stage: Stage,
    pub cause: Cause,
    /// It took the stage over from a site that it followed.
    pub carried: bool,
}

/// Days on which somebody was in training or in post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The enrolment or the post.
    pub id: i64,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    /// When it began wherever it began: earlier than `from` if it was carried over.
    pub since: NaiveDate,
    pub carried: bool,
    /// When it was completed, if it is training; if it is a post, when whoever holds it
    /// completed theirs.
    pub completed_on: Option<NaiveDate>,
}

/// Everything that a site's stages follow from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub recorded: Vec<(NaiveDate, i64, RecordedStage)>,
    pub training: Vec<Held>,
    pub posts: Vec<Held>,
}

/// As long as this a post may be vacant, and training over, before the site has lapsed
/// for the count of months.
const GAP: Days = Days::new(60);
const EMBEDDED: Months = Months::new(3);
const SUSTAINED: Months = Months::new(12);

impl Stage {
    /// Along the way, the first stage first.
    pub const WAY: [Self; 6] = [
        Self::Interested,
        Self::Preparing,
        Self::Training,
        Self::InPost,
        Self::Embedded,
        Self::Sustained,
    ];

    /// How far along the way; none for where nobody is on it.
    pub fn rank(self) -> Option<usize> {
        Self::WAY.into_iter().position(|stage| stage == self)
    }

    /// As the feed spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotEngaged => "NOT_ENGAGED",
            Self::Interested => "INTERESTED",
            Self::Preparing => "PREPARING",
            Self::Training => "TRAINING",
            Self::InPost => "IN_POST",
            Self::Embedded => "EMBEDDED",
            Self::Sustained => "SUSTAINED",
            Self::Declined => "DECLINED",
            Self::Lapsed => "LAPSED",
        }
    }

    /// Whether a hub may record it.
    pub fn is_recorded(self) -> bool {
        matches!(self, Self::Interested | Self::Preparing | Self::Declined)
    }
}

impl From<RecordedStage> for Stage {
    fn from(stage: RecordedStage) -> Self {
        match stage {
            RecordedStage::Interested => Self::Interested,
            RecordedStage::Preparing => Self::Preparing,
            RecordedStage::Declined => Self::Declined,
        }
    }
}

/// The stages of a site, from the first day on which it was in one, each held until the
/// next. Days to come are those on which time alone will bring the next stage.
pub fn stages(facts: &Facts) -> Vec<StageChange> {
    let mut changes: Vec<StageChange> = Vec::new();
    for day in facts.days() {
        let stage = facts.stage_on(day);
        let before = changes.last().map_or(Stage::NotEngaged, |change| change.stage);
        if stage != before {
            let cause = facts.cause(day, stage);
            changes.push(StageChange { on: day, stage, cause, carried: facts.carried(day, stage) });
        }
    }
    changes
}

/// The stage on a day, out of what [`stages`] gave.
pub fn stage_at(changes: &[StageChange], day: NaiveDate) -> Stage {
    let last = changes.iter().rev().find(|change| change.on <= day);
    last.map_or(Stage::NotEngaged, |change| change.stage)
}

impl Held {
    pub(super) fn on(&self, day: NaiveDate) -> bool {
        within(day, self.from, self.to)
    }
}

impl Facts {
    /// Every day on which the stage can become another.
    fn days(&self) -> BTreeSet<NaiveDate> {
        let mut days: BTreeSet<_> = self.recorded.iter().map(|(on, _, _)| *on).collect();
        for held in self.training.iter().chain(&self.posts) {
            days.extend([held.from].into_iter().chain(held.to));
            days.extend(held.to.and_then(after_gap));
            days.extend(held.completed_on);
        }
        for held in &self.posts {
            let later = [EMBEDDED, SUSTAINED].map(|months| held.since.checked_add_months(months));
            days.extend(later.into_iter().flatten().map(|day| day.max(held.from)));
        }
        days
    }

    /// Since when somebody has been in post, gaps of up to 60 days included; none if
    /// nobody is on that day.
    fn held_since(&self, day: NaiveDate) -> Option<NaiveDate> {
        let mut since =
            self.posts.iter().filter(|post| post.on(day)).map(|post| post.since).min()?;
        loop {
            let reaches = |post: &&Held| {
                post.since < since
                    && post.to.is_none_or(|to| after_gap(to).is_none_or(|end| end > since))
            };
            match self.posts.iter().filter(reaches).map(|post| post.since).min() {
                Some(earlier) => since = earlier,
                None => return Some(since),
            }
        }
    }

    fn stage_on(&self, day: NaiveDate) -> Stage {
        if let Some(since) = self.held_since(day) {
            let lasted =
                |months| since.checked_add_months(months).is_some_and(|reached| reached <= day);
            let completed = |held: &Held| held.completed_on.is_some_and(|on| on <= day);
            let mut held =
                self.training.iter().chain(self.posts.iter().filter(|post| post.on(day)));
            return match (lasted(SUSTAINED), lasted(EMBEDDED)) {
                (true, _) => Stage::Sustained,
                (false, true) if held.any(completed) => Stage::Embedded,
                (false, _) => Stage::InPost,
            };
        }
        // Whoever has just completed has a while to take up a post.
        let waits = |held: &Held| {
            let until = held.completed_on.and_then(after_gap);
            until.is_some_and(|until| within(day, held.from, Some(until)))
        };
        let ended = self.posts.iter().filter_map(|post| post.to).filter(|to| *to <= day).max();
        let trains = |held: &&Held| held.on(day) || waits(held) && Some(held.from) > ended;
        if self.training.iter().any(|held| trains(&held)) {
            return Stage::Training;
        }
        let held = self.training.iter().chain(&self.posts);
        let over = held.filter(|held| held.from <= day).filter_map(|held| held.to).max();
        let said = self.said(day);
        match (over, said) {
            (None, None) => Stage::NotEngaged,
            (Some(over), Some((on, _, _))) if *on < over => Stage::Lapsed,
            (Some(_), None) => Stage::Lapsed,
            (_, Some((_, _, stage))) => (*stage).into(),
        }
    }

    /// What the hub said last.
    fn said(&self, day: NaiveDate) -> Option<&(NaiveDate, i64, RecordedStage)> {
        let so_far = self.recorded.iter().filter(|(on, _, _)| *on <= day);
        so_far.max_by_key(|(on, id, _)| (*on, *id))
    }

    fn cause(&self, day: NaiveDate, stage: Stage) -> Cause {
        let begins = |held: &&Held| held.from == day;
        let turns = |held: &&Held| held.from == day || held.to == Some(day);
        let post = || self.posts.iter().find(begins).or_else(|| self.posts.iter().find(turns));
        let training =
            || self.training.iter().find(begins).or_else(|| self.training.iter().find(turns));
        if stage.is_recorded() {
            return self.said(day).map_or(Cause::Time, |(_, id, _)| Cause::Recorded(*id));
        }
        match (post(), training(), stage) {
            (_, Some(held), Stage::Training) => Cause::Enrolment(held.id),
            (Some(held), _, _) => Cause::Post(held.id),
            (None, Some(held), _) => Cause::Enrolment(held.id),
            (None, None, _) => Cause::Time,
        }
    }

    /// Whether whatever the stage rests on came from elsewhere on that day.
    fn carried(&self, day: NaiveDate, stage: Stage) -> bool {
        let mut resting = match stage {
            Stage::Training => self.training.iter(),
            Stage::InPost | Stage::Embedded | Stage::Sustained => self.posts.iter(),
            _ => return false,
        }
        .filter(|held| held.on(day))
        .peekable();
        resting.peek().is_some() && resting.all(|held| held.carried && held.from == day)
    }
}

fn after_gap(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(GAP)?.succ_opt()
}

#[cfg(test)]
#[path = "stages_tests.rs"]
mod tests;
