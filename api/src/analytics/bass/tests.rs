//! The fits, held against R's, against curves of known shape and against the real series.

use levenberg_marquardt::{LeastSquaresProblem, differentiate_numerically};
use nalgebra::Vector3;
use proptest::prelude::*;

use super::{least_squares::Problem, *};
use crate::analytics::samples::{Row, number, rows};

fn accumulate(adoptions: &[f64]) -> Vec<f64> {
    let mut total = 0.0;
    let add = |adopted: &f64| {
        total += adopted;
        total
    };
    adoptions.iter().map(add).collect()
}

/// The cumulative curve of the model itself.
fn curve(innovation: f64, imitation: f64, potential: f64, periods: usize) -> Vec<f64> {
    let exact = Fit { innovation, imitation, potential, rmse: 0.0, periods: 0 };
    exact.forecast(periods)
}

fn assert_near(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!((ours / theirs - 1.0).abs() <= tolerance, "{what}: {ours}, not {theirs}");
}

#[test]
fn every_fit_is_as_in_the_reference() {
    let Some((series, fits)) =
        rows("bass/bass_series.csv").zip(rows("bass/bass_fits_reference.csv"))
    else {
        return;
    };
    let is_ours =
        |fit: &&Row| fit["method"] == "NLS_SrinivasanMason_interval" && fit["converged"] == "TRUE";
    let fits: Vec<_> = fits.iter().filter(is_ours).collect();
    assert_eq!(fits.len(), 17);
    for expected in fits {
        let name = &expected["series"];
        let adoptions: Vec<f64> = series
            .iter()
            .filter(|row| row["series"] == *name)
            .map(|row| number(row, "adoptions").unwrap())
            .collect();
        let cumulative = accumulate(&adoptions);
        let fit = fit(&cumulative).unwrap();
        let theirs = |heading| number(expected, heading).unwrap();
        assert_near(fit.innovation, theirs("p"), 1e-3, name);
        assert_near(fit.imitation, theirs("q"), 1e-3, name);
        assert_near(fit.potential, theirs("m"), 1e-3, name);
        let squares = fit.rmse.powi(2) * adoptions.len() as f64;
        assert_near(squares, theirs("rss"), 1e-6, name);
        let public = diffusion(&cumulative);
        match adoptions.len() {
            periods @ ..FEWEST_PERIODS => {
                assert_eq!(public, Err(BassRefused::TooShort { periods }))
            }
            _ => assert_eq!(public.map(|diffusion| diffusion.fit), Ok(fit)),
        }
    }
}

/// The published headcount of general practice assistants slows down from its first
/// month on; who trusted a fit to the first two years would have been short of people.
#[test]
fn the_real_series_would_have_been_forecast_too_low() {
    let Some(rows) = rows("workforce/gpa_england_monthly_2023-04_2025-11.csv") else { return };
    let headcount: Vec<f64> = rows.iter().map(|row| number(row, "headcount").unwrap()).collect();
    assert_eq!(headcount.len(), 32);
    let backtest = diffusion(&headcount).unwrap().backtest.unwrap();
    assert_eq!((backtest.held_out, backtest.fit.periods, backtest.fit.imitation), (8, 24, 0.0));
    assert!((backtest.error_percent + 13.154).abs() < 0.001, "{}", backtest.error_percent);
    assert_eq!(backtest.fit.forecast(8)[7], backtest.fit.at(32));
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let short = curve(0.03, 0.4, 100.0, FEWEST_PERIODS - 1);
    assert_eq!(diffusion(&short), Err(BassRefused::TooShort { periods: 11 }));
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let mut values = curve(0.03, 0.4, 100.0, 20);
        values[7] = bad;
        assert_eq!(diffusion(&values), Err(BassRefused::Value { index: 7 }));
    }
    assert_eq!(diffusion(&[0.0; 12]), Err(BassRefused::Value { index: 11 }));
}

/// Growth that does not slow down says nothing of where it will end.
#[test]
fn growth_without_an_end_in_sight_is_refused() {
    let steady: Vec<f64> = (1..=24).map(|month| f64::from(month) * 10.0).collect();
    let doubling: Vec<f64> = (1..=24).map(|month| 1.2_f64.powi(month)).collect();
    for series in [steady, doubling] {
        let refused = diffusion(&series).unwrap_err();
        let bound = matches!(
            refused,
            BassRefused::OnBound { parameter: Parameter::Potential | Parameter::Innovation, .. }
        );
        assert!(bound || refused == BassRefused::NotConverged, "{refused}");
    }
}

/// Exact where the curve went on, and a fifth too low where more came in its last period.
#[test]
fn a_backtest_says_how_far_off_it_was() {
    let mut series = curve(0.03, 0.4, 1000.0, 20);
    let exact = diffusion(&series).unwrap();
    assert!(exact.backtest.unwrap().error_percent.abs() < 1e-4);
    series[19] *= 1.25;
    let surprised = diffusion(&series).unwrap().backtest.unwrap();
    assert_eq!((surprised.held_out, surprised.fit.periods), (5, 15));
    assert!((surprised.error_percent + 20.0).abs() < 1e-4, "{}", surprised.error_percent);
}

#[test]
fn the_forecast_leads_to_the_potential() {
    let fit = fit(&curve(0.03, 0.4, 1000.0, 20)).unwrap();
    let forecast = fit.forecast(100);
    assert_eq!(forecast.len(), 100);
    assert!(forecast.is_sorted() && forecast[0] > 900.0);
    assert!((forecast[99] - 1000.0).abs() < 1e-3);
    assert_eq!(fit.at(0), 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_curve_is_recognised(
        innovation in 0.001..0.2_f64,
        imitation in 0.05..1.0_f64,
        potential in 10.0..1e6_f64,
        periods in 12..40_usize,
    ) {
        let series = curve(innovation, imitation, potential, periods);
        prop_assume!(series[periods - 1] > 0.5 * potential);
        let fit = fit(&series).unwrap();
        assert_near(fit.innovation, innovation, 1e-4, "innovation");
        assert_near(fit.imitation, imitation, 1e-4, "imitation");
        assert_near(fit.potential, potential, 1e-4, "potential");
        prop_assert!(fit.rmse < 1e-4 * potential);
    }

    #[test]
    fn the_slopes_are_those_of_the_residuals(
        innovation in 0.001..0.5_f64, imitation in 0.001..1.0_f64, potential in 1.0..1e3_f64,
    ) {
        let logarithms = Vector3::new(innovation.ln(), imitation.ln(), potential.ln());
        let mut problem = Problem { adoptions: &[1.0; 12], logarithms };
        let ours = problem.jacobian().unwrap();
        let numerical = differentiate_numerically(&mut problem).unwrap();
        prop_assert!((&ours - numerical).norm() <= 1e-6 * ours.norm());
    }

    #[test]
    fn nothing_is_ever_nan(steps in prop::collection::vec(-5..30_i32, 12..40)) {
        let steps: Vec<f64> = steps.into_iter().map(f64::from).collect();
        let cumulative: Vec<f64> = accumulate(&steps).iter().map(|value| value.max(0.0)).collect();
        if let Ok(Diffusion { fit, backtest }) = diffusion(&cumulative) {
            let numbers = [fit.innovation, fit.imitation, fit.potential, fit.rmse, fit.at(1000)];
            prop_assert!(numbers.iter().all(|number| number.is_finite()));
            if let Ok(backtest) = backtest {
                prop_assert!(backtest.error_percent.is_finite());
            }
        }
    }
}
