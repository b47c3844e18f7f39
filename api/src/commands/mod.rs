//! What the program does when it is told to: one file for each command.

pub mod import;
mod import_figures;
pub mod serve;
pub mod token;
