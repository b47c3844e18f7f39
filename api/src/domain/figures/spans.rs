//! The periods of the public grid.

use std::collections::BTreeMap;

use super::{
    figure::takes_the_last,
    periods::{Period, PeriodKind},
};
use crate::{domain::metrics::catalogue::Lines, ids::Month};

/// The periods that sums run over, by their kind: all of them where they add up, and
/// months alone where a longer period shows one of its months.
pub(super) fn spans(lines: &Lines, first: Month, last: Month) -> BTreeMap<i32, Vec<Period>> {
    let kinds: &[PeriodKind] = if takes_the_last(&lines.newest) {
        &[PeriodKind::Month]
    } else {
        &[
            PeriodKind::Month,
            PeriodKind::Quarter,
            PeriodKind::FinancialYear,
            PeriodKind::CalendarYear,
        ]
    };
    let of = |kind: &PeriodKind| (order(*kind), periods_of(*kind, first, last));
    kinds.iter().map(of).collect()
}

fn order(kind: PeriodKind) -> i32 {
    match kind {
        PeriodKind::Month => 0,
        PeriodKind::Quarter => 1,
        PeriodKind::FinancialYear => 2,
        PeriodKind::CalendarYear => 3,
    }
}

fn periods_of(kind: PeriodKind, first: Month, last: Month) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    for month in first.to(last) {
        let period = kind.around(month);
        if periods.last() != Some(&period) {
            periods.push(period);
        }
    }
    periods
}

/// The longer periods that show one of their months.
pub(super) fn longer(
    lines: &Lines,
    spans: &BTreeMap<i32, Vec<Period>>,
    first: Month,
    last: Month,
) -> Vec<Period> {
    if spans.len() > 1 || !takes_the_last(&lines.newest) {
        return Vec::new();
    }
    [PeriodKind::Quarter, PeriodKind::FinancialYear, PeriodKind::CalendarYear]
        .into_iter()
        .flat_map(|kind| periods_of(kind, first, last))
        .collect()
}
