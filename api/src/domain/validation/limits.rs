//! The limits that earlier months make for the next one: those of an XmR chart.

/// Mean ± 2.66 × the average moving range, in the order of time; none for fewer than two.
pub(super) fn limits(values: &[f64]) -> Option<(f64, f64)> {
    const WIDTH: f64 = 2.66;
    if values.len() < 2 {
        return None;
    }
    let average = |sum: f64, count: usize| sum / count_of(count);
    let mean = average(values.iter().sum(), values.len());
    let moved: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    let reach = WIDTH * average(moved, values.len() - 1);
    Some((mean - reach, mean + reach))
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer months than 2^53")]
fn count_of(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_chart() {
        assert_eq!(limits(&[1.0]), None);
        assert_eq!(limits(&[5.0; 12]), Some((5.0, 5.0)));
        let (lower, upper) = limits(&[10.0, 12.0, 11.0, 13.0]).unwrap();
        let reach = 2.66 * (2.0 + 1.0 + 2.0) / 3.0;
        assert!((lower - (11.5 - reach)).abs() < 1e-12 && (upper - (11.5 + reach)).abs() < 1e-12);
    }
}
