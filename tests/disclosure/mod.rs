//! Figures about people: what anybody who asks everything they may can make of it.

mod attack;
mod paths;
mod seen;
