//! Every series that was run through NHSRplotthedots, compared in all that it says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{
    Assurance, Chart, Direction, Input, Limits, Meaning, Segment, SpcRefused, SpecialCause, chart,
};
use super::usual;
use crate::analytics::samples::{Row, number, rows, sample};

#[derive(Deserialize)]
struct Case {
    case_id: String,
    values: Vec<Option<f64>>,
    dates: Vec<String>,
    improvement_direction: String,
    target: Option<f64>,
    rebase: Vec<String>,
    fix_after_n_points: Option<usize>,
    screen_outliers: bool,
}

impl Case {
    /// Draws the first so many points, or all.
    fn draw(&self, first: usize) -> Result<Chart, SpcRefused> {
        let values: Vec<f64> = self.values[..first].iter().map(|v| v.unwrap_or(f64::NAN)).collect();
        let index = |date: &String| self.dates.iter().position(|known| known == date).unwrap();
        let rebase_at: Vec<_> = self.rebase.iter().map(index).filter(|at| *at < first).collect();
        chart(&Input {
            values: &values,
            rebase_at: &rebase_at,
            direction: match self.improvement_direction.as_str() {
                "increase" => Direction::Increase,
                "decrease" => Direction::Decrease,
                "neutral" => Direction::Neutral,
                other => panic!("{other}"),
            },
            target: self.target,
            screen_outliers: self.screen_outliers,
            fix_after: self.fix_after_n_points,
        })
    }
}

/// Relative to the size of what is charted, however small that is.
fn assert_close(ours: f64, theirs: f64, size: f64, what: &str) {
    let error = (ours - theirs).abs();
    assert!(error <= 1e-9 * size.max(theirs.abs()), "{what}: {ours}, not {theirs}");
}

/// Where R says NaN, there is no limit, or all limits are the mean.
fn assert_limits(segment: &Segment, row: &Row, what: &str) {
    assert_close(segment.mean, number(row, "mean").unwrap(), 0.0, what);
    match (segment.limits, number(row, "lpl").zip(number(row, "upl"))) {
        (Some(ours), Some((lower, upper))) => {
            assert_close(ours.lower, lower, segment.mean.abs(), what);
            assert_close(ours.upper, upper, segment.mean.abs(), what);
        }
        (None, theirs) => assert!(theirs.is_none() && segment.first == segment.last, "{what}"),
        (Some(ours), None) => {
            let mean = segment.mean;
            let [lower, upper, near_lower, near_upper] = [mean; 4];
            assert_eq!(ours, Limits { lower, upper, near_lower, near_upper }, "{what}");
        }
    }
}

/// The flags of the package, from our limits.
fn assert_flags(segment: &Segment, value: f64, row: &Row, what: &str) {
    let flag = |heading: &str| row[heading] == "TRUE";
    let mean = segment.mean;
    let side = i8::from(value > mean) - i8::from(value < mean);
    assert_eq!(row["relative_to_mean"], side.to_string(), "{what}");
    assert_eq!(segment.trial, flag("short_group_warning"), "{what}");
    if let Some(limits) = segment.limits {
        let outside = value > limits.upper || value < limits.lower;
        let near = !outside && (value > limits.near_upper || value < limits.near_lower);
        assert_eq!((outside, near), (flag("outside_limits"), flag("close_to_limits")), "{what}");
    }
}

fn words(cause: Option<SpecialCause>) -> &'static str {
    match cause {
        Some(SpecialCause::AboveUpperLimit) => "Above UCL",
        Some(SpecialCause::BelowLowerLimit) => "Below LCL",
        Some(SpecialCause::RisingTrend) => "7 Point Trend (Increasing)",
        Some(SpecialCause::FallingTrend) => "7 Point Trend (Decreasing)",
        Some(SpecialCause::TwoOfThreeAbove) => "2 in 3 Above CL",
        Some(SpecialCause::TwoOfThreeBelow) => "2 in 3 Below CL",
        Some(SpecialCause::RunAbove) => "7 Points Above CL",
        Some(SpecialCause::RunBelow) => "7 Points Below CL",
        None => "Common Cause",
    }
}

fn meant(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::CommonCause => "common_cause",
        Meaning::Improvement => "special_cause_improvement",
        Meaning::Concern => "special_cause_concern",
        Meaning::NeutralHigh => "special_cause_neutral_high",
        Meaning::NeutralLow => "special_cause_neutral_low",
    }
}

