//! Turns that a sandbox alone knows: its clock is moved forward, and everything is put back.

use super::{Reached, Turn};
use crate::domain::{error::Failure, store::Whole};

impl Turn {
    /// How far everything had come when the turn began.
    pub(in crate::domain) fn reached(&self) -> &Reached {
        &self.reached
    }

    /// Says how far the clock is ahead from here on.
    pub(in crate::domain) fn moves_clock(&mut self, microseconds: i64) {
        self.reached.ahead = microseconds;
    }

    /// Ends a turn that put other rows in place of all there were.
    pub(in crate::domain) async fn commit_anew(mut self, reached: Reached) -> Result<(), Failure> {
        self.audit(None).await?;
        self.reached = reached;
        self.write_key(0).await?;
        self.write_reached().await?;
        let whole = Whole::load(&self.transaction).await?;
        self.viewer.store().wake.tell_of_writing(&self.transaction).await?;
        self.transaction.commit().await?;
        self.viewer.store().begin_anew(whole, &self.reached);
        self.viewer.catch_up().await
    }
}
