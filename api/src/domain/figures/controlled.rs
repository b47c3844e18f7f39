//! Figures about people, as they are shown to those who may not see them as they are.
//!
//! What everybody is shown stands on one fixed grid: England, which is exact, the regions,
//! ICBs, sub-ICB locations and training hubs, on the boundaries of each period, of all
//! that is known now. It is made whole, once for each state of the figures, so the same
//! cell has the same answer whatever is asked beside it: no other boundaries, status or
//! moment of knowledge gives anybody a second number to subtract. Sites and networks are
//! not on the grid: nothing of theirs is shown.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{
    metric_version::{Aggregation, Disclosure},
    organisation::Kind,
    rollup,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{
    boundaries::{Boundaries, Follow},
    derive::Workings,
    figure::{Figure, ValueState, takes_the_last},
    periods::{Period, PeriodKind, Periods},
    public_table::{Places, choosers, table},
    selector::Selector,
    series::Question,
    spans::{longer, spans},
};
use crate::{
    analytics::disclosure::{Protected, SMALLEST, Shown, Table, protect},
    auth::{action::Action, policy::Reach},
    domain::{
        amount::Amount,
        directory::{Directory, organisation::Organisation},
        error::Failure,
        metrics::{
            catalogue::{Catalogue, Lines},
            units_of_one,
        },
        observations::divided,
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// What everybody is shown of one metric.
pub(in crate::domain) type Public = HashMap<(OrganisationId, Period), Figure>;

/// What a viewer is shown of the metrics of a question.
pub(super) struct Control {
    viewer: Viewer,
    directory: Arc<Directory>,
    reach: Reach,
    /// How far the stage of a named site may be known.
    stages: Reach,
    catalogue: Arc<Catalogue>,
    public: HashMap<i64, Arc<Public>>,
}

impl Control {
    pub(super) async fn new(
        viewer: &Viewer,
        metrics: &[Lines],
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, Failure> {
        let reach = viewer.reach(Action::ReadExactFigures);
        let mut control = Self {
            viewer: viewer.clone(),
            directory: viewer.directory(),
            reach,
            stages: viewer.reach(Action::ReadParticipation),
            catalogue: viewer.catalogue(),
            public: HashMap::new(),
        };
        for lines in metrics {
            let on_grid = |organisation: &Arc<Organisation>| {
                control.controls(lines, organisation) && is_on_grid(organisation.kind())
            };
            if organisations.iter().any(on_grid) {
                let public = public(viewer, lines).await?;
                control.public.insert(lines.newest.row.id, public);
            }
        }
        Ok(control)
    }

    /// Whether the viewer is shown what everybody is, instead of the figure as it is.
    pub(super) fn controls(&self, lines: &Lines, organisation: &Organisation) -> bool {
        lines.newest.row.disclosure >= Disclosure::D2
            && !self.directory.covers(&self.reach, organisation, self.viewer.today())
    }

    /// Whether the figure would tell the stage of a named site to somebody who may not
    /// know it.
    fn tells_a_stage(&self, lines: &Lines, organisation: &Organisation) -> bool {
        organisation.kind() == Kind::Site
            && self.catalogue.is_recorded(lines)
            && !self.directory.covers(&self.stages, organisation, self.viewer.today())
    }

    pub(super) fn shown(
        &self,
        lines: &Lines,
        organisation: &Organisation,
        period: Period,
        figure: Figure,
    ) -> Figure {
        if self.tells_a_stage(lines, organisation) && figure.state != ValueState::NotApplicable {
            return Figure::without(ValueState::Suppressed);
        }
        if !self.controls(lines, organisation) {
            return figure;
        }
        if !is_on_grid(organisation.kind()) && figure.state != ValueState::NotApplicable {
            // Not even whether anything was said.
            return Figure::without(ValueState::Suppressed);
        }
        let public = self.public.get(&lines.newest.row.id);
        let known = public.and_then(|public| public.get(&(organisation.id(), period)));
        match (known, figure.state) {
            (Some(known), _) => *known,
            // Outside the months of which anything was said there is nothing to hide.
            (None, ValueState::NotSubmitted | ValueState::NotApplicable) => {
                Figure { reported: 0, ..figure }
            }
            (None, _) => figure.suppressed(),
        }
    }
}

fn is_on_grid(kind: Kind) -> bool {
    match kind {
        Kind::Programme | Kind::Region | Kind::Icb | Kind::SubIcb | Kind::TrainingHub => true,
        Kind::Pcn | Kind::Site | Kind::Provider => false,
    }
}

/// What everybody is shown of a metric, made once for each state of the figures.
async fn public(viewer: &Viewer, lines: &Lines) -> Result<Arc<Public>, Failure> {
    let store = viewer.store();
    let figures = store.figures_position();
    let key = (
        format!("{} {:?}", lines.newest.row.id, lines.series),
        viewer.directory().position(),
        figures,
        viewer.records().position(),
        viewer.today(),
    );
    if let Some(known) = store.public.get(&key) {
        return Ok(known);
    }
    let made = Arc::new(make(viewer, lines).await?);
    if store.figures_position() == figures {
        store.public.insert(key, made.clone());
    }
    Ok(made)
}

async fn make(viewer: &Viewer, lines: &Lines) -> Result<Public, Failure> {
    let Some((first, last)) = months(viewer, lines).await? else { return Ok(Public::new()) };
    let directory = viewer.directory();
    let kinds = [Kind::Programme, Kind::Region, Kind::Icb, Kind::SubIcb, Kind::TrainingHub];
    let organisations: Vec<Arc<Organisation>> =
        kinds.into_iter().flat_map(|kind| directory.of_kind(kind)).cloned().collect();
    let question = Question {
        metrics: Vec::new(),
        of: Selector::England,
        periods: Periods::new(PeriodKind::FinancialYear, first, last)?,
        boundaries: Boundaries::AtPeriod,
        follow: Follow::None,
        least: entity::observation::Status::Provisional,
        known_at: None,
    };
    let metrics = std::slice::from_ref(lines);
    let choosers = choosers(&directory);
    let counted: Vec<_> = organisations.iter().chain(&choosers).cloned().collect();
    let workings = Workings::gather(viewer, &question, metrics, &counted).await?;
    let spans = spans(lines, first, last);
    let figure = |place: &Organisation, period: Period| workings.figure(lines, place, period).0;
    let places = Places::new(&directory, &organisations, &choosers, viewer.today());
    let counts = counts_of(lines);
    // One table for each count that a figure is made of: itself, or what is divided.
    let mut shown: Vec<HashMap<(OrganisationId, Period), Shown>> = Vec::new();
    for count in counts {
        let exact = |place: &Organisation, period| whole(count(&figure(place, period)));
        let (table, cells) = table(&places, &spans, exact);
        shown.push(protected(&table, cells)?);
    }
    let mut public = Public::new();
    for place in &organisations {
        for period in spans.values().flatten().copied().chain(longer(lines, &spans, first, last)) {
            let of = if takes_the_last(&lines.newest) && period.kind != PeriodKind::Month {
                PeriodKind::Month.around(workings.month_shown(lines, place, period))
            } else {
                period
            };
            let exact = figure(place, period);
            let made = if place.kind() == Kind::Programme {
                exact
            } else {
                let cells = shown.iter().map(|cells| cells.get(&(place.id(), of)).copied());
                masked(lines, exact, cells.collect::<Option<Vec<Shown>>>().unwrap_or_default())
            };
            public.insert((place.id(), period), made);
        }
    }
    Ok(public)
}

/// What may be shown of each cell. Where too little can be hidden to protect a cell, all
/// of its period is.
fn protected(
    table: &Table,
    cells: Vec<(OrganisationId, Period)>,
) -> Result<HashMap<(OrganisationId, Period), Shown>, Failure> {
    let unsound = |unsound| Failure::Internal(DbErr::Custom(format!("figures: {unsound}")));
    let Protected { shown, exposed } = protect(table).map_err(unsound)?;
    let bare: HashSet<Period> =
        exposed.iter().filter_map(|exposure| Some(cells.get(exposure.cell)?.1)).collect();
    let masked = cells.into_iter().zip(shown).map(|((place, period), shown)| {
        let shown = if bare.contains(&period) { Shown::Suppressed } else { shown };
        ((place, period), shown)
    });
    Ok(masked.collect())
}

/// The first and the last month of which anything was said.
async fn months(viewer: &Viewer, lines: &Lines) -> Result<Option<(Month, Month)>, Failure> {
    let catalogue = viewer.catalogue();
    if catalogue.is_recorded(lines) {
        let (first, today) = (viewer.records().begins_on(), viewer.today());
        return Ok(first.map(|first| (Month::of(first), Month::of(today))));
    }
    let derivation = lines.newest.derivation.iter();
    let rests_on = derivation.flat_map(|derivation| derivation.rests_on());
    let others = rests_on.filter_map(|code| catalogue.lines(code)).flat_map(|lines| lines.series);
    let series = lines.series.iter().copied().chain(others).map(|(_, series)| series);
    let range: Option<(Option<i32>, Option<i32>)> = rollup::Entity::find()
        .select_only()
        .column_as(rollup::Column::Month.min(), "first")
        .column_as(rollup::Column::Month.max(), "last")
        .filter(rollup::Column::SeriesId.is_in(series))
        .into_tuple()
        .one(&viewer.store().reader)
        .await?;
    let Some((Some(first), Some(last))) = range else { return Ok(None) };
    Ok(Month::read(first).zip(Month::read(last)))
}

type Count = fn(&Figure) -> Option<Amount>;

/// The counts of people that a figure is made of; none of a median, which cannot be
/// controlled by counts.
fn counts_of(lines: &Lines) -> Vec<Count> {
    match lines.newest.row.aggregation {
        Aggregation::Sum | Aggregation::DistinctCount => vec![|figure| figure.value],
        Aggregation::RatioOfSums => vec![|figure| figure.numerator, |figure| figure.denominator],
        Aggregation::WeightedMean => vec![|figure| figure.denominator],
        Aggregation::MedianOfRecords => Vec::new(),
    }
}

/// People in whole numbers; a part of one counts as one.
fn whole(amount: Option<Amount>) -> u64 {
    amount.map_or(0, |amount| amount.0.unsigned_abs().div_ceil(1_000_000))
}

/// A figure as its counts may be shown.
fn masked(lines: &Lines, figure: Figure, counts: Vec<Shown>) -> Figure {
    let rounded = |shown: &Shown| match shown {
        Shown::Exact(count) | Shown::Rounded(count) => Some(*count),
        Shown::Suppressed => None,
    };
    let counts: Option<Vec<u64>> = counts.iter().map(rounded).collect();
    let whole = |count: u64| Amount::whole(i64::try_from(count).unwrap_or(i64::MAX));
    let said = matches!(figure.state, ValueState::Value | ValueState::Nil);
    match (lines.newest.row.aggregation, counts.as_deref()) {
        (_, None) => figure.suppressed(),
        (_, Some(_)) if !said => figure,
        (Aggregation::Sum | Aggregation::DistinctCount, Some([count])) => {
            Figure { value: Some(whole(*count)), rounded: true, ..figure }
        }
        (Aggregation::RatioOfSums, Some([above, below]))
            if *above >= SMALLEST && *below >= SMALLEST =>
        {
            let (numerator, denominator) = (whole(*above), whole(*below));
            let units = units_of_one(&lines.newest);
            Figure {
                value: divided(numerator.0, denominator.0, units),
                numerator: Some(numerator),
                denominator: Some(denominator),
                rounded: true,
                ..figure
            }
        }
        (Aggregation::WeightedMean, Some([weight])) if *weight >= SMALLEST => {
            Figure { numerator: None, denominator: Some(whole(*weight)), rounded: true, ..figure }
        }
        _ => figure.suppressed(),
    }
}
