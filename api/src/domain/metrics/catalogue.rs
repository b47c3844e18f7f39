//! Every definition of a metric, and the programme's content beside them, held in memory
//! as one immutable snapshot.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{
    metric_version::{self, State},
    row_id,
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use super::derivation::Derivation;
use crate::{
    domain::{
        programme::{self, content::Content},
        returns::schedule::{self, Schedules},
        validation::rules::{self, Rules},
    },
    ids::Month,
};

/// One version of a metric, with its derivation understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub row: metric_version::Model,
    pub derivation: Option<Derivation>,
}

/// One state of all definitions.
#[derive(Debug, Default)]
pub struct Catalogue {
    position: i64,
    /// The versions of each code, the oldest first.
    by_code: BTreeMap<String, Vec<Arc<Definition>>>,
    by_id: HashMap<i64, Arc<Definition>>,
    rules: Rules,
    schedules: Schedules,
    content: Content,
}

/// Which figures are meant by a name: one series, or whichever was in effect when.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// The newest version of what is meant, which says how figures are shown.
    pub newest: Arc<Definition>,
    /// Each series with the first month it is in effect, the oldest first.
    pub series: Vec<(Month, i64)>,
}

impl Definition {
    pub fn new(row: metric_version::Model) -> Self {
        let derivation = row.derivation.as_deref().and_then(Derivation::read);
        Self { row, derivation }
    }

    /// Such as `1.0.0`.
    pub fn version(&self) -> String {
        format!("{}.{}.{}", self.row.major, self.row.minor, self.row.patch)
    }

    fn order(&self) -> (i32, i32, i32) {
        (self.row.major, self.row.minor, self.row.patch)
    }

    pub fn is_published(&self) -> bool {
        self.row.state == State::Published
    }
}

impl Lines {
    /// The series in effect in a month.
    pub fn at(&self, month: Month) -> i64 {
        let begun = self.series.iter().rev().find(|(from, _)| *from <= month);
        begun.or(self.series.first()).map_or(self.newest.row.series_id, |(_, series)| *series)
    }
}

impl Catalogue {
    pub fn new(position: i64, rows: impl IntoIterator<Item = metric_version::Model>) -> Self {
        let mut catalogue = Self { position, ..Self::default() };
        for row in rows {
            let definition = Arc::new(Definition::new(row));
            catalogue.by_id.insert(definition.row.id, definition.clone());
            let versions = catalogue.by_code.entry(definition.row.code.clone()).or_default();
            versions.push(definition);
        }
        for versions in catalogue.by_code.values_mut() {
            versions.sort_by_key(|version| version.order());
        }
        catalogue
    }

    pub fn position(&self) -> i64 {
        self.position
    }

    /// Whether figures are counted in the programme's own records, or rest on such.
    pub(in crate::domain) fn is_recorded(&self, lines: &Lines) -> bool {
        match &lines.newest.derivation {
            Some(Derivation::Records(_)) => true,
            Some(other) => other
                .rests_on()
                .into_iter()
                .any(|code| self.lines(code).is_some_and(|lines| self.is_recorded(&lines))),
            None => false,
        }
    }

    /// The rules that figures are judged by.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Who owes which returns.
    pub fn schedules(&self) -> &Schedules {
        &self.schedules
    }

    /// What the programme teaches, and what is known of the role's effect.
    pub fn content(&self) -> &Content {
        &self.content
    }

    pub fn find(&self, id: i64) -> Option<&Arc<Definition>> {
        self.by_id.get(&id)
    }

    /// Every version of a code, drafts too, the oldest first.
    pub fn versions(&self, code: &str) -> &[Arc<Definition>] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// The newest published version of a code.
    pub fn newest(&self, code: &str) -> Option<&Arc<Definition>> {
        self.versions(code).iter().rev().find(|version| version.is_published())
    }

    /// The newest published version of every code, in the order of the codes.
    pub fn published(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.by_code.keys().filter_map(|code| self.newest(code))
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.by_code.values().flatten()
    }

    /// The newest published version of a series.
    pub fn of_series(&self, series: i64) -> Option<&Arc<Definition>> {
        let first = self.find(series)?;
        let mut versions = self.versions(&first.row.code).iter().rev();
        versions.find(|version| version.row.series_id == series && version.is_published())
    }

    /// The published version of a code that a month is recorded under: the newest of
    /// those in effect by then or, before any was, the first.
    pub fn in_effect(&self, code: &str, month: Month) -> Option<&Arc<Definition>> {
        let published = || self.versions(code).iter().filter(|version| version.is_published());
        let begun = published().rfind(|version| Month::of(version.row.effective_from) <= month);
        begun.or_else(|| published().next())
    }

    /// What is meant by `code`, or by `code@1`, `code@1.2` and `code@1.2.0`, which name
    /// the one series that the version belongs to.
    pub fn lines(&self, name: &str) -> Option<Lines> {
        let (code, version) = name.split_once('@').map_or((name, None), |(c, v)| (c, Some(v)));
        let meant = |definition: &&Arc<Definition>| {
            definition.is_published()
                && version.is_none_or(|version| names(version, definition.order()))
        };
        let versions: Vec<_> = self.versions(code).iter().filter(meant).collect();
        let newest = (*versions.last()?).clone();
        let mut series: Vec<(Month, i64)> = Vec::new();
        for version in versions {
            if series.last().is_none_or(|(_, last)| *last != version.row.series_id) {
                series.push((Month::of(version.row.effective_from), version.row.series_id));
            }
        }
        Some(Lines { newest, series })
    }
}

/// Whether `1`, `1.2` or `1.2.0` names that version.
fn names(text: &str, (major, minor, patch): (i32, i32, i32)) -> bool {
    let wanted: Vec<_> = text.split('.').map(|part| part.parse::<i32>().ok()).collect();
    let known = [Some(major), Some(minor), Some(patch)];
    (1..=3).contains(&wanted.len())
        && wanted.iter().zip(known).all(|(wanted, known)| *wanted == known)
}

/// Reads every definition, rule and schedule, and the programme's content.
pub(in crate::domain) async fn load(connection: &impl ConnectionTrait) -> Result<Catalogue, DbErr> {
    let row = row_id::Entity::find().one(connection).await?;
    let position = row.map_or(0, |row| row.catalogue_position);
    let rows = metric_version::Entity::find().order_by_asc(metric_version::Column::Id);
    let mut catalogue = Catalogue::new(position, rows.all(connection).await?);
    catalogue.rules = rules::load(connection).await?;
    catalogue.schedules = schedule::load(connection).await?;
    catalogue.content = programme::load::load(connection).await?;
    Ok(catalogue)
}

/// Every definition as it now is; none if that is what is known already.
pub(in crate::domain) async fn refresh(
    known: &Catalogue,
    connection: &impl ConnectionTrait,
) -> Result<Option<Catalogue>, DbErr> {
    let row = row_id::Entity::find().one(connection).await?;
    if row.is_none_or(|row| row.catalogue_position == known.position) {
        return Ok(None);
    }
    load(connection).await.map(Some)
}
