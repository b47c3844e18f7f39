//! The table with its cells in order of size, so that whatever follows depends on the
//! counts and not on the order in which they were given.

use std::collections::{HashMap, hash_map::Entry};

use super::{Showing, Sum, Table, Unsound};

/// Counts far above any population of people, far below what would overflow when added.
pub(super) const LARGEST: u64 = 1 << 40;

/// A cell's place in the order of (count, index).
pub(super) type Rank = u32;

/// How a cell stands in a sum.
#[derive(Clone, Copy)]
pub(super) struct Stand {
    pub(super) sum: u32,
    /// 1 for a part, −1 for the total.
    pub(super) sign: i64,
}

pub(super) struct Binding {
    pub(super) total: Rank,
    /// Smallest first.
    pub(super) parts: Vec<Rank>,
}

pub(super) struct Grid {
    pub(super) exact: Vec<i64>,
    pub(super) showing: Vec<Showing>,
    pub(super) sums: Vec<Binding>,
    pub(super) stands: Vec<Vec<Stand>>,
    /// The rank of each of the caller's cells, and the way back.
    pub(super) rank: Vec<Rank>,
    pub(super) index: Vec<usize>,
}

impl Grid {
    pub(super) fn of(table: &Table) -> Result<Self, Unsound> {
        refuse_unsound(table)?;
        let mut index: Vec<usize> = (0..table.cells.len()).collect();
        index.sort_by_key(|&cell| (table.cells[cell].exact, cell));
        let mut rank = vec![0; index.len()];
        for (place, &cell) in (0..).zip(&index) {
            rank[cell] = place;
        }
        let sums = bindings(&table.sums, &rank);
        Ok(Self {
            exact: index.iter().map(|&cell| table.cells[cell].exact.cast_signed()).collect(),
            showing: index.iter().map(|&cell| table.cells[cell].showing).collect(),
            stands: stands(&sums, index.len()),
            sums,
            rank,
            index,
        })
    }

    pub(super) fn is_controlled(&self, cell: Rank) -> bool {
        self.showing[cell as usize] == Showing::Controlled
    }

    /// Whether a cell must not be known: a count of 1 to 7 under control.
    pub(super) fn is_small(&self, cell: Rank) -> bool {
        let small = 1..super::SMALLEST.cast_signed();
        self.is_controlled(cell) && small.contains(&self.exact[cell as usize])
    }

    /// The sums that a cell is a part of.
    pub(super) fn sums_above(&self, cell: Rank) -> impl Iterator<Item = u32> {
        self.stands[cell as usize].iter().filter(|stand| stand.sign > 0).map(|stand| stand.sum)
    }

    /// The sums that a cell is the total of.
    pub(super) fn sums_below(&self, cell: Rank) -> impl Iterator<Item = u32> {
        self.stands[cell as usize].iter().filter(|stand| stand.sign < 0).map(|stand| stand.sum)
    }

    pub(super) fn binding(&self, sum: u32) -> &Binding {
        &self.sums[sum as usize]
    }
}

fn bindings(sums: &[Sum], rank: &[Rank]) -> Vec<Binding> {
    let mut ranked: Vec<(Rank, Vec<Rank>)> = sums
        .iter()
        .map(|sum| {
            let mut parts: Vec<Rank> = sum.parts.iter().map(|&part| rank[part]).collect();
            parts.sort_unstable();
            (rank[sum.total], parts)
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().map(|(total, parts)| Binding { total, parts }).collect()
}

fn stands(sums: &[Binding], cells: usize) -> Vec<Vec<Stand>> {
    let mut stands = vec![Vec::new(); cells];
    for (sum, binding) in (0..).zip(sums) {
        stands[binding.total as usize].push(Stand { sum, sign: -1 });
        for &part in &binding.parts {
            stands[part as usize].push(Stand { sum, sign: 1 });
        }
    }
    stands
}

fn refuse_unsound(table: &Table) -> Result<(), Unsound> {
    let known = table.insiders.iter().flatten();
    let summed = table.sums.iter().flat_map(|sum| sum.parts.iter().chain([&sum.total]));
    if let Some(&cell) = known.chain(summed).find(|&&cell| cell >= table.cells.len()) {
        return Err(Unsound::NoSuchCell(cell));
    }
    if let Some(cell) = table.cells.iter().position(|cell| cell.exact > LARGEST) {
        return Err(Unsound::TooLarge(cell));
    }
    // the sum in which a cell was last met
    let mut met = HashMap::new();
    for (place, sum) in table.sums.iter().enumerate() {
        for &cell in sum.parts.iter().chain([&sum.total]) {
            match met.entry(cell) {
                Entry::Occupied(last) if *last.get() == place => return Err(Unsound::Twice(cell)),
                Entry::Occupied(mut last) => _ = last.insert(place),
                Entry::Vacant(first) => _ = first.insert(place),
            }
        }
        let parts = sum.parts.iter().map(|&part| u128::from(table.cells[part].exact)).sum::<u128>();
        if parts != u128::from(table.cells[sum.total].exact) {
            return Err(Unsound::DoesNotHold(place));
        }
    }
    Ok(())
}
