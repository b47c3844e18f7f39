//! Bass diffusion: how adoption spreads, and where it would end if it went on like that.
//!
//! Bass (1969): of `m` who will ever adopt, in each period a share adopts by itself
//! (innovation, `p`) and a share because others have (imitation, `q`). Fitted by
//! non-linear least squares to the adoptions of each period, `m·(F(t) − F(t−1))` with
//! `F(t) = (1 − e^{−(p+q)t}) / (1 + (q/p)·e^{−(p+q)t})`, as Srinivasan and Mason
//! (1986) recommend, by Levenberg–Marquardt in the logarithms of the three parameters,
//! which keeps them positive. Time counts from 1 in whole periods; `p` and `q` are
//! rates per period, `m` has the unit of the series.
//!
//! The model knows one wave of adoption and no second programme, new money or larger
//! population: a forecast therefore always comes with the error that the same method
//! would have made on the last quarter of the series.

mod least_squares;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use super::is_usable;

/// The fewest periods that a forecast is made from.
pub const FEWEST_PERIODS: usize = 12;

/// What innovation may be, per period; a fit that ends elsewhere is refused.
pub const INNOVATION: RangeInclusive<f64> = 1e-6..=1.0;

/// What imitation may be, per period. None at all is no failure of the fit: adoption
/// then slows down from its first period on, as in Fourt and Woodlock (1960).
pub const IMITATION: RangeInclusive<f64> = 0.0..=5.0;

/// What the market potential may be, in multiples of the last value of the series.
pub const POTENTIAL: RangeInclusive<f64> = 0.5..=10.0;

/// A parameter of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// `p`, the rate of adopting without example.
    Innovation,
    /// `q`, the rate of adopting by example.
    Imitation,
    /// `m`, how many adopt in the end.
    Potential,
}

/// Why there is no forecast.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BassRefused {
    /// Too short a series says nothing of its end.
    #[error("a forecast needs at least {FEWEST_PERIODS} periods, and there are {periods}")]
    TooShort {
        /// How many there are.
        periods: usize,
    },
    /// A value is negative, not finite or absurdly large, or nothing was ever adopted.
    #[error("the value at index {index} cannot be a cumulative adoption")]
    Value {
        /// Where it stands in the series, from 0.
        index: usize,
    },
    /// No starting point led to a minimum.
    #[error("the fit does not converge")]
    NotConverged,
    /// The best fit is no diffusion that could be believed.
    #[error("the fit ends on the bound of {parameter:?}, at {value}")]
    OnBound {
        /// Which of the three.
        parameter: Parameter,
        /// Where the fit ended, at the bound or beyond.
        value: f64,
    },
}

/// The model fitted to a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// `p`, per period.
    pub innovation: f64,
    /// `q`, per period; 0 where the series shows no imitation.
    pub imitation: f64,
    /// `m`, in the unit of the series.
    pub potential: f64,
    /// The root mean square error of the adoptions of a period, in the unit of the series.
    pub rmse: f64,
    /// How many periods, from the first of the series on, it was fitted to.
    pub periods: usize,
}

/// What the method would have said of the end of the series, had it not known it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backtest {
    /// The fit to the periods before those held out.
    pub fit: Fit,
    /// How many periods at the end were held out: a quarter, and at least 3.
    pub held_out: usize,
    /// The forecast of the last value less that value, in per cent of it: negative
    /// where the forecast was too low.
    pub error_percent: f64,
}

/// A fit and how far it can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Diffusion {
    /// The fit to the whole series.
    pub fit: Fit,
    /// The backtest, or why the shorter series could not be fitted.
    pub backtest: Result<Backtest, BassRefused>,
}

/// Fits the model to a cumulative series: the state at the end of each period, whose
/// adoption began with the first.
///
/// # Errors
///
/// Refuses fewer than [`FEWEST_PERIODS`], values that are negative or not finite, and
/// fits that do not converge or end on a bound.
pub fn diffusion(cumulative: &[f64]) -> Result<Diffusion, BassRefused> {
    if cumulative.len() < FEWEST_PERIODS {
        return Err(BassRefused::TooShort { periods: cumulative.len() });
    }
    Ok(Diffusion { fit: fit(cumulative)?, backtest: backtest(cumulative) })
}

fn backtest(cumulative: &[f64]) -> Result<Backtest, BassRefused> {
    let held_out = (cumulative.len() / 4).max(3);
    let (known, hidden) = cumulative.split_at(cumulative.len() - held_out);
    let fit = fit(known)?;
    let actual = hidden[held_out - 1];
    let error_percent = 100.0 * (fit.at(cumulative.len()) - actual) / actual;
    Ok(Backtest { fit, held_out, error_percent })
}

/// The fit to a series of any length.
fn fit(cumulative: &[f64]) -> Result<Fit, BassRefused> {
    let last = check(cumulative)?;
    let first = cumulative.iter().take(1).copied();
    let adoptions: Vec<f64> =
        first.chain(cumulative.windows(2).map(|pair| pair[1] - pair[0])).collect();
    let fit = least_squares::fit(&adoptions).ok_or(BassRefused::NotConverged)?;
    for (parameter, value, bounds, unit) in [
        (Parameter::Innovation, fit.innovation, INNOVATION, 1.0),
        (Parameter::Imitation, fit.imitation, IMITATION, 1.0),
        (Parameter::Potential, fit.potential, POTENTIAL, last),
    ] {
        if !bounds.contains(&(value / unit)) {
            return Err(BassRefused::OnBound { parameter, value });
        }
    }
    Ok(fit)
}

/// The last value, where all can be cumulative adoptions.
fn check(cumulative: &[f64]) -> Result<f64, BassRefused> {
    let can_be = |value: f64| is_usable(value) && value >= 0.0;
    if let Some(index) = cumulative.iter().position(|value| !can_be(*value)) {
        return Err(BassRefused::Value { index });
    }
    match cumulative.last() {
        Some(&last) if last > 0.0 => Ok(last),
        _ => Err(BassRefused::Value { index: cumulative.len().saturating_sub(1) }),
    }
}

impl Fit {
    /// The cumulative adoption at the end of a period, the first being 1; of the model,
    /// not of the series.
    pub fn at(&self, period: usize) -> f64 {
        self.potential * least_squares::share(self.innovation, self.imitation, period as f64)
    }

    /// The cumulative curve at the end of each of so many periods after those fitted.
    /// It leads to the potential, and need not pass through the last value of the series.
    pub fn forecast(&self, horizon: usize) -> Vec<f64> {
        (1..=horizon).map(|ahead| self.at(self.periods + ahead)).collect()
    }
}
