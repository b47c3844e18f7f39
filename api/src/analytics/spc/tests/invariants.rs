//! What holds for every series: nothing is ever NaN, and labels do not depend on the
//! unit, the zero or the sign of what is measured.

use proptest::{prelude::*, sample::subsequence};

use super::super::{Chart, Direction, Input, Meaning, PointLabel, Segment, SpecialCause, chart};

/// A series and its options; whole numbers, so that shifting it loses nothing.
#[derive(Debug, Clone)]
struct Drawn {
    values: Vec<f64>,
    rebase_at: Vec<usize>,
    direction: Direction,
    target: f64,
    screen_outliers: bool,
    fix_after: Option<usize>,
}

impl Drawn {
    fn chart(&self, of: impl Fn(f64) -> f64) -> Chart {
        let values: Vec<f64> = self.values.iter().map(|value| of(*value)).collect();
        chart(&Input {
            values: &values,
            rebase_at: &self.rebase_at,
            direction: self.direction,
            target: Some(of(self.target)),
            screen_outliers: self.screen_outliers,
            fix_after: self.fix_after,
        })
        .unwrap()
    }

    /// Whether a value or the target is so near a line that rounding decides its side.
    /// On the mean itself rounding decides nothing, where the mean is a whole number.
    fn is_on_a_line(&self) -> bool {
        self.chart(|value| value).segments.iter().any(|segment| {
            let lines = segment.limits.map(|l| [l.lower, l.upper, l.near_lower, l.near_upper]);
            let values = &self.values[segment.first..=segment.last];
            lines.into_iter().flatten().any(|line| {
                values.iter().chain([&self.target]).any(|value| (value - line).abs() < 1e-6)
            })
        })
    }
}

prop_compose! {
    fn any_series()(length in 1..60_usize)(
        values in prop_oneof![
            prop::collection::vec(-1000..1000_i32, length),
            prop::collection::vec(0..4_i32, length),
            prop::collection::vec(-3..9_i32, length).prop_map(|steps| {
                steps.into_iter().scan(0, |level, step| { *level += step; Some(*level) }).collect()
            }),
        ],
        rebase_at in subsequence((0..length).collect::<Vec<_>>(), 0..=length.min(3)),
        direction in prop_oneof![
            Just(Direction::Increase), Just(Direction::Decrease), Just(Direction::Neutral)
        ],
        target in -1000..1000_i32,
        screen_outliers in any::<bool>(),
        fix_after in prop::option::of(2..20_usize),
    ) -> Drawn {
        let values = values.into_iter().map(f64::from).collect();
        Drawn { values, rebase_at, direction, target: target.into(), screen_outliers, fix_after }
    }
}

fn numbers(segment: &Segment) -> Vec<f64> {
    let limits =
        segment.limits.map(|l| [l.lower, l.near_lower, segment.mean, l.near_upper, l.upper]);
    limits.map_or_else(|| vec![segment.mean], Vec::from)
}

fn mirrored(cause: SpecialCause) -> SpecialCause {
    match cause {
        SpecialCause::AboveUpperLimit => SpecialCause::BelowLowerLimit,
        SpecialCause::BelowLowerLimit => SpecialCause::AboveUpperLimit,
        SpecialCause::RisingTrend => SpecialCause::FallingTrend,
        SpecialCause::FallingTrend => SpecialCause::RisingTrend,
        SpecialCause::TwoOfThreeAbove => SpecialCause::TwoOfThreeBelow,
        SpecialCause::TwoOfThreeBelow => SpecialCause::TwoOfThreeAbove,
        SpecialCause::RunAbove => SpecialCause::RunBelow,
        SpecialCause::RunBelow => SpecialCause::RunAbove,
    }
}

fn turned(direction: Direction) -> Direction {
    match direction {
        Direction::Increase => Direction::Decrease,
        Direction::Decrease => Direction::Increase,
        Direction::Neutral => Direction::Neutral,
    }
}

proptest! {
    #[test]
    fn nothing_is_ever_nan(
        values in prop::collection::vec(
            prop_oneof![-1e100..1e100_f64, -1.0..1.0_f64, Just(0.0), Just(0.1), Just(1e-320)], 1..50
        ),
        screen_outliers: bool,
        fix_after in prop::option::of(2..20_usize),
    ) {
        let chart = chart(&Input {
            values: &values,
            rebase_at: &[],
            direction: Direction::Increase,
            target: Some(1e100),
            screen_outliers,
            fix_after,
        }).unwrap();
        for segment in &chart.segments {
            prop_assert!(numbers(segment).iter().all(|number| number.is_finite()));
        }
    }

    #[test]
    fn segments_cover_the_series_and_their_lines_are_in_order(drawn in any_series()) {
        let chart = drawn.chart(|value| value);
        let mut next = 0;
        for (at, segment) in chart.segments.iter().enumerate() {
            prop_assert_eq!(segment.first, next);
            prop_assert!(numbers(segment).is_sorted());
            prop_assert!(chart.points[segment.first..=segment.last].iter().all(|p| p.segment == at));
            prop_assert_eq!(segment.limits.is_none(), segment.first == segment.last);
            next = segment.last + 1;
        }
        prop_assert_eq!(next, drawn.values.len());
        prop_assert_eq!(chart.points.len(), drawn.values.len());
    }

    #[test]
    fn labels_do_not_depend_on_the_zero(drawn in any_series(), by in -100_000..100_000_i32) {
        prop_assume!(!drawn.is_on_a_line());
        let (here, there) = (drawn.chart(|v| v), drawn.chart(|value| value + f64::from(by)));
        prop_assert_eq!(here.points, there.points);
        prop_assert_eq!(here.assurance, there.assurance);
    }

    #[test]
    fn labels_do_not_depend_on_the_unit(drawn in any_series(), by in 1..1000_i32) {
        prop_assume!(!drawn.is_on_a_line());
        let (here, there) = (drawn.chart(|v| v), drawn.chart(|value| value * f64::from(by)));
        prop_assert_eq!(here.points, there.points);
        prop_assert_eq!(here.assurance, there.assurance);
    }

    #[test]
    fn a_mirror_turns_causes_and_keeps_what_they_mean(drawn in any_series()) {
        let here = drawn.chart(|value| value);
        let turned = Drawn { direction: turned(drawn.direction), ..drawn }.chart(|value| -value);
        let expected: Vec<_> = here.points.iter().map(|point| PointLabel {
            special_cause: point.special_cause.map(mirrored),
            meaning: match point.meaning {
                Meaning::NeutralHigh => Meaning::NeutralLow,
                Meaning::NeutralLow => Meaning::NeutralHigh,
                same => same,
            },
            ..*point
        }).collect();
        prop_assert_eq!(turned.points, expected);
        prop_assert_eq!(turned.assurance, here.assurance);
    }
}
