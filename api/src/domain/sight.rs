//! What decides what somebody sees of the feed: for as long as none of it is another, what
//! they were judged to see is still theirs to see.

use chrono::NaiveDate;

use super::viewer::Viewer;
use crate::auth::actor::Actor;

/// Whose eyes, how far everything had come, and which day it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    actor: Actor,
    position: i64,
    today: NaiveDate,
}

impl Viewer {
    /// What the viewer's answers of this moment rest on.
    pub fn sight(&self) -> Sight {
        Sight { actor: self.actor().clone(), position: self.position(), today: self.today() }
    }
}
