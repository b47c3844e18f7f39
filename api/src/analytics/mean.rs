//! The mean, to the last bit where it matters.
//!
//! Whether a point lies on the mean of its series decides labels, so the mean of
//! equal values must be that value, which a plain sum does not give. The sum carries
//! what rounding loses (Neumaier 1974), and so does the division.

/// The arithmetic mean, or `None` where there is no value.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let (total, lost) = sum(values);
    let mean = (total + lost) / count;
    Some(mean + (mean.mul_add(-count, total) + lost) / count)
}

/// The sum, and what the sum lost to rounding.
fn sum(values: &[f64]) -> (f64, f64) {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for &value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() {
            (total - next) + value
        } else {
            (value - next) + total
        };
        total = next;
    }
    (total, lost)
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn nothing_has_no_mean() {
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn equal_values_are_their_own_mean() {
        for value in [0.1, 1.0 / 3.0, 103.28, 1e-12, -7.7e9] {
            for count in 1..100 {
                assert_eq!(mean(&vec![value; count]), Some(value), "{count} times {value}");
            }
        }
    }

    #[test]
    fn small_values_survive_among_large_ones() {
        assert_eq!(mean(&[1e16, 1.0, -1e16, 1.0]), Some(0.5));
    }
}
