//! Sites: the GP practices and branches that take part, or could.

pub mod close;
pub mod register;
pub mod rename;
