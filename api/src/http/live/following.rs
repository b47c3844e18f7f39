//! One operation of one who follows, from its beginning to its end.
//!
//! It is stopped only where it waits. What reads or writes is never cut off: a transaction
//! that is dropped while it begins would spoil its connection for whoever has it next.

use std::time::Duration;

use async_graphql::{Response, ServerError, parser::types::OperationType};
use tokio::sync::{mpsc, oneshot};

use super::{Caller, Dismissed, LOOK_AFTER};
use crate::{
    domain::viewer::Viewer,
    graphql::{
        self,
        engine::Call,
        limits::Admitted,
        rate_limit::RateLimit,
        refusal::Refusal,
        subscriptions::{Begun, Found, Source, Step},
    },
    http::graphql::executed,
};

/// What an operation says.
pub(super) enum Said {
    Next(Response),
    /// It ends here: these are the reasons.
    Failed(Vec<ServerError>),
    Complete,
    /// Its caller may have nothing more.
    Dismissed(Dismissed),
}

/// Something said, by which operation of its connection.
pub(super) struct Spoken {
    pub operation: u64,
    pub said: Said,
}

/// How an operation speaks to its connection, and hears that it shall stop.
pub(super) struct Line {
    pub operation: u64,
    pub out: mpsc::Sender<Spoken>,
    /// Ready once nobody wants to hear any more.
    pub stop: oneshot::Receiver<()>,
}

/// Why an operation ends before it is complete.
pub(super) enum Ending {
    Stopped,
    Failed(Vec<ServerError>),
    Dismissed(Dismissed),
}

/// An operation that was let in and has begun.
pub(super) enum Operation {
    Answered(Box<Response>),
    Followed(Box<Followed>),
}

/// A subscription that has begun.
pub(super) struct Followed {
    call: Call,
    admitted: Admitted,
    source: Source,
}

/// What has passed the door, and what its caller may still spend.
pub(super) type LetIn = (Admitted, Option<RateLimit>);

/// Lets an operation in, unless it was before, and begins it; queries and mutations are run.
pub(super) async fn begin(
    caller: &Caller,
    mut call: Call,
    let_in: Option<LetIn>,
) -> Result<Operation, Ending> {
    let failed = |refusal: Refusal| Ending::Failed(caller.told(refusal));
    caller.id.as_str().clone_into(&mut call.request_id);
    let viewer = caller.viewer().await.map_err(Ending::Dismissed)?;
    graphql::changes::not_before(&viewer, call.not_before.as_deref()).await.map_err(failed)?;
    let (door, engine) = (&caller.door, &caller.door.engine);
    let account = door.budgets.account(caller.from, &viewer);
    let let_in = match let_in {
        Some(before) => before,
        None => door.admit(&mut call, &viewer, account.as_ref()).map_err(failed)?,
    };
    let (admitted, left) = let_in;
    let furnish = |request| door.furnish(request, &viewer, &left);
    if admitted.kind != OperationType::Subscription {
        let response = engine.run(call, admitted, furnish).await.map_err(failed)?;
        return match executed(&response) {
            true => Ok(Operation::Answered(Box::new(response))),
            false => Err(Ending::Failed(response.errors)),
        };
    }
    let begun = Begun::default();
    let step = |request| furnish(request).data(Step::Begin(begun.clone()));
    if let Some(refused) = engine.step(&call, &admitted, step).await.map_err(failed)? {
        return Err(Ending::Failed(refused.errors));
    }
    let source = begun.taken().ok_or_else(|| failed(Refusal::internal()))?;
    Ok(Operation::Followed(Box::new(Followed { call, admitted, source })))
}

/// Runs an operation, saying what comes of it.
pub(super) async fn run(caller: Caller, call: Call, mut line: Line) {
    let ended = match begin(&caller, call, None).await {
        Ok(Operation::Answered(response)) => line.say(Said::Next(*response)).await,
        Ok(Operation::Followed(followed)) => followed.tell(&caller, &mut line).await,
        Err(ending) => Err(ending),
    };
    line.end(ended).await;
}

