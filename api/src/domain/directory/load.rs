//! Reading the directory out of the database: all of it, or what has changed.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{
    change::{self, ChangeType, Tells},
    lead_appointment, list_size, membership, organisation, organisation_code,
    organisation_fact::{self, Fact, Status, Tier},
    placement, row_id, succession,
};
use futures_util::TryStreamExt;
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, StreamTrait,
};

use super::{Directory, organisation::Organisation};
use crate::{domain::timeline::Timeline, ids::OrganisationId};

/// More changed organisations than this are read as a whole directory anew.
const FEW: usize = 500;

/// The whole register as the database has it.
pub async fn load(connection: &(impl ConnectionTrait + StreamTrait)) -> Result<Directory, DbErr> {
    let position = position(connection).await?;
    let organisations = read(connection, None).await?;
    Ok(Directory::new(position, organisations))
}

/// The directory brought up to the database's state; none if it is there already.
pub async fn refresh(
    directory: &Directory,
    connection: &(impl ConnectionTrait + StreamTrait),
) -> Result<Option<Directory>, DbErr> {
    if position(connection).await? == directory.position() {
        return Ok(None);
    }
    let changed: Vec<(i64, OrganisationId)> = change::Entity::find()
        .select_only()
        .columns([change::Column::Position, change::Column::OrganisationId])
        .filter(change::Column::Position.gt(directory.position()))
        .filter(change::Column::ChangeType.is_in(ChangeType::telling(Tells::Register)))
        .order_by_asc(change::Column::Position)
        .into_tuple()
        .all(connection)
        .await?;
    let touched: BTreeSet<_> = changed.iter().map(|(_, id)| *id).collect();
    if touched.len() > FEW {
        return load(connection).await.map(Some);
    }
    let reached = changed.last().map_or(directory.position(), |(position, _)| *position);
    let touched: Vec<_> = touched.into_iter().collect();
    let read = read(connection, Some(&touched)).await?;
    let gone: Vec<_> = touched.into_iter().filter(|id| !read.contains_key(id)).collect();
    Ok(Some(directory.with(reached, read.into_values(), &gone)))
}

async fn position(connection: &(impl ConnectionTrait + StreamTrait)) -> Result<i64, DbErr> {
    let row = row_id::Entity::find().one(connection).await?;
    Ok(row.map_or(0, |row| row.register_position))
}

/// Reads organisations with all that belongs to them: those named, or all. Rows come in
/// whatever order is quickest, and are put in order here: each organisation has few.
async fn read(
    connection: &(impl ConnectionTrait + StreamTrait),
    only: Option<&[OrganisationId]>,
) -> Result<HashMap<OrganisationId, Arc<Organisation>>, DbErr> {
    let mut found = HashMap::new();
    let mut rows =
        of(organisation::Entity::find(), organisation::Column::Id, only).stream(connection).await?;
    while let Some(row) = rows.try_next().await? {
        found.insert(row.id, Organisation::new(row));
    }
    drop(rows);
    let facts =
        of(organisation_fact::Entity::find(), organisation_fact::Column::OrganisationId, only);
    each(connection, &mut found, facts, |fact| fact.organisation_id, add_fact).await?;
    let codes =
        of(organisation_code::Entity::find(), organisation_code::Column::OrganisationId, only);
    let owner = |code: &organisation_code::Model| code.organisation_id;
    each(connection, &mut found, codes, owner, |o, code| o.codes.push(code)).await?;
    let memberships = of(membership::Entity::find(), membership::Column::ChildId, only);
    each(connection, &mut found, memberships, |m| m.child_id, |o, m| o.memberships.push(m)).await?;
    let placements = of(placement::Entity::find(), placement::Column::OrganisationId, only);
    let owner = |placement: &placement::Model| placement.organisation_id;
    each(connection, &mut found, placements, owner, |o, p| o.placements.push(p)).await?;
    let sizes = of(list_size::Entity::find(), list_size::Column::OrganisationId, only);
    let owner = |size: &list_size::Model| size.organisation_id;
    let add = |o: &mut Organisation, size: list_size::Model| {
        o.list_sizes.push((size.counted_on, size.patients));
    };
    each(connection, &mut found, sizes, owner, add).await?;
    read_history(connection, &mut found, only).await?;
    let kept = found.into_iter().map(|(id, mut organisation)| {
        organisation.put_in_order();
        (id, Arc::new(organisation))
    });
    Ok(kept.collect())
}

async fn read_history(
    connection: &(impl ConnectionTrait + StreamTrait),
    found: &mut HashMap<OrganisationId, Organisation>,
    only: Option<&[OrganisationId]>,
) -> Result<(), DbErr> {
    let leads = of(lead_appointment::Entity::find(), lead_appointment::Column::RegionId, only);
    each(connection, found, leads, |lead| lead.region_id, |o, lead| o.leads.push(lead)).await?;
    let after = of(succession::Entity::find(), succession::Column::PredecessorId, only);
    each(connection, found, after, |s| s.predecessor_id, |o, s| o.successors.push(s)).await?;
    let before = of(succession::Entity::find(), succession::Column::SuccessorId, only);
    each(connection, found, before, |s| s.successor_id, |o, s| o.predecessors.push(s)).await?;
    Ok(())
}

fn of<E: EntityTrait>(
    query: Select<E>,
    owner: E::Column,
    only: Option<&[OrganisationId]>,
) -> Select<E> {
    match only {
        Some(ids) => query.filter(owner.is_in(ids.iter().copied())),
        None => query,
    }
}

/// Hands each row to its organisation as it comes, without holding all of them.
async fn each<E: EntityTrait>(
    connection: &(impl ConnectionTrait + StreamTrait),
    found: &mut HashMap<OrganisationId, Organisation>,
    query: Select<E>,
    owner: impl Fn(&E::Model) -> OrganisationId,
    add: impl Fn(&mut Organisation, E::Model),
) -> Result<(), DbErr> {
    let mut rows = query.stream(connection).await?;
    while let Some(row) = rows.try_next().await? {
        if let Some(organisation) = found.get_mut(&owner(&row)) {
            add(organisation, row);
        }
    }
    Ok(())
}

fn add_fact(organisation: &mut Organisation, row: organisation_fact::Model) {
    let text = || Box::from(row.value.as_str());
    match row.fact {
        Fact::Name => organisation.name.push(row.valid_from, text()),
        Fact::PrescribingSetting => organisation.prescribing_setting.push(row.valid_from, text()),
        Fact::Postcode => organisation.postcode.push(row.valid_from, text()),
        Fact::Status => known(&mut organisation.status, Status::try_from_value(&row.value), &row),
        Fact::Tier => known(&mut organisation.tier, Tier::try_from_value(&row.value), &row),
    }
}

/// The database's own check keeps other spellings out.
fn known<T: PartialEq>(
    timeline: &mut Timeline<T>,
    value: Result<T, DbErr>,
    row: &organisation_fact::Model,
) {
    match value {
        Ok(value) => timeline.push(row.valid_from, value),
        Err(error) => tracing::error!(%error, organisation = row.organisation_id, "unknown fact"),
    }
}
