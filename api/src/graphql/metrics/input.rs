//! How clients say which figures they want.

use async_graphql::{InputObject, OneofObject};
use chrono::{DateTime, Utc};
use entity::observation::Status;

use super::enums::{BoundariesKind, Follow, ObservationStatus, PeriodType};
use crate::{
    domain::{
        figures::{
            boundaries::{self, Boundaries},
            periods::{PeriodKind, Periods},
            selector::Selector,
            series::Question,
        },
        viewer::Viewer,
    },
    graphql::{
        enums::OrganisationKind,
        error::Result,
        organisations::by::OrganisationBy,
        refusal::Refusal,
        scalars::{Date, Month},
    },
    ids,
};

/// Which organisations: send exactly one of these.
#[derive(OneofObject)]
pub enum OrganisationSelector {
    /// England: send `true`.
    England(bool),
    /// Those named, 1 to 1,000 of them.
    Organisations(Vec<OrganisationBy>),
    /// Every one of a kind.
    Every(EveryInput),
}

/// Every organisation of a kind that is open.
#[derive(InputObject)]
pub struct EveryInput {
    /// Which kind.
    pub kind: OrganisationKind,
    /// Only those within this one.
    pub within: Option<OrganisationBy>,
}

/// Which periods: from one month to another, or the last so many.
#[derive(InputObject, Clone, Copy)]
pub struct PeriodRange {
    /// How long each is.
    #[graphql(default_with = "PeriodType::Month")]
    pub r#type: PeriodType,
    /// A month within the first.
    pub from: Option<Month>,
    /// A month within the last; default: the month that it is in England.
    pub to: Option<Month>,
    /// The last so many, up to `to`, instead of `from`; 240 at most.
    pub last: Option<i32>,
}

/// Which geography figures are on.
#[derive(InputObject, Clone, Copy)]
pub struct BoundariesInput {
    /// Which.
    pub kind: BoundariesKind,
    /// The day, for AS_AT.
    pub as_at: Option<Date>,
}

/// Which series are wanted.
#[derive(InputObject)]
pub struct MetricSeriesInput {
    /// Codes, such as `gpa.fte`, or `gpa.fte@1` for the series of one major version; 1 to 50.
    metrics: Vec<String>,
    /// Of which organisations.
    of: OrganisationSelector,
    /// For which periods.
    periods: PeriodRange,
    /// On which geography; default: where organisations sit today.
    boundaries: Option<BoundariesInput>,
    /// Whether successors take over the past of those that they followed.
    #[graphql(default_with = "Follow::None")]
    follow: Follow,
    /// Only of observations that are at least so settled.
    #[graphql(default_with = "ObservationStatus::Provisional")]
    min_status: ObservationStatus,
    /// As it was known at that moment, instead of now.
    known_at: Option<DateTime<Utc>>,
}

impl OrganisationSelector {
    pub fn read(self) -> Result<Selector> {
        const MOST: usize = 1_000;
        Ok(match self {
            Self::England(true) => Selector::England,
            Self::England(false) => {
                return Err(Refusal::bad_request("for England, send england: true"));
            }
            Self::Organisations(named) if named.is_empty() || named.len() > MOST => {
                return Err(Refusal::bad_request(format!("name 1 to {MOST} organisations")));
            }
            Self::Organisations(named) => {
                Selector::Named(named.into_iter().map(OrganisationBy::read).collect::<Result<_>>()?)
            }
            Self::Every(EveryInput { kind, within }) => {
                let within = within.map(OrganisationBy::read).transpose()?;
                Selector::Every { kind: kind.into(), within }
            }
        })
    }
}

impl PeriodRange {
    pub fn read(self, viewer: &Viewer) -> Result<Periods> {
        let kind = PeriodKind::from(self.r#type);
        let to = self.to.map_or(ids::Month::of(viewer.today()), |month| month.0);
        Ok(match (self.from, self.last) {
            (Some(from), None) => Periods::new(kind, from.0, to)?,
            (None, Some(last)) => Periods::last(kind, last, to)?,
            _ => {
                return Err(Refusal::bad_request("send from or last, and only one of them"));
            }
        })
    }
}

/// The geography that is asked for; where things sit today, if none is.
pub fn boundaries(input: Option<BoundariesInput>) -> Result<Boundaries> {
    let Some(input) = input else { return Ok(Boundaries::Current) };
    Ok(match (input.kind, input.as_at) {
        (BoundariesKind::AtPeriod, None) => Boundaries::AtPeriod,
        (BoundariesKind::Current, None) => Boundaries::Current,
        (BoundariesKind::AsAt, Some(day)) => Boundaries::AsAt(day.0),
        _ => return Err(Refusal::bad_request("send asAt with AS_AT, and with nothing else")),
    })
}

impl MetricSeriesInput {
    pub fn read(self, viewer: &Viewer) -> Result<Question> {
        Ok(Question {
            metrics: self.metrics,
            of: self.of.read()?,
            periods: self.periods.read(viewer)?,
            boundaries: boundaries(self.boundaries)?,
            follow: boundaries::Follow::from(self.follow),
            least: Status::from(self.min_status),
            known_at: self.known_at,
        })
    }
}

/// What a series of one organisation is asked with, besides metrics and periods.
pub struct SeriesArguments {
    pub boundaries: Option<BoundariesInput>,
    pub follow: Option<Follow>,
    pub min_status: Option<ObservationStatus>,
    pub known_at: Option<DateTime<Utc>>,
}

impl SeriesArguments {
    pub fn question(
        self,
        metrics: Vec<String>,
        periods: PeriodRange,
        viewer: &Viewer,
    ) -> Result<Question> {
        Ok(Question {
            metrics,
            of: Selector::England,
            periods: periods.read(viewer)?,
            boundaries: boundaries(self.boundaries)?,
            follow: self.follow.map_or(boundaries::Follow::None, Into::into),
            least: self.min_status.map_or(Status::Provisional, Into::into),
            known_at: self.known_at,
        })
    }
}
