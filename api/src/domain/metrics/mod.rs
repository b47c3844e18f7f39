//! Metrics: what is measured, as versioned definitions, and what is set for them.

pub mod catalogue;
pub mod define;
pub mod derivation;
pub mod publish;
pub mod settings;
pub mod shipped;

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    metric_version::{Aggregation, Disclosure, Kind, State},
    organisation::Kind as OrganisationKind,
};

use self::catalogue::Definition;
use super::{
    directory::Directory,
    error::{ProblemCode, Problems},
    turn::{Said, Turn},
    viewer::Viewer,
};
use crate::{auth::action::Action, auth::policy::Reach, ids::OrganisationId};

/// Which definitions a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct MetricFilter {
    /// A beginning of the code, such as `impact.`.
    pub code_prefix: Option<String>,
    pub kinds: Option<Vec<Kind>>,
    pub subject_levels: Option<Vec<OrganisationKind>>,
    pub disclosures: Option<Vec<Disclosure>>,
}

/// The newest published version of each metric that passes the filter, by code.
pub fn list(viewer: &Viewer, filter: &MetricFilter) -> Vec<Arc<Definition>> {
    let among = |definition: &&Arc<Definition>| {
        let row = &definition.row;
        filter.code_prefix.as_ref().is_none_or(|start| row.code.starts_with(start.as_str()))
            && filter.kinds.as_ref().is_none_or(|kinds| kinds.contains(&row.kind))
            && filter.subject_levels.as_ref().is_none_or(|all| all.contains(&row.subject_level))
            && filter.disclosures.as_ref().is_none_or(|all| all.contains(&row.disclosure))
    };
    viewer.catalogue().published().filter(among).cloned().collect()
}

/// A metric's version: the newest published one, or the one so named. Drafts are seen
/// by those who may draft.
pub fn find(viewer: &Viewer, code: &str, version: Option<&str>) -> Option<Arc<Definition>> {
    let catalogue = viewer.catalogue();
    let Some(version) = version else { return catalogue.newest(code).cloned() };
    let mut versions = catalogue.versions(code).iter();
    versions.find(|each| each.version() == version && seen(viewer, each)).cloned()
}

/// Every version of a metric that the viewer may see, the oldest first.
pub fn versions(viewer: &Viewer, code: &str) -> Vec<Arc<Definition>> {
    let catalogue = viewer.catalogue();
    catalogue.versions(code).iter().filter(|each| seen(viewer, each)).cloned().collect()
}

/// The version of that id.
pub fn by_id(viewer: &Viewer, id: i64) -> Option<Arc<Definition>> {
    viewer.catalogue().find(id).filter(|each| seen(viewer, each)).cloned()
}

fn seen(viewer: &Viewer, definition: &Definition) -> bool {
    definition.row.state == State::Published || viewer.reach(Action::DefineMetric) != Reach::Nowhere
}

/// The programme's own body, which stands for England wherever figures are shown.
pub(super) fn england(directory: &Directory) -> Option<OrganisationId> {
    directory.of_kind(OrganisationKind::Programme).first().map(|body| body.id())
}

/// Says something of a metric in the feed, where it is the programme's.
fn say(
    turn: &mut Turn,
    change_type: ChangeType,
    from: NaiveDate,
    before: Option<String>,
    after: String,
) {
    if let Some(organisation_id) = england(turn.directory()) {
        let effective_on = Some(from);
        turn.say(Said {
            organisation_id,
            change_type,
            effective_on,
            before,
            after: Some(after),
            node: None,
        });
    }
}

/// How many units a ratio of 1 is: a share of all is 100 per cent.
pub fn units_of_one(definition: &Definition) -> i64 {
    use entity::metric_version::Unit;
    match definition.row.unit {
        Unit::Percent => 100,
        Unit::RatePer10K => 10_000,
        Unit::Count
        | Unit::Fte
        | Unit::Minutes
        | Unit::Hours
        | Unit::Days
        | Unit::Pence
        | Unit::Score => 1,
    }
}

/// What a definition must fulfil, wherever it comes from.
fn check(row: &entity::metric_version::Model, problems: &mut Problems) {
    let code = row.code.as_str();
    let word = |part: &str| {
        part.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if code.len() > 60 || code.split('.').count() != 2 || !code.split('.').all(word) {
        let sentence = "a code is two words joined by a point, such as gpa.headcount";
        problems.add("input.code", ProblemCode::Malformed, sentence);
    }
    if !(0..=6).contains(&row.decimals) {
        problems.add("input.decimals", ProblemCode::OutOfRange, "send 0 to 6");
    }
    if row.minimum.is_some_and(|minimum| row.maximum.is_some_and(|maximum| minimum > maximum)) {
        let sentence = "the largest value lies below the smallest";
        problems.add("input.maximum", ProblemCode::Contradiction, sentence);
    }
    let is_ratio = row.aggregation == Aggregation::RatioOfSums;
    if is_ratio && (row.numerator.is_none() || row.denominator.is_none()) {
        let sentence = "say in words what is divided by what";
        problems.add("input.numerator", ProblemCode::Required, sentence);
    }
    if is_ratio != (row.kind == Kind::Ratio) {
        let sentence = "a ratio is aggregated as a ratio of sums, and nothing else is";
        problems.add("input.aggregation", ProblemCode::Contradiction, sentence);
    }
    if row.aggregation == Aggregation::WeightedMean && row.denominator.is_none() {
        let sentence = "say in words what weighs";
        problems.add("input.denominator", ProblemCode::Required, sentence);
    }
    if row.effective_from != crate::ids::Month::of(row.effective_from).first_day() {
        let sentence = "a version begins with a month: send its first day";
        problems.add("input.effectiveFrom", ProblemCode::OutOfRange, sentence);
    }
}
