//! How much changed, and how much of it is only that the map was redrawn.
//!
//! A rate over a region moves when its sites do better, and also when sites join or
//! leave the region. Recomputing the previous period on this period's organisations
//! splits the two, as is usual when administrative areas change (a constant-boundary
//! comparison): what the recomputation moves is reorganisation, the rest is real.

/// A change from a baseline, in the unit of both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The current value less the baseline.
    pub absolute: f64,
    /// That in per cent of the size of the baseline; `None` where the baseline is 0, or
    /// so near 0 that no number says it.
    pub percent: Option<f64>,
}

/// The change from a baseline; `None` where either is not finite, or their difference.
pub fn from_baseline(baseline: f64, current: f64) -> Option<Change> {
    let absolute = finite(current - baseline)?;
    let percent = finite(100.0 * (absolute / baseline.abs()));
    Some(Change { absolute, percent })
}

/// A rate as what it is a ratio of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The sum of the numerators.
    pub numerator: f64,
    /// The sum of the denominators.
    pub denominator: f64,
}

impl Ratio {
    /// The rate; `None` where nothing is divided by nothing.
    pub fn rate(self) -> Option<f64> {
        finite(self.numerator / self.denominator)
    }
}

/// The change of a rate between two periods, and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateChange {
    /// What the rate of the same organisations changed by.
    pub real: f64,
    /// What the rate changed by because other organisations are counted.
    pub reorganisation: f64,
    /// The two together, to the last bit; the current rate less the previous, but for
    /// rounding.
    pub total: f64,
}

/// Splits the change of a rate, from the previous period as it was then, the previous
/// period recomputed on this period's organisations, and this period.
///
/// `None` where one of the three has no rate.
pub fn decompose(previous: Ratio, recomputed: Ratio, current: Ratio) -> Option<RateChange> {
    let (previous, recomputed, current) = (previous.rate()?, recomputed.rate()?, current.rate()?);
    let (real, reorganisation) = (current - recomputed, recomputed - previous);
    Some(RateChange { real, reorganisation, total: finite(real + reorganisation)? })
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(numerator: f64, denominator: f64) -> Ratio {
        Ratio { numerator, denominator }
    }

    #[test]
    fn a_change_is_a_difference_and_a_share_of_the_baseline() {
        let change = |baseline, current| from_baseline(baseline, current).unwrap();
        assert_eq!(change(40.0, 34.0), Change { absolute: -6.0, percent: Some(-15.0) });
        assert_eq!(change(-40.0, -34.0), Change { absolute: 6.0, percent: Some(15.0) });
        assert_eq!(change(0.0, 7.0), Change { absolute: 7.0, percent: None });
        assert_eq!(change(0.0, 0.0), Change { absolute: 0.0, percent: None });
        assert_eq!(change(1e-320, 1.0).percent, None);
        assert_eq!(from_baseline(f64::NAN, 1.0), None);
        assert_eq!(from_baseline(1.0, f64::INFINITY), None);
    }

    /// 30 of 100 sites last year. A weak neighbour with 5 of 50 joins: on the new map it
    /// would have been 35 of 150, and is 45 of 150. The rate did not move; the sites did.
    #[test]
    fn a_merger_can_hide_an_improvement() {
        let change = decompose(ratio(30.0, 100.0), ratio(35.0, 150.0), ratio(45.0, 150.0)).unwrap();
        assert!((change.reorganisation + 1.0 / 15.0).abs() < 1e-15);
        assert!((change.real - 1.0 / 15.0).abs() < 1e-15);
        assert!(change.total.abs() < 1e-15);
    }

    #[test]
    fn nothing_moved_where_the_map_stayed() {
        let same = ratio(30.0, 100.0);
        let change = decompose(same, same, ratio(40.0, 100.0)).unwrap();
        assert_eq!((change.reorganisation, change.real), (0.0, change.total));
    }

    #[test]
    fn no_rate_no_change() {
        let (some, none) = (ratio(1.0, 2.0), ratio(0.0, 0.0));
        assert_eq!(decompose(none, some, some), None);
        assert_eq!(decompose(some, none, some), None);
        assert_eq!(decompose(some, some, ratio(3.0, 0.0)), None);
    }

    proptest! {
        #[test]
        fn the_parts_add_to_the_total(counts in prop::array::uniform6(1..1_000_000_u32)) {
            let [a, b, c, d, e, f] = counts.map(f64::from);
            let change = decompose(ratio(a, b), ratio(c, d), ratio(e, f)).unwrap();
            prop_assert_eq!(change.real + change.reorganisation, change.total);
            let largest = (a / b).max(c / d).max(e / f);
            prop_assert!((change.total - (e / f - a / b)).abs() <= 4.0 * f64::EPSILON * largest);
        }
    }
}
