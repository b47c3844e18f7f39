//! The search for witnesses: other tables that a reader cannot tell from the true one.
//!
//! One atom through the cell in question grows, and another shrinks by as much, so that
//! England's exact totals stay what they are. Cells of both do not change at all. Of all
//! such exchanges the one is taken that needs the least hiding, then the one that
//! convinces most readers, then the one that moves fewest cells.

use super::atoms::{Atom, Atoms};
use super::grid::{Grid, Rank};
use super::moves::{Moves, Shift, Sight, Tally};
use super::veil::{Price, Resort, Veil};

/// Who knows a cell exactly: a bit for each reader.
pub(super) type Readers = u128;

/// How far off the true count another value is looked for.
pub(super) const OFF: [i64; 4] = [1, -1, 2, -2];

/// Through how many atoms of a cell to look.
const NEAR: usize = 2;
const FAR: usize = 16;

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
}

/// Which atom grows, which shrinks (the same where none does), and by how much.
type Choice = (Atom, Atom, i64);

/// What an exchange costs, least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    resort: Resort,
    hiding: i32,
    /// Readers who should be convinced as well and are not.
    unconvinced: u32,
    moved: i32,
    /// The counts hidden, and then the atoms, to decide between equals.
    hidden: i64,
    choice: Choice,
}

/// The best exchange so far.
struct Best<'a> {
    /// What is moved before the exchange.
    base: &'a [Shift],
    /// How far to go at the most.
    most: Resort,
    cost: Option<Cost>,
    moved: Vec<Shift>,
}

impl Cost {
    fn is_nothing(&self) -> bool {
        self.resort == Resort::Nothing && self.unconvinced == 0
    }
}

pub(super) struct Search<'a> {
    grid: &'a Grid,
    atoms: &'a Atoms,
    knows: &'a [Readers],
    moves: Moves,
}

impl<'a> Search<'a> {
    pub(super) fn new(grid: &'a Grid, atoms: &'a Atoms, knows: &'a [Readers]) -> Self {
        Self { grid, atoms, knows, moves: Moves::none(grid.exact.len()) }
    }

    /// The best exchange through the first few atoms of the cell that hides nothing.
    pub(super) fn near(&mut self, veil: &Veil, quest: &Quest<'_>) -> Option<Witness> {
        self.on_top_of(&[], veil, quest, NEAR, Resort::Nothing)
    }

    /// The best exchange through many atoms of the cell, or of two on top of each other.
    pub(super) fn far(&mut self, veil: &Veil, quest: &Quest<'_>) -> Option<Witness> {
        let found = self.on_top_of(&[], veil, quest, FAR, Resort::Zeros);
        if found.is_some() || quest.offs.is_empty() {
            return found;
        }
        // one on top of one that takes the cell to a value that it may have already
        let base = self.on_top_of(&[], veil, &Quest { offs: &[], ..*quest }, FAR, Resort::Zeros)?;
        self.on_top_of(&base.moved, veil, quest, FAR, Resort::Zeros)
    }

    /// The best exchange, starting from a table that is off the true one by `base`.
    fn on_top_of(
        &mut self,
        base: &[Shift],
        veil: &Veil,
        quest: &Quest<'_>,
        atoms: usize,
        most: Resort,
    ) -> Option<Witness> {
        let sight = Sight { grid: self.grid, veil, knows: self.knows, reader: quest.reader };
        self.moves.tally = Tally::default();
        for &(cell, by) in base {
            self.moves.shift(sight, &[cell], by);
        }
        let through = self.atoms.through(quest.cell);
        let mut best = Best { base, most, cost: None, moved: Vec::new() };
        self.look(sight, quest, &through[..through.len().min(atoms)], &mut best);
        for &(cell, by) in base {
            self.moves.take_back(&[cell], by, Tally::default());
        }
        best.cost?;
        let hiding = veil.to_hide(self.grid, &best.moved).collect();
        Some(Witness { moved: best.moved, hiding })
    }

