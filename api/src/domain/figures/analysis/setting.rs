//! What is set for a series: its targets, its baseline and its rebases, loaded for many
//! series at once.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{Hash, Hasher},
};

use entity::metric_version::{Aggregation, Kind};

use crate::{
    domain::{
        amount::Amount,
        error::Failure,
        figures::{Series, periods::Period},
        metrics::{
            catalogue::{Definition, Lines},
            derivation::Derivation,
            settings::{Rebase, Settings, settings},
        },
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Which series a setting is for.
#[derive(Debug, Clone)]
pub struct SettingOf {
    lines: Lines,
    organisation: OrganisationId,
}

/// What is set for one series.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    pub targets: BTreeMap<Month, Amount>,
    pub baseline: Option<(Month, Month)>,
    /// In the order of their months.
    pub rebases: Vec<Rebase>,
}

impl SettingOf {
    pub fn series(series: &Series) -> Self {
        Self { lines: series.lines.clone(), organisation: series.organisation.id() }
    }
}

impl PartialEq for SettingOf {
    fn eq(&self, other: &Self) -> bool {
        (self.organisation, &self.lines.series) == (other.organisation, &other.lines.series)
    }
}

impl Eq for SettingOf {}

impl Hash for SettingOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.organisation, &self.lines.series).hash(state);
    }
}

/// What is set for each series, in a number of statements that does not grow with theirs.
pub async fn of(
    viewer: &Viewer,
    wanted: &[SettingOf],
) -> Result<HashMap<SettingOf, Setting>, Failure> {
    let mut series: Vec<i64> =
        wanted.iter().flat_map(|each| each.lines.series.iter().map(|(_, id)| *id)).collect();
    let mut organisations: Vec<OrganisationId> =
        wanted.iter().map(|each| each.organisation).collect();
    for ids in [&mut series, &mut organisations] {
        ids.sort_unstable();
        ids.dedup();
    }
    let settings = settings(viewer, &series, &organisations).await?;
    let each = |each: &SettingOf| (each.clone(), chosen(&settings, each));
    Ok(wanted.iter().map(each).collect())
}

/// A metric's versions each have their own settings. A month's target is that of the
/// series in effect then, if it has one; a baseline is that of the newest.
fn chosen(settings: &Settings, of: &SettingOf) -> Setting {
    let mut setting = Setting::default();
    for (_, series) in &of.lines.series {
        let key = (*series, of.organisation);
        for (month, value) in settings.targets.get(&key).into_iter().flatten() {
            if of.lines.at(*month) == *series || !setting.targets.contains_key(month) {
                setting.targets.insert(*month, *value);
            }
        }
        setting.rebases.extend(settings.rebases.get(&key).into_iter().flatten().cloned());
    }
    setting.rebases.sort_by_key(|rebase| rebase.month);
    let newest = (of.lines.newest.row.series_id, of.organisation);
    setting.baseline = settings.baselines.get(&newest).copied();
    setting
}

impl Setting {
    /// The target of a period. What adds up over time has the sum of its months' targets,
    /// where each has one; anything else should be at the last of them.
    pub fn target(&self, definition: &Definition, period: Period) -> Option<Amount> {
        if adds_over_time(definition) {
            let months = period.months().map(|month| self.targets.get(&month));
            let all: Option<Vec<_>> = months.collect();
            return all.map(|all| Amount(all.into_iter().map(|amount| amount.0).sum()));
        }
        let within = self.targets.range(period.first..=period.last());
        within.last().map(|(_, value)| *value)
    }
}

/// Whether the value of a longer period is the sum of its months' values.
pub(super) fn adds_over_time(definition: &Definition) -> bool {
    let is_difference = matches!(definition.derivation, Some(Derivation::Difference { .. }));
    let row = &definition.row;
    row.kind == Kind::Flow && (row.aggregation == Aggregation::Sum || is_difference)
}
