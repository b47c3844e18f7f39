//! What goes wrong around the program, and what must come of it all the same.

mod opening;
mod vanishing;
