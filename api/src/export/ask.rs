//! What may be asked of an export, the same in a URL and on the command line.
//!
//! | of `series` | |
//! |---|---|
//! | `metrics` | codes, or `code@version`, with commas between them |
//! | `of` | `england`; or organisations, with commas; or `every SITE`, `every PCN within Y63` |
//! | `periods` | `2024-04..2025-11`, `2024-04..` up to this month, `2025-11`, or `last 24` |
//! | `by` | `MONTH` (the default), `QUARTER`, `FINANCIAL_YEAR`, `CALENDAR_YEAR` |
//! | `boundaries` | `CURRENT` (the default), `AT_PERIOD`, `AS_AT 2025-04-01` |
//! | `follow` | `NONE` (the default), `SUCCESSOR` |
//! | `minStatus` | `PROVISIONAL` (the default), `APPROVED`, `RESTATED` |
//! | `knownAt` | a moment, such as `2025-12-01T00:00:00Z` |
//!
//! | of `observations` | each of them may be left out |
//! |---|---|
//! | `metrics` | as above |
//! | `organisation`, `within` | of that one; of those that sit within it today |
//! | `firstMonth`, `lastMonth` | such as `2025-04` |
//! | `recordedSince` | a moment |
//! | `revisions` | `true` for every revision, `false` (the default) for what holds |
//!
//! An organisation is an ODS code (`Y63`), an ONS code, a slug (`west-yorkshire`) or
//! `id:` and an id of the API. Whatever else is sent is refused, all of it at once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{observation::Status, organisation::Kind};

use super::{
    Format, Pieces, Subject, Wanted,
    rows::{Figures, Rows},
    words, workbook,
};
use crate::{
    domain::{
        error::Failure,
        figures::{
            self,
            boundaries::{Boundaries, Follow},
            periods::{PeriodKind, Periods},
            selector::Selector,
            series::Question,
        },
        observations::{self, list::ObservationFilter},
        organisations::{self, OrganisationBy},
        viewer::Viewer,
    },
    ids::{Malformed, Month, decode_global_id, shortened},
};

const OF_SERIES: [&str; 8] =
    ["metrics", "of", "periods", "by", "boundaries", "follow", "minStatus", "knownAt"];
const OF_OBSERVATIONS: [&str; 7] =
    ["metrics", "organisation", "within", "firstMonth", "lastMonth", "recordedSince", "revisions"];

/// A file that is begun.
pub struct Begun {
    pub pieces: Pieces,
    /// How many figures it holds, where that is known before it is made.
    pub figures: Option<usize>,
}

/// Begins a file of what is asked for, as this viewer may see it.
///
/// # Errors
///
/// What is asked wrongly is a bad request, with a sentence for each mistake.
pub async fn begin(
    viewer: &Viewer,
    wanted: Wanted,
    asked: Vec<(String, String)>,
) -> Result<Begun, Failure> {
    let (figures, rows) = match wanted.subject {
        Subject::Series => {
            let walk = figures::walk::Walk::begin(viewer, question(viewer, asked)?)?;
            if wanted.format == Format::Xlsx && walk.figures() > workbook::MOST_ROWS {
                let (rows, most) = (walk.figures(), workbook::MOST_ROWS);
                return Err(Failure::BadRequest(format!(
                    "that is {rows} rows, and a sheet holds {most}: ask for CSV, or for less"
                )));
            }
            (Some(walk.figures()), Rows::Series(walk))
        }
        Subject::Observations => {
            let filter = filter(viewer, asked)?;
            let walk = observations::walk::Walk::begin(viewer, filter).await?;
            (None, Rows::Observations(walk))
        }
    };
    let source = Box::new(Figures { viewer: viewer.clone(), rows });
    Ok(Begun { pieces: Pieces::new(wanted.format, source), figures })
}

