//! What earlier months said of the series that have limits, read at once for all entries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::validation_rule::Kind;
use sea_orm::{ConnectionTrait, DbErr};

use super::By;
use crate::{
    domain::{
        amount::Amount,
        observations::{Entry, earlier},
    },
    ids::{Month, OrganisationId},
};

/// How far back limits look, in months.
const LOOK_BACK: i32 = 36;

/// The values of a series of an organisation, by month.
#[derive(Default)]
pub(super) struct History(HashMap<(OrganisationId, i64), BTreeMap<Month, f64>>);

impl History {
    pub(super) async fn read(
        by: &By<'_>,
        connection: &impl ConnectionTrait,
        entries: &[Entry],
    ) -> Result<Self, DbErr> {
        let rules = by.catalogue.rules();
        let limited: Vec<&Entry> = entries
            .iter()
            .filter(|entry| {
                let mut rules = rules.enabled(&entry.definition.row.code);
                rules.any(|rule| rule.kind == Kind::BeyondLimits)
            })
            .collect();
        let mut history = Self::default();
        if by.before == 0 {
            return Ok(history);
        }
        let months = || limited.iter().map(|entry| entry.month);
        let (Some(first), Some(last)) = (months().min(), months().max()) else {
            return Ok(history);
        };
        let series: BTreeSet<(OrganisationId, i64)> =
            limited.iter().map(|e| (e.organisation.id(), e.definition.row.series_id)).collect();
        let series: Vec<_> = series.into_iter().collect();
        let months = (first.plus(-LOOK_BACK), last.plus(-1));
        for said in earlier(connection, &series, months, by.before).await? {
            if let Some(month) = Month::read(said.month) {
                let of = history.0.entry((said.organisation_id, said.series_id)).or_default();
                of.insert(month, Amount(said.value).number());
            }
        }
        Ok(history)
    }

    /// What was said before the entry's month, the oldest first.
    pub(super) fn before(&self, entry: &Entry) -> Vec<f64> {
        let key = (entry.organisation.id(), entry.definition.row.series_id);
        let months = entry.month.plus(-LOOK_BACK)..entry.month;
        let of = self.0.get(&key).into_iter();
        of.flat_map(|of| of.range(months.clone())).map(|(_, value)| *value).collect()
    }
}