    fn look(&mut self, sight: Sight<'_>, quest: &Quest<'_>, through: &[Atom], best: &mut Best<'_>) {
        let atoms = self.atoms;
        for (&grown, by) in through.iter().flat_map(|grown| OFF.map(|by| (grown, by))) {
            let off = self.moves.off(quest.cell) + by;
            if off == 0 || quest.offs.contains(&off) || !sight.may_move(quest.cell, off, best.most)
            {
                continue;
            }
            let tally = self.moves.tally;
            self.moves.shift(sight, atoms.cells(grown), by);
            if atoms.can_change_alone(grown) {
                self.judge(sight, quest, (grown, grown, by), best);
            }
            self.pair(sight, quest, grown, by, best);
            self.moves.take_back(atoms.cells(grown), by, tally);
            if best.cost.is_some_and(|cost| cost.resort == Resort::Nothing) {
                return;
            }
        }
    }

    /// Tries what could shrink where one atom grows.
    fn pair(
        &mut self,
        sight: Sight<'_>,
        quest: &Quest<'_>,
        grown: Atom,
        by: i64,
        best: &mut Best<'_>,
    ) {
        let atoms = self.atoms;
        let (off, tally) = (self.moves.off(quest.cell), self.moves.tally);
        let stuck = |moves: &Moves, cell: Rank, most| !sight.may_move(cell, moves.off(cell), most);
        let held = atoms.cells(grown).iter().filter(|&&cell| stuck(&self.moves, cell, best.most));
        let held = held.count();
        for &shrunk in atoms.partners(grown).iter().filter(|&&shrunk| shrunk != grown) {
            let most = best.cost.map_or(best.most, |cost| cost.resort);
            let cells = atoms.cells(shrunk);
            // all that is held fast in the one must be in the other, where it does not change
            let mut both = 0;
            let can = cells.iter().all(|&cell| {
                let shared = self.moves.off(cell) != 0;
                both += usize::from(shared && stuck(&self.moves, cell, most));
                shared || sight.may_move(cell, -by, most)
            });
            if !can || both < held {
                continue;
            }
            self.moves.shift(sight, cells, -by);
            if self.moves.off(quest.cell) == off {
                self.judge(sight, quest, (grown, shrunk, by), best);
            }
            self.moves.take_back(cells, -by, tally);
            if best.cost.is_some_and(|cost| cost.is_nothing()) {
                break;
            }
        }
    }

    /// Keeps the moves made if they cost less than the best so far.
    fn judge(&self, sight: Sight<'_>, quest: &Quest<'_>, choice: Choice, best: &mut Best<'_>) {
        let tally = self.moves.tally;
        let Some(resort) = tally.resort().filter(|resort| *resort <= best.most) else { return };
        let mut cost = Cost {
            resort,
            hiding: tally.hiding,
            unconvinced: 0,
            moved: tally.moved,
            hidden: 0,
            choice,
        };
        let cheaper = |cost: Cost| best.cost.is_none_or(|limit| cost < limit);
        if !cheaper(cost) {
            return;
        }
        let [grown, shrunk] = [choice.0, choice.1].map(|atom| self.atoms.cells(atom));
        let cells = best.base.iter().map(|shift| &shift.0).chain(grown).chain(shrunk);
        let moved = cells.copied().filter(|&cell| self.moves.off(cell) != 0);
        let mut knows: Readers = 0;
        for cell in moved.clone() {
            knows |= self.knows[cell as usize];
            let value = self.grid.exact[cell as usize] + self.moves.off(cell);
            let price = sight.veil.price(self.grid, cell, value);
            if price.is_some_and(|(_, price)| price == Price::Hiding) {
                cost.hidden += self.grid.exact[cell as usize];
            }
        }
        cost.unconvinced = (knows & quest.others).count_ones();
        if !cheaper(cost) {
            return;
        }
        let moved = self.moves.of(moved);
        if resort < Resort::Zeros || self.zeros_hold(sight.veil, &moved) {
            best.cost = Some(cost);
            best.moved = moved;
        }
    }

    /// Whether every hidden count that is taken for 0 may be taken for it once all that the
    /// moves need is hidden.
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
