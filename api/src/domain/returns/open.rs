//! A return in a command's turn: found if it may be seen, let through if it may be
//! changed, and written back with what the feed says of it.

use std::{collections::HashSet, sync::Arc};

use entity::{change::ChangeType, monthly_return, return_value};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};

use super::{Return, ReturnState, newest, schedule::Schedule};
use crate::{
    auth::{action::Action, actor::Holder},
    domain::{
        directory::organisation::Organisation,
        error::{Declined, Failure, ProblemCode, invalid},
        turn::{Said, Turn},
    },
    ids::{Month, ReturnId},
};

/// An organisation whose returns the caller may see and do this to.
pub(super) fn permitted(turn: &Turn, organisation: &Organisation) -> Result<(), Failure> {
    let (directory, today) = (turn.directory(), turn.today());
    turn.permits(Action::ReadReturns, |reach| directory.covers(&reach, organisation, today))
}

/// The return of that id, as the caller has read it.
pub(super) async fn open(turn: &Turn, id: ReturnId, expected: i32) -> Result<Return, Declined> {
    let organisation = turn.directory().find(id.organisation).ok_or(Failure::NotFound)?;
    let schedule = turn.catalogue().schedules().find(id.schedule).ok_or(Failure::NotFound)?;
    permitted(turn, organisation)?;
    let it = of(turn, schedule.clone(), organisation.clone(), id.month).await?;
    if !it.is_there(turn.today()) {
        return Err(Failure::NotFound.into());
    }
    at_version(turn, &it, expected)?;
    Ok(it)
}

/// The return that an organisation owes for a month, whether or not it was begun.
pub(super) async fn of(
    turn: &Turn,
    schedule: Arc<Schedule>,
    organisation: Arc<Organisation>,
    month: Month,
) -> Result<Return, Failure> {
    use monthly_return::Column;
    let row = monthly_return::Entity::find()
        .filter(Column::ScheduleId.eq(schedule.row.id))
        .filter(Column::OrganisationId.eq(organisation.id()))
        .filter(Column::Month.eq(month.stored()))
        .one(turn.connection())
        .await?;
    match row {
        Some(row) => with_values(turn, schedule, organisation, row).await,
        None => Ok(Return { schedule, organisation, month, row: None, values: Vec::new() }),
    }
}

async fn with_values(
    turn: &Turn,
    schedule: Arc<Schedule>,
    organisation: Arc<Organisation>,
    row: monthly_return::Model,
) -> Result<Return, Failure> {
    let values = return_value::Entity::find()
        .filter(return_value::Column::ReturnId.eq(row.id))
        .all(turn.connection())
        .await?;
    let month = Month::read(row.month).ok_or(Failure::NotFound)?;
    Ok(Return { schedule, organisation, month, row: Some(row), values: newest(values) })
}

pub(super) fn at_version(turn: &Turn, it: &Return, expected: i32) -> Result<(), Declined> {
    if it.version() == expected {
        return Ok(());
    }
    turn.see_before();
    Err(Declined::VersionConflict(it.row_id()))
}

/// Refuses what is not done to a return in its state.
pub(super) fn in_state(it: &Return, wanted: &[ReturnState], then: &str) -> Result<(), Declined> {
    if wanted.contains(&it.state()) {
        return Ok(());
    }
    let sentence = format!("the return is {}: {then}", it.state().in_words());
    invalid("input.id", ProblemCode::Contradiction, sentence)
}

/// Nobody decides about what their own organisation owes.
pub(super) fn not_their_own(holder: &Holder, it: &Return) -> Result<(), Failure> {
    if holder.organisation != Some(it.organisation.id()) {
        return Ok(());
    }
    let sentence = "nobody decides about their own organisation's return: ask who oversees it";
    Err(Failure::Forbidden(sentence.to_owned()))
}

/// Writes the return's row as the next version of itself, says so, and commits.
pub(super) async fn close(
    turn: Turn,
    mut it: Return,
    change_type: ChangeType,
    why: Option<&str>,
) -> Result<Return, Failure> {
    write(&turn, &mut it).await?;
    commit(turn, it, change_type, why).await
}

/// Writes the return's row as the next version of itself.
pub(super) async fn write(turn: &Turn, it: &mut Return) -> Result<(), Failure> {
    let Some(row) = &mut it.row else { return Err(Failure::NotFound) };
    row.version += 1;
    let model = row.clone().into_active_model();
    if row.version == 1 {
        monthly_return::Entity::insert(model.reset_all())
            .exec_without_returning(turn.connection())
            .await?;
    } else {
        model.reset_all().update(turn.connection()).await?;
    }
    Ok(())
}

/// Says what became of the return, and commits.
pub(super) async fn commit(
    mut turn: Turn,
    it: Return,
    change_type: ChangeType,
    why: Option<&str>,
) -> Result<Return, Failure> {
    say(&mut turn, &it, change_type, why);
    let id = it.row_id();
    turn.commit(Some(it.organisation.id()), id).await?;
    Ok(it)
}

/// Says something of a return in the feed: which one, and why.
pub(super) fn say(turn: &mut Turn, it: &Return, change_type: ChangeType, why: Option<&str>) {
    let name = it.name();
    turn.say(Said {
        organisation_id: it.organisation.id(),
        change_type,
        effective_on: Some(it.month.first_day()),
        before: None,
        after: Some(why.map_or(name.clone(), |why| format!("{name}: {why}"))),
        node: None,
    });
}

/// Those of the returns that figures belong to which can still be filled in.
pub(in crate::domain) async fn still_open(
    connection: &impl ConnectionTrait,
    returns: impl IntoIterator<Item = i64>,
) -> Result<HashSet<i64>, DbErr> {
    use monthly_return::{Column, State};
    let ids: Vec<i64> = returns.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let open = monthly_return::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.is_in([State::Draft, State::Returned]));
    let open: Vec<i64> = open.into_tuple().all(connection).await?;
    Ok(open.into_iter().collect())
}
