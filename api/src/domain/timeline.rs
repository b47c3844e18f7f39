//! Values through time: each holds from its day until the next one begins.

use chrono::NaiveDate;

/// Values in the order of the days from which they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline<T>(Vec<(NaiveDate, T)>);

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Timeline<T> {
    /// What holds on that day; nothing before the first value.
    pub fn at(&self, day: NaiveDate) -> Option<&T> {
        let later = self.0.partition_point(|(from, _)| *from <= day);
        later.checked_sub(1).map(|last| &self.0[last].1)
    }

    /// Since when what holds on that day has held.
    pub fn began(&self, day: NaiveDate) -> Option<NaiveDate> {
        let later = self.0.partition_point(|(from, _)| *from <= day);
        later.checked_sub(1).map(|last| self.0[last].0)
    }

    pub fn latest(&self) -> Option<&T> {
        self.0.last().map(|(_, value)| value)
    }

    /// Says that `value` holds from `day` until whatever comes after it; a value
    /// that already held, or that would repeat its neighbour, is not said twice.
    pub fn set(&mut self, day: NaiveDate, value: T) {
        let at = self.0.partition_point(|(from, _)| *from < day);
        if self.0.get(at).is_some_and(|(from, _)| *from == day) {
            self.0[at].1 = value;
        } else {
            self.0.insert(at, (day, value));
        }
        self.0.dedup_by(|next, kept| next.1 == kept.1);
    }

    /// Puts pushed values in the order of their days, and keeps no spare room.
    pub fn put_in_order(&mut self) {
        self.0.sort_by_key(|(from, _)| *from);
        self.0.shrink_to_fit();
    }

    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &T)> {
        self.0.iter().map(|(from, value)| (*from, value))
    }

    /// Says that `value` holds from `day` for ever; what was to come is taken back.
    pub fn end(&mut self, day: NaiveDate, value: T) {
        self.0.retain(|(from, _)| *from < day);
        self.set(day, value);
    }

    /// Adds a value as it comes; [`Timeline::put_in_order`] must follow.
    pub fn push(&mut self, day: NaiveDate, value: T) {
        self.0.push((day, value));
    }
}

/// Whether `day` lies in `[from, to)`.
pub fn within(day: NaiveDate, from: NaiveDate, to: Option<NaiveDate>) -> bool {
    from <= day && to.is_none_or(|to| day < to)
}

/// Whether `[from, to)` and `[other_from, other_to)` share a day.
pub fn overlap(
    (from, to): (NaiveDate, Option<NaiveDate>),
    (other_from, other_to): (NaiveDate, Option<NaiveDate>),
) -> bool {
    to.is_none_or(|to| other_from < to) && other_to.is_none_or(|to| from < to)
}
