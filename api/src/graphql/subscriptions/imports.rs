//! The reading of a file, followed.

use async_graphql::{Context, ID, Subscription};
use entity::import_run::{self, State};

use super::{
    Step, Told, begun,
    source::{Event, Followed},
    step, told,
};
use crate::{
    auth::action::Action,
    domain::{error::Failure, imports::read, viewer::Viewer},
    graphql::{
        access::access, error::Result, ids, imports::object::ImportProgress,
        organisations::seen::viewer, refusal::Refusal,
    },
};

/// An import, and how far its client was told that its file was read.
pub struct Reading {
    id: i64,
    told: Option<(State, i64, i64)>,
}

impl Reading {
    /// The import, if its file was read further.
    pub(super) async fn next(&mut self, viewer: &Viewer) -> Followed<Option<import_run::Model>> {
        let run = read::find(viewer, self.id).await?.ok_or(Failure::NotFound)?;
        let now = Some((run.state, run.lines_read, run.lines_total));
        if self.told == now {
            return Ok(None);
        }
        self.told = now;
        Ok(Some(run))
    }

    pub(super) fn has_ended(&self) -> bool {
        self.told.is_some_and(|(state, ..)| state != State::Reading)
    }
}

#[derive(Default)]
pub struct ImportSubscription;

#[Subscription]
impl ImportSubscription {
    /// How far the reading of an import's file has come: at once, and whenever it has come
    /// further. It completes when the file is read, or cannot be: the last word says which.
    #[graphql(directive = access::apply(Action::ReadImports.into()))]
    async fn import_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import.")] id: ID,
    ) -> Result<Told<ImportProgress>> {
        match step(ctx)? {
            Step::Tell(event) => match &**event {
                Event::Import(run) => Ok(told(ImportProgress::from(run))),
                _ => Err(Refusal::internal()),
            },
            Step::Begin(begin) => {
                let viewer = viewer(ctx);
                viewer.permit(Action::ReadImports)?;
                let id = ids::read_as(&id, "Import")?;
                read::find(viewer, id).await?.ok_or(Failure::NotFound)?;
                Ok(begun(begin, Reading { id, told: None }))
            }
        }
    }
}
