//! Reading the records out of the database: all of them, or those that have changed.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use entity::{
    award,
    change::{self, ChangeType, NodeType, Tells},
    cohort, employment_report,
    enrolment::{self, State},
    enrolment_event, extension, learner, learner_identifier, mentor_assignment, participation,
    post, post_place, row_id, stage_record,
};
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    StreamTrait,
};

use super::{Enrolment, Learner, Participant, Post, Records, Touched, touched::places};
use crate::{
    domain::{directory::Directory, figures::tally::carry::carry, turn::VALUES},
    ids::OrganisationId,
};

/// More changed records than this are read as a whole anew.
const FEW: usize = 500;

/// Which record changed.
pub(in crate::domain) type Node = (NodeType, i64);

/// All records as the database has them.
pub(in crate::domain) async fn load(
    connection: &(impl ConnectionTrait + StreamTrait),
) -> Result<Records, DbErr> {
    let position = position(connection).await?;
    let mut records = Records::default();
    read(connection, &mut records, None).await?;
    let all = places(records.enrolments.values(), records.posts.values());
    let known = records.stage_records.keys().chain(records.participations.keys()).copied();
    let all: BTreeSet<_> = all.into_iter().chain(known).collect();
    records.derive(&all);
    Ok(records.at(position))
}

/// The records brought up to the database's state, of which the register is `directory`;
/// none if they are there already.
pub(in crate::domain) async fn refresh(
    records: &Records,
    connection: &(impl ConnectionTrait + StreamTrait),
    directory: &Directory,
) -> Result<Option<Records>, DbErr> {
    let position = position(connection).await?;
    if position == records.position() {
        return Ok(None);
    }
    let changed: Vec<(ChangeType, Option<NodeType>, Option<i64>)> = change::Entity::find()
        .select_only()
        .columns([change::Column::ChangeType, change::Column::NodeType, change::Column::NodeId])
        .filter(change::Column::Position.gt(records.position()))
        .filter(change::Column::ChangeType.is_in(ChangeType::telling(Tells::Records)))
        .order_by_asc(change::Column::Position)
        .into_tuple()
        .all(connection)
        .await?;
    if changed.iter().any(|(change_type, _, _)| *change_type == ChangeType::RecordRemoved) {
        return load(connection).await.map(Some);
    }
    let touched: BTreeSet<Node> =
        changed.into_iter().filter_map(|(_, kind, id)| kind.zip(id)).collect();
    let newer = renew(records, connection, &touched, Some(directory)).await?;
    Ok(Some(newer.at(position)))
}

/// The records with some of them read anew, and their tallies carried over on the register
/// that they stand on, if it is known to be the same. The records touched must be there
/// still: where any was removed, everything is to be loaded.
pub(in crate::domain) async fn renew(
    records: &Records,
    connection: &(impl ConnectionTrait + StreamTrait),
    nodes: &BTreeSet<Node>,
    directory: Option<&Directory>,
) -> Result<Records, DbErr> {
    if nodes.len() > FEW {
        return load(connection).await;
    }
    let mut newer = records.copy();
    let only: HashMap<NodeType, Vec<i64>> = nodes.iter().fold(HashMap::new(), |mut map, node| {
        map.entry(node.0).or_insert_with(Vec::new).push(node.1);
        map
    });
    for site in only.get(&NodeType::Participation).into_iter().flatten() {
        newer.participations.remove(site);
        newer.stage_records.remove(site);
    }
    read(connection, &mut newer, Some(&only)).await?;
    let mut touched = Touched::default();
    touched.by(nodes, records);
    touched.by(nodes, &newer);
    newer.derive(&touched.places);
    if let Some(directory) = directory {
        newer.tallies = Mutex::new(carry(records, &newer, directory, &touched));
    }
    Ok(newer)
}

async fn position(connection: &(impl ConnectionTrait + StreamTrait)) -> Result<i64, DbErr> {
    let row = row_id::Entity::find().one(connection).await?;
    Ok(row.map_or(0, |row| row.records_position))
}

/// Hands on each row whose `column` is one of some ids, or each row of the table, as it
/// comes: all of them at once would take many times the room.
async fn each<E: EntityTrait>(
    connection: &(impl ConnectionTrait + StreamTrait),
    column: E::Column,
    only: Option<&[i64]>,
    mut keep: impl FnMut(E::Model),
) -> Result<(), DbErr> {
    let Some(ids) = only else {
        let mut rows = E::find().stream(connection).await?;
        while let Some(row) = rows.try_next().await? {
            keep(row);
        }
        return Ok(());
    };
    for ids in ids.chunks(VALUES) {
        let some = E::find().filter(column.is_in(ids.iter().copied()));
        some.all(connection).await?.into_iter().for_each(&mut keep);
    }
    Ok(())
}

