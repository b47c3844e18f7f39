//! Numbers that are measured: exact to the millionth, so that sums do not depend on the
//! order in which they are made, and a sum that is kept equals one that is made anew.

use std::fmt;

/// So many parts has a whole.
const PARTS: i64 = 1_000_000;
const DECIMALS: usize = 6;

/// A number in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i64);

/// Why a text or a number is no amount; a sentence for the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAmount {
    Malformed,
    /// More digits behind the point than can be kept.
    TooFine,
    TooLarge,
}

impl NoAmount {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Malformed => "is not a number: write digits with a point, such as 12.5",
            Self::TooFine => "has more than 6 decimals: round it to 6",
            Self::TooLarge => "is too large: at most 1,000,000,000",
        }
    }
}

impl Amount {
    pub const ZERO: Self = Self(0);
    /// The largest that is taken in; sums may be larger.
    const LARGEST: i64 = 1_000_000_000 * PARTS;

    pub fn whole(number: i64) -> Self {
        Self(number.saturating_mul(PARTS))
    }

    /// Reads decimal digits with at most 6 behind the point, such as `-12.5`.
    pub fn parse(text: &str) -> Result<Self, NoAmount> {
        let (amount, rest) = Self::split(text)?;
        if rest.bytes().all(|digit| digit == b'0') { Ok(amount) } else { Err(NoAmount::TooFine) }
    }

    /// As [`Amount::parse`], with more decimals rounded to the nearest millionth.
    pub fn parse_rounded(text: &str) -> Result<Self, NoAmount> {
        let (amount, rest) = Self::split(text)?;
        let up = rest.bytes().next().is_some_and(|digit| digit >= b'5');
        let away = if text.starts_with('-') { -1 } else { 1 };
        Ok(Self(amount.0 + if up { away } else { 0 }))
    }

    /// The amount of the first 6 decimals, and the digits behind them.
    fn split(text: &str) -> Result<(Self, &str), NoAmount> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(NoAmount::Malformed);
        }
        let (kept, rest) = fraction.split_at(fraction.len().min(DECIMALS));
        let whole: i64 = whole.parse().map_err(|_| NoAmount::TooLarge)?;
        let parts: i64 = format!("{kept:0<DECIMALS$}").parse().map_err(|_| NoAmount::Malformed)?;
        let size = whole.checked_mul(PARTS).and_then(|whole| whole.checked_add(parts));
        let size = size.filter(|size| *size <= Self::LARGEST).ok_or(NoAmount::TooLarge)?;
        Ok((Self(if text.starts_with('-') { -size } else { size }), rest))
    }

    /// The amount of a number as a client sends it: its shortest decimal spelling.
    pub fn of(number: f64) -> Result<Self, NoAmount> {
        if !number.is_finite() {
            return Err(NoAmount::Malformed);
        }
        Self::parse(&format!("{number}"))
    }

    #[expect(clippy::cast_precision_loss, reason = "amounts in use lie far below 2^53")]
    pub fn number(self) -> f64 {
        self.0 as f64 / PARTS as f64
    }

    /// Rounded to so many decimals, half away from zero.
    pub fn rounded(self, decimals: u32) -> Self {
        let step = 10_i64.pow(6_u32.saturating_sub(decimals));
        let half = step / 2 * self.0.signum();
        Self(self.0.saturating_add(half) / step * step)
    }

    pub fn is_whole(self) -> bool {
        self.0 % PARTS == 0
    }
}

/// Without needless zeros: `12.5`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, parts) = (size / PARTS.unsigned_abs(), size % PARTS.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        let parts = format!("{parts:06}");
        match parts.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            parts => write!(f, "{sign}{whole}.{parts}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_number_or_too_fine_or_too_large_is_refused() {
        for text in ["", "-", ".5", "5.", "1e3", "+1", " 1", "1,000", "½", "NaN", "--1"] {
            assert_eq!(Amount::parse(text), Err(NoAmount::Malformed), "{text}");
        }
        assert_eq!(Amount::parse("0.1234567"), Err(NoAmount::TooFine));
        assert_eq!(Amount::parse("0.1234560"), Ok(Amount(123_456)));
        assert_eq!(Amount::parse("1000000000.000001"), Err(NoAmount::TooLarge));
        assert_eq!(Amount::parse("99999999999999999999"), Err(NoAmount::TooLarge));
        assert_eq!(Amount::of(f64::NAN), Err(NoAmount::Malformed));
        assert_eq!(Amount::of(0.1 + 0.2), Err(NoAmount::TooFine));
    }

    #[test]
    fn more_decimals_are_rounded_where_that_is_said() {
        assert_eq!(Amount::parse_rounded("0.133333333"), Ok(Amount(133_333)));
        assert_eq!(Amount::parse_rounded("-0.6666666"), Ok(Amount(-666_667)));
        assert_eq!(Amount(1_505_636_569).rounded(2), Amount(1_505_640_000));
        assert_eq!(Amount(-2_500_000).rounded(0), Amount(-3_000_000));
    }

    proptest! {
        #[test]
        fn a_spelling_is_read_as_what_was_written(parts in -Amount::LARGEST..=Amount::LARGEST) {
            let amount = Amount(parts);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Amount::parse_rounded(&amount.to_string()), Ok(amount));
            if parts.abs() < 1_000_000_000_000_000 {
                prop_assert_eq!(Amount::of(amount.number()), Ok(amount));
            }
        }
    }
}