/// As [`run`], of a subscription that has begun.
pub(super) async fn follow(caller: Caller, followed: Box<Followed>, mut line: Line) {
    let ended = followed.tell(&caller, &mut line).await;
    line.end(ended).await;
}

impl Followed {
    async fn tell(mut self, caller: &Caller, line: &mut Line) -> Result<(), Ending> {
        let store = &caller.door.app.store;
        let (mut feed, mut imports) = (store.feed_moves(), store.imports_move());
        loop {
            // Whatever is written from here on wakes it again.
            feed.mark_unchanged();
            imports.mark_unchanged();
            match self.next(caller).await? {
                Found::It((viewer, response)) => {
                    line.say(Said::Next(response)).await?;
                    self.pay(caller, &viewer, line).await?;
                    continue;
                }
                // Others look meanwhile, and it is seen whether anybody still listens.
                Found::NotYet => {
                    line.pause(Duration::ZERO).await?;
                    continue;
                }
                Found::Nothing => {}
            }
            if self.source.has_ended() {
                return Ok(());
            }
            line.pause(self.source.rests()).await?;
            tokio::select! {
                _ = &mut line.stop => return Err(Ending::Stopped),
                _ = feed.changed() => {}
                _ = imports.changed() => {}
                () = tokio::time::sleep(LOOK_AFTER) => {}
            }
        }
    }

    /// The next thing that the caller may know at this moment, as they asked to see it.
    async fn next(&mut self, caller: &Caller) -> Result<Found<(Viewer, Response)>, Ending> {
        let failed = |refusal: Refusal| Ending::Failed(caller.told(refusal));
        let door = &caller.door;
        let _looking = door.live.looking.acquire().await.map_err(|_| Ending::Stopped)?;
        // Whoever it was before the wait may not be that any more.
        let viewer = caller.viewer().await.map_err(Ending::Dismissed)?;
        door.may_go_on(&self.call, &viewer).map_err(failed)?;
        let event = match self.source.next(&viewer).await.map_err(failed)? {
            Found::It(event) => Box::new(event),
            Found::NotYet => return Ok(Found::NotYet),
            Found::Nothing => return Ok(Found::Nothing),
        };
        let furnish =
            |request| graphql::furnish(request, viewer.clone()).data(Step::Tell(event.clone()));
        let told = door.engine.step(&self.call, &self.admitted, furnish).await;
        let response = told.map_err(failed)?.ok_or_else(|| failed(Refusal::internal()))?;
        Ok(Found::It((viewer, response)))
    }

    /// Pays for an event what a query would cost that asks for it, and waits where there is
    /// not so much left to spend.
    async fn pay(&self, caller: &Caller, viewer: &Viewer, line: &mut Line) -> Result<(), Ending> {
        let budgets = &caller.door.budgets;
        let Some(account) = budgets.account(caller.from, viewer) else { return Ok(()) };
        while let Err(spent) = budgets.charge_up_to(&account, self.admitted.cost, viewer.now()) {
            let wait = Duration::from_secs(spent.retry_after.unwrap_or(1));
            line.pause(wait).await?;
        }
        Ok(())
    }
}

impl Line {
    async fn say(&mut self, said: Said) -> Result<(), Ending> {
        let spoken = Spoken { operation: self.operation, said };
        tokio::select! {
            _ = &mut self.stop => Err(Ending::Stopped),
            sent = self.out.send(spoken) => sent.map_err(|_| Ending::Stopped),
        }
    }

    async fn pause(&mut self, rests: Duration) -> Result<(), Ending> {
        tokio::select! {
            _ = &mut self.stop => Err(Ending::Stopped),
            () = tokio::time::sleep(rests) => Ok(()),
        }
    }

    async fn end(&mut self, ended: Result<(), Ending>) {
        let last = match ended {
            Ok(()) => Said::Complete,
            Err(Ending::Failed(errors)) => Said::Failed(errors),
            Err(Ending::Dismissed(dismissed)) => Said::Dismissed(dismissed),
            Err(Ending::Stopped) => return,
        };
        // Whoever has gone need not hear it.
        let _ = self.say(last).await;
    }
}
