//! Sending changes to those who asked to be told: signed by the Standard Webhooks rules,
//! each a CloudEvent, at least once, and those of one subject in their order.
//!
//! The feed is the outbox: what happened stands in it from the commit on, and a webhook is
//! no more than a place in it (see [`crate::domain::webhooks`]). Every instance has its
//! couriers. They take the webhooks that are behind, each for a while its own, read on as
//! the webhook's owner, send, and write down how far it has come. Whoever fails is tried
//! again later and later, and in the end paused; nothing is ever dropped for it.

mod message;
pub mod names;
mod patience;
mod post;
mod round;

use std::{pin::pin, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use self::{names::Names, post::Post, round::deliver};
use crate::domain::{
    error::Failure,
    store::Store,
    webhooks::{
        claim::{Claim, claim, is_any_due},
        deliveries::prune,
        settle::{Ended, Round, settle},
    },
};

/// How many webhooks an instance delivers to at a time.
const AT_ONCE: usize = 16;
/// How often what is old is removed from the log.
const PRUNING: TimeDelta = TimeDelta::hours(1);

/// What delivers to webhooks, one for an instance.
pub struct Couriers {
    store: Arc<Store>,
    /// Where the changes come from: our own address.
    source: String,
    post: Post,
    /// Whether nothing more is to be begun.
    stops: watch::Sender<bool>,
}

impl Couriers {
    pub fn new(
        store: Arc<Store>,
        source: &str,
        names: Arc<dyn Names>,
    ) -> Result<Self, reqwest::Error> {
        let post = Post::new(store.webhook_targets(), names)?;
        let stops = watch::Sender::new(false);
        Ok(Self { store, source: source.to_owned(), post, stops })
    }

    /// Delivers until it is told to stop, in a task of its own.
    pub fn start(self, every: Duration) -> Following {
        let couriers = Arc::new(self);
        let task = tokio::spawn(couriers.clone().follow(every));
        Following { couriers, task }
    }

    /// Delivers until it is told to stop. A receiver that is slow keeps one courier, and not
    /// the others; whoever is free takes what waits at once.
    async fn follow(self: Arc<Self>, every: Duration) {
        let (mut out, mut pruned, mut stops) = (JoinSet::new(), None, self.stops.subscribe());
        while !*stops.borrow() {
            let full = self.send_out(&mut out).await.unwrap_or_else(|failure| {
                tracing::warn!(?failure, "webhooks could not be delivered to");
                false
            });
            self.prune(&mut pruned).await;
            tokio::select! {
                _ = stops.wait_for(|stops| *stops) => {}
                () = rest(&mut out, full, every) => {}
            }
        }
        while out.join_next().await.is_some() {}
    }

    /// Takes what there is to deliver to, as far as there are couriers left; says whether
    /// all of them are out, so that more may wait for one.
    async fn send_out(self: &Arc<Self>, out: &mut JoinSet<bool>) -> Result<bool, Failure> {
        for claim in self.take(AT_ONCE.saturating_sub(out.len())).await? {
            let courier = self.clone();
            out.spawn(async move {
                courier.round(claim).await.unwrap_or_else(|failure| {
                    tracing::warn!(?failure, "what was delivered could not be written down");
                    false
                })
            });
        }
        Ok(out.len() >= AT_ONCE)
    }

    /// Takes what there is to deliver to, sends to each for a while, and says whether there
    /// may be more to do at once.
    ///
    /// # Errors
    ///
    /// Where the database does not answer. What was taken is then left until its claim has
    /// run out.
    pub async fn turn(&self) -> Result<bool, Failure> {
        let claims = self.take(AT_ONCE).await?;
        let full = claims.len() == AT_ONCE;
        let rounds = join_all(claims.into_iter().map(|claim| self.round(claim))).await;
        let more: Vec<bool> = rounds.into_iter().collect::<Result<_, _>>()?;
        Ok(full || more.contains(&true))
    }

    async fn take(&self, most: usize) -> Result<Vec<Claim>, Failure> {
        if most == 0 || !is_any_due(&self.store).await? {
            return Ok(Vec::new());
        }
        // Whoever was revoked a moment ago on another instance is told nothing more. What is
        // taken only afterwards is not left lying where this fails.
        self.store.refresh().await?;
        claim(&self.store, most as u64).await
    }

    async fn round(&self, claim: Claim) -> Result<bool, Failure> {
        let delivered = deliver(self, &claim).await;
        let round = delivered.unwrap_or_else(|failure| {
            tracing::warn!(webhook = claim.webhook.id, ?failure, "a webhook could not be told");
            Round::idle(&claim.webhook, Ended::Untried)
        });
        if let Ended::Stopped { because } = &round.ended {
            tracing::info!(webhook = claim.webhook.id, because, "a webhook was paused");
        }
        let more = round.more;
        settle(&self.store, claim, round).await?;
        Ok(more)
    }

    async fn prune(&self, pruned: &mut Option<DateTime<Utc>>) {
        let now = self.store.clock().unmoved();
        if pruned.is_some_and(|last| now - last < PRUNING) {
            return;
        }
        *pruned = Some(now);
        if let Err(failure) = prune(&self.store).await {
            tracing::warn!(?failure, "the delivery log could not be pruned");
        }
    }
}

/// Waits until it makes sense to look for work again: after a while, or at once when a
/// courier is back who left something undone, or whom others may have waited for.
async fn rest(out: &mut JoinSet<bool>, full: bool, every: Duration) {
    let mut rested = pin!(tokio::time::sleep(every));
    loop {
        tokio::select! {
            () = &mut rested => return,
            Some(more) = out.join_next() => {
                if full || more.unwrap_or(false) {
                    return;
                }
            }
        }
    }
}

/// Couriers at work. They go on when this is dropped.
pub struct Following {
    couriers: Arc<Couriers>,
    task: JoinHandle<()>,
}

impl Following {
    /// Tells them to begin nothing more.
    pub fn stop(&self) {
        self.couriers.stops.send_replace(true);
    }

    /// Tells them to stop, and waits for what they are about; what takes longer than to a
    /// moment is broken off, and sent again by whoever comes after them.
    pub async fn end(self, until: Instant) {
        self.stop();
        let mut task = self.task;
        if tokio::time::timeout_at(until, &mut task).await.is_err() {
            tracing::warn!("deliveries to webhooks were broken off");
            task.abort();
        }
    }
}
