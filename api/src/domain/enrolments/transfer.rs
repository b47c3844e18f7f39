//! Moving an enrolment to another site, and perhaps to another cohort: it stays the same
//! enrolment, in the same state, on the same version of the framework.

use chrono::NaiveDate;
use entity::{change::ChangeType, organisation::Kind};

use super::{
    enrol::check_site,
    open::{self, Tale},
};
use crate::{
    auth::policy::Permit,
    domain::{
        cohorts::{holds_place, places_taken},
        error::{Declined, ProblemCode, Problems, invalid},
        organisations::{OrganisationBy, resolve},
        records::{Enrolment, enrolment::is_over},
        turn::Turn,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// Where an enrolment goes on.
#[derive(Debug, Clone)]
pub struct TransferEnrolment {
    pub enrolment: i64,
    pub expected_version: i32,
    pub site: OrganisationBy,
    /// Another cohort, of the training hub of that site; the same, unless it says.
    pub cohort: Option<i64>,
    /// The first day there; today, unless it says otherwise.
    pub on: Option<NaiveDate>,
}

/// Transfers the enrolment; gives its id.
pub async fn transfer(
    viewer: &Viewer,
    permit: Permit,
    command: TransferEnrolment,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let it = open::permitted_version(&turn, command.enrolment, command.expected_version)?;
            if is_over(it.row.state) {
                let sentence = "it is over: only what goes on is transferred";
                return invalid("input.id", ProblemCode::Contradiction, sentence);
            }
            let mut problems = Problems::default();
            let on = open::day(&turn, &it, command.on, "input.on", &mut problems);
            let site = destination(&turn, &it, &command.site, &mut problems)?;
            if let Some(cohort) = command.cohort {
                check_cohort(&turn, &it, cohort, site, &mut problems);
            }
            problems.check()?;
            let (from, mut row) = (it.row.site_id, it.row);
            row.site_id = site;
            row.cohort_id = command.cohort.unwrap_or(row.cohort_id);
            open::write(&mut turn, &mut row, on).await?;
            let name = |id: OrganisationId| {
                let found = turn.directory().find(id);
                found.map(|found| found.name_at(on).to_owned())
            };
            let (before, after) = (name(from), name(site));
            // Whoever follows the one site or the other is told.
            for place in [from, site] {
                let (before, after) = (before.clone(), after.clone());
                let change_type = ChangeType::EnrolmentTransferred;
                open::say(&mut turn, row.id, place, Tale { change_type, on, before, after });
            }
            turn.commit(Some(site), row.id).await?;
            Ok(row.id)
        })
        .await
}

fn destination(
    turn: &Turn,
    it: &Enrolment,
    by: &OrganisationBy,
    problems: &mut Problems,
) -> Result<OrganisationId, Declined> {
    let found = resolve(turn.directory(), by, turn.today());
    let Some(found) = found.filter(|found| found.kind() == Kind::Site) else {
        let sentence = "name one of those that sites lists";
        return invalid("input.site", ProblemCode::NotFound, sentence);
    };
    check_site(found, turn.today(), "input.site", problems);
    if found.id() == it.row.site_id {
        problems.add("input.site", ProblemCode::Unchanged, "it is at that site already");
    }
    Ok(found.id())
}

fn check_cohort(
    turn: &Turn,
    it: &Enrolment,
    cohort: i64,
    site: OrganisationId,
    problems: &mut Problems,
) {
    let (directory, records, today) = (turn.directory(), turn.records(), turn.today());
    let hub = directory.find(site).and_then(|site| site.placement_at(today)?.training_hub_id);
    let found = records.cohort(cohort).filter(|found| Some(found.training_hub_id) == hub);
    let Some(found) = found else {
        let sentence = "name a cohort of the training hub of that site";
        problems.add("input.cohort", ProblemCode::NotFound, sentence);
        return;
    };
    if found.id == it.row.cohort_id {
        problems.add("input.cohort", ProblemCode::Unchanged, "it is in that cohort already");
    } else if holds_place(it) && places_taken(records, cohort) >= found.places {
        let sentence = "no place of that cohort is left";
        problems.add("input.cohort", ProblemCode::Contradiction, sentence);
    }
}
