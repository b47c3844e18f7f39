//! One round of deliveries to one webhook: what follows in the feed, several subjects at a
//! time, each in its order, until all of it is sent, something fails, or time is up.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use entity::webhook::{Model, Status};
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use super::{
    message::{Message, Signer},
    patience,
    post::{Post, Reply},
};
use crate::{
    clock::Clock,
    domain::{
        changes::feed::Stretch,
        error::Failure,
        store::Store,
        webhooks::{
            outgoing, secret,
            settle::{Attempt, Ended, Round, failures_before},
        },
    },
};

/// How many subjects are told of at a time.
const AT_ONCE: usize = 8;
/// How long something new is begun; with the whole of one delivery, well within the claim.
const BEGINNING: Duration = Duration::from_secs(10);
/// After so many subjects that could not be told of, no others are tried: it is the
/// receiver, and not what it was told.
const ENOUGH: usize = 2;

/// Delivers to a webhook for a while.
pub(super) async fn deliver(
    store: &Arc<Store>,
    source: &str,
    post: &Post,
    webhook: &Model,
) -> Result<Round, Failure> {
    let now = store.clock().unmoved();
    let secrets = secret::good(store, webhook.id, now).await?;
    let courier = Arc::new(Courier {
        post: post.clone(),
        url: webhook.url.clone(),
        signer: Signer::new(&secrets),
        clock: store.clock().clone(),
        until: Instant::now() + BEGINNING,
        failed: AtomicUsize::new(0),
    });
    let mut round = Round::idle(webhook, Ended::Untried);
    if webhook.wants_test {
        let (attempt, _) = courier.tell(Message::test(source, webhook.id, now)).await;
        round.attempts.push(attempt);
        round.tested = true;
    }
    if webhook.status != Status::Active || webhook.next_attempt_at > now {
        return Ok(round);
    }
    let owner = match outgoing::owner(store, webhook) {
        Ok(owner) => owner,
        Err(why) => return Ok(Round { ended: stopped(why), ..round }),
    };
    let stretch = match outgoing::read(&owner, webhook).await {
        // What followed there is forgotten: to go on from elsewhere would skip it unsaid.
        Err(Failure::BadRequest(because)) => {
            return Ok(Round { ended: Ended::Stopped { because }, ..round });
        }
        read => read?,
    };
    let messages =
        stretch.changes.iter().map(|row| Message::of(&owner, source, webhook.id, row)).collect();
    let lanes = lanes(messages).into_iter().map(|lane| courier.clone().walk(lane));
    let told: Vec<Vec<Told>> = stream::iter(lanes).buffer_unordered(AT_ONCE).collect().await;
    Ok(concluded(webhook, round, &stretch, told.into_iter().flatten().collect()))
}

/// A try, and what came of it.
type Told = (Attempt, Reply);

/// The messages of each subject, in their order; those first that came first.
fn lanes(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut places: HashMap<Option<String>, usize> = HashMap::new();
    let mut lanes: Vec<Vec<Message>> = Vec::new();
    for message in messages {
        let place = *places.entry(message.subject.clone()).or_insert(lanes.len());
        match lanes.get_mut(place) {
            Some(lane) => lane.push(message),
            None => lanes.push(vec![message]),
        }
    }
    lanes
}

/// What tells one webhook, in one round.
struct Courier {
    post: Post,
    url: String,
    signer: Signer,
    clock: Clock,
    until: Instant,
    failed: AtomicUsize,
}

impl Courier {
    /// Tells of one subject, up to its first failure.
    async fn walk(self: Arc<Self>, lane: Vec<Message>) -> Vec<Told> {
        let mut told = Vec::new();
        for message in lane {
            let enough = self.failed.load(Ordering::Relaxed) >= ENOUGH;
            if enough || Instant::now() >= self.until {
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

    async fn tell(&self, message: Message) -> Told {
        let (at, began) = (self.clock.unmoved(), Instant::now());
        let reply = match self.signer.sign(&message, at.timestamp()) {
            Some(signed) => self.post.send(&self.url, signed, at).await,
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
    round.ended = Ended::Well;
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
