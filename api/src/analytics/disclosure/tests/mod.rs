//! The tests of disclosure control, which ask of each table shown what a reader with
//! unlimited patience could find out.

mod attacker;
mod examples;
mod made;
mod random;
