//! What is hidden so far, what each cell may be as far as a reader can tell, and the rule
//! that a hidden part is never alone in its sum.
//!
//! Hiding only ever adds possible values, so that what was once in doubt stays in doubt.

use std::collections::BTreeSet;

use super::grid::{Grid, Rank};
use super::moves::Shift;
use super::{SMALLEST, Showing, Shown, round};

/// How far protection may go; each step only where the ones before it do not suffice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resort {
    /// Hide nothing more.
    Nothing,
    /// Hide counts.
    Counts,
    /// Hide zeros too.
    Zeros,
}

/// What it takes to let a cell have another value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Price {
    /// A reader cannot rule it out.
    Free,
    /// The cell would have to be hidden.
    Hiding,
}

pub(super) struct Veil {
    hidden: Vec<bool>,
    /// Between which counts a cell may be as far as a reader can tell, without guessing.
    open: Vec<(i64, i64)>,
    count: usize,
    /// Hidden cells that, as far as a reader can tell, may be zeros hidden as a last resort.
    perhaps_zero: Vec<bool>,
}

impl Veil {
    /// Hides the small counts, and then whatever must not leave one of them alone.
    pub(super) fn over(grid: &Grid) -> Self {
        let cells = grid.exact.len();
        let mut veil = Self {
            hidden: vec![false; cells],
            open: (0..).take(cells).map(|cell| as_shown(grid, cell)).collect(),
            count: 0,
            perhaps_zero: vec![false; cells],
        };
        let small: Vec<Rank> = (0..).take(cells).filter(|&cell| grid.is_small(cell)).collect();
        veil.hide(grid, &small);
        veil
    }

    pub(super) fn hides(&self, cell: Rank) -> bool {
        self.hidden[cell as usize]
    }

    /// Whether a hidden cell may be 0 as far as a reader can tell.
    pub(super) fn perhaps_zero(&self, cell: Rank) -> bool {
        self.perhaps_zero[cell as usize]
    }

    pub(super) fn hidden_count(&self) -> usize {
        self.count
    }

    pub(super) fn shown(&self, grid: &Grid, cell: Rank) -> Shown {
        let exact = grid.exact[cell as usize].cast_unsigned();
        match grid.showing[cell as usize] {
            Showing::AlwaysExact => Shown::Exact(exact),
            Showing::Never => Shown::Suppressed,
            Showing::Controlled if self.hides(cell) => Shown::Suppressed,
            Showing::Controlled => Shown::Rounded(round(exact)),
        }
    }

    /// Whether a cell may have `value`, how far one must go for it and at what price; `None`
    /// where it never may. That a hidden count is taken for 0 under [`Resort::Zeros`]
    /// is on the condition that it may be 0 once the rest is hidden.
    pub(super) fn price(&self, grid: &Grid, cell: Rank, value: i64) -> Option<(Resort, Price)> {
        let exact = grid.exact[cell as usize];
        let (least, most) = self.open[cell as usize];
        match grid.showing[cell as usize] {
            Showing::AlwaysExact => None,
            _ if value < 0 => None,
            _ if (least..=most).contains(&value) => Some((Resort::Nothing, Price::Free)),
            // a reader may well guess that a remainder of 0 is 0
            Showing::Never => Some((Resort::Zeros, Price::Free)),
            Showing::Controlled if self.hides(cell) => Some((Resort::Zeros, Price::Free)),
            Showing::Controlled if exact == 0 || value == 0 => Some((Resort::Zeros, Price::Hiding)),
            Showing::Controlled => Some((Resort::Counts, Price::Hiding)),
        }
    }

    /// Which of the cells moved must be hidden for it.
    pub(super) fn to_hide(&self, grid: &Grid, moves: &[Shift]) -> impl Iterator<Item = Rank> {
        moves.iter().filter_map(move |&(cell, by)| {
            let price = self.price(grid, cell, grid.exact[cell as usize] + by);
            price.is_some_and(|(_, price)| price == Price::Hiding).then_some(cell)
        })
    }

    /// Hides cells, and for as long as a hidden count is the only part hidden in a sum,
    /// another part of it.
    pub(super) fn hide(&mut self, grid: &Grid, cells: &[Rank]) {
        let mut hidden: Vec<Rank> = Vec::new();
        // small counts choose their companions before others do
        let mut sums: BTreeSet<(bool, u32)> = BTreeSet::new();
        let mut next: Vec<Rank> = cells.to_vec();
        loop {
            for cell in next.drain(..) {
                if !std::mem::replace(&mut self.hidden[cell as usize], true) {
                    self.open[cell as usize] = (1, i64::MAX);
                    hidden.push(cell);
                    sums.extend(grid.sums_above(cell).map(|sum| (!grid.is_small(cell), sum)));
                }
            }
            let Some((_, sum)) = sums.pop_first() else { break };
            next.extend(self.companion(grid, sum));
        }
        self.count += hidden.len();
        self.spread_doubt(grid, &hidden);
    }

