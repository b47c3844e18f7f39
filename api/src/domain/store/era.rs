//! What holds from one reset of a sandbox to the next: the days of which the feed has told,
//! what of the feed is forgotten, and how far the clock is ahead. Anywhere but in a sandbox
//! there is one era, and its clock is the machine's.

use std::sync::PoisonError;

use chrono::NaiveDate;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{Store, Whole};
use crate::domain::turn::Reached;

#[derive(Debug, Clone, Copy)]
pub(super) struct Era {
    /// How many resets came before it.
    resets: i64,
    /// Up to which position the feed is forgotten.
    forgotten: i64,
    /// The last day of which the feed has told what it brought.
    day: Option<NaiveDate>,
    /// By how many microseconds the clock is ahead.
    ahead: i64,
}

impl Era {
    pub(super) fn of(reached: &Reached) -> Self {
        let Reached { resets, forgotten, day, ahead, .. } = *reached;
        Self { resets, forgotten, day, ahead }
    }

    /// As it is once both are known: within one era, days and clocks only go forward.
    fn with(self, other: Self) -> Self {
        match self.resets.cmp(&other.resets) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal => {
                Self { day: self.day.max(other.day), ahead: self.ahead.max(other.ahead), ..other }
            }
        }
    }
}

impl Store {
    fn era(&self) -> Era {
        *self.era.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to which position of the feed everything is forgotten; 0 where nothing is.
    pub(in crate::domain) fn forgotten(&self) -> i64 {
        self.era().forgotten
    }

    /// Whether a state of the database is of the era that is known here.
    pub(super) fn is_of_now(&self, reached: &Reached) -> bool {
        self.era().resets == reached.resets
    }

    /// Takes over the clock and the days of a state of the database.
    fn enter(&self, reached: &Reached) {
        let mut era = self.era.write().unwrap_or_else(PoisonError::into_inner);
        *era = era.with(Era::of(reached));
        self.clock.put_ahead(era.ahead);
    }

    /// Says how far everything has come that was published before.
    pub(in crate::domain) fn reached(&self, reached: &Reached) {
        // Whoever sees a position of an era knows what came before the era to be forgotten.
        self.enter(reached);
        let before = self.position.fetch_max(reached.position, std::sync::atomic::Ordering::AcqRel);
        if reached.position > before {
            self.wake.feed_moved();
        }
    }

    /// Takes over what another instance did to the sandbox, before a turn rests on it.
    pub(in crate::domain) async fn keep_up(
        &self,
        transaction: &DatabaseTransaction,
        reached: &Reached,
    ) -> Result<(), DbErr> {
        if self.is_of_now(reached) {
            self.enter(reached);
        } else {
            self.begin_anew(Whole::load(transaction).await?, reached);
        }
        Ok(())
    }

    /// Puts a whole new state in place of everything, after a reset. Positions go on from
    /// where they were, so what was read before and is published late changes nothing.
    pub(in crate::domain) fn begin_anew(&self, whole: Whole, reached: &Reached) {
        self.publish(whole.directory);
        self.publish_catalogue(whole.catalogue);
        self.publish_records(whole.records);
        *self.api_clients.write().unwrap_or_else(PoisonError::into_inner) = whole.api_clients;
        self.figures_reached(reached.figures_position);
        self.public.invalidate_all();
        self.answers.invalidate_all();
        self.latest.invalidate_all();
        self.reached(reached);
    }

    /// Whether a day has come of which the feed has told nothing yet.
    pub(super) fn day_has_come(&self) -> bool {
        self.era().day.is_some_and(|told| told < self.clock.today())
    }
}
