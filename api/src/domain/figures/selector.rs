//! Which organisations a question is about.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::organisation::Kind;

use crate::domain::{
    directory::organisation::Organisation,
    error::Failure,
    metrics::england,
    organisations::{self, OrganisationBy},
    viewer::Viewer,
};

/// Named ones, or every one of a kind.
#[derive(Debug, Clone)]
pub enum Selector {
    /// The programme's body, which stands for England.
    England,
    Named(Vec<OrganisationBy>),
    Every {
        kind: Kind,
        within: Option<OrganisationBy>,
    },
}

/// As many organisations as one question may ask for.
const MOST: usize = 10_000;

/// The organisations, in the order in which they are named, or by name.
pub(in crate::domain) fn select(
    viewer: &Viewer,
    selector: &Selector,
    day: NaiveDate,
) -> Result<Vec<Arc<Organisation>>, Failure> {
    let found = match selector {
        Selector::England => {
            let directory = viewer.directory();
            let body = england(&directory).and_then(|id| directory.find(id).cloned());
            body.into_iter().collect()
        }
        Selector::Named(named) => {
            let find = |by: &OrganisationBy| {
                organisations::find(viewer, by, day).ok_or_else(|| {
                    Failure::BadRequest(format!("there is no organisation {by}: look it up first"))
                })
            };
            named.iter().map(find).collect::<Result<Vec<_>, _>>()?
        }
        Selector::Every { kind, within } => every(viewer, *kind, within.as_ref(), day)?,
    };
    if found.len() > MOST {
        let sentence = format!("that is {} organisations: at most {MOST}", found.len());
        return Err(Failure::BadRequest(sentence));
    }
    Ok(found)
}

fn every(
    viewer: &Viewer,
    kind: Kind,
    within: Option<&OrganisationBy>,
    day: NaiveDate,
) -> Result<Vec<Arc<Organisation>>, Failure> {
    let Some(by) = within else { return Ok(organisations::all(viewer, kind, None, day)) };
    let place = organisations::find(viewer, by, day).ok_or_else(|| {
        Failure::BadRequest(format!("there is no organisation {by}: look it up first"))
    })?;
    if place.kind() == Kind::Programme {
        return Ok(organisations::all(viewer, kind, None, day));
    }
    let by = OrganisationBy::Id(place.id());
    Ok(organisations::all(viewer, kind, Some(by), day))
}
