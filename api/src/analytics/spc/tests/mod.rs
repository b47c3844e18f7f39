//! The charts, held against the reference package, against each other and by hand.

mod by_hand;
mod invariants;
mod reference;
mod rules;

use super::{Chart, Direction, Input, SpcRefused, chart};

/// The usual chart: nothing fixed, exceptional moving ranges left out, higher is better.
fn usual(values: &[f64]) -> Input<'_> {
    Input {
        values,
        rebase_at: &[],
        direction: Direction::Increase,
        target: None,
        screen_outliers: true,
        fix_after: None,
    }
}

fn draw(values: &[f64]) -> Result<Chart, SpcRefused> {
    chart(&usual(values))
}
