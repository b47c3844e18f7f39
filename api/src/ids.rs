//! The identifiers that the programme uses, each with one spelling.
//!
//! Ids of rows are ours and opaque to clients; codes belong to others (ODS, ONS)
//! and can be reused, so nothing joins on them.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Datelike, NaiveDate};

/// The row id of an organisation, and of nothing else.
pub type OrganisationId = i64;

/// Why a text is not the identifier it claims to be; a sentence for the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

/// A code of the NHS Organisation Data Service: 2 to 10 capital letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OdsCode(String);

/// A nine-character code of the Office for National Statistics, such as `E40000003`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OnsCode(String);

/// A short name for organisations that have no ODS role: `west-yorkshire`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

macro_rules! text_code {
    ($name:ident, $valid:expr, $shape:literal) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Malformed(format!("{:?} is not {}", shortened(text), $shape)))
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_code!(
    OdsCode,
    |text| (2..=10).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
    "an ODS code: 2 to 10 capital letters and digits, such as A81001"
);
text_code!(
    OnsCode,
    |text| text.len() == 9
        && text.as_bytes()[0].is_ascii_uppercase()
        && text.bytes().skip(1).all(|b| b.is_ascii_digit()),
    "an ONS code: a capital letter and 8 digits, such as E40000003"
);
text_code!(
    Slug,
    |text| (2..=60).contains(&text.len())
        && text.split('-').all(|part| !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
    "a slug: 2 to 60 small letters and digits in words joined by hyphens, such as west-yorkshire"
);

/// How tokens and commands name an organisation: `ods:Y62`, `hub:west-yorkshire`,
/// `provider:…`, `programme:…` or, for machines, `client:…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OrganisationCode {
    Ods(OdsCode),
    Hub(Slug),
    Provider(Slug),
    Programme(Slug),
    Client(Slug),
}

impl FromStr for OrganisationCode {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text.split_once(':') {
            Some(("ods", code)) => code.parse().map(Self::Ods),
            Some(("hub", slug)) => slug.parse().map(Self::Hub),
            Some(("provider", slug)) => slug.parse().map(Self::Provider),
            Some(("programme", slug)) => slug.parse().map(Self::Programme),
            Some(("client", slug)) => slug.parse().map(Self::Client),
            _ => Err(Malformed(format!(
                "{:?} is not an organisation code: write ods:…, hub:…, provider:…, programme:… or client:…",
                shortened(text)
            ))),
        }
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ods(code) => write!(f, "ods:{code}"),
            Self::Hub(slug) => write!(f, "hub:{slug}"),
            Self::Provider(slug) => write!(f, "provider:{slug}"),
            Self::Programme(slug) => write!(f, "programme:{slug}"),
            Self::Client(slug) => write!(f, "client:{slug}"),
        }
    }
}

/// A month of the calendar, from 1900 to 2200; written `2025-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// Months since the beginning of the year 0.
    count: i32,
}

impl Month {
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let known = (1900..=2200).contains(&year) && (1..=12).contains(&month);
        known.then(|| Self { count: year * 12 + month.cast_signed() - 1 })
    }

    /// The month that a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { count: day.year() * 12 + day.month0().cast_signed() }
    }

    pub fn year(self) -> i32 {
        self.count.div_euclid(12)
    }

    /// From 1 to 12.
    pub fn number(self) -> u32 {
        self.count.rem_euclid(12).cast_unsigned() + 1
    }

    /// Year and month as one number, as the database holds it: 202511.
    pub fn stored(self) -> i32 {
        self.year() * 100 + self.number().cast_signed()
    }

    /// Reads what [`Month::stored`] gives.
    pub fn read(stored: i32) -> Option<Self> {
        Self::new(stored.div_euclid(100), stored.rem_euclid(100).cast_unsigned())
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.plus(1).first_day().pred_opt().unwrap_or_default()
    }

    /// The month so many later, or earlier.
    pub fn plus(self, months: i32) -> Self {
        Self { count: self.count + months }
    }

    /// How many months it lies after another.
    pub fn since(self, other: Self) -> i32 {
        self.count - other.count
    }

    /// Every month from this one to another, both included.
    pub fn to(self, last: Self) -> impl ExactSizeIterator<Item = Self> + Clone {
        let length = usize::try_from(last.since(self) + 1).unwrap_or(0);
        (0..length).map(move |after| self.plus(i32::try_from(after).unwrap_or(i32::MAX)))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let plain = text.len() == 7 && text.is_ascii();
        let parts = text.split_once('-').filter(|_| plain);
        let read =
            parts.and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?));
        read.ok_or_else(|| {
            Malformed(format!(
                "{:?} is not a month: write YYYY-MM, 1900 to 2200, such as 2025-11",
                shortened(text)
            ))
        })
    }
}

/// A typed id as clients see it: the type's name and the row's id, in one opaque word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalId<'a> {
    pub type_name: &'a str,
    pub row: i64,
}

impl GlobalId<'_> {
    pub fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.type_name, self.row))
    }
}

/// Reads a typed id; only the one spelling that [`GlobalId::encode`] writes is accepted.
pub fn decode_global_id(text: &str) -> Result<(String, i64), Malformed> {
    let read = || {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (type_name, row) = plain.split_once(':')?;
        let row: i64 = row.parse().ok()?;
        (GlobalId { type_name, row }.encode() == text).then(|| (type_name.to_owned(), row))
    };
    read().ok_or_else(|| Malformed(format!("{:?} is not an id of this service", shortened(text))))
}

/// What names a return: what it is owed under, by whom, and for when. It is the same before
/// and after anybody has begun it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReturnId {
    pub schedule: i64,
    pub organisation: OrganisationId,
    pub month: Month,
}

impl ReturnId {
    pub const TYPE_NAME: &str = "Return";

    pub fn encode(self) -> String {
        let Self { schedule, organisation, month } = self;
        let plain = format!("{}:{schedule}.{organisation}.{month}", Self::TYPE_NAME);
        URL_SAFE_NO_PAD.encode(plain)
    }

    /// None of what [`ReturnId::encode`] has not written.
    pub fn decode(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = plain.strip_prefix(Self::TYPE_NAME)?.strip_prefix(':')?.splitn(3, '.');
        let id = Self {
            schedule: parts.next()?.parse().ok()?,
            organisation: parts.next()?.parse().ok()?,
            month: parts.next()?.parse().ok()?,
        };
        (id.encode() == text).then_some(id)
    }
}

/// The start of a hostile or mistaken text, short enough to repeat in a message.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
