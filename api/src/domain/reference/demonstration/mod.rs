//! An invented programme that shows what this software does, until the real register
//! comes in. Everything in it says that it is made up, in its source and its name,
//! and none of its codes can be a real one.

mod hubs;
mod programme;
mod withdraw;

use entity::organisation::{Kind, Source};

use super::{BOARDS_BEGAN, Loaded, scribe, scribe::Scribe};
use crate::{
    auth::policy::Permit,
    domain::{directory::Directory, edit::Edit, error::Declined, viewer::Viewer},
};

pub use self::withdraw::withdraw_demonstration;

/// Loads the demonstration into a register that has no site and never had one.
/// It rests on the reference data, which must be loaded first.
pub async fn load_demonstration(viewer: &Viewer, permit: Permit) -> Result<Loaded, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let edit = Edit::begin(&viewer, permit).await?;
            let before = edit.before().clone();
            if !before.of_kind(Kind::Site).is_empty() || shown(&before) {
                return Ok(Loaded::Already);
            }
            let mut scribe = Scribe::new(edit, Source::Demonstration);
            hubs::write(&mut scribe, &before)?;
            programme::write(&mut scribe, &before)?;
            let written = scribe.count();
            scribe.commit().await?;
            Ok(Loaded::Now(written))
        })
        .await
}

/// Whether the demonstration, or what stays of it, is in the register.
fn shown(register: &Directory) -> bool {
    register.all().any(|each| each.row.source == Source::Demonstration)
}
