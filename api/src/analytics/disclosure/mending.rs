//! The search for witnesses in steps: one cell is moved off its true
//! count, which breaks the sums that it stands in; a broken sum is mended by moving another
//! of its cells, which may break others, until all hold.
//!
//! Unlike an exchange this finds its way around counts that the rounding holds fast. The
//! sum with the fewest ways to mend it is mended first, in the way that mends most and
//! breaks least. No cell moves twice, so that the search ends; a budget keeps it short.

use super::exchange::{Quest, Readers, Witness};
use super::grid::{Grid, Rank};
use super::moves::Shift;
use super::veil::{Price, Resort, Veil};

/// How many sums may be mended in one search.
const BUDGET: usize = 100;

/// A way to mend a sum, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    price: Price,
    /// How many readers who should be convinced as well know the cell.
    unconvinced: u32,
    /// Sums that it breaks, less those that it mends.
    broken: i64,
    cell: Rank,
    by: i64,
}

pub(super) struct Mending<'a> {
    grid: &'a Grid,
    knows: &'a [Readers],
    by: Vec<i64>,
    /// Σ parts − total, for each sum.
    gap: Vec<i64>,
    broken: Vec<u32>,
    moved: Vec<Rank>,
    budget: usize,
    resort: Resort,
}

impl<'a> Mending<'a> {
    pub(super) fn new(grid: &'a Grid, knows: &'a [Readers]) -> Self {
        Self {
            grid,
            knows,
            by: vec![0; grid.exact.len()],
            gap: vec![0; grid.sums.len()],
            broken: Vec::new(),
            moved: Vec::new(),
            budget: 0,
            resort: Resort::Nothing,
        }
    }

    /// A witness in which the cell is off by `by`, going no further than `resort`, which
    /// may not be to hide zeros.
    pub(super) fn find(
        &mut self,
        veil: &Veil,
        quest: &Quest<'_>,
        by: i64,
        resort: Resort,
    ) -> Option<Witness> {
        self.resort = resort;
        self.price(veil, quest, quest.cell, by)?;
        self.budget = BUDGET;
        self.shift(quest.cell, by);
        let found = self.mend(veil, quest).then(|| self.witness(veil));
        while !self.moved.is_empty() {
            self.shift_back();
        }
        found
    }

    fn witness(&self, veil: &Veil) -> Witness {
        let shift = |&cell: &Rank| (cell, self.by[cell as usize]);
        let mut moved: Vec<Shift> = self.moved.iter().map(shift).collect();
        moved.sort_unstable();
        let hiding = veil.to_hide(self.grid, &moved).collect();
        Witness { moved, hiding }
    }

    fn price(&self, veil: &Veil, quest: &Quest<'_>, cell: Rank, by: i64) -> Option<Price> {
        if self.knows[cell as usize] & quest.reader != 0 {
            return None;
        }
        let (resort, price) = veil.price(self.grid, cell, self.grid.exact[cell as usize] + by)?;
        (resort <= self.resort).then_some(price)
    }

    fn mend(&mut self, veil: &Veil, quest: &Quest<'_>) -> bool {
        if self.broken.is_empty() {
            return true;
        }
        for way in self.fewest_ways(veil, quest) {
            if self.budget == 0 {
                return false;
            }
            self.budget -= 1;
            self.shift(way.cell, way.by);
            if self.mend(veil, quest) {
                return true;
            }
            self.shift_back();
        }
        false
    }

    /// The ways to mend the broken sum that has the fewest.
    fn fewest_ways(&self, veil: &Veil, quest: &Quest<'_>) -> Vec<Way> {
        let mut fewest: Option<(usize, u32)> = None;
        for &sum in &self.broken {
            let most = fewest.map_or(usize::MAX, |(most, _)| most);
            let ways = self.ways(veil, quest, sum).take(most).count();
            if ways < most {
                fewest = Some((ways, sum));
            }
            if ways == 0 {
                return Vec::new();
            }
        }
        let ways = fewest.into_iter().flat_map(|(_, sum)| self.ways(veil, quest, sum));
        let mut ways: Vec<Way> =
            ways.map(|(price, cell, by)| self.weighed(quest, price, cell, by)).collect();
        ways.sort_unstable();
        ways
    }

    fn ways(
        &self,
        veil: &Veil,
        quest: &Quest<'_>,
        sum: u32,
    ) -> impl Iterator<Item = (Price, Rank, i64)> {
        let gap = self.gap[sum as usize];
        let binding = self.grid.binding(sum);
        let parts = binding.parts.iter().map(move |&part| (part, -gap));
        parts
            .chain([(binding.total, gap)])
            .filter(|&(cell, _)| self.by[cell as usize] == 0)
            // the whole gap, or one of it, leaving the rest to other cells
            .flat_map(|(cell, whole)| {
                let little = (whole.abs() > 1).then_some(whole.signum());
                [Some(whole), little].into_iter().flatten().map(move |by| (cell, by))
            })
            .filter_map(|(cell, by)| Some((self.price(veil, quest, cell, by)?, cell, by)))
    }

    fn weighed(&self, quest: &Quest<'_>, price: Price, cell: Rank, by: i64) -> Way {
        let broken = self.grid.stands[cell as usize].iter().map(|stand| {
            let gap = self.gap[stand.sum as usize];
            i64::from(gap + stand.sign * by != 0) - i64::from(gap != 0)
        });
        let unconvinced = (self.knows[cell as usize] & quest.others).count_ones();
        Way { price, unconvinced, broken: broken.sum(), cell, by }
    }

    fn shift(&mut self, cell: Rank, by: i64) {
        self.by[cell as usize] = by;
        self.moved.push(cell);
        self.widen(cell, by);
    }

    fn shift_back(&mut self) {
        if let Some(cell) = self.moved.pop() {
            let by = std::mem::take(&mut self.by[cell as usize]);
            self.widen(cell, -by);
        }
    }

    fn widen(&mut self, cell: Rank, by: i64) {
        for stand in &self.grid.stands[cell as usize] {
            let gap = &mut self.gap[stand.sum as usize];
            let before = *gap;
            *gap += stand.sign * by;
            if before == 0 {
                self.broken.push(stand.sum);
            } else if *gap == 0 {
                self.broken.retain(|&sum| sum != stand.sum);
            }
        }
    }
}
