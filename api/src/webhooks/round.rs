//! One round of deliveries to one webhook: what follows in the feed, several subjects at a
//! time, each in its order, until all of it is sent, something fails, or time is up.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use entity::{
    change,
    webhook::{Model, Status},
};
use futures_util::{StreamExt, stream};
use tokio::{sync::watch, time::Instant};

use super::{
    Couriers,
    message::{Message, Signer},
    patience,
    post::{Post, Reply, WHOLE},
};
use crate::domain::{
    changes::feed::Stretch,
    error::Failure,
    store::Store,
    viewer::Viewer,
    webhooks::{
        claim::Claim,
        outgoing, secret,
        settle::{Attempt, Ended, Round, failures_before},
    },
};

/// How many subjects are told of at a time.
const AT_ONCE: usize = 8;
/// How long something new is begun.
const BEGINNING: Duration = Duration::from_secs(10);
/// How long before the end of its claim a delivery has ended: clocks of instances differ.
const MARGIN: Duration = Duration::from_secs(5);
/// After so many subjects that could not be told of, no others are tried: it is the
/// receiver, and not what it was told.
const ENOUGH: usize = 2;

/// Delivers to a webhook for a while.
pub(super) async fn deliver(couriers: &Couriers, claim: &Claim) -> Result<Round, Failure> {
    let (store, source, webhook) = (&couriers.store, &*couriers.source, &claim.webhook);
    let now = store.clock().unmoved();
    let secrets = secret::good(store, webhook.id, now).await?;
    let courier = Arc::new(Courier::new(couriers, claim, Signer::new(&secrets)));
    let mut round = Round::idle(webhook, Ended::Untried);
    if webhook.wants_test {
        if !courier.may_tell(None).await {
            return Ok(Round { more: true, ..round });
        }
        let (attempt, _) = courier.tell(Message::test(source, webhook.id, now)).await;
        round.attempts.push(attempt);
        round.tested = true;
    }
    if webhook.status != Status::Active || webhook.next_attempt_at > now {
        return Ok(round);
    }
    let owner = match outgoing::owner(store, webhook) {
        Ok(owner) => owner,
        // The webhook may be newer than what is known here of its owner.
        Err(_) => {
            store.refresh().await?;
            match outgoing::owner(store, webhook) {
                Ok(owner) => owner,
                Err(why) => return Ok(Round { ended: stopped(why), ..round }),
            }
        }
    };
    let stretch = match outgoing::read(&owner, webhook).await {
        // What followed there is forgotten: to go on from elsewhere would skip it unsaid.
        Err(Failure::BadRequest(because)) => {
            return Ok(Round { ended: Ended::Stopped { because }, ..round });
        }
        read => read?,
    };
    let told = |row: &change::Model| (Message::of(&owner, source, webhook.id, row), row.clone());
    let lanes = lanes(stretch.changes.iter().map(told).collect()).into_iter();
    let walks = lanes.map(|lane| courier.clone().walk(owner.clone(), lane));
    let told: Vec<Vec<Told>> = stream::iter(walks).buffer_unordered(AT_ONCE).collect().await;
    Ok(concluded(webhook, round, &stretch, told.into_iter().flatten().collect()))
}

/// A try, and what came of it.
type Told = (Attempt, Reply);

/// What is told of a change, and the change as it was read.
type Telling = (Message, change::Model);

/// What is told of each subject, in its order; those first that came first.
fn lanes(tellings: Vec<Telling>) -> Vec<Vec<Telling>> {
    let mut places: HashMap<Option<String>, usize> = HashMap::new();
    let mut lanes: Vec<Vec<Telling>> = Vec::new();
    for telling in tellings {
        let place = *places.entry(telling.0.subject.clone()).or_insert(lanes.len());
        match lanes.get_mut(place) {
            Some(lane) => lane.push(telling),
            None => lanes.push(vec![telling]),
        }
    }
    lanes
}

/// What tells one webhook, in one round.
struct Courier {
    store: Arc<Store>,
    post: Post,
    claim: Claim,
    signer: Signer,
    stops: watch::Receiver<bool>,
    /// Until when something new is begun, so that it ends well within the claim.
    until: Instant,
    failed: AtomicUsize,
    /// Whether anything is other than when the round began, so that another must begin.
    outdated: AtomicBool,
}

