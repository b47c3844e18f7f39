//! Tables made for tests: England, its regions, their ICBs and training hubs, and
//! months under quarters.

use crate::analytics::disclosure::{Cell, Showing, Sum, Table};

/// A region in one period.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    pub(super) icbs: Vec<u64>,
    /// Where empty, the region has no training hubs. Their sum is that of the ICBs.
    pub(super) hubs: Vec<u64>,
    /// In the region but in no ICB.
    pub(super) nowhere: Option<u64>,
}

impl Region {
    pub(super) fn of(icbs: &[u64]) -> Self {
        Self { icbs: icbs.to_vec(), ..Self::default() }
    }

    fn total(&self) -> u64 {
        self.icbs.iter().sum::<u64>() + self.nowhere.unwrap_or(0)
    }
}

/// Where the cells of a region are.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    pub(super) region: usize,
    pub(super) icbs: Vec<usize>,
    pub(super) hubs: Vec<usize>,
    nowhere: Option<usize>,
}

#[derive(Default)]
pub(super) struct Made {
    pub(super) table: Table,
    pub(super) regions: Vec<Cells>,
}

impl Made {
    fn cell(&mut self, exact: u64, showing: Showing) -> usize {
        self.table.cells.push(Cell { exact, showing });
        self.table.cells.len() - 1
    }

    fn sum(&mut self, total: usize, parts: Vec<usize>) {
        self.table.sums.push(Sum { total, parts });
    }

    fn region(&mut self, region: &Region) -> Cells {
        let whole = self.cell(region.total(), Showing::Controlled);
        let icbs = region.icbs.iter().map(|&count| self.cell(count, Showing::Controlled)).collect();
        let hubs = region.hubs.iter().map(|&count| self.cell(count, Showing::Controlled)).collect();
        let nowhere = region.nowhere.map(|count| self.cell(count, Showing::Never));
        let cells = Cells { region: whole, icbs, hubs, nowhere };
        self.sum(whole, cells.icbs.iter().copied().chain(nowhere).collect());
        if !cells.hubs.is_empty() {
            self.sum(whole, cells.hubs.clone());
        }
        cells
    }

    /// Regions in one period, under England if so asked.
    pub(super) fn of(regions: &[Region], england: bool) -> Self {
        let mut made = Self::default();
        made.regions = regions.iter().map(|region| made.region(region)).collect();
        if england {
            made.england(&(0..regions.len()).collect::<Vec<_>>());
        }
        made
    }

    /// The same regions in some months and in the quarter that these make up.
    pub(super) fn over_months(months: &[Vec<Region>], england: bool) -> Self {
        let mut made = Self::default();
        let mut englands = Vec::new();
        let quarter: Vec<Region> = (0..months[0].len()).map(|at| added(months, at)).collect();
        for period in months.iter().chain([&quarter]) {
            let first = made.regions.len();
            for region in period {
                let cells = made.region(region);
                made.regions.push(cells);
            }
            if england {
                englands.push(made.england(&(first..first + period.len()).collect::<Vec<_>>()));
            }
        }
        let mut by_period: Vec<Vec<usize>> = vec![Vec::new(); months.len() + 1];
        for (at, cells) in made.regions.iter().enumerate() {
            let all = [cells.region].into_iter().chain(cells.icbs.clone());
            by_period[at / months[0].len()]
                .extend(all.chain(cells.hubs.clone()).chain(cells.nowhere));
        }
        for (at, total) in englands.into_iter().enumerate() {
            by_period[at].push(total);
        }
        for place in 0..by_period[0].len() {
            let parts = by_period[..months.len()].iter().map(|cells| cells[place]).collect();
            made.sum(by_period[months.len()][place], parts);
        }
        made
    }

    fn england(&mut self, regions: &[usize]) -> usize {
        let parts: Vec<usize> = regions.iter().map(|&at| self.regions[at].region).collect();
        let exact = parts.iter().map(|&part| self.table.cells[part].exact).sum();
        let england = self.cell(exact, Showing::AlwaysExact);
        self.sum(england, parts);
        england
    }
}

fn added(months: &[Vec<Region>], at: usize) -> Region {
    let add = |counts: fn(&Region) -> &Vec<u64>| -> Vec<u64> {
        let places = counts(&months[0][at]).len();
        let month = |place: usize| months.iter().map(|month| counts(&month[at])[place]).sum();
        (0..places).map(month).collect()
    };
    Region {
        icbs: add(|region| &region.icbs),
        hubs: add(|region| &region.hubs),
        nowhere: months.iter().map(|month| month[at].nowhere).sum(),
    }
}
