//! Funnel plots: which shares are out of line, given how many they are a share of.
//!
//! Follows Spiegelhalter (2005), "Funnel plots for comparing institutional
//! performance", appendix A.1.1, for proportions against the overall proportion. The
//! limits are exact binomial ones made continuous by interpolation: with `r` the least
//! count that has a probability of at least `p` not to be exceeded,
//! `α = (P(R ≤ r) − p) / P(R = r)` and the limit is `(r − α) / n`. They hold 95 % and
//! 99.8 % of organisations that differ by chance alone, the upper one erring towards a
//! warning by up to one event, as the paper's formula does; more variation than a binomial
//! one (over-dispersion) is not allowed for, so a limit passed is a reason to look and
//! not a verdict.

use statrs::distribution::{Binomial, DiscreteCDF};

/// A share as the counts that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// How many have what is counted.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
}

/// Why there is no funnel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunnelRefused {
    /// More have it than there are: the ratio is no proportion.
    #[error("the counts at index {index} are no proportion: the numerator is the larger")]
    NotAProportion {
        /// Where they stand, from 0.
        index: usize,
    },
    /// All denominators are 0, or there are none.
    #[error("there is nothing to compare: all denominators are 0")]
    Nothing,
    /// The denominators add up to more than can be counted.
    #[error("the denominators are too large to add")]
    TooLarge,
}

/// The control limits for one denominator, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// One in a thousand lies below by chance.
    pub lower_998: f64,
    /// One in forty lies below by chance.
    pub lower_95: f64,
    /// One in forty lies above by chance.
    pub upper_95: f64,
    /// One in a thousand lies above by chance.
    pub upper_998: f64,
}

/// Where a share lies in the funnel; on a limit is within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Below the lower 99.8 % limit.
    FarBelow,
    /// Below the lower 95 % limit only.
    Below,
    /// Within the 95 % limits.
    Within,
    /// Above the upper 95 % limit only.
    Above,
    /// Above the upper 99.8 % limit.
    FarAbove,
}

/// One organisation in the funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its share, from 0 to 1.
    pub share: f64,
    /// The limits for its denominator.
    pub limits: Limits,
    /// Where the share lies between them.
    pub place: Place,
}

/// A funnel plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// The sum of the numerators by the sum of the denominators, from 0 to 1.
    pub target: f64,
    /// One for each of the counts; `None` where the denominator is 0.
    pub points: Vec<Option<Point>>,
}

/// Draws the funnel of counts around their overall proportion.
///
/// # Errors
///
/// Refuses ratios that are no proportions, and counts that are all of nothing.
pub fn funnel(counts: &[Counts]) -> Result<Funnel, FunnelRefused> {
    if let Some(index) = counts.iter().position(|one| one.numerator > one.denominator) {
        return Err(FunnelRefused::NotAProportion { index });
    }
    let whole = counts.iter().try_fold(0_u64, |sum, one| sum.checked_add(one.denominator));
    let (part, whole) = match whole.ok_or(FunnelRefused::TooLarge)? {
        0 => return Err(FunnelRefused::Nothing),
        whole => (counts.iter().map(|one| one.numerator).sum::<u64>(), whole),
    };
    let target = part as f64 / whole as f64;
    let point = |one: &Counts| {
        let limits = limits(target, one.denominator)?;
        let share = one.numerator as f64 / one.denominator as f64;
        Some(Point { share, limits, place: place(share, limits) })
    };
    Ok(Funnel { target, points: counts.iter().map(point).collect() })
}

/// The limits of the funnel at a denominator, to draw its curves; `None` where that is
/// 0 or the target is not from 0 to 1.
pub fn limits(target: f64, denominator: u64) -> Option<Limits> {
    let chance = Binomial::new(target, denominator).ok().filter(|_| denominator > 0)?;
    let limit = |probability: f64, deviations: f64| {
        if target == 0.0 || target == 1.0 {
            return target;
        }
        let spread = (denominator as f64 * target * (1.0 - target)).sqrt();
        let about = denominator as f64 * target + deviations * spread;
        count_at(&chance, probability, about) / denominator as f64
    };
    Some(Limits {
        lower_998: limit(0.001, -3.09),
        lower_95: limit(0.025, -1.96),
        upper_95: limit(0.975, 1.96),
        upper_998: limit(0.999, 3.09),
    })
}

/// The count, made continuous, that is not exceeded with a probability; looked for from
/// about where a normal distribution would have it.
fn count_at(chance: &Binomial, probability: f64, about: f64) -> f64 {
    let mut count = (about.max(0.0) as u64).min(chance.n());
    while count > 0 && chance.cdf(count - 1) >= probability {
        count -= 1;
    }
    while chance.cdf(count) < probability {
        count += 1;
    }
    let (reached, before) = (chance.cdf(count), count.checked_sub(1).map(|less| chance.cdf(less)));
    let part = (reached - probability) / (reached - before.unwrap_or(0.0));
    (count as f64 - part).max(0.0)
}

