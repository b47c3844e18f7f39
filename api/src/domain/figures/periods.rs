//! Periods: months, and what is made of them.

use std::fmt;

use crate::{domain::error::Failure, ids::Month};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    Month,
    /// Three months of the calendar year: January to March, and so on.
    Quarter,
    /// 1 April to 31 March.
    FinancialYear,
    CalendarYear,
}

/// One period, from its first month to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub kind: PeriodKind,
    pub first: Month,
}

/// A row of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    pub kind: PeriodKind,
    first: Month,
    last: Month,
}

/// As many periods as one question may ask for.
pub const MOST: usize = 240;

impl PeriodKind {
    pub fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::FinancialYear | Self::CalendarYear => 12,
        }
    }

    /// The period of this kind that a month lies in.
    pub fn around(self, month: Month) -> Period {
        let into = month.number().cast_signed() - 1;
        let into = match self {
            Self::Month => 0,
            Self::Quarter => into % 3,
            Self::FinancialYear => (into + 9) % 12,
            Self::CalendarYear => into,
        };
        Period { kind: self, first: month.plus(-into) }
    }
}

impl Period {
    pub fn last(&self) -> Month {
        self.first.plus(self.kind.months() - 1)
    }

    pub fn months(&self) -> impl ExactSizeIterator<Item = Month> + Clone {
        self.first.to(self.last())
    }
}

/// Such as `2025-11`, `2025 Q4`, `2025/26` and `2025`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.kind {
            PeriodKind::Month => write!(f, "{}", self.first),
            PeriodKind::Quarter => write!(f, "{year} Q{}", self.first.number().div_ceil(3)),
            PeriodKind::FinancialYear => write!(f, "{year}/{:02}", (year + 1) % 100),
            PeriodKind::CalendarYear => write!(f, "{year}"),
        }
    }
}

impl Periods {
    /// The periods that hold two months, and those between.
    pub fn new(kind: PeriodKind, first: Month, last: Month) -> Result<Self, Failure> {
        let (first, last) = (kind.around(first).first, kind.around(last).last());
        let periods = Self { kind, first, last };
        if first > last {
            let sentence = format!("the range ends before it begins: {first} to {last}");
            return Err(Failure::BadRequest(sentence));
        }
        if periods.len() > MOST {
            let sentence = format!("that is {} periods: ask for at most {MOST}", periods.len());
            return Err(Failure::BadRequest(sentence));
        }
        Ok(periods)
    }

    /// The last so many periods, the one that holds `month` the last of them.
    pub fn last(kind: PeriodKind, count: i32, month: Month) -> Result<Self, Failure> {
        if count < 1 {
            return Err(Failure::BadRequest("ask for at least 1 period".to_owned()));
        }
        let count = count.min(MOST as i32 + 1);
        Self::new(kind, month.plus(-kind.months() * (count - 1)), month)
    }

    pub fn len(&self) -> usize {
        let months = self.last.since(self.first) + 1;
        usize::try_from(months / self.kind.months()).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = Period> + Clone + use<> {
        let Self { kind, first, .. } = *self;
        (0..self.len()).map(move |after| {
            let after = i32::try_from(after).unwrap_or(i32::MAX);
            Period { kind, first: first.plus(after * kind.months()) }
        })
    }

    pub fn first_month(&self) -> Month {
        self.first
    }

    pub fn last_month(&self) -> Month {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_the_one_around_its_month() {
        for (kind, inside, first, last, name) in [
            (PeriodKind::Month, "2025-11", "2025-11", "2025-11", "2025-11"),
            (PeriodKind::Quarter, "2025-11", "2025-10", "2025-12", "2025 Q4"),
            (PeriodKind::Quarter, "2025-01", "2025-01", "2025-03", "2025 Q1"),
            (PeriodKind::FinancialYear, "2025-03", "2024-04", "2025-03", "2024/25"),
            (PeriodKind::FinancialYear, "1999-04", "1999-04", "2000-03", "1999/00"),
            (PeriodKind::CalendarYear, "2025-12", "2025-01", "2025-12", "2025"),
        ] {
            let period = kind.around(month(inside));
            assert_eq!((period.first, period.last()), (month(first), month(last)));
            assert_eq!(period.to_string(), name);
        }
    }

    #[test]
    fn the_last_so_many_periods_end_with_the_one_around_a_month() {
        let periods = Periods::last(PeriodKind::Quarter, 3, month("2025-11")).unwrap();
        let names: Vec<_> = periods.iter().map(|period| period.to_string()).collect();
        assert_eq!(names, ["2025 Q2", "2025 Q3", "2025 Q4"]);
        for count in [0, -1, 241, i32::MAX] {
            assert!(Periods::last(PeriodKind::Month, count, month("2025-11")).is_err());
        }
        assert!(Periods::new(PeriodKind::Month, month("2025-02"), month("2025-01")).is_err());
    }
}
