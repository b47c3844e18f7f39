//! The forms of date that the NHS's files use.

use chrono::{Datelike, Days, NaiveDate};

/// How a format writes its dates. Whatever the form, a date is between 1900 and 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateForm {
    /// `20190831`.
    Compact,
    /// `20190831`, or days counted from the workbook's day 0.
    Workbook { day_zero: NaiveDate },
    /// `31AUG2019` until 2021 or so, `2019-08-31` since.
    ListSizes,
}

impl DateForm {
    /// The date, or what is wrong with it.
    pub(super) fn read(self, text: &str) -> Result<NaiveDate, &'static str> {
        let date = match self {
            Self::Compact => compact(text),
            Self::Workbook { day_zero } => compact(text).or_else(|| counted(text, day_zero)),
            Self::ListSizes => iso(text).or_else(|| month_by_name(text)),
        };
        match date {
            Some(date) if (1900..=2100).contains(&date.year()) => Ok(date),
            Some(_) => Err("is not between 1900 and 2100"),
            None => Err("is not a date"),
        }
    }

    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Compact => "write yyyymmdd",
            Self::Workbook { .. } => "write yyyymmdd, or a date without a time",
            Self::ListSizes => "write yyyy-mm-dd, or ddMMMyyyy such as 01JAN2021",
        }
    }
}

fn compact(text: &str) -> Option<NaiveDate> {
    let digits = digits(text, 8)?;
    date(&digits[..4], &digits[4..6], &digits[6..])
}

fn iso(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    date(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

fn month_by_name(text: &str) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let (day, rest) = text.split_at_checked(2)?;
    let (name, year) = rest.split_at_checked(3)?;
    let month = (1..).zip(MONTHS).find(|(_, month)| month.eq_ignore_ascii_case(name))?.0;
    let (year, day) = (digits(year, 4)?, digits(day, 2)?);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}

/// Excel counts days; its 1900 system is right from March 1900, which is early enough.
fn counted(text: &str, day_zero: NaiveDate) -> Option<NaiveDate> {
    let days: u32 = text.parse().ok()?;
    day_zero.checked_add_days(Days::new(days.into())).filter(|_| (1..=80_000).contains(&days))
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn digits(text: &str, length: usize) -> Option<&str> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(form: DateForm, text: &str) -> String {
        form.read(text).map_or_else(str::to_owned, |date| date.to_string())
    }

    #[test]
    fn compact_dates_are_eight_digits_of_a_real_day() {
        let told = |text| told(DateForm::Compact, text);
        assert_eq!(told("20240229"), "2024-02-29");
        assert_eq!(told("19000101"), "1900-01-01");
        assert_eq!(told("21001231"), "2100-12-31");
        for text in ["20191332", "20230229", "2019-08-31", "2019083", "201908311", "+2019083"] {
            assert_eq!(told(text), "is not a date", "{text}");
        }
        assert_eq!(told("18991231"), "is not between 1900 and 2100");
        assert_eq!(told("21010101"), "is not between 1900 and 2100");
        // Eight bytes of which some are parts of one character.
        assert_eq!(told("2019é31"), "is not a date");
    }

    #[test]
    fn both_eras_of_list_sizes_are_read() {
        let told = |text| told(DateForm::ListSizes, text);
        assert_eq!(told("01JAN2021"), "2021-01-01");
        assert_eq!(told("31aug2019"), "2019-08-31");
        assert_eq!(told("2025-10-01"), "2025-10-01");
        for text in ["32JAN2021", "01JUX2021", "2025-13-01", "2025-1-1", "1é2021", "01JAN21"] {
            assert_eq!(told(text), "is not a date", "{text}");
        }
    }

    #[test]
    fn a_workbook_counts_days_or_writes_them_out() {
        let day_zero = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
        let told = |text| told(DateForm::Workbook { day_zero }, text);
        assert_eq!(told("20191001"), "2019-10-01");
        assert_eq!(told("43739"), "2019-10-01");
        for text in ["0", "-1", "43739.5", "99999", "2019-10-01 12:00"] {
            assert_eq!(told(text), "is not a date", "{text}");
        }
    }
}
