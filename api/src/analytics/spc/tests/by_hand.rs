//! Refusals, limits and assurance, on series small enough to work out by hand.

use super::{super::*, draw, usual};
use crate::analytics::samples::sample;

#[test]
fn what_cannot_be_charted_is_refused() {
    let draw = |values: &[f64], change: fn(&mut Input<'_>)| {
        let mut input = usual(values);
        change(&mut input);
        chart(&input).unwrap_err()
    };
    let as_is: fn(&mut Input<'_>) = |_| ();
    assert_eq!(draw(&[], as_is), SpcRefused::Empty);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e101] {
        assert_eq!(draw(&[1.0, 2.0, bad], as_is), SpcRefused::Value { index: 2 });
    }
    assert_eq!(draw(&[1.0], |input| input.target = Some(f64::NAN)), SpcRefused::Target);
    let values = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(draw(&values, |input| input.rebase_at = &[4]), SpcRefused::Rebase { at: 4 });
    assert_eq!(draw(&values, |input| input.rebase_at = &[2, 2]), SpcRefused::Rebase { at: 2 });
    assert_eq!(draw(&values, |input| input.rebase_at = &[3, 1]), SpcRefused::Rebase { at: 1 });
    let refused = draw(&values, |input| input.fix_after = Some(1));
    assert_eq!(refused, SpcRefused::FixAfter { after: 1 });
    assert!(refused.to_string().contains("at least 2"));
}

#[test]
fn one_point_has_no_limits() {
    let chart = draw(&[5.0]).unwrap();
    assert_eq!(
        chart.segments,
        [Segment { first: 0, last: 0, mean: 5.0, limits: None, trial: true }]
    );
    assert_eq!((chart.variation, chart.assurance), (Meaning::CommonCause, None));
}

#[test]
fn a_series_that_does_not_move_has_its_mean_for_limits() {
    let values = [0.1; 20];
    let chart = chart(&Input { target: Some(0.1), ..usual(&values) }).unwrap();
    let [lower, upper, near_lower, near_upper] = [0.1; 4];
    assert_eq!(chart.segments[0].limits, Some(Limits { lower, upper, near_lower, near_upper }));
    assert!(!chart.segments[0].trial);
    assert!(chart.points.iter().all(|point| point.special_cause.is_none()));
    assert_eq!(chart.assurance, Some(Assurance::Inconsistent));
}

/// Nineteen moving ranges: seventeen of 1, and two of 20 around the peak. They average
/// 3 and the screen is at 9.8, so that only those of 1 stay.
#[test]
fn exceptional_moving_ranges_are_left_out_of_the_limits() {
    let mut values: Vec<f64> = (0..20).map(|at| f64::from(at % 2)).collect();
    values[10] = 21.0;
    let with = draw(&values).unwrap().segments[0].limits.unwrap();
    assert!((with.upper - with.lower - 2.0 * 2.66).abs() < 1e-12);
    let without = chart(&Input { screen_outliers: false, ..usual(&values) }).unwrap();
    let without = without.segments[0].limits.unwrap();
    assert!((without.upper - without.lower - 6.0 * 2.66).abs() < 1e-12);
}

#[test]
fn limits_fixed_early_judge_what_comes_later() {
    let values = [1.0, 2.0, 1.0, 2.0, 9.0];
    let chart = chart(&Input { fix_after: Some(4), ..usual(&values) }).unwrap();
    assert_eq!(chart.segments[0].mean, 1.5);
    assert_eq!(chart.segments[0].limits.map(|limits| limits.upper), Some(1.5 + 2.66));
    assert_eq!(chart.points[4].special_cause, Some(SpecialCause::AboveUpperLimit));
}

#[test]
fn a_rebase_at_the_first_point_changes_nothing() {
    let values = [1.0, 2.0, 4.0, 3.0];
    let rebased = chart(&Input { rebase_at: &[0], ..usual(&values) });
    assert_eq!(rebased, draw(&values));
    let two = chart(&Input { rebase_at: &[0, 2], ..usual(&values) }).unwrap();
    assert_eq!(
        two.segments.iter().map(|s| (s.first, s.last)).collect::<Vec<_>>(),
        [(0, 1), (2, 3)]
    );
}

/// The package's own examples of assurance, from series made to have these limits.
#[test]
fn the_examples_of_assurance_hold() {
    let Some(path) = sample("spc/upstream_test_vectors.json") else { return };
    let vectors: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (list, direction) in [
        ("assurance_increase_target4", Direction::Increase),
        ("assurance_decrease_target4", Direction::Decrease),
    ] {
        for example in vectors[list].as_array().unwrap() {
            let [lower, upper] = ["lpl", "upl"].map(|limit| example[limit].as_f64().unwrap());
            let (middle, step) = ((lower + upper) / 2.0, (upper - lower) / 4.0 / 2.66);
            let values = [middle - step, middle + step, middle - step, middle + step];
            let input = Input { direction, target: Some(4.0), ..usual(&values) };
            let expected = match example["out"].as_str().unwrap() {
                "consistent_pass" => Assurance::ConsistentPass,
                "consistent_fail" => Assurance::ConsistentFail,
                _ => Assurance::Inconsistent,
            };
            assert_eq!(chart(&input).unwrap().assurance, Some(expected), "{list} {example}");
        }
    }
}
