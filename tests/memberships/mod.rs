//! Memberships through time: changes, corrections, and the placements that follow.

mod change;
mod correct;
