//! Sites: registering, renaming and closing them, and what must come of mistakes.

mod close;
mod concurrent;
mod register;
mod rename;