    /// What has to be hidden along with the only hidden part of a sum: beside a small count
    /// the next smallest that is not 0; beside another, the one that leaves fewest
    /// parts alone in other sums. Where there is none, and the total is no other than the
    /// hidden part, the total.
    fn companion(&self, grid: &Grid, sum: u32) -> Option<Rank> {
        let binding = grid.binding(sum);
        let counts = |cell: Rank| grid.is_controlled(cell) && grid.exact[cell as usize] > 0;
        let mut hidden = binding.parts.iter().copied().filter(|&part| self.hides(part));
        let (Some(alone), None) = (hidden.next(), hidden.next()) else { return None };
        if !counts(alone) {
            return None;
        }
        let beside = binding.parts.iter().copied().filter(|&part| counts(part) && part != alone);
        let sibling = if grid.is_small(alone) {
            beside.min()
        } else {
            beside.min_by_key(|&part| (self.left_alone(grid, part), part))
        };
        let total = binding.total;
        let same = grid.exact[total as usize] == grid.exact[alone as usize];
        sibling.or((same && counts(total) && !self.hides(total)).then_some(total))
    }

    /// In how many sums a part would be the only one hidden.
    fn left_alone(&self, grid: &Grid, part: Rank) -> usize {
        grid.sums_above(part)
            .filter(|&sum| !grid.binding(sum).parts.iter().any(|&other| self.hides(other)))
            .count()
    }

    /// Finds which cells a reader may take for hidden zeros now that `hidden` are hidden too.
    fn spread_doubt(&mut self, grid: &Grid, hidden: &[Rank]) {
        let mut next: Vec<Rank> = hidden.to_vec();
        while let Some(cell) = next.pop() {
            let news = self.hides(cell) && !self.perhaps_zero(cell);
            if !(news && self.may_be_zero(grid, cell, &|_| false, &|_| false)) {
                continue;
            }
            self.perhaps_zero[cell as usize] = true;
            self.open[cell as usize].0 = 0;
            let zero = grid.exact[cell as usize] == 0;
            for sum in grid.sums_above(cell) {
                next.push(grid.binding(sum).total);
                next.extend(grid.binding(sum).parts.iter().filter(|_| zero));
            }
            next.extend(grid.sums_below(cell).flat_map(|sum| &grid.binding(sum).parts));
        }
    }

    /// Whether a hidden cell may be taken for 0: it is; or a zero beside it is hidden; or its
    /// total may be 0; or all its parts may. `hides` and `may` say of which further cells
    /// to assume that they are hidden, and that they may be 0.
    pub(super) fn may_be_zero(
        &self,
        grid: &Grid,
        cell: Rank,
        hides: &dyn Fn(Rank) -> bool,
        may: &dyn Fn(Rank) -> bool,
    ) -> bool {
        let zero = |cell: Rank| grid.exact[cell as usize] == 0;
        let veiled = |cell: Rank| {
            zero(cell) && grid.is_controlled(cell) && (self.hides(cell) || hides(cell))
        };
        let perhaps = |cell: Rank| self.perhaps_zero(cell) || may(cell);
        let part = |cell: Rank| {
            zero(cell) || perhaps(cell) || grid.showing[cell as usize] == Showing::Never
        };
        zero(cell)
            || grid.sums_above(cell).any(|sum| {
                let binding = grid.binding(sum);
                perhaps(binding.total) || binding.parts.iter().any(|&beside| veiled(beside))
            })
            || grid
                .sums_below(cell)
                .any(|sum| grid.binding(sum).parts.iter().all(|&below| part(below)))
    }
}

/// Between which counts a cell may be if it is not hidden.
fn as_shown(grid: &Grid, cell: Rank) -> (i64, i64) {
    let exact = grid.exact[cell as usize];
    let figure = round(exact.cast_unsigned()).cast_signed();
    match grid.showing[cell as usize] {
        Showing::Never if exact > 0 => (0, i64::MAX),
        Showing::Controlled if exact > 0 => (SMALLEST.cast_signed().max(figure - 2), figure + 2),
        _ => (exact, exact),
    }
}
