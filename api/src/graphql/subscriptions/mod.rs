//! What clients can be told of as it happens.
//!
//! async-graphql would run a whole subscription in the request that began it: with the
//! viewer of that moment, and with loaders that remember. Here each event is a request of
//! its own. A subscription is begun once, which only reads its arguments and says what it
//! follows (a [`Source`]); then the same document is run anew for every event, with a
//! viewer and loaders that are as new as the event, and gives that event alone.

pub mod changes;
pub mod figures;
pub mod imports;
pub mod source;

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, MergedSubscription};
use futures_util::stream;

pub use self::source::{Event, Found, Source};
use super::{error::Result, refusal::Refusal};

/// Everything that can be followed. Each subscription is about one of these.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    changes::ChangeSubscription,
    figures::FigureSubscription,
    imports::ImportSubscription,
);

/// What a run of a subscription's document is for.
#[derive(Clone)]
pub enum Step {
    Begin(Begun),
    Tell(Box<Event>),
}

/// Where a root field leaves what it follows.
#[derive(Clone, Default)]
pub struct Begun(Arc<Mutex<Option<Source>>>);

impl Begun {
    pub fn taken(&self) -> Option<Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn follows(&self, source: Source) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }
}

/// What a root field gives: the event that is told, or nothing where it begins.
type Told<T> = stream::Iter<std::option::IntoIter<T>>;

/// Begins to follow something, of which nothing is told yet.
fn begun<T>(begun: &Begun, source: impl Into<Source>) -> Told<T> {
    begun.follows(source.into());
    stream::iter(None)
}

fn told<T>(event: T) -> Told<T> {
    stream::iter(Some(event))
}

/// What this run is for.
fn step<'a>(ctx: &Context<'a>) -> Result<&'a Step> {
    ctx.data_opt::<Step>().ok_or_else(Refusal::internal)
}
