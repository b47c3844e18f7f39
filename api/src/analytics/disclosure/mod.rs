//! What of a table of counts of people may be shown, so that no small count can be
//! worked out from the rest.
//!
//! Counts of 1 to 7 are suppressed and all others rounded to the nearest 5, apart from
//! England's, which are always exact. That is not enough: whoever adds and subtracts
//! the figures shown may still pin a hidden one. So further cells are suppressed:
//!
//! 1. Where exactly one part of a sum is hidden, and is not 0, another is hidden too: the
//!    next smallest that is not 0 beside a small count (`veil`).
//! 2. For every hidden cell, and for everybody who does not know it, there must be
//!    *witnesses*: other tables that agree with all that is shown, with the ranges that
//!    the rounding leaves and with what that reader knows, and in which the cell has
//!    another value (`exchange`, `mending`). A count of 1 to 7 needs two of them, so
//!    that at least three values stay possible; a cell that is hidden only to protect
//!    others needs one. Where none is found, the cells that stand in its way are hidden
//!    (`audit`).
//!
//! A witness is a proof, whatever method a reader uses, and hiding more cells never
//! spoils it; so each cell is settled once. Narrowing ranges sum by sum would be no proof:
//! what it leaves open a reader may close by combining sums. The search for witnesses is
//! bounded, and where it gives up early too much is hidden or reported, never too little.
//!
//! Zeros stay zeros, save where nothing else can help: beside a lone region of an exact
//! total for England, or where as many places are not 0 as England has people. Then some
//! zeros are hidden too, and a hidden cell near them may be 0 as far as a reader can tell.
//!
//! Deliberately absent: protection against readers who pool what two neighbours know, or
//! who reason about why the algorithm hid a cell and not another.

mod atoms;
mod audit;
mod exchange;
mod grid;
mod mending;
mod moves;
mod veil;

#[cfg(test)]
mod tests;

use grid::Grid;
use veil::Veil;

/// The smallest count, other than 0, that may be shown.
pub const SMALLEST: u64 = 8;

/// One count, for one place and one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub exact: u64,
    pub showing: Showing,
}

/// Under which rule a cell is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Showing {
    /// Shown exactly to everybody, however small: England.
    AlwaysExact,
    /// Shown rounded, or suppressed.
    Controlled,
    /// Shown to nobody and not itself protected: a remainder, or what lies below the
    /// public grid. Readers are taken to know nothing of it.
    Never,
}

/// `total = Σ parts`, by index into [`Table::cells`], which must hold of the exact counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub total: usize,
    pub parts: Vec<usize>,
}

/// Counts, the sums that bind them, and who knows some of them exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub cells: Vec<Cell>,
    pub sums: Vec<Sum>,
    /// For each neighbour, the cells that it knows exactly on top of what everybody sees.
    pub insiders: Vec<Vec<usize>>,
}

/// What everybody outside a cell's reach is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Exact(u64),
    /// The exact count is at most 2 away, and 0 or at least [`SMALLEST`].
    Rounded(u64),
    Suppressed,
}

/// A table as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// One for each cell of the table, in its order.
    pub shown: Vec<Shown>,
    /// What could not be protected, however much were hidden.
    pub exposed: Vec<Exposure>,
}

/// A hidden cell that fewer values are left for than there should be, because England's
/// exact total, alone or with what a neighbour knows of its own, gives it away.
///
/// What can be hidden around it is hidden, and hiding more was not found to help; now and
/// then that is for want of a longer search. Where too few values are left to everybody,
/// the safe way is to publish nothing of the metric for that period, England's total
/// apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exposure {
    pub cell: usize,
    /// Index into [`Table::insiders`]; `None` where it is exposed to everybody.
    pub insider: Option<usize>,
    /// How many values are left, the true one among them: 1 means known.
    pub values: usize,
}

/// Why a table cannot be protected as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    #[error("cell {0} is named but is not in the table")]
    NoSuchCell(usize),
    #[error("cell {0} is in one sum twice")]
    Twice(usize),
    #[error("the count of cell {0} is too large")]
    TooLarge(usize),
    #[error("sum {0} does not hold")]
    DoesNotHold(usize),
}

/// The nearest multiple of 5. A count is never half-way between two.
pub fn round(count: u64) -> u64 {
    count.saturating_add(2) / 5 * 5
}

/// What of `table` may be shown to everybody. The same table always gets the same answer;
/// the order of sums, of their parts and of insiders is of no account, and that of cells
/// only decides between equal counts.
///
/// # Errors
/// Where a sum or an insider names a cell that is not there, or a sum does not hold:
/// figures that do not add up cannot be reasoned about, so nothing may be shown.
pub fn protect(table: &Table) -> Result<Protected, Unsound> {
    let grid = Grid::of(table)?;
    let mut veil = Veil::over(&grid);
    let exposed = audit::settle(&grid, &mut veil, &table.insiders);
    let shown = (0..table.cells.len()).map(|cell| veil.shown(&grid, grid.rank[cell])).collect();
    Ok(Protected { shown, exposed })
}
