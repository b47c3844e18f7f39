//! Cells moved off their true counts, with what it would take to keep a reader from
//! ruling that out, kept up to date with every move.

use super::exchange::Readers;
use super::grid::{Grid, Rank};
use super::veil::{Price, Resort, Veil};

/// A cell, and how far it is off its true count.
pub(super) type Shift = (Rank, i64);

/// What there is to a set of moves, in numbers that can be added and taken off again.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) moved: i32,
    /// Cells that have to be hidden.
    pub(super) hiding: i32,
    /// Cells for which zeros have to be hidden.
    zeros: i32,
    /// Cells that the reader knows, or sees, not to have moved so.
    fixed: i32,
}

impl Tally {
    /// How far one must go for these moves, unless they cannot be made at all.
    pub(super) fn resort(&self) -> Option<Resort> {
        match (self.fixed, self.zeros, self.hiding) {
            (0, 0, 0) => Some(Resort::Nothing),
            (0, 0, _) => Some(Resort::Counts),
            (0, _, _) => Some(Resort::Zeros),
            _ => None,
        }
    }

    fn replace(&mut self, before: Self, after: Self) {
        self.moved += after.moved - before.moved;
        self.hiding += after.hiding - before.hiding;
        self.zeros += after.zeros - before.zeros;
        self.fixed += after.fixed - before.fixed;
    }
}

/// In whose eyes moves are judged.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) grid: &'a Grid,
    pub(super) veil: &'a Veil,
    pub(super) knows: &'a [Readers],
    pub(super) reader: Readers,
}

impl Sight<'_> {
    /// Whether a cell can be so far off, going no further than `most`.
    pub(super) fn may_move(&self, cell: Rank, by: i64, most: Resort) -> bool {
        self.knows[cell as usize] & self.reader == 0
            && self.price(cell, by).is_some_and(|(resort, _)| resort <= most)
    }

    fn price(&self, cell: Rank, by: i64) -> Option<(Resort, Price)> {
        self.veil.price(self.grid, cell, self.grid.exact[cell as usize] + by)
    }

    fn tally(&self, cell: Rank, by: i64) -> Tally {
        if by == 0 {
            return Tally::default();
        }
        let unknown = self.knows[cell as usize] & self.reader == 0;
        match self.price(cell, by) {
            Some((resort, price)) if unknown => Tally {
                moved: 1,
                hiding: i32::from(price == Price::Hiding),
                zeros: i32::from(resort == Resort::Zeros),
                fixed: 0,
            },
            _ => Tally { moved: 1, fixed: 1, ..Tally::default() },
        }
    }
}

pub(super) struct Moves {
    off: Vec<i64>,
    pub(super) tally: Tally,
}

impl Moves {
    pub(super) fn none(cells: usize) -> Self {
        Self { off: vec![0; cells], tally: Tally::default() }
    }

    pub(super) fn off(&self, cell: Rank) -> i64 {
        self.off[cell as usize]
    }

    pub(super) fn shift(&mut self, sight: Sight<'_>, cells: &[Rank], by: i64) {
        for &cell in cells {
            let off = &mut self.off[cell as usize];
            let before = sight.tally(cell, *off);
            *off += by;
            self.tally.replace(before, sight.tally(cell, *off));
        }
    }

    /// Takes back the last shift, `tally` being what it was before.
    pub(super) fn take_back(&mut self, cells: &[Rank], by: i64, tally: Tally) {
        for &cell in cells {
            self.off[cell as usize] -= by;
        }
        self.tally = tally;
    }

    /// How far some cells are off, in order.
    pub(super) fn of(&self, cells: impl Iterator<Item = Rank>) -> Vec<Shift> {
        let mut moved: Vec<Shift> = cells.map(|cell| (cell, self.off(cell))).collect();
        moved.sort_unstable();
        moved.dedup();
        moved
    }
}
