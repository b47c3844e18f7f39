//! Where a value stands among its peers.
//!
//! Quantiles are of type 7 in the numbering of Hyndman and Fan (1996): linear between
//! the ordered values, the default of R, NumPy and Excel's `PERCENTILE.INC`, so that a
//! reader who checks a figure in one of these finds it again. (`statrs` offers type 8.)

use super::Direction;

/// The values of a group of peers, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Peers {
    ascending: Vec<f64>,
}

impl Peers {
    /// The group; `None` where it is empty or a value is not finite.
    pub fn new(mut values: Vec<f64>) -> Option<Self> {
        let usable = !values.is_empty() && values.iter().all(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        usable.then_some(Self { ascending: values })
    }

    /// How many there are; at least 1.
    pub fn count(&self) -> usize {
        self.ascending.len()
    }

    /// The value below which a share of the peers lies, in their unit; a share outside
    /// 0 to 1 is taken as the nearer of the two.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.ascending.len() - 1;
        let place = share.clamp(0.0, 1.0) * last as f64;
        let below = (place.floor() as usize).min(last);
        let above = (below + 1).min(last);
        let part = place - below as f64;
        (1.0 - part) * self.ascending[below] + part * self.ascending[above]
    }

    /// The smallest value, the quartiles with the median between them, and the largest.
    pub fn five_numbers(&self) -> [f64; 5] {
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| self.quantile(share))
    }

    /// The place of a value from the best, 1, on; equal values share the better place.
    /// Where neither way is better, the highest is first.
    pub fn rank(&self, value: f64, direction: Direction) -> usize {
        let better = match direction {
            Direction::Decrease => self.lower(value),
            Direction::Increase | Direction::Neutral => self.count() - self.not_higher(value),
        };
        better + 1
    }

    /// The percentile rank: what per cent of the peers are lower, those that are equal
    /// counting half.
    pub fn percentile(&self, value: f64) -> f64 {
        let halves = self.lower(value) + self.not_higher(value);
        50.0 * halves as f64 / self.count() as f64
    }

    fn lower(&self, value: f64) -> usize {
        self.ascending.partition_point(|peer| *peer < value)
    }

    fn not_higher(&self, value: f64) -> usize {
        self.ascending.partition_point(|peer| *peer <= value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn peers(values: &[f64]) -> Peers {
        Peers::new(values.to_vec()).unwrap()
    }

    #[test]
    fn a_group_has_values() {
        assert_eq!(Peers::new(vec![]), None);
        assert_eq!(Peers::new(vec![1.0, f64::NAN]), None);
        assert_eq!(Peers::new(vec![f64::INFINITY]), None);
        assert_eq!(peers(&[2.0]).five_numbers(), [2.0; 5]);
    }

    /// R: `quantile(c(1, 3, 4, 10))` and `quantile(c(1, 3, 4, 10), 0.1)`.
    #[test]
    fn quantiles_are_those_of_r() {
        let four = peers(&[10.0, 1.0, 4.0, 3.0]);
        assert_eq!(four.five_numbers(), [1.0, 2.5, 3.5, 5.5, 10.0]);
        assert!((four.quantile(0.1) - 1.6).abs() < 1e-15);
        assert_eq!((four.quantile(-1.0), four.quantile(7.0)), (1.0, 10.0));
    }

    #[test]
    fn equal_values_share_the_better_place() {
        let five = peers(&[5.0, 7.0, 7.0, 9.0, 1.0]);
        let ranks = |direction| [9.0, 7.0, 5.0, 1.0].map(|value| five.rank(value, direction));
        assert_eq!(ranks(Direction::Increase), [1, 2, 4, 5]);
        assert_eq!(ranks(Direction::Neutral), [1, 2, 4, 5]);
        assert_eq!(ranks(Direction::Decrease), [5, 3, 2, 1]);
    }

    /// Of five, two are lower than 7 and two equal: 40 % and half of 40 %.
    #[test]
    fn equal_values_count_half() {
        let five = peers(&[5.0, 7.0, 7.0, 9.0, 1.0]);
        assert_eq!(five.percentile(7.0), 60.0);
        assert_eq!((five.percentile(0.0), five.percentile(10.0)), (0.0, 100.0));
        assert_eq!(five.percentile(8.0), 80.0);
    }

    proptest! {
        #[test]
        fn quantiles_rise_with_the_share(
            values in prop::collection::vec(-1e9..1e9_f64, 1..40), one in 0.0..1.0_f64, other in 0.0..1.0_f64,
        ) {
            let peers = peers(&values);
            let (low, high) = (peers.quantile(one.min(other)), peers.quantile(one.max(other)));
            prop_assert!(low <= high + 1e-6);
            prop_assert!(peers.quantile(0.0) <= low + 1e-6 && high <= peers.quantile(1.0) + 1e-6);
        }
    }
}
