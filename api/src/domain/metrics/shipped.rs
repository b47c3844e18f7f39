//! The catalogue that is shipped with the program: every version in it is published the
//! first time that it is seen, and never changed after that.

use chrono::NaiveDate;
use entity::{change::ChangeType, metric_version, metric_version::State};
use sea_orm::DbErr;
use serde::Deserialize;

use super::say;
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        error::Declined,
        reference::spelling,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

const METRICS: &str = include_str!("../reference/metrics.csv");

#[derive(Debug, Deserialize)]
struct Shipped {
    code: String,
    version: String,
    title: String,
    description: String,
    #[serde(deserialize_with = "spelling")]
    unit: metric_version::Unit,
    #[serde(deserialize_with = "spelling")]
    kind: metric_version::Kind,
    #[serde(deserialize_with = "spelling")]
    direction: metric_version::Direction,
    #[serde(deserialize_with = "spelling")]
    aggregation: metric_version::Aggregation,
    #[serde(deserialize_with = "spelling")]
    subject_level: entity::organisation::Kind,
    numerator: Option<String>,
    denominator: Option<String>,
    #[serde(deserialize_with = "spelling")]
    disclosure: metric_version::Disclosure,
    decimals: i32,
    minimum: Option<i64>,
    maximum: Option<i64>,
    derivation: Option<String>,
    sources: String,
    effective_from: NaiveDate,
    break_note: Option<String>,
}

/// Publishes whatever the catalogue that is shipped has and the database lacks; says how
/// many versions that were.
pub async fn load(viewer: &Viewer, permit: Permit) -> Result<usize, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let shipped = read()?;
            let known = viewer.catalogue();
            let has = |row: &Shipped, known: &super::catalogue::Catalogue| {
                known.versions(&row.code).iter().any(|each| each.version() == row.version)
            };
            if shipped.iter().all(|row| has(row, &known)) {
                return Ok(0);
            }
            let mut turn = Turn::begin(&viewer, permit).await?;
            let known = turn.catalogue().clone();
            if shipped.iter().all(|row| has(row, &known)) {
                // Another instance has published it since this one read the definitions.
                viewer.store().publish_catalogue(known.clone());
                turn.see_before();
                return Ok(0);
            }
            let mut rows: Vec<metric_version::Model> = Vec::new();
            for row in shipped {
                if !has(&row, &known) {
                    rows.push(version(row, &mut turn, &rows)?);
                }
            }
            for row in &rows {
                let name = format!("{} {}.{}.{}", row.code, row.major, row.minor, row.patch);
                let from = row.effective_from;
                say(&mut turn, ChangeType::MetricPublished, from, None, name);
            }
            let written = rows.len();
            insert::<metric_version::Entity>(turn.connection(), rows).await?;
            turn.commit(None, 0).await?;
            Ok(written)
        })
        .await
}

fn read() -> Result<Vec<Shipped>, DbErr> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(METRICS.as_bytes());
    let rows: Result<Vec<Shipped>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| DbErr::Custom(format!("metrics.csv: {error}")))
}

fn version(
    shipped: Shipped,
    turn: &mut Turn,
    beside: &[metric_version::Model],
) -> Result<metric_version::Model, DbErr> {
    let numbers: Vec<i32> = shipped.version.split('.').filter_map(|n| n.parse().ok()).collect();
    let [major, minor, patch] = numbers[..] else {
        return Err(DbErr::Custom(format!("metrics.csv: {} is no version", shipped.version)));
    };
    let id = turn.next_row_id();
    let known = turn.catalogue().versions(&shipped.code).iter().map(|each| &each.row);
    let first = known
        .chain(beside.iter().filter(|row| row.code == shipped.code))
        .find(|row| row.major == major)
        .map(|row| row.series_id);
    let amount = |whole: Option<i64>| whole.map(|whole| Amount::whole(whole).0);
    Ok(metric_version::Model {
        id,
        code: shipped.code,
        major,
        minor,
        patch,
        series_id: first.unwrap_or(id),
        state: State::Published,
        title: shipped.title,
        description: shipped.description,
        unit: shipped.unit,
        kind: shipped.kind,
        direction: shipped.direction,
        aggregation: shipped.aggregation,
        subject_level: shipped.subject_level,
        numerator: shipped.numerator,
        denominator: shipped.denominator,
        disclosure: shipped.disclosure,
        decimals: shipped.decimals,
        minimum: amount(shipped.minimum),
        maximum: amount(shipped.maximum),
        derivation: shipped.derivation,
        sources: shipped.sources,
        effective_from: shipped.effective_from,
        break_note: shipped.break_note,
        row_version: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::action::Action;
    use crate::domain::{
        error::Problems,
        metrics::{check, derivation::Derivation},
        reference,
        trial::Trial,
    };

    #[tokio::test]
    async fn what_is_shipped_is_sound_and_published_once() {
        let trial = Trial::open().await;
        let permit = || trial.permit(Action::LoadEdition);
        reference::load_reference(&trial.viewer, permit()).await.unwrap();
        assert_eq!(load(&trial.viewer, permit()).await.unwrap(), read().unwrap().len());
        assert_eq!(load(&trial.viewer, permit()).await.unwrap(), 0);
        let catalogue = trial.viewer.catalogue();
        for definition in catalogue.all() {
            let mut problems = Problems::default();
            check(&definition.row, &mut problems);
            assert!(problems.check().is_ok(), "{definition:?}");
            let text = definition.row.derivation.as_deref();
            assert_eq!(text.is_some(), definition.derivation.is_some(), "{text:?}");
            for code in definition.derivation.iter().flat_map(Derivation::rests_on) {
                assert!(catalogue.newest(code).is_some(), "{code}");
            }
        }
    }
}
