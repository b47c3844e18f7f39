//! Organisations of every kind: finding, listing, searching and succeeding them.

mod find;
mod pages;
mod search;
mod statements;
mod successions;
