//! Setting which ICBs a training hub covers from a day on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
};

use crate::{
    auth::policy::Permit,
    domain::{
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        memberships::{Seat, leave, of, take},
        organisations::{OrganisationBy, in_words, resolve},
        timeline::within,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// From a day on the hub covers these ICBs, all of them and no others.
#[derive(Debug, Clone)]
pub struct SetCoverage {
    pub training_hub: OrganisationId,
    pub expected_version: i32,
    pub icbs: Vec<OrganisationBy>,
    pub from: NaiveDate,
}

/// Sets the coverage: an ICB that another hub covered moves, one that is left out
/// is covered by nobody.
pub async fn set(
    viewer: &Viewer,
    permit: Permit,
    command: SetCoverage,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let hub = command.training_hub;
            let mut edit = Edit::begin(&viewer, permit).await?;
            let found = edit.permitted_version(hub, command.expected_version)?;
            if found.kind() != Kind::TrainingHub {
                return Err(Failure::NotFound.into());
            }
            if !within(command.from, found.lifetime().0, found.lifetime().1) {
                let sentence = format!("the hub opened on {}", found.lifetime().0);
                return invalid("input.from", ProblemCode::OutOfRange, sentence);
            }
            let wanted = wanted(&edit, &command)?;
            let held = covered(&edit, hub, command.from);
            if wanted == held {
                let mut problems = Problems::default();
                let sentence = "the hub covers just these on that day";
                problems.add("input.icbs", ProblemCode::Unchanged, sentence);
                problems.check()?;
            }
            check_after(&edit, held.symmetric_difference(&wanted), command.from)?;
            for icb in held.difference(&wanted) {
                let icb = edit.change(*icb)?;
                leave(icb, Scheme::Training, Kind::TrainingHub, command.from);
            }
            for icb in wanted.difference(&held) {
                // So does that of a hub that loses one, for whoever read its coverage.
                if let Some(loser) = coverer(&edit, *icb, command.from) {
                    edit.change(loser)?.row.version += 1;
                }
                let (scheme, level) = (Scheme::Training, Kind::TrainingHub);
                let seat = Seat { scheme, level, parent: hub, source: Source::Manual };
                let row = edit.next_row_id();
                take(edit.change(*icb)?, row, seat, command.from);
            }
            // The hub's version rises too: its coverage is what the caller read.
            edit.change(hub)?.row.version += 1;
            edit.commit(Some(hub), hub).await?;
            Ok(hub)
        })
        .await
}

fn wanted(edit: &Edit, command: &SetCoverage) -> Result<BTreeSet<OrganisationId>, Declined> {
    let mut problems = Problems::default();
    let mut wanted = BTreeSet::new();
    for by in &command.icbs {
        match resolve(edit.before(), by, command.from) {
            Some(icb) if icb.kind() == Kind::Icb => {
                if command.from < icb.lifetime().0 {
                    let sentence = format!("an ICB of these opened on {}", icb.lifetime().0);
                    problems.add("input.from", ProblemCode::OutOfRange, sentence);
                }
                wanted.insert(icb.id());
            }
            Some(other) => {
                let sentence = format!("{by} is {}, not an ICB", in_words(other.kind()));
                problems.add("input.icbs", ProblemCode::WrongKind, sentence);
            }
            None => {
                let sentence = format!("there is no organisation {by}");
                problems.add("input.icbs", ProblemCode::NotFound, sentence);
            }
        }
    }
    problems.check()?;
    Ok(wanted)
}

/// Who covers an ICB on that day.
fn coverer(edit: &Edit, icb: OrganisationId, day: NaiveDate) -> Option<OrganisationId> {
    let held = edit.find(icb)?.membership_at(Scheme::Training, Kind::TrainingHub, day)?;
    Some(held.parent_id)
}

/// Nothing may be recorded of an ICB's coverage from a later day on: a change made
/// before it would hold until then and no longer.
fn check_after<'a>(
    edit: &Edit,
    icbs: impl Iterator<Item = &'a OrganisationId>,
    from: NaiveDate,
) -> Result<(), Declined> {
    let mut problems = Problems::default();
    for icb in icbs.filter_map(|id| edit.find(*id)) {
        let later = of(icb, Some(Scheme::Training)).find(|row| row.valid_from > from);
        if let Some(later) = later {
            let sentence = format!(
                "{}: a coverage begins on {}: set it from then on",
                icb.name_at(from),
                later.valid_from
            );
            problems.add("input.from", ProblemCode::Contradiction, sentence);
        }
    }
    problems.check()
}

/// The ICBs that the hub covers on that day.
fn covered(edit: &Edit, hub: OrganisationId, day: NaiveDate) -> BTreeSet<OrganisationId> {
    let members = edit.before().members(hub).iter().filter_map(|id| edit.find(*id));
    let covered = members.filter(|member| {
        member.kind() == Kind::Icb
            && member
                .membership_at(Scheme::Training, Kind::TrainingHub, day)
                .is_some_and(|membership| membership.parent_id == hub)
    });
    covered.map(|icb| icb.id()).collect()
}
