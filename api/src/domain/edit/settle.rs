//! Bringing placements in line with the memberships that an edit leaves behind.

use std::collections::BTreeSet;

use entity::organisation::Kind;

use super::Edit;
use crate::{
    domain::{error::Failure, placements},
    ids::OrganisationId,
};

impl Edit {
    /// Derives the placements of what changed and, where they come out different, of
    /// everything below, from the top down.
    pub(super) fn settle_placements(&mut self) -> Result<(), Failure> {
        let changed = self.changed.values().map(|each| (rank(each.kind()), each.id()));
        let mut waiting: BTreeSet<(usize, OrganisationId)> = changed.collect();
        while let Some((_, id)) = waiting.pop_first() {
            let Some(organisation) = self.find(id) else { continue };
            let derived = placements::derive(organisation, |parent| self.find(parent));
            if derived == organisation.placements {
                continue;
            }
            self.change(id)?.placements = derived;
            for member in self.before().clone().members(id) {
                if let Some(member) = self.find(*member) {
                    waiting.insert((rank(member.kind()), member.id()));
                }
            }
        }
        Ok(())
    }
}

/// Parents come before their members.
fn rank(kind: Kind) -> usize {
    match kind {
        Kind::Programme | Kind::Provider | Kind::Region => 0,
        Kind::TrainingHub => 1,
        Kind::Icb => 2,
        Kind::SubIcb => 3,
        Kind::Pcn => 4,
        Kind::Site => 5,
    }
}
