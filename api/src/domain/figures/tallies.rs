//! What the programme's own records come to, as figures of periods.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::metric_version::{Aggregation, Kind};

use super::{
    boundaries::Follow,
    census::Taken,
    derive::known,
    figure::{Figure, ValueState},
    periods::Period,
    tally::{self, Part},
};
use crate::{
    analytics::peers::Peers,
    domain::{
        amount::Amount,
        directory::{Directory, organisation::Organisation},
        metrics::{catalogue::Definition, derivation::Tallied},
        observations::Sums,
        records::Records,
    },
    ids::Month,
};

/// The records and the geography that figures stand on.
pub(super) struct Tallies {
    pub records: Arc<Records>,
    pub directory: Arc<Directory>,
    pub on: Option<(NaiveDate, Follow)>,
    pub today: NaiveDate,
}

impl Tallies {
    /// What is counted of an organisation in a period, as far as the period has come.
    pub(super) fn figure(
        &self,
        definition: &Definition,
        tallied: Tallied,
        organisation: &Organisation,
        period: Period,
    ) -> Figure {
        let now = Month::of(self.today);
        let begun = self.records.begins_on().map(Month::of);
        if period.first > now || begun.is_none_or(|begun| begun > period.last()) {
            // Before anything was recorded, none is not known to be none.
            return Figure::without(ValueState::NotSubmitted);
        }
        let last = period.last().min(now);
        let at = |month| {
            let taken = (tallied, Taken { month, on: self.on });
            tally::at(&self.records, &self.directory, taken, self.today, organisation)
        };
        let mut whole = at(last);
        if definition.row.kind != Kind::Stock && !is_of_a_day(tallied) {
            let there = whole.of - whole.number;
            for month in period.first.to(last).filter(|month| *month < last) {
                whole.join(&at(month), tallied);
            }
            if tallied == Tallied::WithdrawalRate {
                // Of those who are there at the end, and those who left on the way.
                whole.of = there + whole.number;
            }
        }
        match definition.row.aggregation {
            Aggregation::MedianOfRecords => median(definition, &whole),
            _ => known(definition, sums(tallied, &whole)),
        }
    }
}

/// Whether a share is of whoever is there on one day, and longer periods show their last.
fn is_of_a_day(tallied: Tallied) -> bool {
    matches!(tallied, Tallied::ExtensionRate | Tallied::AccreditedShare | Tallied::StageConversion)
}

fn sums(tallied: Tallied, part: &Part) -> Sums {
    let number = match tallied {
        Tallied::FteInPost => part.number,
        _ => Amount::whole(part.number).0,
    };
    let denominator = Amount::whole(part.of).0;
    Sums { value: number, numerator: number, denominator, reported: 1, ..Sums::default() }
}

/// A median of nothing does not arise.
fn median(definition: &Definition, part: &Part) -> Figure {
    let days = part.each.iter().map(|days| *days as f64).collect();
    let Some(peers) = Peers::new(days) else {
        return Figure::without(ValueState::NotApplicable);
    };
    let value = Amount::of(peers.quantile(0.5)).map_or(0, |amount| amount.0);
    known(definition, Sums { value, reported: 1, ..Sums::default() })
}