/// Reads records of each type: those named, or all of every type.
async fn read(
    connection: &(impl ConnectionTrait + StreamTrait),
    into: &mut Records,
    only: Option<&HashMap<NodeType, Vec<i64>>>,
) -> Result<(), DbErr> {
    let none: &[i64] = &[];
    let of = |kind| only.map(|only| only.get(&kind).map_or(none, Vec::as_slice));
    let wanted = |kind| of(kind).is_none_or(|ids| !ids.is_empty());
    if wanted(NodeType::Participation) {
        read_participations(connection, into, of(NodeType::Participation)).await?;
    }
    if wanted(NodeType::Cohort) {
        let ids = of(NodeType::Cohort);
        let keep = |row: cohort::Model| _ = into.cohorts.insert(row.id, Arc::new(row));
        each::<cohort::Entity>(connection, cohort::Column::Id, ids, keep).await?;
    }
    if wanted(NodeType::Learner) {
        read_learners(connection, into, of(NodeType::Learner)).await?;
    }
    if wanted(NodeType::Enrolment) {
        read_enrolments(connection, into, of(NodeType::Enrolment)).await?;
    }
    if wanted(NodeType::Post) {
        read_posts(connection, into, of(NodeType::Post)).await?;
    }
    Ok(())
}

async fn read_participations(
    connection: &(impl ConnectionTrait + StreamTrait),
    into: &mut Records,
    sites: Option<&[i64]>,
) -> Result<(), DbErr> {
    let keep = |row: participation::Model| _ = into.participations.insert(row.site_id, row);
    each::<participation::Entity>(connection, participation::Column::SiteId, sites, keep).await?;
    let mut found: HashMap<OrganisationId, Vec<stage_record::Model>> = HashMap::new();
    let keep = |row: stage_record::Model| found.entry(row.site_id).or_default().push(row);
    each::<stage_record::Entity>(connection, stage_record::Column::SiteId, sites, keep).await?;
    for (site, mut said) in found {
        said.sort_unstable_by_key(|row| (row.occurred_on, row.id));
        into.stage_records.insert(site, said.into());
    }
    Ok(())
}

async fn read_learners(
    connection: &(impl ConnectionTrait + StreamTrait),
    into: &mut Records,
    ids: Option<&[i64]>,
) -> Result<(), DbErr> {
    let mut found: BTreeMap<i64, Learner> = BTreeMap::new();
    let keep = |row: learner::Model| {
        found.insert(row.id, Learner { row, identifiers: Vec::new() });
    };
    each::<learner::Entity>(connection, learner::Column::Id, ids, keep).await?;
    let column = learner_identifier::Column::LearnerId;
    let keep = |row: learner_identifier::Model| {
        if let Some(learner) = found.get_mut(&row.learner_id) {
            learner.identifiers.push((row.system, row.value));
        }
    };
    each::<learner_identifier::Entity>(connection, column, ids, keep).await?;
    for (id, mut learner) in found {
        learner.identifiers.sort_unstable();
        learner.identifiers.shrink_to_fit();
        into.by_reference.insert(learner.row.reference.clone(), id);
        let named = learner.identifiers.iter().cloned();
        into.by_identifier.extend(named.map(|identifier| (identifier, id)));
        into.learners.insert(id, Arc::new(learner));
    }
    Ok(())
}

async fn read_enrolments(
    connection: &(impl ConnectionTrait + StreamTrait),
    into: &mut Records,
    ids: Option<&[i64]>,
) -> Result<(), DbErr> {
    let mut found: BTreeMap<i64, Enrolment> = BTreeMap::new();
    let keep = |row: enrolment::Model| _ = found.insert(row.id, Enrolment::new(row));
    each::<enrolment::Entity>(connection, enrolment::Column::Id, ids, keep).await?;
    macro_rules! add {
        ($entity:ident, |$enrolment:ident, $row:ident| $add:expr) => {
            let column = $entity::Column::EnrolmentId;
            let keep = |$row: $entity::Model| {
                if let Some($enrolment) = found.get_mut(&$row.enrolment_id) {
                    $add;
                }
            };
            each::<$entity::Entity>(connection, column, ids, keep).await?;
        };
    }
    add!(enrolment_event, |it, row| it.events.push(row));
    add!(extension, |it, row| it.extensions.push(row));
    add!(mentor_assignment, |it, row| it.mentors.push(row));
    add!(employment_report, |it, row| it.employment.push(row));
    add!(award, |it, row| it.award = Some(row));
    for (id, mut enrolment) in found {
        enrolment.put_in_order();
        into.enrolments.insert(id, Arc::new(enrolment));
    }
    Ok(())
}

