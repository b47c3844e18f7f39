//! Renaming a site from a day on; its earlier names stay known.

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status};

use crate::{
    auth::policy::Permit,
    domain::{
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems},
        text,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// The site bears `name` from a day on.
#[derive(Debug, Clone)]
pub struct RenameSite {
    pub site: OrganisationId,
    pub expected_version: i32,
    pub name: String,
    /// Today, unless it says otherwise.
    pub from: Option<NaiveDate>,
}

/// Renames the site; a closed one keeps its name.
pub async fn rename(
    viewer: &Viewer,
    permit: Permit,
    command: RenameSite,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            let site = edit.permitted_version(command.site, command.expected_version)?;
            if site.kind() != Kind::Site {
                return Err(Failure::NotFound.into());
            }
            let from = command.from.unwrap_or_else(|| edit.today());
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            if site.status_at(from.max(edit.today())) == Some(Status::Closed) {
                problems.add(
                    "input.id",
                    ProblemCode::Contradiction,
                    "a closed site keeps its name",
                );
            } else if site.name_at(from) == name {
                problems.add("input.name", ProblemCode::Unchanged, "it already bears that name");
            }
            if from < site.row.opened_on {
                let sentence = format!("it opened on {}", site.row.opened_on);
                problems.add("input.from", ProblemCode::OutOfRange, sentence);
            }
            problems.check()?;
            edit.change(command.site)?.name.set(from, Box::from(name));
            edit.commit(Some(command.site), command.site).await?;
            Ok(command.site)
        })
        .await
}