fn place(share: f64, limits: Limits) -> Place {
    if share < limits.lower_998 {
        Place::FarBelow
    } else if share < limits.lower_95 {
        Place::Below
    } else if share > limits.upper_998 {
        Place::FarAbove
    } else if share > limits.upper_95 {
        Place::Above
    } else {
        Place::Within
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(pairs: &[(u64, u64)]) -> Vec<Counts> {
        pairs.iter().map(|&(numerator, denominator)| Counts { numerator, denominator }).collect()
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let refused = |pairs: &[(u64, u64)]| funnel(&counts(pairs)).unwrap_err();
        assert_eq!(refused(&[]), FunnelRefused::Nothing);
        assert_eq!(refused(&[(0, 0), (0, 0)]), FunnelRefused::Nothing);
        assert_eq!(refused(&[(1, 2), (3, 2)]), FunnelRefused::NotAProportion { index: 1 });
        assert_eq!(refused(&[(1, u64::MAX), (1, 1)]), FunnelRefused::TooLarge);
    }

    /// Ten tosses of a fair coin, of 1024 equal outcomes: 11 have at most one head and 56
    /// at most two, so the lower 95 % limit is two less (56 − 25.6)/45; 968 have at most
    /// seven and 1013 at most eight, so the upper is eight less (1013 − 998.4)/45.
    #[test]
    fn the_limits_of_ten_tosses_are_these() {
        let limits = limits(0.5, 10).unwrap();
        assert!((limits.lower_95 - (2.0 - 30.4 / 45.0) / 10.0).abs() < 1e-12);
        assert!((limits.upper_95 - (8.0 - 14.6 / 45.0) / 10.0).abs() < 1e-12);
        // one outcome has no head, eleven at most one; 1013 at most eight, 1023 at most nine
        assert!((limits.lower_998 - (1.0 - 9.976 / 10.0) / 10.0).abs() < 1e-12);
        assert!((limits.upper_998 - (9.0 - 0.024 / 10.0) / 10.0).abs() < 1e-12);
    }

    /// For whole populations, the limits are those of the normal approximation.
    #[test]
    fn large_denominators_have_normal_limits() {
        for (target, denominator) in [(0.3, 60_000_000), (0.00016, 60_000_000), (0.5, 100_000)] {
            let limits = limits(target, denominator).unwrap();
            let error = (target * (1.0 - target) / denominator as f64).sqrt();
            for (limit, deviations) in [
                (limits.lower_998, -3.0902),
                (limits.lower_95, -1.96),
                (limits.upper_95, 1.96),
                (limits.upper_998, 3.0902),
            ] {
                assert!(((limit - target) / error - deviations).abs() < 0.02, "{target} {limit}");
            }
        }
    }

    /// 600 sites of 1,000 engaged; three regions in line, one far above, one below.
    #[test]
    fn those_out_of_line_are_found() {
        let regions = counts(&[(120, 200), (118, 200), (124, 200), (150, 200), (88, 200), (0, 0)]);
        let funnel = funnel(&regions).unwrap();
        assert_eq!(funnel.target, 0.6);
        let places: Vec<_> = funnel.points.iter().map(|point| point.map(|p| p.place)).collect();
        let expected =
            [Place::Within, Place::Within, Place::Within, Place::FarAbove, Place::FarBelow];
        assert_eq!(places[..5], expected.map(Some));
        assert_eq!(places[5], None);
        assert_eq!(funnel.points[0].map(|point| point.share), Some(0.6));
    }

    #[test]
    fn between_the_limits_is_a_warning() {
        let limits = limits(0.6, 200).unwrap();
        let between = |low: f64, high: f64| place(f64::midpoint(low, high), limits);
        assert_eq!(between(limits.lower_998, limits.lower_95), Place::Below);
        assert_eq!(between(limits.upper_95, limits.upper_998), Place::Above);
        assert_eq!(place(limits.upper_95, limits), Place::Within);
        assert_eq!(place(limits.lower_998, limits), Place::Below);
    }

    #[test]
    fn all_or_none_leaves_no_room() {
        let all = funnel(&counts(&[(5, 5), (700, 700)])).unwrap();
        let none = funnel(&counts(&[(0, 5), (0, 700)])).unwrap();
        for point in all.points.iter().chain(&none.points).flatten() {
            assert_eq!(point.place, Place::Within);
        }
        assert_eq!(limits(0.5, 0), None);
        assert_eq!(limits(f64::NAN, 5), None);
    }

    proptest! {
        #[test]
        fn limits_are_shares_in_order(target in 0.0..=1.0_f64, denominator in 1..100_000_u64) {
            let Limits { lower_998, lower_95, upper_95, upper_998 } = limits(target, denominator).unwrap();
            let all = [0.0, lower_998, lower_95, upper_95, upper_998, 1.0];
            prop_assert!(all.is_sorted(), "{all:?}");
        }
    }
}
