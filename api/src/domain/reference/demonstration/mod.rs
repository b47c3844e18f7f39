//! An invented programme that shows what this software does, until the real register
//! comes in. Everything in it says that it is made up, in its source and its name,
//! and none of its codes can be a real one.

mod cohorts;
mod hubs;
mod impact;
mod learners;
mod plan;
mod programme;
mod records;
mod withdraw;

use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{
    BOARDS_BEGAN, Loaded, scribe,
    scribe::{Code, Scribe, tell},
};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::Directory,
        edit::Edit,
        error::{Declined, Failure},
        viewer::Viewer,
    },
};

/// The slug of the demonstration's provider.
const PROVIDER: &str = "university-of-examples";

pub use self::{records::tell_stories, withdraw::withdraw_demonstration};

/// Loads the demonstration into a register that has no site and never had one.
/// It rests on the reference data, which must be loaded first.
pub async fn load_demonstration(
    viewer: &Viewer,
    permit: Permit,
    sites: Option<usize>,
) -> Result<Loaded, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let edit = Edit::begin(&viewer, permit).await?;
            let before = edit.before().clone();
            if !before.of_kind(Kind::Site).is_empty() || shown(&before) {
                return Ok(Loaded::Already);
            }
            let mut scribe = Scribe::new(edit, Source::Demonstration);
            hubs::write(&mut scribe, &before)?;
            programme::write(&mut scribe, &before, sites)?;
            write_provider(&mut scribe)?;
            let written = scribe.count();
            scribe.commit().await?;
            Ok(Loaded::Now(written))
        })
        .await
}

/// A body that verifies and awards, so that somebody can sign in for one.
fn write_provider(scribe: &mut Scribe) -> Result<(), Failure> {
    let from = programme::OPENED;
    let code = Code { scheme: CodeScheme::Slug, code: PROVIDER, from };
    let provider = scribe.organisation(Kind::Provider, from, code)?;
    tell(&mut provider.name, [(from, "University of Examples (demonstration)".into())]);
    tell(&mut provider.status, [(from, Status::Active)]);
    Ok(())
}

/// Whether the demonstration, or what stays of it, is in the register.
fn shown(register: &Directory) -> bool {
    register.all().any(|each| each.row.source == Source::Demonstration)
}
