//! Settles every hidden cell against every reader who does not know it: witnesses are
//! looked for, and where there are too few, what stands in their way is hidden.
//!
//! One witness serves every cell that it moves, and every reader who knows none of them;
//! so most cells are settled before their turn comes.

use std::collections::BTreeSet;

use super::atoms::Atoms;
use super::exchange::{OFF, Quest, Readers, Search, Witness};
use super::grid::{Grid, Rank};
use super::mending::Mending;
use super::veil::{Resort, Veil};
use super::{Exposure, Showing};

/// The reader who knows only what everybody is shown; the other bits are insiders.
pub(super) const EVERYBODY: Readers = 1;

/// How many insiders are settled at once. Hiding more for one group never exposes
/// what was settled for another.
const GROUP: usize = Readers::BITS as usize - 1;

/// An insider's cells, smallest first, and which of the caller's insiders it is.
type Insider = (Vec<Rank>, usize);

pub(super) fn settle(grid: &Grid, veil: &mut Veil, insiders: &[Vec<usize>]) -> Vec<Exposure> {
    let insiders = in_order(grid, insiders);
    let mut groups: Vec<&[Insider]> = insiders.chunks(GROUP).collect();
    if groups.is_empty() {
        groups.push(&[]);
    }
    let atoms = Atoms::of(grid);
    let mut exposed = Vec::new();
    for group in groups {
        let mut knows: Vec<Readers> = vec![0; grid.exact.len()];
        for (bit, (known, _)) in (1..).zip(group) {
            for &cell in known {
                knows[cell as usize] |= EVERYBODY << bit;
            }
        }
        work_out(grid, &mut knows);
        for (cell, bit, values) in Audit::new(grid, veil, &atoms, &knows, group.len()).run() {
            let insider = bit.checked_sub(1).map(|place| group[place].1);
            exposed.push(Exposure { cell: grid.index[cell as usize], insider, values });
        }
    }
    exposed.sort_unstable();
    exposed.dedup();
    exposed
}

/// The insiders in an order that does not depend on how they were given.
fn in_order(grid: &Grid, insiders: &[Vec<usize>]) -> Vec<Insider> {
    let ranked = |known: &Vec<usize>| {
        let mut known: Vec<Rank> = known.iter().map(|&cell| grid.rank[cell]).collect();
        known.sort_unstable();
        known
    };
    let mut order: Vec<Insider> = insiders.iter().map(ranked).zip(0..).collect();
    order.sort_unstable();
    order
}

/// Adds what follows from what each reader knows, by the sums alone.
fn work_out(grid: &Grid, knows: &mut [Readers]) {
    let mut next: Vec<u32> = (0..).take(grid.sums.len()).collect();
    while let Some(sum) = next.pop() {
        let binding = grid.binding(sum);
        for &cell in binding.parts.iter().chain([&binding.total]) {
            let others =
                binding.parts.iter().chain([&binding.total]).filter(|&&other| other != cell);
            let all = others.fold(Readers::MAX, |all, &other| all & knows[other as usize]);
            if !knows[cell as usize] & all != 0 {
                knows[cell as usize] |= all;
                next.extend(grid.stands[cell as usize].iter().map(|stand| stand.sum));
            }
        }
    }
}

/// How many values other than the true one a cell needs.
fn needs(grid: &Grid, cell: Rank) -> usize {
    if grid.is_small(cell) { 2 } else { 1 }
}

struct Audit<'a> {
    grid: &'a Grid,
    veil: &'a mut Veil,
    knows: &'a [Readers],
    all: Readers,
    search: Search<'a>,
    mending: Mending<'a>,
    /// For each cell, how far off it may be in the eyes of whom.
    doubts: Vec<Vec<(i64, Readers)>>,
    /// For each cell, in whose eyes nothing can be done.
    lost: Vec<Readers>,
    /// How many other values each cell needs: what everybody can be left with.
    needs: Vec<usize>,
    /// Counts that were given up, at least for a time.
    exposed: BTreeSet<Rank>,
}

impl<'a> Audit<'a> {
    fn new(
        grid: &'a Grid,
        veil: &'a mut Veil,
        atoms: &'a Atoms,
        knows: &'a [Readers],
        insiders: usize,
    ) -> Self {
        let cells = grid.exact.len();
        Self {
            grid,
            veil,
            knows,
            all: Readers::MAX >> (GROUP - insiders),
            search: Search::new(grid, atoms, knows),
            mending: Mending::new(grid, knows),
            doubts: vec![Vec::new(); cells],
            lost: vec![0; cells],
            needs: (0..).take(cells).map(|cell| needs(grid, cell)).collect(),
            exposed: BTreeSet::new(),
        }
    }

    /// Answers with the cells that could not be protected, the readers that they could
    /// not be protected from, and how many values those have to choose from.
    fn run(mut self) -> Vec<(Rank, usize, usize)> {
        loop {
            let before = self.veil.hidden_count();
            for bit in 0..self.all.count_ones() {
                self.settle_for(EVERYBODY << bit);
            }
            if self.veil.hidden_count() == before {
                return self.still_exposed();
            }
        }
    }

