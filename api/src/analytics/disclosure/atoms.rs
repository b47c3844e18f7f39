//! Atoms of change: the smallest sets of cells that can all grow by one with every sum
//! still holding, such as one place in one month with all its parents in all their
//! periods. Whatever else a table might have been differs from it by atoms.
//!
//! Where two hierarchies under one total share no smaller cells, an atom takes one cell of
//! each; of the many such pairs only some are made.

use std::collections::HashMap;

use super::Showing;
use super::grid::{Grid, Rank};

/// How many atoms start from one smallest cell, at the most.
const FROM_ONE: usize = 12;

/// Which of the atoms.
pub(super) type Atom = u32;

pub(super) struct Atoms {
    /// The cells of each atom, in order.
    cells: Vec<Vec<Rank>>,
    /// The atoms of each cell, apart from those that are always shown.
    through: Vec<Vec<Atom>>,
    /// Which atoms contain the same exact totals, and the group of each atom: only
    /// within a group can one grow and another shrink with those totals unchanged.
    groups: Vec<Vec<Atom>>,
    group: Vec<u32>,
    /// The group without any exact total.
    alone: Option<u32>,
}

impl Atoms {
    pub(super) fn of(grid: &Grid) -> Self {
        let mut atoms = Self {
            cells: smallest_first(grid),
            through: vec![Vec::new(); grid.exact.len()],
            groups: Vec::new(),
            group: Vec::new(),
            alone: None,
        };
        let mut known: HashMap<Vec<Rank>, u32> = HashMap::new();
        for (atom, cells) in (0..).zip(&atoms.cells) {
            let fixed = |cell: &Rank| grid.showing[*cell as usize] == Showing::AlwaysExact;
            let exact: Vec<Rank> = cells.iter().copied().filter(fixed).collect();
            for &cell in cells.iter().filter(|cell| !fixed(cell)) {
                atoms.through[cell as usize].push(atom);
            }
            let alone = exact.is_empty();
            let group = *known.entry(exact).or_insert_with(|| {
                atoms.groups.push(Vec::new());
                (atoms.groups.len() - 1) as u32
            });
            if alone {
                atoms.alone = Some(group);
            }
            atoms.groups[group as usize].push(atom);
            atoms.group.push(group);
        }
        atoms
    }

    pub(super) fn cells(&self, atom: Atom) -> &[Rank] {
        &self.cells[atom as usize]
    }

    pub(super) fn through(&self, cell: Rank) -> &[Atom] {
        &self.through[cell as usize]
    }

    /// Whether an atom contains no exact total.
    pub(super) fn can_change_alone(&self, atom: Atom) -> bool {
        self.alone == Some(self.group[atom as usize])
    }

    /// The atoms that can shrink where this one grows, itself among them.
    pub(super) fn partners(&self, atom: Atom) -> &[Atom] {
        &self.groups[self.group[atom as usize] as usize]
    }
}

/// All atoms, those through the smallest counts first and through zeros last.
fn smallest_first(grid: &Grid) -> Vec<Vec<Rank>> {
    let cells = (0..).take(grid.exact.len());
    let mut smallest: Vec<Rank> =
        cells.filter(|&cell| grid.sums_below(cell).next().is_none()).collect();
    smallest.sort_by_key(|&cell| (grid.exact[cell as usize] == 0, cell));
    let maker = Maker { grid, height: heights(grid) };
    let mut atoms = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for cell in smallest {
        let mut made = Vec::new();
        maker.complete(vec![cell], &mut made);
        for mut atom in made {
            atom.sort_unstable();
            if seen.insert(atom.clone()) {
                atoms.push(atom);
            }
        }
    }
    atoms
}

/// How many sums lie below each cell, one under the other.
fn heights(grid: &Grid) -> Vec<u32> {
    let mut heights = vec![0; grid.exact.len()];
    // a table whose sums run in a circle ends here too
    let mut next: Vec<u32> = (0..).take(grid.sums.len()).collect();
    for _ in 0..64 {
        let mut higher = Vec::new();
        for sum in next {
            let binding = grid.binding(sum);
            let below = binding.parts.iter().map(|&part| heights[part as usize]).max();
            let height = &mut heights[binding.total as usize];
            if below.is_some_and(|below| below >= *height) {
                *height = below.unwrap_or(0) + 1;
                higher.extend(grid.sums_above(binding.total));
            }
        }
        higher.sort_unstable();
        higher.dedup();
        next = higher;
    }
    heights
}

struct Maker<'a> {
    grid: &'a Grid,
    height: Vec<u32>,
}

impl Maker<'_> {
    /// Adds every total above the cells and, for totals with no part among them, one part.
    fn complete(&self, mut cells: Vec<Rank>, made: &mut Vec<Vec<Rank>>) {
        let mut at = 0;
        while at < cells.len() {
            for sum in self.grid.sums_above(cells[at]) {
                let total = self.grid.binding(sum).total;
                if !cells.contains(&total) {
                    cells.push(total);
                }
            }
            at += 1;
        }
        let mut lacking: Option<(u32, u32)> = None;
        for &cell in &cells {
            for sum in self.grid.sums_below(cell) {
                let parts = &self.grid.binding(sum).parts;
                match parts.iter().filter(|part| cells.contains(part)).count() {
                    0 => {
                        let found = (self.height[cell as usize], sum);
                        lacking = Some(lacking.map_or(found, |lowest| lowest.min(found)));
                    }
                    1 => {}
                    // would have to grow by more than one
                    _ => return,
                }
            }
        }
        let Some((_, sum)) = lacking else { return made.push(cells) };
        let mut parts = self.grid.binding(sum).parts.clone();
        parts.sort_by_key(|&part| (self.grid.exact[part as usize] == 0, part));
        for part in parts {
            if made.len() < FROM_ONE {
                let mut more = cells.clone();
                more.push(part);
                self.complete(more, made);
            }
        }
    }
}
