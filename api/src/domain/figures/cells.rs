//! Cells: what was said of a series for an organisation in a month, before it is a figure.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::observation::Status;

use crate::{
    domain::observations::Sums,
    ids::{Month, OrganisationId},
};

/// What the observations that count for one organisation, series and month come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    pub sums: Sums,
    /// How many of them are of each status, the least settled first.
    statuses: [i32; 3],
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Cell {
    pub(super) fn add(&mut self, sums: &Sums, status: Status, at: Option<DateTime<Utc>>) {
        self.sums.add(sums);
        let place = match status {
            Status::Provisional => 0,
            Status::Approved => 1,
            Status::Restated => 2,
        };
        self.statuses[place] += sums.reported + sums.not_applicable;
        self.recorded_at = self.recorded_at.max(at);
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.sums.add(&other.sums);
        for (one, other) in self.statuses.iter_mut().zip(other.statuses) {
            *one += other;
        }
        self.recorded_at = self.recorded_at.max(other.recorded_at);
    }

    pub(super) fn said_anything(&self) -> bool {
        self.sums.reported != 0 || self.sums.not_applicable != 0
    }

    pub(super) fn least_settled(&self) -> Option<Status> {
        let all = [Status::Provisional, Status::Approved, Status::Restated];
        all.into_iter().zip(self.statuses).find(|(_, count)| *count != 0).map(|(status, _)| status)
    }
}

/// Cells by series and organisation, month by month.
#[derive(Debug)]
pub(super) struct Grid {
    first: Month,
    length: usize,
    cells: HashMap<(i64, OrganisationId), Vec<Cell>>,
}

impl Grid {
    pub(super) fn new(first: Month, last: Month) -> Self {
        let length = usize::try_from(last.since(first) + 1).unwrap_or(0);
        Self { first, length, cells: HashMap::new() }
    }

    fn index(&self, month: Month) -> Option<usize> {
        usize::try_from(month.since(self.first)).ok().filter(|index| *index < self.length)
    }

    /// The cell to be added to; none outside the months of the grid.
    pub(super) fn at(
        &mut self,
        series: i64,
        organisation: OrganisationId,
        month: Month,
    ) -> Option<&mut Cell> {
        let index = self.index(month)?;
        let length = self.length;
        let cells = self.cells.entry((series, organisation)).or_default();
        if cells.is_empty() {
            cells.resize(length, Cell::default());
        }
        cells.get_mut(index)
    }

    pub(super) fn get(&self, series: i64, organisation: OrganisationId, month: Month) -> Cell {
        let cells = self.cells.get(&(series, organisation));
        let cell = cells.zip(self.index(month)).and_then(|(cells, index)| cells.get(index));
        cell.copied().unwrap_or_default()
    }

    /// Takes over the cells of another grid where this one has nothing.
    pub(super) fn fill_from(&mut self, other: &Self) {
        for ((series, organisation), cells) in &other.cells {
            for (index, cell) in cells.iter().enumerate() {
                let month = other.first.plus(i32::try_from(index).unwrap_or(i32::MAX));
                if let Some(mine) = self.at(*series, *organisation, month)
                    && !mine.said_anything()
                {
                    *mine = *cell;
                }
            }
        }
    }
}
