//! Worklists: what waits for somebody.

pub mod enums;
pub mod loaders;
pub mod object;
pub mod queries;
