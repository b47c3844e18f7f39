//! Writing down what came of delivering to a webhook, and giving it back.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    change::ChangeType,
    webhook::{Entity, Model, Status},
    webhook_delivery::{self, Column},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, Iterable, QuerySelect,
};

use super::{
    claim::{Claim, begin},
    delivered,
};
use crate::domain::{error::Failure, store::Store, turn::VALUES};

/// One try to tell a webhook something.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub at: DateTime<Utc>,
    pub message_id: String,
    /// The change, and as what it was told; none for a test.
    pub change: Option<(i64, ChangeType)>,
    pub status_code: Option<u16>,
    /// Why it did not arrive; none where it did.
    pub failure: Option<String>,
    pub took: Duration,
}

/// How a round of deliveries ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// No change was to be sent, or nobody could say what.
    Untried,
    /// Nothing failed.
    Well,
    /// Something did, so that nothing is tried for so long.
    Failed { wait: Duration },
    /// It makes no sense to go on, for the reason in the sentence.
    Stopped { because: String },
}

/// What came of delivering to a webhook for a while.
#[derive(Debug, Clone)]
pub struct Round {
    /// The last position before which nothing is left to send.
    pub cursor: i64,
    /// Positions after it that were delivered.
    pub delivered: Vec<i64>,
    pub attempts: Vec<Attempt>,
    /// Whether a test was sent.
    pub tested: bool,
    pub ended: Ended,
    /// Whether there is more to send already.
    pub more: bool,
}

impl Round {
    /// A round in which nothing was sent.
    pub fn idle(webhook: &Model, ended: Ended) -> Self {
        Self {
            cursor: webhook.cursor,
            delivered: delivered(webhook),
            attempts: Vec::new(),
            tested: false,
            ended,
            more: false,
        }
    }
}

/// Writes down what came of a claim, and gives the webhook back; nothing, if the claim has
/// run out and the webhook is another's, or gone. What somebody commanded meanwhile stays:
/// a cursor that they set is not moved, and what they paused or let go on stays so.
pub async fn settle(store: &Arc<Store>, claim: Claim, round: Round) -> Result<(), Failure> {
    let ours = store.clone();
    let settled = async move {
        let transaction = begin(&ours).await?;
        let id = claim.webhook.id;
        let found = Entity::find_by_id(id).lock_exclusive().one(&transaction).await?;
        let Some(mut row) = found else {
            return Ok(transaction.rollback().await?);
        };
        if row.claimed_by.as_deref() != Some(&*claim.by) {
            tracing::warn!(webhook = id, "a delivery took longer than its claim");
            return Ok(transaction.rollback().await?);
        }
        let log = round.attempts.iter().map(|attempt| logged(id, attempt));
        let log: Vec<_> = log.collect();
        for rows in log.chunks(VALUES / Column::iter().count()) {
            let rows = rows.iter().cloned();
            webhook_delivery::Entity::insert_many(rows)
                .exec_without_returning(&transaction)
                .await?;
        }
        take_in(&mut row, &claim.webhook, &round, ours.clock().unmoved());
        row.into_active_model().reset_all().update(&transaction).await?;
        Ok(transaction.commit().await?)
    };
    Store::uninterrupted(settled).await
}

/// The row as the round leaves it; `seen` is the row that the round began with.
fn take_in(row: &mut Model, seen: &Model, round: &Round, now: DateTime<Utc>) {
    (row.claimed_by, row.claimed_until) = (None, None);
    if round.tested && row.version == seen.version {
        row.wants_test = false;
    }
    // What went where it led before was not told where it leads now.
    if row.placed == seen.placed && row.url == seen.url {
        row.cursor = round.cursor;
        row.delivered = serde_json::json!(round.delivered).to_string();
    }
    if row.version != seen.version || row.status != Status::Active {
        return;
    }
    match &round.ended {
        Ended::Untried => {}
        Ended::Well => {
            row.failures = 0;
            row.next_attempt_at = now;
        }
        Ended::Failed { wait } => {
            row.failures = failures_before(seen, round) + 1;
            let wait = TimeDelta::from_std(*wait).unwrap_or(TimeDelta::MAX);
            row.next_attempt_at = now.checked_add_signed(wait).unwrap_or(now);
        }
        Ended::Stopped { because } => {
            row.failures = failures_before(seen, round) + 1;
            row.status = Status::PausedByFailure;
            row.paused_at = Some(now);
            row.paused_because = Some(because.clone());
            row.version += 1;
        }
    }
}

/// How often in a row it failed before a round: what comes forward, fails anew.
pub fn failures_before(seen: &Model, round: &Round) -> i32 {
    if round.cursor > seen.cursor { 0 } else { seen.failures }
}

fn logged(webhook_id: i64, attempt: &Attempt) -> webhook_delivery::ActiveModel {
    let milliseconds = i32::try_from(attempt.took.as_millis()).unwrap_or(i32::MAX);
    webhook_delivery::ActiveModel {
        webhook_id: Set(webhook_id),
        at: Set(attempt.at),
        message_id: Set(attempt.message_id.clone()),
        position: Set(attempt.change.map(|(position, _)| position)),
        change_type: Set(attempt.change.map(|(_, change_type)| change_type)),
        status_code: Set(attempt.status_code.map(i32::from)),
        failure: Set(attempt.failure.clone()),
        milliseconds: Set(milliseconds),
        ..Default::default()
    }
}
