//! Forecasts, as clients see them.

use async_graphql::{SimpleObject, Union};

use super::{answer_or_reason, refused::AnalysisRefused};
use crate::{domain::figures::analysis::forecast as domain, graphql::metrics::value::Period};

/// A forecast, or why there is none.
#[derive(Union)]
pub enum ForecastResult {
    Forecast(Forecast),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(ForecastResult, Forecast, domain::Forecast);

/// The Bass model of how adoption spreads, fitted to what has accumulated.
#[derive(SimpleObject)]
pub struct Forecast {
    /// `p`: the share that adopts by itself in each period.
    innovation: f64,
    /// `q`: the share that adopts because others have; 0 where none shows.
    imitation: f64,
    /// `m`: how many adopt in the end, in the metric's unit.
    potential: f64,
    /// The root mean square error of what each period adds, in the metric's unit.
    rmse: f64,
    /// The first period that it was fitted to.
    from: Period,
    /// The last period that it was fitted to.
    to: Period,
    /// How many periods it was fitted to.
    periods: i32,
    /// What had accumulated by the end of each of them, and what the model says.
    fitted: Vec<FittedPoint>,
    /// What the model says of the periods that follow. It leads to the potential, and
    /// need not begin at the last value.
    points: Vec<ForecastPoint>,
    /// What the same method would have said of the end of the series.
    backtest: BacktestResult,
}

/// A period that was fitted to.
#[derive(SimpleObject)]
pub struct FittedPoint {
    /// The period.
    period: Period,
    /// What had accumulated by its end.
    actual: f64,
    /// What the model says of that.
    fitted: f64,
}

/// A period to come.
#[derive(SimpleObject)]
pub struct ForecastPoint {
    /// The period.
    period: Period,
    /// What will have accumulated by its end, says the model.
    value: f64,
}

/// A backtest, or why there is none.
#[derive(Union)]
pub enum BacktestResult {
    Backtest(Backtest),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(BacktestResult, Backtest, domain::Tested);

/// A forecast of the last value, made without the end of the series.
#[derive(SimpleObject)]
pub struct Backtest {
    /// The last period that was known to it.
    known_to: Period,
    /// How many periods at the end were held out: a quarter of all, and at least 3.
    held_out: i32,
    /// What it said of the last period.
    forecast: f64,
    /// What the last period came to.
    actual: f64,
    /// The one less the other, in per cent of it: negative where it was too low.
    error_percent: f64,
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl From<domain::Forecast> for Forecast {
    fn from(forecast: domain::Forecast) -> Self {
        let (from, to) = forecast.window;
        let fitted = |each: domain::Fitted| FittedPoint {
            period: Period(each.period),
            actual: each.actual,
            fitted: each.fitted,
        };
        let ahead = |(period, value)| ForecastPoint { period: Period(period), value };
        Self {
            innovation: forecast.fit.innovation,
            imitation: forecast.fit.imitation,
            potential: forecast.fit.potential,
            rmse: forecast.fit.rmse,
            from: Period(from),
            to: Period(to),
            periods: number(forecast.fit.periods),
            fitted: forecast.fitted.into_iter().map(fitted).collect(),
            points: forecast.ahead.into_iter().map(ahead).collect(),
            backtest: forecast.backtest.into(),
        }
    }
}

impl From<domain::Tested> for Backtest {
    fn from(tested: domain::Tested) -> Self {
        Self {
            known_to: Period(tested.known_to),
            held_out: number(tested.numbers.held_out),
            forecast: tested.forecast,
            actual: tested.actual,
            error_percent: tested.numbers.error_percent,
        }
    }
}
