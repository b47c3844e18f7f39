//! The rows of an import: what the file says, what held before, and what is wrong.

use async_graphql::{Context, Object, SimpleObject};
use entity::{import_row, observation};

use super::{
    enums::{ClaimedState, ImportOutcome},
    object::number,
};
use crate::{
    domain::{amount::Amount, findings, imports::read::Shown, metrics},
    graphql::{
        findings::Finding,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        scalars::Month,
    },
    ids,
};

/// One figure of an imported file.
pub struct ImportRow(pub Shown);

/// What is said of a figure.
#[derive(SimpleObject)]
pub struct ImportedFigure {
    /// A value, or why there is none.
    state: ClaimedState,
    /// The value, in the metric's unit; null where it follows from the other two.
    value: Option<f64>,
    /// What is divided.
    numerator: Option<f64>,
    /// What it is divided by, or what weighs.
    denominator: Option<f64>,
}

/// One figure of an imported file, with what the import does about it.
#[Object]
impl ImportRow {
    /// Its number, from 1.
    async fn number(&self) -> i32 {
        number(self.row().number)
    }

    /// The line of the file, or the first of those that make the figure.
    async fn line(&self) -> i32 {
        number(self.row().line)
    }

    /// What the import does about it.
    async fn outcome(&self) -> ImportOutcome {
        self.row().outcome.into()
    }

    /// Whom it is about, as it is today; null where the file names nobody that you know.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.row().organisation_id?, viewer(ctx).today())
    }

    /// How the file names whom it is about, where that is nobody that you know.
    async fn organisation_text(&self) -> Option<&str> {
        self.row().organisation.as_deref()
    }

    /// The metric's code, or what the file says instead of one.
    async fn metric(&self, ctx: &Context<'_>) -> Option<String> {
        let found = self.row().version_id.and_then(|id| metrics::by_id(viewer(ctx), id));
        found.map(|found| found.row.code.clone()).or_else(|| self.row().metric.clone())
    }

    /// For which month; null where that cannot be read.
    async fn month(&self) -> Option<Month> {
        ids::Month::read(self.row().month?).map(Month)
    }

    /// What was recorded when the file was read.
    async fn before(&self) -> Option<ImportedFigure> {
        self.0
            .before
            .as_ref()
            .map(|row| figure(row.state, [row.value, row.numerator, row.denominator]))
    }

    /// What the file says; null where that cannot be read.
    async fn after(&self) -> Option<ImportedFigure> {
        let import_row::Model { state, value, numerator, denominator, .. } = *self.row();
        Some(figure(state?, [value, numerator, denominator]))
    }

    /// Why it is right, as the file says, although it may look wrong.
    async fn explanation(&self) -> Option<&str> {
        self.row().explanation.as_deref()
    }

    /// What is wrong with it, or looks wrong.
    async fn findings(&self) -> Vec<Finding> {
        let kept = self.row().findings.as_deref();
        let read = kept.map(serde_json::from_str::<Vec<findings::Finding>>);
        read.and_then(Result::ok).unwrap_or_default().into_iter().map(Finding::from).collect()
    }

    /// The lines as they stand in the file, on the first row that comes of them.
    async fn raw(&self) -> Option<&str> {
        self.row().raw.as_deref()
    }
}

impl ImportRow {
    fn row(&self) -> &import_row::Model {
        &self.0.row
    }
}

fn figure(state: observation::State, parts: [Option<i64>; 3]) -> ImportedFigure {
    let [value, numerator, denominator] = parts.map(|part| part.map(|it| Amount(it).number()));
    ImportedFigure { state: state.into(), value, numerator, denominator }
}