fn question(viewer: &Viewer, asked: Vec<(String, String)>) -> Result<Question, Failure> {
    let mut asked = Asked::new(asked, &OF_SERIES);
    let kind = asked.read("by", period_kind).unwrap_or(PeriodKind::Month);
    let this_month = Month::of(viewer.today());
    let metrics = asked.required("metrics", "such as gpa.fte,gpa.headcount", codes);
    let of = asked.required("of", "such as england, or every REGION", selector);
    let example = "such as 2024-04..2025-11, or last 24";
    let periods = asked.required("periods", example, |text| periods(kind, text, this_month));
    let boundaries = asked.read("boundaries", boundaries).unwrap_or(Boundaries::Current);
    let follow = asked.read("follow", follow).unwrap_or(Follow::None);
    let least = asked.read("minStatus", status).unwrap_or(Status::Provisional);
    let known_at = asked.read("knownAt", moment);
    let whole = asked.finish(metrics.zip(of).zip(periods));
    let ((metrics, of), periods) = whole?;
    Ok(Question { metrics, of, periods, boundaries, follow, least, known_at })
}

fn filter(viewer: &Viewer, asked: Vec<(String, String)>) -> Result<ObservationFilter, Failure> {
    let mut asked = Asked::new(asked, &OF_OBSERVATIONS);
    let known = |text: &str| {
        let by = organisation(text)?;
        let found = organisations::find(viewer, &by, viewer.today());
        found.map(|_| by).ok_or_else(|| format!("there is no organisation {}", shortened(text)))
    };
    let filter = ObservationFilter {
        metrics: asked.read("metrics", codes),
        organisation: asked.read("organisation", known),
        within: asked.read("within", known),
        first_month: asked.read("firstMonth", month),
        last_month: asked.read("lastMonth", month),
        recorded_since: asked.read("recordedSince", moment),
        revisions: asked.read("revisions", switch).unwrap_or(false),
    };
    asked.finish(Some(filter))
}

/// What was sent, and what is wrong with it.
struct Asked {
    given: Vec<(String, String)>,
    mistakes: Vec<String>,
}

impl Asked {
    fn new(given: Vec<(String, String)>, known: &[&str]) -> Self {
        let mut asked = Self { given: Vec::new(), mistakes: Vec::new() };
        for (name, text) in given {
            let mistake = if !known.contains(&name.as_str()) {
                let name = shortened(&name);
                Some(format!("there is no parameter {name:?}: send {}", known.join(", ")))
            } else if asked.given.iter().any(|(other, _)| *other == name) {
                Some(format!("{name} is sent twice: send it once"))
            } else {
                asked.given.push((name, text));
                None
            };
            asked.mistakes.extend(mistake);
        }
        asked
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let (_, text) = self.given.iter().find(|(other, _)| other == name)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.mistakes.push(format!("{name}: {sentence}"));
                None
            }
        }
    }

    fn required<T>(
        &mut self,
        name: &str,
        example: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if !self.given.iter().any(|(other, _)| other == name) {
            self.mistakes.push(format!("{name} is missing: send it, {example}"));
        }
        self.read(name, read)
    }

    /// What was asked for, if nothing is wrong with any of it.
    fn finish<T>(self, read: Option<T>) -> Result<T, Failure> {
        let said = self.mistakes.join(". ");
        read.filter(|_| self.mistakes.is_empty()).ok_or(Failure::BadRequest(said))
    }
}

/// One of some words, or a sentence that names them.
fn one_of<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, meant)| *meant).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        format!("{:?} is not one of {}", shortened(text), words.join(", "))
    })
}

fn period_kind(text: &str) -> Result<PeriodKind, String> {
    one_of(
        text,
        &[
            ("MONTH", PeriodKind::Month),
            ("QUARTER", PeriodKind::Quarter),
            ("FINANCIAL_YEAR", PeriodKind::FinancialYear),
            ("CALENDAR_YEAR", PeriodKind::CalendarYear),
        ],
    )
}

fn follow(text: &str) -> Result<Follow, String> {
    one_of(text, &[("NONE", Follow::None), ("SUCCESSOR", Follow::Successor)])
}

