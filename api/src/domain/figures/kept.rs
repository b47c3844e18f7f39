//! Answers that were worked out before, kept for as long as nothing was written that they
//! could depend on: they are known by how far the register, the definitions and the
//! figures had come, so that no answer outlives a write of this instance.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{metric_version::Disclosure, observation::Status};
use moka::sync::Cache;

use super::{
    boundaries::{Boundaries, Follow},
    latest::LatestFigure,
    periods::PeriodKind,
    series::{Point, Question, Series},
};
use crate::{
    auth::action::Action,
    domain::{
        directory::organisation::Organisation,
        metrics::{catalogue::Lines, derivation::Derivation},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Bytes of all answers that are kept, and of all latest figures.
const ROOM: u64 = 24 << 20;
const ROOM_FOR_LATEST: u64 = 8 << 20;

/// What an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::domain) struct Key {
    register: i64,
    catalogue: i64,
    figures: i64,
    records: i64,
    today: NaiveDate,
    /// How far exact figures, and stages of named sites, may be seen, where any are hidden
    /// from anybody.
    reach: Option<String>,
    metrics: Vec<(i64, Vec<(Month, i64)>)>,
    organisations: Vec<OrganisationId>,
    periods: (PeriodKind, Month, Month),
    boundaries: Boundaries,
    follow: Follow,
    least: Status,
}

pub(in crate::domain) type Answers = Cache<Key, Arc<Vec<Series>>>;

/// Room for answers, of which the least used make way.
pub(in crate::domain) fn answers() -> Answers {
    let weigh = |key: &Key, answer: &Arc<Vec<Series>>| {
        let points: usize = answer.iter().map(|series| series.points.len()).sum();
        let each = size_of::<Series>() + size_of::<Key>();
        let asked = size_of_val(key.organisations.as_slice());
        let bytes = points * size_of::<Point>() + answer.len() * each + asked;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    };
    Cache::builder().max_capacity(ROOM).weigher(weigh).build()
}

/// The latest figures of some organisations, each in the order of the metrics.
pub(in crate::domain) type Latest = Arc<HashMap<OrganisationId, Vec<LatestFigure>>>;

/// Room for latest figures: a portal asks for the same page again and again.
pub(in crate::domain) fn latest() -> Cache<Key, Latest> {
    let weigh = |key: &Key, latest: &Latest| {
        let figures: usize = latest.values().map(Vec::len).sum();
        let each = size_of::<OrganisationId>() + size_of::<Vec<LatestFigure>>();
        let asked = size_of_val(key.organisations.as_slice()) + size_of::<Key>();
        let bytes = figures * size_of::<LatestFigure>() + latest.len() * each + asked;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    };
    Cache::builder().max_capacity(ROOM_FOR_LATEST).weigher(weigh).build()
}

impl Key {
    /// None where the past is asked about, which is asked seldom and never twice alike, and
    /// for what is counted in returns: their work goes on without a figure being written.
    pub(super) fn of(
        viewer: &Viewer,
        question: &Question,
        metrics: &[Lines],
        organisations: &[Arc<Organisation>],
    ) -> Option<Self> {
        let of_returns =
            |lines: &Lines| matches!(lines.newest.derivation, Some(Derivation::Returns(_)));
        if question.known_at.is_some() || metrics.iter().any(of_returns) {
            return None;
        }
        let catalogue = viewer.catalogue();
        let hidden = |lines: &Lines| {
            lines.newest.row.disclosure >= Disclosure::D2 || catalogue.is_recorded(lines)
        };
        let reaches = [Action::ReadExactFigures, Action::ReadParticipation];
        let reach = reaches.map(|action| viewer.reach(action));
        let periods = question.periods;
        Some(Self {
            register: viewer.directory().position(),
            catalogue: viewer.catalogue().position(),
            figures: viewer.store().figures_position(),
            records: viewer.records().position(),
            today: viewer.today(),
            reach: metrics.iter().any(hidden).then(|| format!("{reach:?}")),
            metrics: metrics
                .iter()
                .map(|lines| (lines.newest.row.id, lines.series.clone()))
                .collect(),
            organisations: organisations.iter().map(|each| each.id()).collect(),
            periods: (periods.kind, periods.first_month(), periods.last_month()),
            boundaries: question.boundaries,
            follow: question.follow,
            least: question.least,
        })
    }

    pub(super) fn known(&self, viewer: &Viewer) -> Option<Vec<Series>> {
        viewer.store().answers.get(self).map(|answer| (*answer).clone())
    }

    /// Keeps an answer, unless figures were written while it was worked out.
    pub(super) fn keep(self, viewer: &Viewer, answer: &[Series]) {
        if self.still_holds(viewer) {
            viewer.store().answers.insert(self, Arc::new(answer.to_vec()));
        }
    }

    pub(super) fn known_latest(&self, viewer: &Viewer) -> Option<Latest> {
        viewer.store().latest.get(self)
    }

    /// As [`Key::keep`], of latest figures.
    pub(super) fn keep_latest(self, viewer: &Viewer, latest: &Latest) {
        if self.still_holds(viewer) {
            viewer.store().latest.insert(self, latest.clone());
        }
    }

    fn still_holds(&self, viewer: &Viewer) -> bool {
        viewer.store().figures_position() == self.figures
    }
}
