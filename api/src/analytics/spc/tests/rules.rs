//! The rules one by one, on series that show each alone; some are the package's own.

use serde_json::Value;

use super::super::{
    Limits,
    SpecialCause::{
        self, FallingTrend, RisingTrend, RunAbove, RunBelow, TwoOfThreeAbove, TwoOfThreeBelow,
    },
    labels::special_causes,
};
use crate::analytics::samples::sample;

const LIMITS: Limits = Limits { lower: -3.0, upper: 3.0, near_lower: -2.0, near_upper: 2.0 };

/// The causes around a mean of 0 where nothing is outside or near a limit.
fn without_limits(values: &[f64]) -> Vec<Option<SpecialCause>> {
    special_causes(values, 0.0, None)
}

fn examples(of: &str) -> Vec<Value> {
    let Some(path) = sample("spc/upstream_test_vectors.json") else { return Vec::new() };
    let text = std::fs::read_to_string(path).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    vectors[of].as_array().unwrap().clone()
}

fn list(example: &Value, field: &str) -> Vec<f64> {
    serde_json::from_value(example[field].clone()).unwrap()
}

/// The package marks the last point of each seven; the six before it are part of it.
fn any_of_next_seven(
    marks: &[f64],
    causes: (SpecialCause, SpecialCause),
) -> Vec<Option<SpecialCause>> {
    let cause = |at: usize| {
        let mark = marks[at..(at + 7).min(marks.len())].iter().find(|mark| **mark != 0.0)?;
        Some(if *mark > 0.0 { causes.0 } else { causes.1 })
    };
    (0..marks.len()).map(cause).collect()
}

#[test]
fn trends_are_as_in_the_examples() {
    for example in examples("seven_point_trend") {
        let expected = any_of_next_seven(&list(&example, "out"), (RisingTrend, FallingTrend));
        let found = without_limits(&list(&example, "in")).into_iter();
        let trends = found.map(|cause| cause.filter(|c| [RisingTrend, FallingTrend].contains(c)));
        assert_eq!(trends.collect::<Vec<_>>(), expected, "{example}");
    }
}

#[test]
fn runs_are_as_in_the_examples() {
    for example in examples("seven_point_one_side_of_mean") {
        let sides = list(&example, "in");
        let causes = if sides[0] > 0.0 { (RunAbove, RunAbove) } else { (RunBelow, RunBelow) };
        let expected = any_of_next_seven(&list(&example, "out"), causes);
        assert_eq!(without_limits(&sides), expected, "{example}");
    }
}

/// The package marks all three points; only those near the limit are singled out.
#[test]
fn two_of_three_are_as_in_the_examples() {
    for example in examples("two_in_three") {
        let (close, sides) = (list(&example, "close"), list(&example, "side"));
        let values: Vec<f64> =
            close.iter().zip(&sides).map(|(close, side)| side * (1.0 + 1.5 * close)).collect();
        let expected: Vec<_> = (list(&example, "out").iter().zip(&close))
            .map(|(part, close)| (part * close > 0.0).then_some(TwoOfThreeAbove))
            .collect();
        let found = special_causes(&values, 0.0, Some(&LIMITS)).into_iter();
        let found = found.map(|cause| cause.filter(|cause| *cause != RunAbove));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{example}");
    }
}

#[test]
fn a_point_beyond_a_limit_does_not_make_its_neighbours_special() {
    let causes = special_causes(&[-2.5, -1.0, -3.5], 0.0, Some(&LIMITS));
    assert_eq!(causes, [None, None, Some(SpecialCause::BelowLowerLimit)]);
    let causes = special_causes(&[-2.5, -1.0, -3.0], 0.0, Some(&LIMITS));
    assert_eq!(causes, [Some(TwoOfThreeBelow), None, Some(TwoOfThreeBelow)]);
}

#[test]
fn a_point_on_the_mean_breaks_a_run() {
    let mut values = [1.0; 13];
    values[6] = 0.0;
    assert_eq!(without_limits(&values), [None; 13]);
    values[6] = 0.5;
    assert_eq!(without_limits(&values), [Some(RunAbove); 13]);
}

/// A saw whose teeth rise over seven points each. The top of the first is part of a
/// rise and of nothing else, though the next step is down and part of the next rise.
#[test]
fn the_top_of_a_rise_is_part_of_the_rise() {
    let values: Vec<f64> = (0..14).map(|at| f64::from(at % 7)).collect();
    assert_eq!(without_limits(&values), [Some(RisingTrend); 14]);
}

/// The peak belongs to both; the later one is said.
#[test]
fn a_peak_is_part_of_the_fall() {
    let values: Vec<f64> = (0..13).map(|at: i32| 6.0 - f64::from((at - 6).abs())).collect();
    let causes = without_limits(&values);
    assert_eq!(causes[..6], [Some(RisingTrend); 6]);
    assert_eq!(causes[6..], [Some(FallingTrend); 7]);
}
