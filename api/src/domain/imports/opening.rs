//! Opening the networks that a file of figures names and the register lacks.
//!
//! A file of figures is newer than the register's last edition of networks, and people
//! who are left out of a count are worse than a network that is known by its code and
//! name alone: the next edition tells the rest of it.

use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::claim::Opening;
use crate::{
    domain::{
        edit::Edit,
        error::Failure,
        memberships::{Seat, take},
    },
    ids::Month,
};

/// Opens those that are still not known; says which, each in words.
pub(super) fn open(edit: &mut Edit, openings: &[Opening]) -> Result<Vec<String>, Failure> {
    let mut opened = Vec::new();
    for each in openings {
        let Some(month) = Month::read(each.month) else { continue };
        let (day, last) = (month.first_day(), month.last_day());
        let before = edit.before().clone();
        let bearer = |code: &str| before.last_bearer(CodeScheme::Ods, code, last);
        let sub_icb = bearer(&each.sub_icb).filter(|found| found.kind() == Kind::SubIcb);
        let (None, Some(parent)) = (bearer(&each.code), sub_icb) else { continue };
        let from = day.max(parent.lifetime().0);
        let network = edit.register(Kind::Pcn, Source::Ods, from);
        network.bear(CodeScheme::Ods, &each.code, from);
        network.name.set(from, Box::from(each.name.as_str()));
        network.status.set(from, Status::Active);
        let id = network.id();
        let (scheme, level) = (Scheme::Commissioning, Kind::SubIcb);
        let seat = Seat { scheme, level, parent: parent.id(), source: Source::Ods };
        let row = edit.next_row_id();
        take(edit.change(id)?, row, seat, from);
        opened.push(format!("{} {} in {}", each.code, each.name, each.sub_icb));
    }
    Ok(opened)
}
