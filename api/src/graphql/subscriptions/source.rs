//! What a subscription follows, whatever it is.

use std::time::Duration;

use entity::{change, import_run};

use super::{changes::Feed, figures::Watched, imports::Reading};
use crate::{
    domain::{error::Failure, figures::watch::Moved, viewer::Viewer},
    graphql::error::Result,
};

/// One thing that happened, as the viewer it was judged for may know it.
#[derive(Debug, Clone)]
pub enum Event {
    Change(change::Model),
    Figure(Moved),
    Import(import_run::Model),
}

/// What a look finds.
pub enum Found<T> {
    It(T),
    /// Nothing yet, of what was looked through; there is more to look through.
    NotYet,
    Nothing,
}

impl<T> Found<T> {
    fn of(found: Option<T>) -> Self {
        found.map_or(Self::Nothing, Self::It)
    }

    fn map<U>(self, to: impl FnOnce(T) -> U) -> Found<U> {
        match self {
            Self::It(found) => Found::It(to(found)),
            Self::NotYet => Found::NotYet,
            Self::Nothing => Found::Nothing,
        }
    }
}

/// What is followed, and how far its client was told of it.
pub enum Source {
    Changes(Feed),
    Figures(Box<Watched>),
    Import(Reading),
}

impl Source {
    /// The next thing that this viewer may know, as far as one look finds it.
    pub async fn next(&mut self, viewer: &Viewer) -> Result<Found<Event>> {
        Ok(match self {
            Self::Changes(feed) => feed.next(viewer).await?.map(Event::Change),
            Self::Figures(watched) => Found::of(watched.next(viewer).await?).map(Event::Figure),
            Self::Import(reading) => Found::of(reading.next(viewer).await?).map(Event::Import),
        })
    }

    /// Whether there is nothing more to come.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Import(reading) if reading.has_ended())
    }

    /// How long to leave it after all of it was told: what happens meanwhile is told
    /// together.
    pub fn rests(&self) -> Duration {
        match self {
            Self::Changes(_) | Self::Import(_) => Duration::ZERO,
            Self::Figures(_) => Duration::from_millis(250),
        }
    }
}

impl From<Feed> for Source {
    fn from(feed: Feed) -> Self {
        Self::Changes(feed)
    }
}

impl From<Watched> for Source {
    fn from(watched: Watched) -> Self {
        Self::Figures(Box::new(watched))
    }
}

impl From<Reading> for Source {
    fn from(reading: Reading) -> Self {
        Self::Import(reading)
    }
}

/// What the domain declines, in a client's words.
pub(super) type Followed<T> = std::result::Result<T, Failure>;
