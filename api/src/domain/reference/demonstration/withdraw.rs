//! Taking the demonstration out of the register, when the real one comes in.

use std::collections::BTreeSet;

use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
};

use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        edit::Edit,
        error::Failure,
        sites::close::shut,
        timeline::Timeline,
    },
    ids::OrganisationId,
};

/// Removes the demonstration's sites and networks, with whatever was recorded of their
/// part in the programme; gives how many. Call it before anything else is changed in the
/// edit.
///
/// One that has figures is closed instead: figures are never lost, and stay with whom they
/// were recorded of, though those of the demonstration itself are withdrawn. It is no
/// practice then and has no patients, on no day, so that England has none of it.
///
/// The stand-in hubs stay until somebody registers the real ones. A site that a person
/// recorded stays too: it loses what bound it to the invented ones, since a history with
/// them would be invented itself.
pub fn withdraw_demonstration(edit: &mut Edit) -> Result<usize, Failure> {
    let before = edit.before().clone();
    let both = [Kind::Site, Kind::Pcn].into_iter().flat_map(|kind| before.of_kind(kind));
    let gone: BTreeSet<_> = both
        .filter(|each| each.row.source == Source::Demonstration)
        .map(|each| each.id())
        .collect();
    edit.remove_records(gone.iter().copied());
    let (kept, gone): (BTreeSet<_>, BTreeSet<_>) =
        gone.into_iter().partition(|id| edit.has_figures(*id));
    let today = edit.today();
    let withdrawn_before =
        |it: &Organisation| it.row.closed_on.is_some() && it.prescribing_setting.latest().is_none();
    let known = kept.iter().filter_map(|id| before.find(*id));
    for id in known.filter(|it| !withdrawn_before(it)).map(|it| it.id()) {
        let organisation = edit.change(id)?;
        shut(organisation, today);
        organisation.row.closed_on = Some(today);
        organisation.end_code(CodeScheme::Ods, today);
        organisation.prescribing_setting = Timeline::default();
        organisation.list_sizes.clear();
    }
    let bound: BTreeSet<_> = gone.iter().flat_map(|id| neighbours(&before, *id)).collect();
    for id in bound.difference(&gone) {
        forget(edit.change(*id)?, &gone);
    }
    for id in &gone {
        edit.remove(*id);
    }
    Ok(gone.len())
}

/// Its members, whom it followed, and who followed it.
fn neighbours(register: &Directory, id: OrganisationId) -> Vec<OrganisationId> {
    let mut neighbours = register.members(id).to_vec();
    if let Some(organisation) = register.find(id) {
        neighbours.extend(organisation.predecessors.iter().map(|row| row.predecessor_id));
        neighbours.extend(organisation.successors.iter().map(|row| row.successor_id));
    }
    neighbours
}

fn forget(organisation: &mut Organisation, gone: &BTreeSet<OrganisationId>) {
    organisation.memberships.retain(|row| !gone.contains(&row.parent_id));
    organisation.predecessors.retain(|row| !gone.contains(&row.predecessor_id));
    organisation.successors.retain(|row| !gone.contains(&row.successor_id));
}