async fn read_posts(
    connection: &(impl ConnectionTrait + StreamTrait),
    into: &mut Records,
    ids: Option<&[i64]>,
) -> Result<(), DbErr> {
    let mut found: BTreeMap<i64, Post> = BTreeMap::new();
    let keep = |row: post::Model| _ = found.insert(row.id, Post { row, places: Vec::new() });
    each::<post::Entity>(connection, post::Column::Id, ids, keep).await?;
    let keep = |row: post_place::Model| {
        if let Some(post) = found.get_mut(&row.post_id) {
            post.places.push(row);
        }
    };
    each::<post_place::Entity>(connection, post_place::Column::PostId, ids, keep).await?;
    for (id, mut post) in found {
        post.put_in_order();
        into.posts.insert(id, Arc::new(post));
    }
    Ok(())
}

/// Whatever was ever at one place.
type Here = (Vec<Arc<Enrolment>>, Vec<Arc<Post>>);

impl Records {
    /// A state to be changed: it shares every record with this one.
    fn copy(&self) -> Self {
        Self {
            position: self.position,
            participations: self.participations.clone(),
            stage_records: self.stage_records.clone(),
            cohorts: self.cohorts.clone(),
            learners: self.learners.clone(),
            enrolments: self.enrolments.clone(),
            posts: self.posts.clone(),
            participants: self.participants.clone(),
            by_reference: self.by_reference.clone(),
            by_identifier: self.by_identifier.clone(),
            ..Self::default()
        }
    }

    /// The records as they would be with some of them put in place of their earlier selves.
    pub(in crate::domain) fn as_if(
        &self,
        enrolments: impl Iterator<Item = Enrolment>,
        posts: impl Iterator<Item = Post>,
    ) -> Self {
        let mut other = self.copy();
        let enrolments: Vec<_> = enrolments.map(Arc::new).collect();
        let posts: Vec<_> = posts.map(Arc::new).collect();
        let places = places(enrolments.iter(), posts.iter());
        other.enrolments.extend(enrolments.into_iter().map(|it| (it.row.id, it)));
        other.posts.extend(posts.into_iter().map(|it| (it.row.id, it)));
        other.derive(&places);
        other
    }

    /// Works out anew what follows for some organisations, and the indexes.
    fn derive(&mut self, places: &BTreeSet<OrganisationId>) {
        self.of_learner.clear();
        self.of_cohort.clear();
        self.of_person.clear();
        let mut at: HashMap<OrganisationId, Here> = HashMap::new();
        for (id, enrolment) in &self.enrolments {
            self.of_learner.entry(enrolment.row.learner_id).or_default().push(*id);
            self.of_cohort.entry(enrolment.row.cohort_id).or_default().push(*id);
            let sites: BTreeSet<_> = enrolment.events.iter().map(|event| event.site_id).collect();
            for site in sites.intersection(places) {
                at.entry(*site).or_default().0.push(enrolment.clone());
            }
        }
        for (id, post) in &self.posts {
            self.of_person.entry(post.row.person.clone()).or_default().push(*id);
            let held: BTreeSet<_> = post.places.iter().map(|row| row.organisation_id).collect();
            for place in held.intersection(places) {
                at.entry(*place).or_default().1.push(post.clone());
            }
        }
        let completed = |learner: i64| {
            let all = self.of_learner.get(&learner).into_iter().flatten();
            let enrolments = all.filter_map(|id| self.enrolments.get(id));
            enrolments.filter_map(|enrolment| enrolment.first(State::Completed)).min()
        };
        let made: Vec<_> = places
            .iter()
            .map(|place| {
                let (enrolments, posts) = at.remove(place).unwrap_or_default();
                let said = self.stage_records.get(place).cloned().unwrap_or_default();
                let made = Participant::new(*place, said, enrolments, posts, completed);
                (*place, Arc::new(made))
            })
            .collect();
        self.participants.extend(made);
    }
}
