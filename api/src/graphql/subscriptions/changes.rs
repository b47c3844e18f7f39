//! The change feed, followed.

use std::collections::VecDeque;

use async_graphql::{Context, Subscription};
use entity::change::{self, ChangeType as Domain};

use super::{
    Found, Step, Told, begun,
    source::{Event, Followed},
    step, told,
};
use crate::{
    domain::{changes::feed, sight::Sight, viewer::Viewer},
    graphql::{
        access::{Action, access},
        changes::{ChangeFeedEdge, audited, of_types, position},
        enums::ChangeType,
        error::Result,
        organisations::seen::viewer,
        refusal::Refusal,
    },
};

/// How many changes are judged at once.
const AT_ONCE: usize = 50;

/// The feed, from where its client has come to.
#[derive(Debug, Default)]
pub struct Feed {
    /// The last position that the client was told of, or has no part in.
    position: i64,
    types: Vec<Domain>,
    waiting: VecDeque<change::Model>,
    /// Where to go on once nothing waits, and whether there is more already.
    until: i64,
    more: bool,
    /// What those that wait were judged by.
    judged_by: Option<Sight>,
}

impl Feed {
    /// The next change that the viewer may know of. What was judged for another sight than
    /// theirs of this moment is judged again.
    pub(super) async fn next(&mut self, viewer: &Viewer) -> Followed<Found<change::Model>> {
        if self.judged_by.as_ref() != Some(&viewer.sight()) || self.waiting.is_empty() && self.more
        {
            self.judge(viewer).await?;
        }
        if let Some(next) = self.waiting.pop_front() {
            self.position = next.position;
            return Ok(Found::It(next));
        }
        self.position = self.until;
        Ok(if self.more { Found::NotYet } else { Found::Nothing })
    }

    async fn judge(&mut self, viewer: &Viewer) -> Followed<()> {
        let stretch = feed::known_after(viewer, self.position, AT_ONCE, &self.types).await?;
        self.waiting = stretch.changes.into();
        (self.until, self.more) = (stretch.position, stretch.more);
        self.judged_by = Some(viewer.sight());
        Ok(())
    }
}

#[derive(Default)]
pub struct ChangeSubscription;

#[Subscription]
impl ChangeSubscription {
    /// Every change that you may know of, as it is committed: the same feed as the query
    /// `changes`, in the same order and without gaps. Keep the `cursor` of the last one that
    /// you have taken in; after a break, send it as `after`, and nothing is missing and
    /// nothing comes twice. Each change is judged at the moment at which it is sent.
    #[graphql(directive = access::apply(Action::ReadChanges))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to go on from; without it, from now on.")] after: Option<String>,
        #[graphql(desc = "Of these types alone; an empty list is an error.")] types: Option<
            Vec<ChangeType>,
        >,
    ) -> Result<Told<ChangeFeedEdge>> {
        match step(ctx)? {
            Step::Tell(event) => match &**event {
                Event::Change(change) => {
                    audited(ctx, std::slice::from_ref(change)).await?;
                    Ok(told(ChangeFeedEdge(change.clone())))
                }
                _ => Err(Refusal::internal()),
            },
            Step::Begin(begin) => {
                let viewer = viewer(ctx);
                viewer.permit(Action::ReadChanges.into())?;
                let types = of_types(types)?;
                let position = match after {
                    Some(cursor) => {
                        let position = position(Some(&cursor))?;
                        feed::given(viewer, position).await?;
                        position
                    }
                    None => viewer.position(),
                };
                let until = position;
                Ok(begun(begin, Feed { position, types, until, ..Feed::default() }))
            }
        }
    }
}
