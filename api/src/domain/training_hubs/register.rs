//! Registering a training hub. Hubs have no role in ODS, so a slug is their code.

use chrono::NaiveDate;
use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::{Status, Tier},
};

use crate::{
    auth::policy::Permit,
    domain::{
        edit::Edit,
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        memberships::{Seat, take},
        organisations::{OrganisationBy, resolve},
        text,
        viewer::Viewer,
    },
    ids::{OrganisationId, Slug},
};

/// What is known of a training hub when it is registered.
#[derive(Debug, Clone)]
pub struct RegisterTrainingHub {
    pub name: String,
    pub slug: Slug,
    pub tier: Tier,
    pub region: OrganisationBy,
    pub opened_on: NaiveDate,
}

/// Registers the hub; gives its id, the same for every repetition under the key.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterTrainingHub,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            if let Some(done) = edit.done_before(&key).await? {
                return Ok(done);
            }
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            let region = region(&edit, &command, &mut problems);
            if edit.before().bears_from(CodeScheme::Slug, command.slug.as_str(), command.opened_on)
            {
                let sentence = "that slug is taken: choose another";
                problems.add("input.slug", ProblemCode::AlreadyExists, sentence);
            }
            problems.check()?;
            let id = add(&mut edit, &command, &name);
            if let Some(parent) = region {
                let (scheme, level) = (Scheme::Training, Kind::Region);
                let row = edit.next_row_id();
                let seat = Seat { scheme, level, parent, source: Source::Manual };
                let began = edit.find(parent).map(|region| region.lifetime().0);
                let from = began.map_or(command.opened_on, |day| day.max(command.opened_on));
                take(edit.change(id)?, row, seat, from);
            }
            edit.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}

fn region(
    edit: &Edit,
    command: &RegisterTrainingHub,
    problems: &mut Problems,
) -> Option<OrganisationId> {
    let found = resolve(edit.before(), &command.region, command.opened_on);
    let region = found.filter(|found| found.kind() == Kind::Region);
    if region.is_none() {
        let sentence = "name one of the regions that regions lists";
        problems.add("input.region", ProblemCode::NotFound, sentence);
    }
    region.map(|region| region.id())
}

fn add(edit: &mut Edit, command: &RegisterTrainingHub, name: &str) -> OrganisationId {
    let opened_on = command.opened_on;
    let hub = edit.register(Kind::TrainingHub, Source::Manual, opened_on);
    hub.name.set(opened_on, Box::from(name));
    hub.status.set(opened_on, Status::Active);
    hub.tier.set(opened_on, command.tier);
    hub.bear(CodeScheme::Slug, command.slug.as_str(), opened_on);
    hub.id()
}
