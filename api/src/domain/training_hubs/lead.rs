//! Appointing the training hub that leads the programme in a region.

use chrono::NaiveDate;
use entity::{
    lead_appointment,
    organisation::{Kind, Source},
};

use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems},
        organisations::{OrganisationBy, resolve},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// The hub leads the region from a day on.
#[derive(Debug, Clone)]
pub struct AppointLeadTrainingHub {
    pub region: OrganisationId,
    pub expected_version: i32,
    pub training_hub: OrganisationBy,
    pub from: NaiveDate,
}

/// Appoints the hub; whoever led on that day leads until then.
pub async fn appoint(
    viewer: &Viewer,
    permit: Permit,
    command: AppointLeadTrainingHub,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            let region = edit.permitted_version(command.region, command.expected_version)?;
            if region.kind() != Kind::Region {
                return Err(Failure::NotFound.into());
            }
            let hub = check(&edit, region, &command)?;
            let id = edit.next_row_id();
            lead_from(edit.change(command.region)?, id, hub, command.from, Source::Manual);
            edit.commit(Some(command.region), command.region).await?;
            Ok(command.region)
        })
        .await
}

fn check(
    edit: &Edit,
    region: &Organisation,
    command: &AppointLeadTrainingHub,
) -> Result<OrganisationId, Declined> {
    let mut problems = Problems::default();
    let hub = resolve(edit.before(), &command.training_hub, command.from);
    let hub = hub.filter(|hub| hub.kind() == Kind::TrainingHub);
    let place = hub.and_then(|hub| hub.placement_at(command.from));
    if hub.is_none() {
        let sentence = "there is no such training hub";
        problems.add("input.trainingHub", ProblemCode::NotFound, sentence);
    } else if place.is_none_or(|place| place.region_id != Some(region.id())) {
        let sentence = "a region is led by a hub of its own on that day";
        problems.add("input.trainingHub", ProblemCode::Contradiction, sentence);
    }
    if region.leads.iter().any(|lead| lead.valid_from >= command.from) {
        let sentence = "an appointment holds from that day or a later one: appoint after it";
        problems.add("input.from", ProblemCode::Contradiction, sentence);
    }
    let leads = region.lead_at(command.from).map(|lead| lead.training_hub_id);
    if leads.is_some() && leads == hub.map(|hub| hub.id()) {
        problems.add("input.trainingHub", ProblemCode::Unchanged, "it already leads the region");
    }
    problems.check()?;
    hub.map(|hub| hub.id()).ok_or_else(|| Failure::NotFound.into())
}

/// Ends the appointment held on that day, and opens the new one.
pub(in crate::domain) fn lead_from(
    region: &mut Organisation,
    id: i64,
    training_hub_id: OrganisationId,
    from: NaiveDate,
    source: Source,
) {
    for lead in &mut region.leads {
        if lead.valid_from < from && lead.valid_to.is_none_or(|to| to > from) {
            lead.valid_to = Some(from);
        }
    }
    let region_id = region.id();
    region.leads.push(lead_appointment::Model {
        id,
        region_id,
        training_hub_id,
        valid_from: from,
        valid_to: None,
        source,
    });
}
