//! The rules that are shipped with the program: each is set the first time that it is
//! seen, and is the programme team's to change from then on.

use entity::{
    change::ChangeType,
    validation_rule::{self, Kind, Severity},
};
use sea_orm::DbErr;
use serde::Deserialize;

use super::rules::Rules;
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        error::Declined,
        metrics::england,
        reference::spelling,
        turn::{Said, Turn, insert},
        viewer::Viewer,
    },
};

const RULES: &str = include_str!("../reference/validation_rules.csv");

#[derive(Debug, Deserialize)]
struct Shipped {
    metric: String,
    #[serde(deserialize_with = "spelling")]
    kind: Kind,
    #[serde(deserialize_with = "spelling")]
    severity: Severity,
    minimum: Option<i64>,
    maximum: Option<i64>,
    months: Option<i32>,
    message: String,
}

impl Shipped {
    fn is_in(&self, rules: &Rules) -> bool {
        rules.find(&self.metric, self.kind, self.severity).is_some()
    }

    fn row(self, id: i64) -> validation_rule::Model {
        let amount = |whole: Option<i64>| whole.map(|whole| Amount::whole(whole).0);
        validation_rule::Model {
            id,
            metric: self.metric,
            kind: self.kind,
            severity: self.severity,
            minimum: amount(self.minimum),
            maximum: amount(self.maximum),
            months: self.months,
            message: self.message,
            enabled: true,
            version: 1,
        }
    }
}

/// Sets whatever rules are shipped and the database lacks; says how many those were.
pub async fn load(viewer: &Viewer, permit: Permit) -> Result<usize, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let shipped = read()?;
            if shipped.iter().all(|rule| rule.is_in(viewer.catalogue().rules())) {
                return Ok(0);
            }
            let mut turn = Turn::begin(&viewer, permit).await?;
            let known = turn.catalogue().clone();
            let mut rows = Vec::new();
            for rule in shipped {
                if !rule.is_in(known.rules()) {
                    rows.push(rule.row(turn.next_row_id()));
                }
            }
            let written = rows.len();
            if written == 0 {
                // Another instance has set them since this one read the rules.
                viewer.store().publish_catalogue(known);
                turn.see_before();
                return Ok(0);
            }
            if let Some(organisation_id) = england(turn.directory()) {
                turn.say(Said {
                    organisation_id,
                    change_type: ChangeType::ValidationRuleSet,
                    effective_on: None,
                    before: None,
                    after: Some(format!("{written} rules that the program brings")),
                    node: None,
                });
            }
            insert::<validation_rule::Entity>(turn.connection(), rows).await?;
            turn.commit(None, 0).await?;
            Ok(written)
        })
        .await
}

fn read() -> Result<Vec<Shipped>, DbErr> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(RULES.as_bytes());
    let rows: Result<Vec<Shipped>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| DbErr::Custom(format!("validation_rules.csv: {error}")))
}

#[cfg(test)]
mod tests {
    use entity::metric_version::{Aggregation, Unit};

    use super::*;
    use crate::{
        auth::action::Action,
        domain::{metrics, reference, trial::Trial},
    };

    #[tokio::test]
    async fn what_is_shipped_fits_the_metrics_and_is_set_once() {
        let trial = Trial::open().await;
        let permit = || trial.permit(Action::LoadEdition);
        reference::load_reference(&trial.viewer, permit()).await.unwrap();
        metrics::shipped::load(&trial.viewer, permit()).await.unwrap();
        assert_eq!(load(&trial.viewer, permit()).await.unwrap(), read().unwrap().len());
        assert_eq!(load(&trial.viewer, permit()).await.unwrap(), 0);
        let catalogue = trial.viewer.catalogue();
        for rule in catalogue.rules().all() {
            let definition = catalogue.newest(&rule.metric).unwrap();
            assert!(definition.derivation.is_none(), "{rule:?} judges what is never recorded");
            let row = &definition.row;
            let is_ratio = row.aggregation == Aggregation::RatioOfSums;
            assert!(rule.kind != Kind::NumeratorWithinDenominator || is_ratio, "{rule:?}");
            assert!(rule.kind != Kind::BeyondLimits || rule.months == Some(12), "{rule:?}");
            assert_eq!(rule.kind == Kind::Range, rule.minimum.or(rule.maximum).is_some());
        }
        for definition in catalogue.published().filter(|each| each.derivation.is_none()) {
            let row = &definition.row;
            let has = |kind| catalogue.rules().enabled(&row.code).any(|rule| rule.kind == kind);
            assert!(has(Kind::Required), "{}", row.code);
            assert!(row.unit != Unit::Count || has(Kind::Integer), "{}", row.code);
            let share = row.aggregation == Aggregation::RatioOfSums && row.unit == Unit::Percent;
            assert!(!share || has(Kind::NumeratorWithinDenominator), "{}", row.code);
        }
    }
}
