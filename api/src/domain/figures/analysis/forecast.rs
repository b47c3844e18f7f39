//! Where adoption would go if it went on as it has, and how far that can be trusted.

use entity::metric_version::Kind;

use super::{RefusalCode, Refused, known, setting::adds_over_time};
use crate::{
    analytics::bass::{self, Backtest, BassRefused, Fit},
    domain::{
        error::Failure,
        figures::{Series, periods::Period},
        viewer::Viewer,
    },
};

/// As many periods as a forecast looks ahead.
const FURTHEST: usize = 120;

/// A stock that has lost more than this share of its highest value is no adoption.
const LOST: f64 = 0.1;

/// A forecast of what has accumulated.
#[derive(Debug, Clone)]
pub struct Forecast {
    pub fit: Fit,
    /// The first and the last period that it was fitted to.
    pub window: (Period, Period),
    /// What had accumulated by the end of each of these, and what the fit says of it.
    pub fitted: Vec<Fitted>,
    /// What the fit says of the periods that follow.
    pub ahead: Vec<(Period, f64)>,
    pub backtest: Result<Tested, Refused>,
}

#[derive(Debug, Clone, Copy)]
pub struct Fitted {
    pub period: Period,
    pub actual: f64,
    pub fitted: f64,
}

/// What the same method would have said of the end of the series.
#[derive(Debug, Clone, Copy)]
pub struct Tested {
    pub numbers: Backtest,
    /// The last period that it was fitted to.
    pub known_to: Period,
    pub forecast: f64,
    pub actual: f64,
}

/// How far ahead, if that can be asked for.
pub fn horizon(periods: i32) -> Result<usize, Failure> {
    let sentence = format!("a forecast looks 1 to {FURTHEST} periods ahead");
    let horizon = usize::try_from(periods).ok().filter(|h| (1..=FURTHEST).contains(h));
    horizon.ok_or(Failure::BadRequest(sentence))
}

/// What has accumulated by the end of each period, where it can be forecast at all.
pub struct Cumulative {
    periods: Vec<Period>,
    values: Vec<f64>,
}

/// Reads a stock, or the running sum of a flow.
pub fn cumulative(viewer: &Viewer, series: &Series) -> Result<Cumulative, Refused> {
    let row = &series.metric.row;
    let is_sum = adds_over_time(&series.metric);
    if row.kind != Kind::Stock && !is_sum {
        let sentence = format!("{} is no count that accumulates", row.code);
        let hint = "forecast a stock, or a flow, whose values are added up";
        return Err(Refused::new(RefusalCode::NotCumulative, sentence).with_hint(hint));
    }
    let run = known::run(series, viewer.today())?;
    if run.len() < bass::FEWEST_PERIODS {
        return Err(refused(BassRefused::TooShort { periods: run.len() }));
    }
    let months = (run[0].0.first, run[run.len() - 1].0.last());
    known::unbroken(viewer, &series.lines, months)?;
    let mut total = 0.0;
    let add = |&(_, value): &(Period, f64)| {
        total = if is_sum { total + value } else { value };
        total
    };
    let values: Vec<f64> = run.iter().map(add).collect();
    falls(&values)?;
    Ok(Cumulative { periods: run.into_iter().map(|(period, _)| period).collect(), values })
}

/// More are asked for than one request may have fitted.
pub fn too_many(most: usize) -> Refused {
    let sentence = format!("at most {most} forecasts are made for one request");
    Refused::new(RefusalCode::TooMany, sentence).with_hint("ask for the others in another request")
}

impl Cumulative {
    /// Fits the curve, and looks ahead: a search that takes a while.
    pub fn forecast(&self, horizon: usize) -> Result<Forecast, Refused> {
        let Self { periods, values } = self;
        let made = bass::diffusion(values).map_err(refused)?;
        let fitted = (1..).zip(periods.iter().zip(values));
        let fitted = fitted.map(|(number, (&period, &actual))| Fitted {
            period,
            actual,
            fitted: made.fit.at(number),
        });
        let last = periods[periods.len() - 1];
        let following =
            (1..).map(|after: i32| last.kind.around(last.first.plus(after * last.kind.months())));
        let backtest = made.backtest.map_err(refused).map(|numbers| Tested {
            numbers,
            known_to: periods[numbers.fit.periods - 1],
            forecast: numbers.fit.at(values.len()),
            actual: values[values.len() - 1],
        });
        Ok(Forecast {
            fit: made.fit,
            window: (periods[0], last),
            fitted: fitted.collect(),
            ahead: following.zip(made.fit.forecast(horizon)).collect(),
            backtest,
        })
    }
}

/// Refuses what goes away again: a diffusion only grows.
fn falls(cumulative: &[f64]) -> Result<(), Refused> {
    let highest = cumulative.iter().copied().fold(0.0, f64::max);
    let last = cumulative.last().copied().unwrap_or(0.0);
    if last >= highest * (1.0 - LOST) {
        return Ok(());
    }
    let sentence = format!(
        "it stood at {highest} and stands at {last}: a diffusion grows, and this one shrank"
    );
    Err(Refused::new(RefusalCode::NotCumulative, sentence))
}

fn refused(refused: BassRefused) -> Refused {
    let sentence = refused.to_string();
    match refused {
        BassRefused::TooShort { .. } => Refused::new(RefusalCode::TooShort, sentence)
            .with_hint("ask for more periods, or for shorter ones"),
        BassRefused::Value { .. } => Refused::new(RefusalCode::NotCumulative, sentence),
        BassRefused::NotConverged => Refused::new(RefusalCode::NotConverged, sentence),
        BassRefused::OnBound { .. } => Refused::new(RefusalCode::OnBound, sentence)
            .with_hint("the series does not show yet where it would end"),
    }
}
