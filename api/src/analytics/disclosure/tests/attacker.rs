//! A reader who tries every table that agrees with what is shown, one after the other.
//!
//! It shares nothing with the code under test: which counts a figure may stand for, and which
//! hidden cells may be zeros, are worked out here again from the rules.

use crate::analytics::disclosure::{Cell, Showing, Shown, Sum, Table};

/// Counts above this much over the largest of the table are not tried.
const ABOVE: i64 = 3;

type Ranges = Vec<(i64, i64)>;

/// How many values each cell may have, counted up to 3, in the eyes of one who knows some
/// cells exactly.
pub(super) fn values(table: &Table, shown: &[Shown], known: &[usize]) -> Vec<usize> {
    let ranges = ranges(table, shown, known);
    let count = |cell: usize| {
        let (least, most) = ranges[cell];
        let possible = |value: &i64| {
            let mut ranges = ranges.clone();
            ranges[cell] = (*value, *value);
            some_table(&table.sums, ranges)
        };
        (least..=most).filter(possible).take(3).count()
    };
    (0..table.cells.len()).map(count).collect()
}

/// The same table with every count hidden that may be, and zeros shown.
pub(super) fn all_counts_hidden(table: &Table) -> Vec<Shown> {
    let hidden = |cell: &Cell| match cell.showing {
        Showing::AlwaysExact => Shown::Exact(cell.exact),
        Showing::Controlled if cell.exact == 0 => Shown::Rounded(0),
        Showing::Controlled | Showing::Never => Shown::Suppressed,
    };
    table.cells.iter().map(hidden).collect()
}

/// What follows from knowing some cells, by the sums alone.
pub(super) fn worked_out(table: &Table, known: &[usize]) -> Vec<usize> {
    let mut known = known.to_vec();
    loop {
        let before = known.len();
        for sum in &table.sums {
            let cells: Vec<usize> = sum.parts.iter().copied().chain([sum.total]).collect();
            let unknown: Vec<usize> =
                cells.into_iter().filter(|cell| !known.contains(cell)).collect();
            if unknown.len() == 1 {
                known.extend(unknown);
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

fn ranges(table: &Table, shown: &[Shown], known: &[usize]) -> Ranges {
    let largest = table.cells.iter().map(|cell| cell.exact.cast_signed()).max().unwrap_or(0);
    let zeros = perhaps_zeros(table, shown);
    let range = |cell: usize| {
        let exact = table.cells[cell].exact.cast_signed();
        match shown[cell] {
            _ if known.contains(&cell) => (exact, exact),
            Shown::Exact(count) => (count.cast_signed(), count.cast_signed()),
            Shown::Rounded(0) => (0, 0),
            Shown::Rounded(count) => ((count.cast_signed() - 2).max(8), count.cast_signed() + 2),
            Shown::Suppressed if table.cells[cell].showing == Showing::Never => {
                (0, largest + ABOVE)
            }
            Shown::Suppressed => (i64::from(!zeros[cell]), largest + ABOVE),
        }
    };
    (0..shown.len()).map(range).collect()
}

/// Hidden zeros, hidden parts beside one, hidden parts of a total that may be 0, and hidden
/// totals of which every part is or may be 0.
fn perhaps_zeros(table: &Table, shown: &[Shown]) -> Vec<bool> {
    let controlled = |cell: usize| table.cells[cell].showing == Showing::Controlled;
    let hidden = |cell: usize| controlled(cell) && shown[cell] == Shown::Suppressed;
    let zero = |cell: usize| table.cells[cell].exact == 0;
    let mut perhaps: Vec<bool> = (0..shown.len()).map(|cell| hidden(cell) && zero(cell)).collect();
    loop {
        let before = perhaps.clone();
        for sum in &table.sums {
            let beside = sum.parts.iter().any(|&part| hidden(part) && zero(part));
            for &part in sum.parts.iter().filter(|&&part| hidden(part)) {
                perhaps[part] |= beside || perhaps[sum.total];
            }
            let may = |&part: &usize| {
                zero(part) || perhaps[part] || table.cells[part].showing == Showing::Never
            };
            if hidden(sum.total) && sum.parts.iter().all(may) {
                perhaps[sum.total] = true;
            }
        }
        if perhaps == before {
            return perhaps;
        }
    }
}

/// Whether some table lies within the ranges and has all sums hold.
fn some_table(sums: &[Sum], mut ranges: Ranges) -> bool {
    if !narrowed(sums, &mut ranges) {
        return false;
    }
    let open = (0..ranges.len()).filter(|&cell| ranges[cell].0 < ranges[cell].1);
    let Some(cell) = open.min_by_key(|&cell| ranges[cell].1 - ranges[cell].0) else {
        return true;
    };
    let (least, most) = ranges[cell];
    (least..=most).any(|value| {
        let mut ranges = ranges.clone();
        ranges[cell] = (value, value);
        some_table(sums, ranges)
    })
}

/// Narrows ranges as far as single sums allow; false where one is left empty.
fn narrowed(sums: &[Sum], ranges: &mut Ranges) -> bool {
    loop {
        let before = ranges.clone();
        for sum in sums {
            let least: i64 = sum.parts.iter().map(|&part| ranges[part].0).sum();
            let most: i64 = sum.parts.iter().map(|&part| ranges[part].1).sum();
            let total = &mut ranges[sum.total];
            *total = (total.0.max(least), total.1.min(most));
            let (total_least, total_most) = *total;
            for &part in &sum.parts {
                let (low, high) = ranges[part];
                let low_enough = total_least - (most - high);
                let high_enough = total_most - (least - low);
                ranges[part] = (low.max(low_enough), high.min(high_enough));
            }
        }
        if ranges.iter().any(|(least, most)| least > most) {
            return false;
        }
        if *ranges == before {
            return true;
        }
    }
}
