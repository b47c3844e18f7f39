//! The change feed: everything that became different and that the viewer may know of, in
//! the order of commits, without gaps.
//!
//! Positions are given out under a lock that is held until the commit, so that nobody can
//! read past a change that is yet to come. Who may know of a change of a record is decided
//! by the record as it now is; whoever could see it before a change and cannot since is
//! told so, once, in that change's place.

use entity::change::{self, ChangeType, NodeType, Tells};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    auth::{
        action::Action,
        actor::{Actor, Holder},
        policy::Reach,
    },
    domain::{
        directory::Directory,
        error::Failure,
        records::{
            Records,
            load::Node,
            parties::{self, Parties},
            reach::Within,
        },
        viewer::Viewer,
    },
};

/// How many changes are looked through for one page, at most.
const LOOKED_THROUGH: u64 = 5_000;
/// How many are read at once.
const READ_AT_ONCE: u64 = 500;

/// A part of the feed.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    pub changes: Vec<change::Model>,
    /// Where to go on from: the last position that was looked at.
    pub position: i64,
    /// Whether there may be more already.
    pub more: bool,
}

/// The changes after a position, up to `size` of them; of some types alone where any are
/// named, but always those that take something away.
///
/// Few of very many changes may be the viewer's, so a stretch can be shorter than asked
/// for, and even empty, while there is more. Whatever else the request reads from here on
/// holds every change of the stretch.
///
/// # Errors
///
/// Where the viewer may read no changes at all, or the database does not answer.
pub async fn after(
    viewer: &Viewer,
    position: i64,
    size: usize,
    types: &[ChangeType],
) -> Result<Stretch, Failure> {
    viewer.permit(Action::ReadChanges)?;
    catch_up(viewer).await?;
    has_been(viewer, position)?;
    known_after(viewer, position, size, types).await
}

/// Lets a request see everything that is committed.
///
/// # Errors
///
/// UNAVAILABLE also where that says that the viewer is not any more what they signed in as:
/// the next try is judged by what they are.
async fn catch_up(viewer: &Viewer) -> Result<(), Failure> {
    viewer.catch_up().await?;
    viewer.stands().map_err(|_| {
        Failure::Unavailable(DbErr::Custom("the client was changed meanwhile".to_owned()))
    })
}

/// Refuses a cursor that this feed never gave, because going on from it would miss whatever
/// comes up to there.
///
/// # Errors
///
/// A sentence that says what to do, or that the database does not answer.
pub async fn given(viewer: &Viewer, position: i64) -> Result<(), Failure> {
    if position > viewer.position() {
        catch_up(viewer).await?;
    }
    has_been(viewer, position)?;
    remembered(viewer, position)
}

fn has_been(viewer: &Viewer, position: i64) -> Result<(), Failure> {
    if position <= viewer.position() {
        return Ok(());
    }
    anew(
        "the feed has not come as far as that cursor: it is of another service, or of what \
          this one was before its database was restored",
    )
}

/// As [`after`], of what the viewer sees already: whoever is woken by every write need not
/// ask for what is new.
///
/// # Errors
///
/// As those of [`after`].
pub async fn known_after(
    viewer: &Viewer,
    position: i64,
    size: usize,
    types: &[ChangeType],
) -> Result<Stretch, Failure> {
    viewer.permit(Action::ReadChanges)?;
    remembered(viewer, position)?;
    // What came before is another feed, and not theirs to read.
    let position = if position == 0 { granted_from(viewer) } else { position };
    let eyes = Eyes::of(viewer);
    let (until, mut stretch) = (viewer.position(), Stretch { position, ..Stretch::default() });
    let mut looked = 0;
    while stretch.changes.len() < size && looked < LOOKED_THROUGH {
        let rows = read(viewer, stretch.position, until, types).await?;
        let ended = (rows.len() as u64) < READ_AT_ONCE;
        for row in rows {
            looked += 1;
            stretch.position = row.position;
            stretch.changes.extend(eyes.seen(row));
            if stretch.changes.len() == size {
                stretch.more = stretch.position < until;
                return Ok(stretch);
            }
        }
        if ended {
            // Whatever follows up to here is of other types.
            stretch.position = stretch.position.max(until);
            return Ok(stretch);
        }
    }
    stretch.more = true;
    Ok(stretch)
}

/// What came before a sandbox was reset is forgotten, and a machine client that is granted
/// something else has followed another feed until then. Had they gone on from there, they
/// would keep what is gone, and lack what was theirs to see already.
fn remembered(viewer: &Viewer, position: i64) -> Result<(), Failure> {
    match position {
        0 => Ok(()),
        _ if position <= viewer.store().forgotten() => anew(
            "the sandbox was reset since that cursor was given, and what came before is forgotten",
        ),
        _ if position < granted_from(viewer) => {
            anew("you are granted something else than when that cursor was given")
        }
        _ => Ok(()),
    }
}

fn anew(why: &str) -> Result<(), Failure> {
    let sentence = format!("{why}: read `service {{ feedCursor }}` and everything else anew");
    Err(Failure::BadRequest(sentence))
}

