//! The search for witnesses: other tables that a reader cannot tell from the true one.
//!
//! One atom through the cell in question grows, and another shrinks by as much, so that
//! England's exact totals stay what they are. Cells of both do not change at all. Of all
//! such exchanges the one is taken that needs the least hiding, then the one that
//! convinces most readers, then the one that moves fewest cells.

use super::atoms::{Atom, Atoms};
use super::grid::{Grid, Rank};
use super::veil::{Price, Resort, Veil};

/// Who knows a cell exactly: a bit for each reader.
pub(super) type Readers = u128;

/// How far off the true count another value is looked for.
pub(super) const OFF: [i64; 4] = [1, -1, 2, -2];

/// Through how many atoms of a cell to look first, and then if that finds none for free.
const FIRST: usize = 4;
const THEN: usize = 48;

/// A cell, and how far it is off its true count.
pub(super) type Shift = (Rank, i64);

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Quest<'a> {
    pub(super) cell: Rank,
    /// How far off the cell may be already.
    pub(super) offs: &'a [i64],
    /// Whom the witness must convince: cells that they know do not move.
    pub(super) reader: Readers,
    /// Whom it should convince as well, if it can be had.
    pub(super) others: Readers,
}

/// A table that all shown figures agree with once some cells are hidden.
pub(super) struct Witness {
    /// The cells that are off their true count, and by how much.
    pub(super) moved: Vec<Shift>,
    /// Which of them must be hidden for it.
    pub(super) hiding: Vec<Rank>,
    /// Whether it is one without hiding anything or guessing at remainders.
    pub(super) free: bool,
}

/// What an exchange costs, least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    resort: Resort,
    hiding: usize,
    /// Readers who should be convinced as well and are not.
    unconvinced: u32,
    moved: usize,
    /// The counts hidden, and then the atoms, to decide between equals.
    hidden: i64,
    choice: (Atom, Atom, i64),
}

/// The best exchange so far.
#[derive(Default)]
struct Best {
    cost: Option<Cost>,
    moved: Vec<Shift>,
}

impl Cost {
    fn is_nothing(&self) -> bool {
        self.resort == Resort::Nothing && self.unconvinced == 0
    }
}

pub(super) struct Search<'a> {
    pub(super) grid: &'a Grid,
    pub(super) atoms: &'a Atoms,
    pub(super) knows: &'a [Readers],
}

