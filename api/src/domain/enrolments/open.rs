//! An enrolment in a command's turn: found if it may be seen, let through if it may be
//! changed, and written back with what the feed says of it.

use chrono::NaiveDate;
use entity::{
    change::{ChangeType, NodeType},
    enrolment, enrolment_event,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crate::{
    auth::action::Action,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        records::{Enrolment, reach::Within},
        turn::{Said, Turn, insert},
    },
    ids::OrganisationId,
};

/// The enrolment of that id, if the caller may see it and do this to it.
pub(in crate::domain) fn permitted(turn: &Turn, id: i64) -> Result<Enrolment, Failure> {
    let (directory, records, viewer) = (turn.directory(), turn.records(), turn.viewer());
    let it = records.enrolment(id).ok_or(Failure::NotFound)?;
    turn.permits(Action::ReadEnrolments, |reach| {
        Within::new(viewer, directory, records, reach).enrolment(it)
    })?;
    Ok(Enrolment::clone(it))
}

/// As [`permitted`], for a caller who says which version they read.
pub(super) fn permitted_version(
    turn: &Turn,
    id: i64,
    expected: i32,
) -> Result<Enrolment, Declined> {
    let it = permitted(turn, id)?;
    if it.row.version != expected {
        turn.see_before();
        return Err(Declined::VersionConflict(id));
    }
    Ok(it)
}

/// The day on which something happened to an enrolment: today unless it is said, never in
/// the future, and never before what happened last.
pub(super) fn day(
    turn: &Turn,
    it: &Enrolment,
    said: Option<NaiveDate>,
    path: &'static str,
    problems: &mut Problems,
) -> NaiveDate {
    let (today, last) = (turn.today(), it.events.last().map(|event| event.occurred_on));
    let day = said.unwrap_or(today);
    if day > today {
        let sentence = "send today or an earlier day: it is recorded once it has happened";
        problems.add(path, ProblemCode::OutOfRange, sentence);
    } else if let Some(last) = last.filter(|last| day < *last) {
        let sentence = format!("something happened to it on {last}: send that day or a later one");
        problems.add(path, ProblemCode::OutOfRange, sentence);
    }
    day
}

/// Writes the row as the next version of itself, with the event that made it so.
pub(super) async fn write(
    turn: &mut Turn,
    row: &mut enrolment::Model,
    on: NaiveDate,
) -> Result<(), Failure> {
    row.version += 1;
    row.clone().into_active_model().reset_all().update(turn.connection()).await?;
    event(turn, row, on).await
}

/// What is so of an enrolment from a day on.
pub(super) async fn event(
    turn: &mut Turn,
    row: &enrolment::Model,
    on: NaiveDate,
) -> Result<(), Failure> {
    turn.about((NodeType::Enrolment, row.id));
    let audit_id = turn.audit(Some(row.site_id)).await?;
    let event = enrolment_event::Model {
        id: turn.next_row_id(),
        enrolment_id: row.id,
        state: row.state,
        site_id: row.site_id,
        occurred_on: on,
        audit_id,
        at: turn.at(),
    };
    Ok(insert::<enrolment_event::Entity>(turn.connection(), vec![event]).await?)
}

/// Something that the feed says of an enrolment.
pub(super) struct Tale {
    pub change_type: ChangeType,
    pub on: NaiveDate,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Says something of an enrolment to whoever follows a site.
pub(super) fn say(turn: &mut Turn, id: i64, site: OrganisationId, tale: Tale) {
    let node = (NodeType::Enrolment, id);
    turn.about(node);
    turn.say(Said {
        organisation_id: site,
        change_type: tale.change_type,
        effective_on: Some(tale.on),
        before: tale.before,
        after: tale.after,
        node: Some(node),
    });
}