/// From where on a machine client is granted what it now is.
fn granted_from(viewer: &Viewer) -> i64 {
    let Actor::Holder(Holder { client: Some(client), .. }) = viewer.actor() else { return 0 };
    let clients = viewer.store().api_clients();
    clients.by_id(client.id).map_or(0, |client| client.row.granted_from)
}

/// A change that was read before, as the viewer may know of it now; None where they may not
/// any more, or it is forgotten.
pub fn as_now(viewer: &Viewer, row: change::Model) -> Option<change::Model> {
    remembered(viewer, row.position).ok()?;
    Eyes::of(viewer).seen(row)
}

/// Lets a request see every change up to a position.
///
/// # Errors
///
/// UNAVAILABLE where this instance's database has not come so far yet.
pub async fn at_least(viewer: &Viewer, position: i64) -> Result<(), Failure> {
    if viewer.position() < position {
        catch_up(viewer).await?;
    }
    if viewer.position() >= position {
        return Ok(());
    }
    let behind = "this instance has not come as far as the cursor yet";
    Err(Failure::Unavailable(DbErr::Custom(behind.to_owned())))
}

async fn read(
    viewer: &Viewer,
    after: i64,
    until: i64,
    types: &[ChangeType],
) -> Result<Vec<change::Model>, Failure> {
    let removals = [ChangeType::Removed, ChangeType::RecordRemoved];
    let wanted = (!types.is_empty()).then(|| {
        let types = types.iter().copied().chain(removals);
        Condition::any()
            .add(change::Column::ChangeType.is_in(types))
            .add(change::Column::LeftReachOf.is_not_null())
    });
    let rows = change::Entity::find()
        .filter(change::Column::Position.gt(after))
        .filter(change::Column::Position.lte(until))
        .filter(Condition::all().add_option(wanted))
        .order_by_asc(change::Column::Position)
        .limit(READ_AT_ONCE);
    Ok(rows.all(&viewer.store().reader).await?)
}

/// What one viewer can see, asked about many changes.
struct Eyes<'a> {
    viewer: &'a Viewer,
    directory: std::sync::Arc<Directory>,
    records: std::sync::Arc<Records>,
}

impl<'a> Eyes<'a> {
    fn of(viewer: &'a Viewer) -> Self {
        Self { viewer, directory: viewer.directory(), records: viewer.records() }
    }

    /// The change as the viewer may know of it, if at all.
    fn seen(&self, row: change::Model) -> Option<change::Model> {
        let Some(node) = row.node_type.zip(row.node_id) else {
            return self.of_organisation(&row).then_some(row);
        };
        let reach = self.viewer.reach(reads(node.0));
        let removed = row.change_type == ChangeType::RecordRemoved;
        if reach == Reach::Everywhere || !removed && self.within(reach.clone(), node) {
            return Some(row);
        }
        let mine = parties::of_reach(&reach, self.viewer.actor());
        let left: Parties = serde_json::from_str(row.left_reach_of.as_deref()?).ok()?;
        if left.is_disjoint(&mine) {
            return None;
        }
        Some(if removed { row } else { taken_away(row) })
    }

    /// Changes of the register are everybody's, and what is published; those of figures
    /// and returns theirs who may read the returns.
    fn of_organisation(&self, row: &change::Model) -> bool {
        let published = matches!(
            row.change_type,
            ChangeType::MetricPublished
                | ChangeType::TargetSet
                | ChangeType::BaselineSet
                | ChangeType::SeriesRebased
                | ChangeType::ContentPublished
                | ChangeType::ContentRetired
        );
        if published || row.change_type.tells() == Tells::Register {
            return true;
        }
        if row.change_type == ChangeType::ReachChanged {
            // Of a machine client.
            return self.viewer.reach(Action::ReadApiClients) == Reach::Everywhere;
        }
        let reach = self.viewer.reach(Action::ReadReturns);
        let organisation = self.directory.find(row.organisation_id);
        reach == Reach::Everywhere
            || organisation.is_some_and(|it| self.directory.covers(&reach, it, self.viewer.today()))
    }

    fn within(&self, reach: Reach, (kind, id): Node) -> bool {
        let within = Within::new(self.viewer, &self.directory, &self.records, reach);
        let records = &self.records;
        match kind {
            NodeType::Participation => within.organisation(id),
            NodeType::Cohort => records.cohort(id).is_some_and(|it| within.cohort(it)),
            NodeType::Learner => records.holder(id).is_some_and(|it| within.learner(it)),
            NodeType::Enrolment => records.enrolment(id).is_some_and(|it| within.enrolment(it)),
            NodeType::Post => records.post(id).is_some_and(|it| within.post(it)),
        }
    }
}

/// The right that shows a record, and so its changes.
fn reads(kind: NodeType) -> Action {
    match kind {
        NodeType::Participation => Action::ReadParticipation,
        NodeType::Cohort => Action::ReadCohorts,
        NodeType::Learner | NodeType::Enrolment => Action::ReadEnrolments,
        NodeType::Post => Action::ReadPosts,
    }
}

/// What those are told whom a change took the record away from: no more than that.
fn taken_away(row: change::Model) -> change::Model {
    change::Model {
        change_type: ChangeType::LeftYourReach,
        effective_on: None,
        before: None,
        after: None,
        ..row
    }
}
