//! The change feed, as integrators follow it.

use async_graphql::{
    Context, Object,
    connection::{CursorType, PageInfo},
};
use entity::change::{self, NodeType};

use super::{
    access::{Action, access},
    enums::ChangeType,
    error::Result,
    history::Change,
    learners::readings,
    organisations::seen::viewer,
    refusal::Refusal,
};
use crate::{
    auth::action::Action as Domain,
    domain::{
        changes::feed::{self, Stretch},
        page::{By, Key, LARGEST, read_cursor},
        viewer::Viewer,
    },
};

/// A place in the feed: after one change, and before the next one.
pub struct Position(pub i64);

impl CursorType for Position {
    type Error = &'static str;

    fn decode_cursor(text: &str) -> std::result::Result<Self, Self::Error> {
        read_cursor(text)
            .filter(|key| key.by == By::Nothing && key.id >= 0)
            .map(|key| Self(key.id))
            .ok_or("that cursor is not one that the change feed gave")
    }

    fn encode_cursor(&self) -> String {
        Key { by: By::Nothing, id: self.0 }.cursor()
    }
}

/// Some changes in a row, and the position that they follow.
pub struct ChangeFeedConnection {
    stretch: Stretch,
    after: i64,
}

/// Some changes in a row, in the order in which they were committed.
#[Object]
impl ChangeFeedConnection {
    /// The changes. There can be fewer than you asked for, even none, while there are more
    /// to come: few of many changes may be yours.
    async fn nodes(&self) -> Vec<Change> {
        self.stretch.changes.iter().cloned().map(Change).collect()
    }

    /// The changes, each with its cursor.
    async fn edges(&self) -> Vec<ChangeFeedEdge> {
        self.stretch.changes.iter().cloned().map(ChangeFeedEdge).collect()
    }

    /// Where it begins and ends. Keep `endCursor` with your copy and send it as `after` next
    /// time: it is there even if there are no changes. `hasNextPage` says whether more have
    /// been committed already.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.after > 0,
            has_next_page: self.stretch.more,
            start_cursor: Some(Position(self.after).encode_cursor()),
            end_cursor: Some(Position(self.stretch.position).encode_cursor()),
        }
    }
}

/// One change of the feed.
pub struct ChangeFeedEdge(pub change::Model);

/// One change of the feed, and where it stands.
#[Object]
impl ChangeFeedEdge {
    /// Where it stands: send it as `after` to go on behind it.
    async fn cursor(&self) -> String {
        Position(self.0.position).encode_cursor()
    }

    /// The change.
    async fn node(&self) -> Change {
        Change(self.0.clone())
    }
}

#[derive(Default)]
pub struct ChangeQueries;

#[Object]
impl ChangeQueries {
    /// Every change that you may know of, in the order of commits, without gaps: a change
    /// that is committed late is never behind a cursor that you already have.
    ///
    /// To keep a copy: read `service { feedCursor }`; read everything that you want, with
    /// `"extensions": {"notBefore": "<that cursor>"}` in each request, because another instance
    /// that answers may not have come so far yet; then follow the feed from that cursor. For
    /// each change put `node` in place of what you
    /// have under `nodeId`, or delete that where `node` is null. What you read with a change
    /// is as new as the change, or newer. Changes that take something away from you
    /// (LEFT_YOUR_REACH, REMOVED, RECORD_REMOVED) come whatever `types` you name.
    ///
    /// BAD_REQUEST for a cursor that cannot be gone on from: of another service, from before
    /// a sandbox was reset, or from before a machine client was granted something else. Begin
    /// a new copy then.
    #[graphql(directive = access::apply(Action::ReadChanges))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Where to go on from; without it, from the very first change, or for a machine client from where it was last granted something else."
        )]
        after: Option<String>,
        #[graphql(desc = "How many at most, 1 to 100.")] first: i32,
        #[graphql(desc = "Of these types alone; an empty list is an error.")] types: Option<
            Vec<ChangeType>,
        >,
    ) -> Result<ChangeFeedConnection> {
        let size = usize::try_from(first).ok().filter(|size| (1..=LARGEST).contains(size));
        let size = size.ok_or_else(|| {
            Refusal::bad_request(format!("a page holds 1 to {LARGEST}, not {first}"))
        })?;
        let types = of_types(types)?;
        let position = position(after.as_deref())?;
        let stretch = feed::after(viewer(ctx), position, size, &types).await?;
        audited(ctx, &stretch.changes).await?;
        Ok(ChangeFeedConnection { stretch, after: position })
    }
}

/// The types that are wanted; every one where none are named.
pub fn of_types(types: Option<Vec<ChangeType>>) -> Result<Vec<change::ChangeType>> {
    if types.as_ref().is_some_and(Vec::is_empty) {
        return Err(Refusal::bad_request("`types` is empty: name some, or leave it out"));
    }
    Ok(types.into_iter().flatten().map(Into::into).collect())
}

/// That somebody's enrolment or post changed is itself told of them.
pub async fn audited(ctx: &Context<'_>, changes: &[change::Model]) -> Result<()> {
    for (action, kinds) in [
        (Domain::ReadEnrolments, &[NodeType::Enrolment, NodeType::Learner][..]),
        (Domain::ReadPosts, &[NodeType::Post][..]),
    ] {
        let told = changes.iter().filter(|row| {
            row.change_type != change::ChangeType::LeftYourReach
                && row.node_type.is_some_and(|kind| kinds.contains(&kind))
        });
        readings::places(ctx, action, told.map(|row| row.organisation_id)).await?;
    }
    Ok(())
}

/// The position that a cursor says; without one, before the first change.
pub fn position(after: Option<&str>) -> Result<i64> {
    let read = |text| Position::decode_cursor(text).map_err(Refusal::bad_request);
    Ok(after.map(read).transpose()?.map_or(0, |position| position.0))
}

/// Lets a request see every change up to a cursor that a client has, whichever instance
/// gave it.
pub async fn not_before(viewer: &Viewer, cursor: Option<&str>) -> Result<()> {
    let position = position(cursor)?;
    Ok(feed::at_least(viewer, position).await?)
}
