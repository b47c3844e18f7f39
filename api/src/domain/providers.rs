//! Registering a provider: a university or body that verifies and awards. Providers have
//! no role in ODS, so a slug is their code, and they belong to nobody.

use chrono::NaiveDate;
use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{
    edit::Edit,
    error::{Declined, ProblemCode, Problems},
    idempotency::IdempotencyKey,
    text,
    viewer::Viewer,
};
use crate::{
    auth::policy::Permit,
    ids::{OrganisationId, Slug},
};

/// What is known of a provider when it is registered.
#[derive(Debug, Clone)]
pub struct RegisterProvider {
    pub name: String,
    pub slug: Slug,
    pub opened_on: NaiveDate,
}

/// Registers the provider; gives its id, the same for every repetition under the key.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterProvider,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            if let Some(done) = edit.done_before(&key).await? {
                return Ok(done);
            }
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            let (slug, opened_on) = (command.slug.as_str(), command.opened_on);
            if edit.before().bears_from(CodeScheme::Slug, slug, opened_on) {
                let sentence = "that slug is taken: choose another";
                problems.add("input.slug", ProblemCode::AlreadyExists, sentence);
            }
            if opened_on > edit.today() {
                let sentence = "a provider is registered once it is there: send today or earlier";
                problems.add("input.openedOn", ProblemCode::OutOfRange, sentence);
            }
            problems.check()?;
            let provider = edit.register(Kind::Provider, Source::Manual, opened_on);
            provider.name.set(opened_on, Box::from(name));
            provider.status.set(opened_on, Status::Active);
            provider.bear(CodeScheme::Slug, slug, opened_on);
            let id = provider.id();
            edit.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}