impl Courier {
    fn new(couriers: &Couriers, claim: &Claim, signer: Signer) -> Self {
        let begin = Instant::now();
        let last = claim.until.checked_sub(WHOLE + MARGIN).unwrap_or(begin);
        Self {
            store: couriers.store.clone(),
            post: couriers.post.clone(),
            claim: claim.clone(),
            signer,
            stops: couriers.stops.subscribe(),
            until: last.min(begin + BEGINNING),
            failed: AtomicUsize::new(0),
            outdated: AtomicBool::new(false),
        }
    }

    /// Tells of one subject, up to its first failure.
    async fn walk(self: Arc<Self>, owner: Viewer, lane: Vec<Telling>) -> Vec<Told> {
        let mut told = Vec::new();
        for (message, row) in lane {
            if !self.may_tell(Some((&owner, &row))).await {
                break;
            }
            let one = self.tell(message).await;
            let taken = one.1.is_taken();
            told.push(one);
            if !taken {
                self.failed.fetch_add(1, Ordering::Relaxed);
                break;
            }
        }
        told
    }

    /// Whether one thing more may be sent, as everything is at this moment. Once it may not,
    /// nothing more is in this round.
    async fn may_tell(&self, change: Option<(&Viewer, &change::Model)>) -> bool {
        if self.is_over() {
            return false;
        }
        let (store, webhook) = (&self.store, &self.claim.webhook);
        let held = self.claim.holds(store).await.unwrap_or_else(|failure| {
            tracing::warn!(webhook = webhook.id, ?failure, "nobody can say whether it goes on");
            false
        });
        let told =
            || change.is_none_or(|(owner, row)| outgoing::is_still_told(owner, webhook, row));
        if !held || !told() {
            self.outdated.store(true, Ordering::Relaxed);
        }
        !self.is_over()
    }

    fn is_over(&self) -> bool {
        self.outdated.load(Ordering::Relaxed)
            || self.failed.load(Ordering::Relaxed) >= ENOUGH
            || *self.stops.borrow()
            || Instant::now() >= self.until
    }

    async fn tell(&self, message: Message) -> Told {
        let (at, began) = (self.store.clock().unmoved(), Instant::now());
        let reply = match self.signer.sign(&message, at.timestamp()) {
            Some(signed) => self.post.send(&self.claim.webhook.url, signed, at).await,
            None => Reply::None("there is no secret to sign with: rotate it".to_owned()),
        };
        let attempt = Attempt {
            at,
            message_id: message.id,
            change: message.change,
            status_code: reply.status(),
            failure: reply.failure(),
            took: began.elapsed(),
        };
        (attempt, reply)
    }
}

/// How far the webhook has come, and how to go on.
fn concluded(webhook: &Model, mut round: Round, stretch: &Stretch, told: Vec<Told>) -> Round {
    let arrived = told.iter().filter(|(_, reply)| reply.is_taken());
    let arrived: BTreeSet<i64> =
        arrived.filter_map(|(attempt, _)| Some(attempt.change?.0)).collect();
    let mut left = stretch.changes.iter().map(|row| row.position);
    match left.find(|position| !arrived.contains(position)) {
        Some(first) => {
            let done = round.delivered.iter().chain(&arrived).copied();
            let done: BTreeSet<i64> = done.filter(|position| *position > first).collect();
            (round.cursor, round.delivered) = (first - 1, done.into_iter().collect());
            round.more = true;
        }
        None => {
            (round.cursor, round.delivered) = (stretch.position, Vec::new());
            round.more = stretch.more;
        }
    }
    // Where there was something to tell, and nothing was tried, nothing is known to be well.
    let tried = !told.is_empty() || stretch.changes.is_empty();
    round.ended = if tried { Ended::Well } else { Ended::Untried };
    let failures = failures_before(webhook, &round) + 1;
    let replies = || told.iter().map(|(_, reply)| reply).filter(|reply| !reply.is_taken());
    if let Some(last) = replies().next_back() {
        round.more = false;
        let asked = replies().filter_map(Reply::after).max().unwrap_or_default();
        round.ended = match patience::after(failures) {
            _ if replies().any(Reply::is_final) => stopped("it answered that it is gone (410)"),
            Some(wait) => Ended::Failed { wait: wait.max(asked) },
            None => {
                let why = last.failure().unwrap_or_default();
                stopped(&format!("it could not be told {failures} times in a row: {why}"))
            }
        };
    }
    round.attempts.extend(told.into_iter().map(|(attempt, _)| attempt));
    round.attempts.sort_by_key(|attempt| (attempt.at, attempt.change.map(|(at, _)| at)));
    round
}

fn stopped(because: &str) -> Ended {
    Ended::Stopped { because: because.to_owned() }
}
