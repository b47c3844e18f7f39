//! The limits of one segment, from the moving ranges of its base.

use crate::analytics::mean::mean;

/// Three standard deviations of the process, in average moving ranges.
const LIMIT: f64 = 2.66;

/// Moving ranges from here on are exceptional themselves, in average moving ranges.
const SCREEN: f64 = 3.267;

/// Where the values of a segment are expected to lie, in their unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The lower process limit.
    pub lower: f64,
    /// The upper process limit.
    pub upper: f64,
    /// Two thirds of the way from the mean to the lower limit.
    pub near_lower: f64,
    /// Two thirds of the way from the mean to the upper limit.
    pub near_upper: f64,
}

impl Limits {
    /// The limits around the mean of the base; `None` for fewer than 2 values.
    pub(super) fn around(centre: f64, base: &[f64], screen_outliers: bool) -> Option<Self> {
        let ranges: Vec<f64> = base.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let mut average = mean(&ranges)?;
        if screen_outliers {
            let usual: Vec<f64> =
                ranges.into_iter().filter(|range| *range < SCREEN * average).collect();
            // nothing is left only where nothing moved
            average = mean(&usual).unwrap_or(0.0);
        }
        let (far, near) = (LIMIT * average, 2.0 * (LIMIT / 3.0) * average);
        Some(Self {
            lower: centre - far,
            upper: centre + far,
            near_lower: centre - near,
            near_upper: centre + near,
        })
    }
}
