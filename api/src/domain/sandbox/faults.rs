//! Faults on request: the next so many requests of whoever asked go wrong, and nobody
//! else's. They stand in the database, so that every instance and every restart knows them.

use entity::sandbox_fault::{self, Column, Entity, FaultKind};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, Select, sea_query::Expr,
};

use super::within;
use crate::{
    auth::{actor::Actor, actor::Holder, policy::Permit},
    config::Environment,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        turn::Turn,
        viewer::Viewer,
    },
};

/// How many requests one fault can be for.
const MOST_REQUESTS: i32 = 1000;
/// How long an answer can wait.
const SLOWEST: i32 = 60_000;
/// How many faults one caller can have waiting.
const MOST_WAITING: u64 = 20;
const LONGEST_NAME: usize = 100;

/// What shall go wrong, and how often.
#[derive(Debug, Clone)]
pub struct Injection {
    pub kind: FaultKind,
    pub requests: i32,
    /// Which operation alone meets it.
    pub operation: Option<String>,
    /// For SLOW alone: how long.
    pub milliseconds: Option<i32>,
}

impl Injection {
    fn check(&self, waiting: u64) -> Result<(), Declined> {
        let mut problems = Problems::default();
        if !(1..=MOST_REQUESTS).contains(&self.requests) {
            let sentence = format!("a fault is for 1 to {MOST_REQUESTS} requests");
            problems.add("input.requests", ProblemCode::OutOfRange, sentence);
        }
        if self.operation.as_deref().is_some_and(|name| !is_a_name(name)) {
            let sentence = "send the name of an operation as it stands in its document";
            problems.add("input.operation", ProblemCode::Malformed, sentence);
        }
        let (path, slow) = ("input.milliseconds", self.kind == FaultKind::Slow);
        match self.milliseconds {
            None if slow => problems.add(path, ProblemCode::Required, "say how slow it shall be"),
            Some(_) if !slow => {
                problems.add(path, ProblemCode::Contradiction, "only SLOW takes a time");
            }
            Some(time) if !(1..=SLOWEST).contains(&time) => {
                let sentence = format!("send 1 to {SLOWEST} milliseconds");
                problems.add(path, ProblemCode::OutOfRange, sentence);
            }
            _ => {}
        }
        if waiting >= MOST_WAITING {
            let sentence = format!("{MOST_WAITING} faults wait for you already: clearFaults first");
            problems.add("input.kind", ProblemCode::Contradiction, sentence);
        }
        problems.check()
    }
}

fn is_a_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let mut bytes = text.bytes();
    text.len() <= LONGEST_NAME
        && bytes.next().is_some_and(letter)
        && bytes.all(|byte| letter(byte) || byte.is_ascii_digit())
}

/// Lets the caller's next requests meet a fault.
pub async fn inject(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    injection: Injection,
) -> Result<(), Declined> {
    within(viewer)?;
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if turn.done_before(&key).await?.is_some() {
                return Ok(());
            }
            let holder = turn.holder()?;
            injection.check(waiting(&holder).count(turn.connection()).await?)?;
            let row = sandbox_fault::Model {
                id: turn.next_row_id(),
                issuer: holder.issuer,
                subject: holder.subject,
                kind: injection.kind,
                operation: injection.operation,
                remaining: injection.requests,
                milliseconds: injection.milliseconds,
            };
            let row = row.into_active_model().reset_all();
            Entity::insert(row).exec_without_returning(turn.connection()).await?;
            Ok(turn.commit(None, 0).await?)
        })
        .await
}

/// Takes back whatever the caller is yet to meet.
pub async fn clear(viewer: &Viewer, permit: Permit, key: IdempotencyKey) -> Result<(), Declined> {
    within(viewer)?;
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if turn.done_before(&key).await?.is_some() {
                return Ok(());
            }
            let holder = turn.holder()?;
            Entity::delete_many().filter(of(&holder)).exec(turn.connection()).await?;
            Ok(turn.commit(None, 0).await?)
        })
        .await
}

/// What the caller is yet to meet, in its order.
pub(super) async fn pending(viewer: &Viewer) -> Result<Vec<sandbox_fault::Model>, Failure> {
    let Actor::Holder(holder) = viewer.actor() else { return Ok(Vec::new()) };
    Ok(waiting(holder).all(&viewer.store().reader).await?)
}

/// The fault that a request meets, if any: of those that are for its operation the one that
/// was asked for first. It is spent with it.
pub async fn meet(
    viewer: &Viewer,
    operation: Option<&str>,
) -> Result<Option<sandbox_fault::Model>, Failure> {
    let Actor::Holder(holder) = viewer.actor() else { return Ok(None) };
    if viewer.store().environment() != Environment::Sandbox {
        return Ok(None);
    }
    let mut fits = Condition::any().add(Column::Operation.is_null());
    if let Some(operation) = operation {
        fits = fits.add(Column::Operation.eq(operation));
    }
    for fault in waiting(holder).filter(fits).all(&viewer.store().reader).await? {
        let id = fault.id;
        // Requests of one caller can come together: each spends one.
        let spent = viewer.uninterrupted(move |viewer| async move {
            Entity::update_many()
                .col_expr(Column::Remaining, Expr::col(Column::Remaining).sub(1))
                .filter(Column::Id.eq(id).and(Column::Remaining.gt(0)))
                .exec(&viewer.store().writer)
                .await
        });
        if spent.await?.rows_affected == 1 {
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

fn of(holder: &Holder) -> Condition {
    Condition::all()
        .add(Column::Issuer.eq(&*holder.issuer))
        .add(Column::Subject.eq(&*holder.subject))
}

fn waiting(holder: &Holder) -> Select<Entity> {
    Entity::find().filter(of(holder).add(Column::Remaining.gt(0))).order_by_asc(Column::Id)
}
