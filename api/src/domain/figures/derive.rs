//! Working figures out: what was observed, what the register counts, and what is made of
//! the two by a metric's derivation.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::organisation::Kind;

use super::{
    boundaries::Boundaries,
    cells::{Cell, Grid},
    census::{self, Census, Held, Taken},
    figure::{Figure, ValueState, over_time},
    gather::{Wanted, gather},
    owed::Owed,
    periods::Period,
    series::Question,
    tallies::Tallies,
};
use crate::{
    domain::{
        amount::Amount,
        directory::{Directory, organisation::Organisation},
        error::Failure,
        metrics::{
            catalogue::{Catalogue, Definition, Lines},
            derivation::Derivation,
        },
        observations::{Sums, observable},
        viewer::Viewer,
    },
    ids::Month,
};

/// Everything that the figures of a question are made of.
pub(super) struct Workings {
    catalogue: Arc<Catalogue>,
    grid: Grid,
    owed: Owed,
    censuses: HashMap<Month, Arc<Census>>,
    tallies: Tallies,
    today: NaiveDate,
}

impl Workings {
    pub(super) async fn gather(
        viewer: &Viewer,
        question: &Question,
        metrics: &[Lines],
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, Failure> {
        let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
        let mut first = question.periods.first_month();
        let last = question.periods.last_month();
        let mut series: Vec<Arc<Definition>> = Vec::new();
        for lines in metrics {
            let derivation = lines.newest.derivation.as_ref();
            if matches!(derivation, Some(Derivation::Difference { .. })) {
                first = first.min(question.periods.first_month().plus(-1));
            }
            let rests_on = derivation.map(Derivation::rests_on).unwrap_or_default();
            let others = rests_on.iter().filter_map(|code| catalogue.lines(code));
            for lines in std::iter::once(lines.clone()).chain(others) {
                if lines.newest.derivation.is_none() {
                    let of = lines.series.iter().filter_map(|(_, id)| catalogue.of_series(*id));
                    series.extend(of.cloned());
                }
            }
        }
        series.sort_by_key(|definition| definition.row.series_id);
        series.dedup_by_key(|definition| definition.row.series_id);
        let on = match question.boundaries {
            Boundaries::AtPeriod => None,
            Boundaries::Current => Some(viewer.today()),
            Boundaries::AsAt(day) => Some(day),
        };
        let wanted = Wanted {
            series,
            organisations,
            months: (first, last),
            on,
            follow: question.follow,
            least: question.least,
            known_at: question.known_at,
        };
        let censuses = censuses(&directory, &wanted, metrics, organisations);
        let counts_returns =
            |lines: &Lines| matches!(lines.newest.derivation, Some(Derivation::Returns(_)));
        let owed = match metrics.iter().any(counts_returns) {
            true => Owed::read(viewer, &directory, &wanted, organisations).await?,
            false => Owed::default(),
        };
        let grid = gather(viewer, &wanted).await?;
        let today = viewer.today();
        let on = wanted.fixed();
        let tallies =
            Tallies { records: viewer.records(), directory: directory.clone(), on, today };
        Ok(Self { catalogue, grid, owed, censuses, tallies, today })
    }

    /// The figure of a metric for an organisation and a period, and when the newest part
    /// of it was recorded.
    pub(super) fn figure(
        &self,
        lines: &Lines,
        organisation: &Organisation,
        period: Period,
    ) -> (Figure, Option<DateTime<Utc>>) {
        if !self.applies(lines, organisation, period) {
            return (Figure::without(ValueState::NotApplicable), None);
        }
        match &lines.newest.derivation {
            None => self.observed(lines, organisation, period),
            Some(Derivation::Difference { of }) => self.difference(of, organisation, period),
            Some(Derivation::Ratio { numerator, denominator }) => {
                self.ratio(lines, (numerator, denominator), organisation, period)
            }
            Some(Derivation::Register(counted)) => {
                let held = self.held(organisation, period.last().min(Month::of(self.today)));
                let value = Amount::whole(held.counted(*counted)).0;
                (known(&lines.newest, Sums { value, reported: 1, ..Sums::default() }), None)
            }
            Some(Derivation::Records(tallied)) => {
                (self.tallies.figure(&lines.newest, *tallied, organisation, period), None)
            }
            Some(Derivation::Returns(counting)) => {
                let sums = self.owed.sums(organisation.id(), period.months(), *counting);
                let none = Figure::without(ValueState::NotApplicable);
                (sums.map_or(none, |sums| known(&lines.newest, sums)), None)
            }
        }
    }

    /// The month that a figure of a longer period is of, where it is of one.
    pub(super) fn month_shown(
        &self,
        lines: &Lines,
        organisation: &Organisation,
        period: Period,
    ) -> Month {
        if self.catalogue.is_recorded(lines) {
            return period.last().min(Month::of(self.today));
        }
        let said = |month: &Month| {
            self.grid.get(lines.at(*month), organisation.id(), *month).said_anything()
        };
        let months = (0..period.kind.months()).map(|back| period.last().plus(-back));
        months.clone().find(said).unwrap_or(period.last())
    }

    /// Whether the question arises: the metric speaks of such organisations, and this one
    /// was there.
    fn applies(&self, lines: &Lines, organisation: &Organisation, period: Period) -> bool {
        let begun = lines.series.first().is_none_or(|(from, _)| *from <= period.last());
        let (opened, closed) = organisation.lifetime();
        observable(&lines.newest, organisation.kind())
            && opened <= period.last().last_day()
            && closed.is_none_or(|closed| closed > period.first.first_day())
            && begun
    }

    fn observed(
        &self,
        lines: &Lines,
        organisation: &Organisation,
        period: Period,
    ) -> (Figure, Option<DateTime<Utc>>) {
        let (cell, expected) = self.cell(lines, organisation, period);
        (Figure::of(&lines.newest, &cell, expected), cell.recorded_at)
    }

    fn cell(&self, lines: &Lines, organisation: &Organisation, period: Period) -> (Cell, u32) {
        over_time(
            &lines.newest,
            period,
            |month| self.grid.get(lines.at(month), organisation.id(), month),
            |month| self.expected(&lines.newest, organisation, month),
        )
    }

    fn expected(&self, definition: &Definition, organisation: &Organisation, month: Month) -> u32 {
        if month > Month::of(self.today) {
            return 0;
        }
        if organisation.kind() == definition.row.subject_level {
            let there = Held::of(organisation, month.last_day());
            return u32::from(there.is_some() || organisation.kind() == Kind::Programme);
        }
        self.held(organisation, month).expected(definition.row.subject_level)
    }

    /// What an organisation holds at the end of a month; of a site, what it is itself.
    fn held(&self, organisation: &Organisation, month: Month) -> Held {
        if organisation.kind() == Kind::Site {
            return Held::of(organisation, month.last_day()).unwrap_or_default();
        }
        let census = self.censuses.get(&month);
        let held = census.and_then(|census| census.get(&organisation.id()));
        held.copied().unwrap_or_default()
    }

    /// What a stock rose by since the period before; that of several months is the sum of
    /// theirs, so that it is known only where both ends are.
    fn difference(
        &self,
        of: &str,
        organisation: &Organisation,
        period: Period,
    ) -> (Figure, Option<DateTime<Utc>>) {
        let Some(stock) = self.catalogue.lines(of) else {
            return (Figure::without(ValueState::NotSubmitted), None);
        };
        if stock.at(period.first.plus(-1)) != stock.at(period.last()) {
            // The definition changed in between: there is nothing to take from the other.
            return (Figure::without(ValueState::NotApplicable), None);
        }
        let at = |month: Month| {
            let cell = self.grid.get(stock.at(month), organisation.id(), month);
            let expected = self.expected(&stock.newest, organisation, month);
            (Figure::of(&stock.newest, &cell, expected), cell.recorded_at)
        };
        let ((before, _), (after, recorded_at)) = (at(period.first.plus(-1)), at(period.last()));
        let (Some(was), Some(is)) = (before.value, after.value) else {
            let state = ValueState::NotSubmitted;
            return (Figure { state, value: None, ..after }, recorded_at);
        };
        let value = Some(Amount(is.0 - was.0));
        let status = before.status.min(after.status);
        (Figure { state: ValueState::Value, value, status, ..after }, recorded_at)
    }

    fn ratio(
        &self,
        lines: &Lines,
        (numerator, denominator): (&str, &str),
        organisation: &Organisation,
        period: Period,
    ) -> (Figure, Option<DateTime<Utc>>) {
        let part = |code: &str| {
            let lines = self.catalogue.lines(code)?;
            let made = match &lines.newest.derivation {
                Some(Derivation::Register(_) | Derivation::Records(_)) => {
                    self.figure(&lines, organisation, period)
                }
                _ => self.observed(&lines, organisation, period),
            };
            Some(made)
        };
        let (Some((over, recorded_at)), Some((under, _))) = (part(numerator), part(denominator))
        else {
            return (Figure::without(ValueState::NotSubmitted), None);
        };
        let (Some(above), Some(below)) = (over.value, under.value) else {
            let state = if over.value.is_none() { over.state } else { under.state };
            return (Figure { state, value: None, ..over }, recorded_at);
        };
        let sums = Sums { numerator: above.0, denominator: below.0, ..Sums::default() };
        let state = ValueState::Value;
        (Figure { state, ..over }.with(&lines.newest, &sums), recorded_at)
    }
}

/// A figure that the register or the returns give for certain.
pub(super) fn known(definition: &Definition, sums: Sums) -> Figure {
    let base = Figure { reported: 1, expected: 1, ..Figure::without(ValueState::Value) };
    base.with(definition, &sums)
}

/// The censuses that the figures need: none where only sites are asked about.
fn censuses(
    directory: &Directory,
    wanted: &Wanted<'_>,
    metrics: &[Lines],
    organisations: &[Arc<Organisation>],
) -> HashMap<Month, Arc<Census>> {
    let needed = organisations.iter().any(|organisation| organisation.kind() != Kind::Site)
        && !metrics.is_empty();
    let months = wanted.months.0.to(wanted.months.1).filter(|_| needed);
    let taken = months.map(|month| {
        let on = wanted.fixed();
        (month, census::take(directory, Taken { month, on }))
    });
    taken.collect()
}
