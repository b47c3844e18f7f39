//! Closing a site on a day; nothing of it is deleted.

use chrono::{Months, NaiveDate};
use entity::{organisation::Kind, organisation_code::CodeScheme, organisation_fact::Status};

use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// The site is closed from a day on.
#[derive(Debug, Clone)]
pub struct CloseSite {
    pub site: OrganisationId,
    pub expected_version: i32,
    pub closed_on: NaiveDate,
}

/// Closes the site: its memberships end that day, and its code becomes free.
pub async fn close(
    viewer: &Viewer,
    permit: Permit,
    command: CloseSite,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            let site = edit.permitted_version(command.site, command.expected_version)?;
            if site.kind() != Kind::Site {
                return Err(Failure::NotFound.into());
            }
            check(site, command.closed_on, edit.today())?;
            let site = edit.change(command.site)?;
            shut(site, command.closed_on);
            site.row.closed_on = Some(command.closed_on);
            site.end_code(CodeScheme::Ods, command.closed_on);
            edit.commit(Some(command.site), command.site).await?;
            Ok(command.site)
        })
        .await
}

fn check(site: &Organisation, closed_on: NaiveDate, today: NaiveDate) -> Result<(), Declined> {
    const MONTHS_AHEAD: Months = Months::new(12);
    let mut problems = Problems::default();
    if let (_, Some(closed)) = site.lifetime() {
        let sentence = format!("it closed on {closed}");
        problems.add("input.id", ProblemCode::Contradiction, sentence);
    }
    if closed_on <= site.lifetime().0 {
        let sentence = format!("it opened on {}: it closes after that", site.lifetime().0);
        problems.add("input.closedOn", ProblemCode::OutOfRange, sentence);
    }
    if today.checked_add_months(MONTHS_AHEAD).is_some_and(|latest| closed_on > latest) {
        let sentence = "a closure is recorded at most 12 months ahead";
        problems.add("input.closedOn", ProblemCode::OutOfRange, sentence);
    }
    let later = site.memberships.iter().any(|row| row.valid_from >= closed_on)
        || site.status.iter().any(|(from, _)| from >= closed_on);
    if later {
        let sentence = "something is recorded of it from a later day on: correct that first";
        problems.add("input.closedOn", ProblemCode::Contradiction, sentence);
    }
    problems.check()
}

/// Ends everything that would go on past the closure, but for the codes.
pub(in crate::domain) fn shut(organisation: &mut Organisation, closed_on: NaiveDate) {
    organisation.status.end(closed_on, Status::Closed);
    organisation.memberships.retain(|row| row.valid_from < closed_on);
    for membership in &mut organisation.memberships {
        if membership.valid_to.is_none_or(|to| to > closed_on) {
            membership.valid_to = Some(closed_on);
        }
    }
}
