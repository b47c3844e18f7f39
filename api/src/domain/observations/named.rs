//! What the feed says of figures: which they are, and never what they are.

use std::collections::BTreeSet;

use crate::ids::Month;

/// The first of the figures that are said, and how many there are besides.
#[derive(Default)]
pub(super) struct Named {
    pub(super) first: BTreeSet<(Month, String)>,
    more: usize,
}

impl Named {
    const MOST: usize = 20;

    pub(super) fn add(&mut self, month: Month, code: &str) {
        let after = |last: &(Month, String)| (last.0, &*last.1) < (month, code);
        if self.first.len() >= Self::MOST && self.first.last().is_some_and(after) {
            self.more += 1;
            return;
        }
        self.first.insert((month, code.to_owned()));
        if self.first.len() > Self::MOST {
            self.first.pop_last();
            self.more += 1;
        }
    }

    /// Which figures, without what they are: `gpa.fte 2025-11, gpa.headcount 2025-11`.
    pub(super) fn in_words(&self) -> String {
        let named = self.first.iter().map(|(month, code)| format!("{code} {month}"));
        let mut words = named.collect::<Vec<_>>().join(", ");
        if self.more > 0 {
            words.push_str(&format!(" and {} more", self.more));
        }
        words
    }
}