    /// What is exposed in the end, witnesses found later having been counted too: cells to
    /// everybody, and to insiders who are left with less than everybody is.
    fn still_exposed(&self) -> Vec<(Rank, usize, usize)> {
        let mut exposed = Vec::new();
        for &cell in &self.exposed {
            let mut enough = needs(self.grid, cell);
            for bit in 0..self.all.count_ones() as usize {
                let reader = EVERYBODY << bit;
                let others = self.offs(cell, reader).count();
                if others < enough && self.knows[cell as usize] & reader == 0 {
                    exposed.push((cell, bit, others + 1));
                    enough = if reader == EVERYBODY { others } else { enough };
                }
            }
        }
        exposed
    }

    fn settle_for(&mut self, reader: Readers) {
        for cell in (0..).take(self.grid.exact.len()).filter(|&cell| self.grid.is_controlled(cell))
        {
            while self.veil.hides(cell) && self.unsettled(cell) & reader != 0 {
                if !self.doubt(cell, reader) {
                    self.expose(cell, reader);
                }
            }
        }
    }

    /// The readers who can rule out too much of a hidden cell. That a hidden zero is one may
    /// be known to an insider, who is told nothing by it; to everybody it must not be, or
    /// it would hide nothing.
    fn unsettled(&self, cell: Rank) -> Readers {
        let (mut once, mut twice) = (0, 0);
        for &(_, readers) in &self.doubts[cell as usize] {
            twice |= once & readers;
            once |= readers;
        }
        let settled = match self.needs[cell as usize] {
            0 => self.all,
            1 => once,
            _ => twice,
        };
        let zero = self.grid.exact[cell as usize] == 0;
        let readers = if zero { EVERYBODY } else { self.all };
        readers & !(settled | self.knows[cell as usize] | self.lost[cell as usize])
    }

    /// How far off a cell may be in the eyes of a reader.
    fn offs(&self, cell: Rank, reader: Readers) -> impl Iterator<Item = i64> {
        let doubts = self.doubts[cell as usize].iter();
        doubts.filter(move |(_, readers)| readers & reader != 0).map(|&(by, _)| by)
    }

    /// Puts one more value of a cell in doubt for a reader, at the least cost that is found.
    fn doubt(&mut self, cell: Rank, reader: Readers) -> bool {
        let offs: Vec<i64> = self.offs(cell, reader).collect();
        let quest = Quest { cell, offs: &offs, reader, others: self.unsettled(cell) };
        let free = self.search.near(self.veil, &quest);
        // where counts are held fast by their rounding, steps find a way around them
        let witness = free
            .or_else(|| self.mended(&quest, Resort::Nothing))
            .or_else(|| self.search.far(self.veil, &quest))
            .or_else(|| self.mended(&quest, Resort::Counts));
        let Some(witness) = witness else { return false };
        self.veil.hide(self.grid, &witness.hiding);
        self.record(&witness);
        true
    }

    fn mended(&mut self, quest: &Quest<'_>, resort: Resort) -> Option<Witness> {
        let mut offs = OFF.into_iter().filter(|by| !quest.offs.contains(by));
        offs.find_map(|by| self.mending.find(self.veil, quest, by, resort))
    }

    /// Notes what a witness puts in doubt, and what the same moves do the other way round
    /// and twice over.
    fn record(&mut self, witness: &Witness) {
        for times in [1, -1, 2, -2] {
            let holds = |&(cell, by): &(Rank, i64)| {
                let value = self.grid.exact[cell as usize] + times * by;
                let price = self.veil.price(self.grid, cell, value);
                price.is_some_and(|(resort, _)| resort == Resort::Nothing)
            };
            if times == 1 || witness.moved.iter().all(holds) {
                self.note(witness, times);
            }
        }
    }

    fn note(&mut self, witness: &Witness, times: i64) {
        let know = witness.moved.iter().fold(0, |all, &(cell, _)| all | self.knows[cell as usize]);
        let convinced = self.all & !know;
        for &(cell, by) in &witness.moved {
            let doubts = &mut self.doubts[cell as usize];
            match doubts.iter_mut().find(|(known, _)| *known == times * by) {
                Some((_, readers)) => *readers |= convinced,
                None => doubts.push((times * by, convinced)),
            }
        }
    }

    fn expose(&mut self, cell: Rank, reader: Readers) {
        if self.grid.exact[cell as usize] > 0 {
            self.exposed.insert(cell);
        }
        self.lost[cell as usize] |= reader;
        if reader == EVERYBODY {
            // nor can more be had for anybody who knows more, but not less either
            self.needs[cell as usize] = self.offs(cell, reader).count();
            self.hide_zeros_beside(cell);
        }
    }

    /// Hides every zero beside a lone count with an exact total, so that at least it is
    /// not told which of the parts it is.
    fn hide_zeros_beside(&mut self, cell: Rank) {
        let exact = |sum: &u32| {
            let total = self.grid.binding(*sum).total as usize;
            self.grid.showing[total] == Showing::AlwaysExact
                && self.grid.exact[total] == self.grid.exact[cell as usize]
        };
        let sums = self.grid.sums_above(cell).filter(exact);
        let zeros: Vec<Rank> = sums
            .flat_map(|sum| self.grid.binding(sum).parts.iter().copied())
            .filter(|&part| self.grid.is_controlled(part) && !self.veil.hides(part))
            .collect();
        self.veil.hide(self.grid, &zeros);
    }
}
