//! How long to wait after failures in a row: twice as long each time, to an hour, with
//! some of it left to chance, so that many webhooks of one receiver do not come at once;
//! after about half a day nobody waits any more.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// How many failures in a row are waited after.
const MOST: usize = 20;

const WAITS: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_secs(5))
    .with_max_delay(Duration::from_secs(3_600))
    .with_factor(2.0)
    .with_max_times(MOST)
    .with_jitter();

/// A receiver that asks for more time gets it, up to a day.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3_600);

/// How long to wait after the so-manieth failure in a row, in whole milliseconds, which a
/// clock can tell; None where it is time to pause.
pub(super) fn after(failures: i32) -> Option<Duration> {
    let before = usize::try_from(failures).unwrap_or(0).saturating_sub(1);
    let wait = WAITS.build().nth(before)?;
    Some(Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_about_twice_the_one_before_up_to_an_hour_and_then_it_ends() {
        let mut whole = Duration::ZERO;
        for failures in 1..=MOST {
            let least =
                Duration::from_secs(5 << (failures - 1).min(20)).min(Duration::from_secs(3_600));
            let waited = after(i32::try_from(failures).unwrap()).unwrap();
            assert!((least..=least * 2).contains(&waited), "{failures}: {waited:?}");
            whole += least;
        }
        let hours = whole.as_secs() / 3_600;
        assert!((8..24).contains(&hours), "{hours} hours at least");
        assert_eq!(after(i32::try_from(MOST).unwrap() + 1), None);
        assert_eq!(after(i32::MAX), None);
    }

    #[test]
    fn some_of_it_is_left_to_chance() {
        let waits: std::collections::BTreeSet<_> = (0..20).map(|_| after(3)).collect();
        assert!(waits.len() > 1, "{waits:?}");
    }
}
