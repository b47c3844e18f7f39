//! A return with its answers, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{monthly_return, return_value};

use super::{
    enums::{ReturnAnswer, ReturnState},
    schedule::ReturnSchedule,
};
use crate::{
    domain::{
        amount::Amount,
        metrics::catalogue::Definition,
        returns::{self, answers},
    },
    graphql::{
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        scalars::{Date, Month},
    },
};

/// What one organisation owes for one month, and what has come of it.
pub struct Return(pub returns::Return);

impl Return {
    fn row(&self) -> Option<&monthly_return::Model> {
        self.0.row.as_ref()
    }
}

/// What one organisation owes for one month, and what has come of it.
#[Object]
impl Return {
    /// Its id, the same before and after anybody has begun it.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id().encode())
    }

    /// What it is owed under.
    async fn schedule(&self) -> ReturnSchedule {
        ReturnSchedule(self.0.schedule.clone())
    }

    /// Who owes it, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let organisation = self.0.organisation.clone();
        Seen { organisation, day: viewer(ctx).today() }.into()
    }

    /// For which month.
    async fn month(&self) -> Month {
        Month(self.0.month)
    }

    /// How far it has come.
    async fn state(&self) -> ReturnState {
        self.0.state().into()
    }

    /// The last day on which it is on time.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on())
    }

    /// Whether it should be in by now, and is not.
    async fn overdue(&self, ctx: &Context<'_>) -> bool {
        self.0.is_overdue(viewer(ctx).today())
    }

    /// Rises by one with every change, and is 0 while nothing is saved; send it back as
    /// `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version()
    }

    /// Every metric that it asks for, in the order of the form, with its answer.
    async fn values(&self, ctx: &Context<'_>) -> Vec<ReturnValue> {
        let form = answers::form(viewer(ctx), &self.0).into_iter();
        form.map(|(definition, value)| ReturnValue { definition, value }).collect()
    }

    /// When it was submitted for the first time: what timeliness goes by.
    async fn first_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.row()?.first_submitted_at
    }

    /// When it was submitted last.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.row()?.submitted_at
    }

    /// Who submitted it last, as the token's issuer names them.
    async fn submitted_by(&self) -> Option<&str> {
        self.row()?.submitted_subject.as_deref()
    }

    /// When it was approved or sent back last.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.row()?.decided_at
    }

    /// Who approved it or sent it back last, as the token's issuer names them.
    async fn decided_by(&self) -> Option<&str> {
        self.row()?.decided_subject.as_deref()
    }

    /// Why it was sent back the last time.
    async fn reason(&self) -> Option<&str> {
        self.row()?.reason.as_deref()
    }

    /// What is said of its last restatement; everybody who sees the figures can read it.
    async fn note(&self) -> Option<&str> {
        self.row()?.note.as_deref()
    }
}

/// One metric that a return asks for, with its answer.
pub struct ReturnValue {
    definition: Arc<Definition>,
    value: Option<return_value::Model>,
}

impl ReturnValue {
    fn number(&self, part: fn(&return_value::Model) -> Option<i64>) -> Option<f64> {
        self.value.as_ref().and_then(part).map(|number| Amount(number).number())
    }
}

/// One metric that a return asks for, with its answer.
#[Object]
impl ReturnValue {
    /// The metric's code.
    async fn metric(&self) -> &str {
        &self.definition.row.code
    }

    /// The metric's title.
    async fn title(&self) -> &str {
        &self.definition.row.title
    }

    /// The version of the definition that is answered.
    async fn definition_version(&self) -> String {
        self.definition.version()
    }

    /// How it is answered; null where it is not.
    async fn answer(&self) -> Option<ReturnAnswer> {
        self.value.as_ref()?.state.map(Into::into)
    }

    /// The number, of a metric that is no ratio.
    async fn value(&self) -> Option<f64> {
        self.number(|value| value.value)
    }

    /// What is divided, of a ratio.
    async fn numerator(&self) -> Option<f64> {
        self.number(|value| value.numerator)
    }

    /// What it is divided by, of a ratio; what weighs, of a mean.
    async fn denominator(&self) -> Option<f64> {
        self.number(|value| value.denominator)
    }

    /// Why it is right though it looks wrong.
    async fn explanation(&self) -> Option<&str> {
        self.value.as_ref()?.explanation.as_deref()
    }

    /// 1 for what was submitted, more for what was restated; null where nothing is said.
    async fn revision(&self) -> Option<i32> {
        self.value.as_ref().map(|value| value.revision)
    }
}