impl Search<'_> {
    pub(super) fn find(&self, veil: &Veil, quest: Quest<'_>) -> Option<Witness> {
        let found = self.from(veil, &quest, &[]);
        if found.is_some() || quest.offs.is_empty() {
            return found;
        }
        // one exchange more on top of one that takes the cell to a value it may have already
        let base = self.from(veil, &Quest { offs: &[], ..quest }, &[])?;
        self.from(veil, &quest, &base.moved)
    }

    /// The best exchange from a table that is off the true one by `base`.
    fn from(&self, veil: &Veil, quest: &Quest<'_>, base: &[Shift]) -> Option<Witness> {
        let through = self.atoms.through(quest.cell);
        let (first, then) = through.split_at(through.len().min(FIRST));
        let mut best = Best::default();
        self.look(veil, quest, first, base, &mut best);
        if best.cost.is_none_or(|cost| cost.resort > Resort::Nothing) {
            self.look(veil, quest, &then[..then.len().min(THEN)], base, &mut best);
        }
        let cost = best.cost?;
        let hiding = veil.to_hide(self.grid, &best.moved).collect();
        Some(Witness { moved: best.moved, hiding, free: cost.resort == Resort::Nothing })
    }

    fn look(
        &self,
        veil: &Veil,
        quest: &Quest<'_>,
        through: &[Atom],
        base: &[Shift],
        best: &mut Best,
    ) {
        let (mut moves, mut shifts) = (Vec::new(), Vec::new());
        for &grown in through {
            let alone = (self.atoms.alone == Some(self.atoms.group(grown))).then_some(grown);
            for &shrunk in alone.iter().chain(self.atoms.partners(grown)) {
                self.exchange(grown, shrunk, &mut moves);
                for times in OFF {
                    add(base, &moves, times, &mut shifts);
                    let off = shifts.iter().find(|shift| shift.0 == quest.cell);
                    if off.is_none_or(|shift| quest.offs.contains(&shift.1)) {
                        continue;
                    }
                    let choice = (grown, shrunk, times);
                    if let Some(cost) = self.cost(veil, quest, &shifts, choice, best.cost) {
                        best.cost = Some(cost);
                        best.moved.clone_from(&shifts);
                        if cost.is_nothing() {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// What grows and what shrinks by one; where both atoms are the same, it grows alone.
    fn exchange(&self, grown: Atom, shrunk: Atom, moves: &mut Vec<Shift>) {
        moves.clear();
        let (mut up, mut down) = (self.atoms.cells(grown), self.atoms.cells(shrunk));
        if grown == shrunk {
            down = &[];
        }
        loop {
            match (up, down) {
                ([a, more @ ..], [b, less @ ..]) if a == b => (up, down) = (more, less),
                ([a, more @ ..], [b, ..]) if a < b => {
                    moves.push((*a, 1));
                    up = more;
                }
                ([a, more @ ..], []) => {
                    moves.push((*a, 1));
                    up = more;
                }
                (_, [b, less @ ..]) => {
                    moves.push((*b, -1));
                    down = less;
                }
                ([], []) => return,
            }
        }
    }

    /// What it costs to move cells by so much, if it can be had at less than `limit`.
    fn cost(
        &self,
        veil: &Veil,
        quest: &Quest<'_>,
        moves: &[Shift],
        choice: (Atom, Atom, i64),
        limit: Option<Cost>,
    ) -> Option<Cost> {
        let mut cost = Cost {
            resort: Resort::Nothing,
            hiding: 0,
            unconvinced: 0,
            moved: moves.len(),
            hidden: 0,
            choice,
        };
        let mut knows: Readers = 0;
        for &(cell, by) in moves {
            let exact = self.grid.exact[cell as usize];
            knows |= self.knows[cell as usize];
            let (resort, price) = veil.price(self.grid, cell, exact + by)?;
            cost.resort = cost.resort.max(resort);
            if price == Price::Hiding {
                cost.hiding += 1;
                cost.hidden += exact;
            }
            if knows & quest.reader != 0
                || limit
                    .is_some_and(|limit| (cost.resort, cost.hiding) > (limit.resort, limit.hiding))
            {
                return None;
            }
        }
        cost.unconvinced = (knows & quest.others).count_ones();
        let cheaper = limit.is_none_or(|limit| cost < limit);
        (cheaper && (cost.resort < Resort::Zeros || self.zeros_hold(veil, moves))).then_some(cost)
    }

    /// Whether every hidden count that is taken for 0 may be taken for it: a zero beside
    /// it is hidden, or its total may be 0, or all its parts may.
    fn zeros_hold(&self, veil: &Veil, moves: &[Shift]) -> bool {
        let hiding: Vec<Rank> = veil.to_hide(self.grid, moves).collect();
        let mut taken: Vec<Rank> = moves
            .iter()
            .filter(|&&(cell, by)| {
                self.grid.is_controlled(cell)
                    && self.grid.exact[cell as usize] + by == 0
                    && !veil.perhaps_zero(cell)
            })
            .map(|&(cell, _)| cell)
            .collect();
        let mut may: Vec<Rank> = Vec::new();
        loop {
            let before = taken.len();
            taken.retain(|&cell| {
                let holds =
                    veil.may_be_zero(self.grid, cell, &|other| hiding.contains(&other), &|other| {
                        may.contains(&other)
                    });
                if holds {
                    may.push(cell);
                }
                !holds
            });
            if taken.is_empty() || taken.len() == before {
                return taken.is_empty();
            }
        }
    }
}

/// `base` and `times` the moves, both in order, without what is not moved in the end.
fn add(base: &[Shift], moves: &[Shift], times: i64, sum: &mut Vec<Shift>) {
    sum.clear();
    let (mut base, mut moves) = (base, moves);
    while let ([(a, by), rest @ ..], [(b, _), ..]) = (base, moves) {
        if a < b {
            sum.push((*a, *by));
            base = rest;
        } else if let [(b, more), others @ ..] = moves {
            let by = if a == b { *by } else { 0 } + more * times;
            if by != 0 {
                sum.push((*b, by));
            }
            base = if a == b { rest } else { base };
            moves = others;
        }
    }
    sum.extend_from_slice(base);
    sum.extend(moves.iter().map(|&(cell, by)| (cell, by * times)));
}