fn status(text: &str) -> Result<Status, String> {
    let all = [Status::Provisional, Status::Approved, Status::Restated];
    one_of(text, &all.map(|status| (words::status(status), status)))
}

fn switch(text: &str) -> Result<bool, String> {
    one_of(text, &[("true", true), ("false", false)])
}

fn kind(text: &str) -> Result<Kind, String> {
    let all = [
        Kind::Programme,
        Kind::Region,
        Kind::Icb,
        Kind::SubIcb,
        Kind::Pcn,
        Kind::TrainingHub,
        Kind::Site,
    ];
    one_of(text, &all.map(|kind| (words::kind(kind), kind)))
}

fn codes(text: &str) -> Result<Vec<String>, String> {
    let codes: Vec<String> = text.split(',').map(|code| code.trim().to_owned()).collect();
    if codes.iter().any(String::is_empty) {
        return Err("write codes with one comma between two".to_owned());
    }
    Ok(codes)
}

fn selector(text: &str) -> Result<Selector, String> {
    const MOST: usize = 1_000;
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["england"] => Ok(Selector::England),
        ["every", of] => Ok(Selector::Every { kind: kind(of)?, within: None }),
        ["every", of, "within", place] => {
            Ok(Selector::Every { kind: kind(of)?, within: Some(organisation(place)?) })
        }
        ["every", ..] => Err("write every KIND, or every KIND within ORGANISATION".to_owned()),
        _ => {
            let named: Vec<_> = text.split(',').map(|one| organisation(one.trim())).collect();
            if named.len() > MOST {
                return Err(format!("name at most {MOST} organisations"));
            }
            named.into_iter().collect::<Result<_, _>>().map(Selector::Named)
        }
    }
}

/// An ONS code is one letter and 8 digits, which no ODS code in use is.
fn organisation(text: &str) -> Result<OrganisationBy, String> {
    if let Some(id) = text.strip_prefix("id:") {
        let (_, row) = decode_global_id(id).map_err(|Malformed(sentence)| sentence)?;
        return Ok(OrganisationBy::Id(row));
    }
    let ons = || text.parse().map(OrganisationBy::OnsCode);
    let ods = |_| text.parse().map(OrganisationBy::OdsCode);
    let slug = |_| text.parse().map(OrganisationBy::Slug);
    ons().or_else(ods).or_else(slug).map_err(|_: Malformed| {
        format!(
            "{:?} names no organisation: write an ODS code, an ONS code, a slug, or id: and an id",
            shortened(text)
        )
    })
}

fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|Malformed(sentence)| sentence)
}

fn periods(kind: PeriodKind, text: &str, this_month: Month) -> Result<Periods, String> {
    let made = if let Some(count) = text.strip_prefix("last ") {
        let count = count.parse().map_err(|_| format!("{:?} is no number", shortened(count)))?;
        Periods::last(kind, count, this_month)
    } else {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let last = if last.is_empty() { this_month } else { month(last)? };
        Periods::new(kind, month(first)?, last)
    };
    made.map_err(|failure| match failure {
        Failure::BadRequest(sentence) => sentence,
        _ => "these are no periods".to_owned(),
    })
}

fn boundaries(text: &str) -> Result<Boundaries, String> {
    match text.strip_prefix("AS_AT ") {
        Some(day) => {
            let day: Option<NaiveDate> = day.parse().ok().filter(|_| day.len() == 10);
            day.map(Boundaries::AsAt).ok_or_else(|| "write AS_AT YYYY-MM-DD".to_owned())
        }
        None if text == "AT_PERIOD" => Ok(Boundaries::AtPeriod),
        None if text == "CURRENT" => Ok(Boundaries::Current),
        None => Err("write CURRENT, AT_PERIOD, or AS_AT and a day".to_owned()),
    }
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|moment| moment.to_utc()).map_err(|_| {
        format!("{:?} is no moment: write one such as 2025-12-01T00:00:00Z", shortened(text))
    })
}