fn assured(assurance: Option<Assurance>) -> &'static str {
    match assurance {
        Some(Assurance::ConsistentPass) => "consistent_pass",
        Some(Assurance::ConsistentFail) => "consistent_fail",
        Some(Assurance::Inconsistent) => "inconsistent",
        None => "",
    }
}

fn by_case(rows: Vec<Row>) -> BTreeMap<String, Vec<Row>> {
    let mut grouped: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        grouped.entry(row["case_id"].clone()).or_default().push(row);
    }
    grouped
}

fn cases() -> Option<Vec<Case>> {
    let text = std::fs::read_to_string(sample("spc/spc_inputs.json")?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The 92 series, less the one with a hole, which the package cannot draw either.
fn drawn() -> Option<Vec<Case>> {
    let (drawn, refused): (Vec<_>, Vec<_>) =
        cases()?.into_iter().partition(|case| case.values.iter().all(Option::is_some));
    assert_eq!((drawn.len(), refused.len()), (91, 1));
    let index = refused[0].values.iter().position(Option::is_none).unwrap();
    assert_eq!(refused[0].draw(refused[0].values.len()), Err(SpcRefused::Value { index }));
    Some(drawn)
}

#[test]
fn every_point_is_as_in_the_reference() {
    let Some((cases, rows)) = drawn().zip(rows("spc/spc_expected_points.csv")) else { return };
    let expected = by_case(rows);
    for case in cases {
        let chart = case.draw(case.values.len()).unwrap();
        let rows = &expected[&case.case_id];
        assert_eq!(chart.points.len(), rows.len(), "{}", case.case_id);
        for ((point, row), value) in chart.points.iter().zip(rows).zip(&case.values) {
            let what = format!("{} {}", case.case_id, row["idx"]);
            assert_eq!(point.segment.to_string(), row["rebase_group"], "{what}");
            let segment = &chart.segments[point.segment];
            assert_limits(segment, row, &what);
            assert_flags(segment, value.unwrap(), row, &what);
            assert_eq!(words(point.special_cause), row["special_cause_type"], "{what}");
            assert_eq!(
                point.special_cause.is_some(),
                row["special_cause_flag"] == "TRUE",
                "{what}"
            );
            assert_eq!(meant(point.meaning), row["point_type"], "{what}");
        }
    }
}

/// Variation is the last point's of a segment: that of the chart as it stood then.
#[test]
fn every_summary_is_as_in_the_reference() {
    let Some((cases, rows)) = drawn().zip(rows("spc/spc_expected_summary.csv")) else { return };
    let expected = by_case(rows);
    for case in cases {
        let chart = case.draw(case.values.len()).unwrap();
        let rows = &expected[&case.case_id];
        assert_eq!(chart.segments.len(), rows.len(), "{}", case.case_id);
        for (at, (segment, row)) in chart.segments.iter().zip(rows).enumerate() {
            let what = format!("{} {at}", case.case_id);
            assert_eq!(row["n"], (segment.last + 1 - segment.first).to_string(), "{what}");
            assert_limits(segment, row, &what);
            for counted in [Meaning::CommonCause, Meaning::Improvement, Meaning::Concern] {
                let points = chart.points.iter().filter(|point| point.segment == at);
                let count = points.filter(|point| point.meaning == counted).count();
                assert_eq!(count.to_string(), row[meant(counted)], "{what}");
            }
            let then = case.draw(segment.last + 1).unwrap();
            assert_eq!(meant(then.variation), row["variation_type"], "{what}");
            let last = at + 1 == rows.len();
            let assurance = if last { assured(chart.assurance) } else { "" };
            assert_eq!(assurance, row["assurance_type"], "{what}");
        }
    }
}

/// What the published headcount of general practice assistants gained each month, with
/// limits that start afresh when the second intake is through.
#[test]
fn only_october_2025_stands_out_since_april_2024() {
    let Some(rows) = rows("workforce/gpa_england_monthly_2023-04_2025-11.csv") else { return };
    let headcount: Vec<f64> = rows.iter().map(|row| number(row, "headcount").unwrap()).collect();
    let gained: Vec<f64> = headcount.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let month = |name: &str| rows.iter().position(|row| row["month"] == name).unwrap() - 1;
    let chart = chart(&Input { rebase_at: &[month("2024-04")], ..usual(&gained) }).unwrap();
    let since = chart.points.iter().enumerate().filter(|(_, point)| point.segment == 1);
    let special: Vec<_> =
        since.filter_map(|(at, point)| Some((at, point.special_cause?))).collect();
    assert_eq!(special, [(month("2025-10"), SpecialCause::AboveUpperLimit)]);
}
