//! The scalars of the schema, each read strictly and written in one spelling.

use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate};

use crate::ids;

/// A count, as GraphQL holds whole numbers: of 32 bits.
pub fn whole(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

/// A day of the calendar, as `YYYY-MM-DD`, from 1900 to 2200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day of the calendar, as `YYYY-MM-DD`, from 1900 to 2200.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let plain = text.len() == 10 && text.is_ascii();
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| plain);
        day.filter(|day| (1900..=2200).contains(&day.year()))
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a date is written YYYY-MM-DD, 1900 to 2200"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A code of the NHS Organisation Data Service: 2 to 10 capital letters and digits,
/// such as `A81001`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdsCode(pub ids::OdsCode);

/// A code of the NHS Organisation Data Service: 2 to 10 capital letters and digits,
/// such as `A81001`.
#[Scalar(specified_by_url = "https://digital.nhs.uk/services/organisation-data-service")]
impl ScalarType for OdsCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        code(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A nine-character code of the Office for National Statistics, such as `E40000003`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnsCode(pub ids::OnsCode);

/// A nine-character code of the Office for National Statistics, such as `E40000003`.
#[Scalar(
    specified_by_url = "https://www.ons.gov.uk/methodology/geography/geographicalproducts/namescodesandlookups"
)]
impl ScalarType for OnsCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        code(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A short name of small letters and digits in words joined by hyphens, such as
/// `west-yorkshire`: the code of organisations that have no role in ODS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(pub ids::Slug);

/// A short name of small letters and digits in words joined by hyphens, such as
/// `west-yorkshire`: the code of organisations that have no role in ODS.
#[Scalar]
impl ScalarType for Slug {
    fn parse(value: Value) -> InputValueResult<Self> {
        code(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn code<S: InputType, C: std::str::FromStr<Err = ids::Malformed>>(
    value: Value,
) -> Result<C, InputValueError<S>> {
    match &value {
        Value::String(text) => {
            text.parse().map_err(|ids::Malformed(why)| InputValueError::custom(why))
        }
        _ => Err(InputValueError::expected_type(value)),
    }
}

/// A month of the calendar, as `YYYY-MM`, from 1900 to 2200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(pub ids::Month);

/// A month of the calendar, as `YYYY-MM`, from 1900 to 2200.
#[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema-2/#gYearMonth")]
impl ScalarType for Month {
    fn parse(value: Value) -> InputValueResult<Self> {
        code(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
