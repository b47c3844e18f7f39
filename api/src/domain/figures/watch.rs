//! Figures that somebody watches: which of them are others than when they were last told,
//! as the viewer of the moment may see them.
//!
//! What is compared is what would be shown, after disclosure control. So a figure that
//! changes beneath its rounding, or stays suppressed, tells nothing by being told again.

use std::{collections::HashMap, sync::Arc};

use super::{
    figure::Figure,
    periods::Period,
    series::{self, Question},
};
use crate::{
    domain::{
        directory::organisation::Organisation, error::Failure, metrics::catalogue::Definition,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// As many figures as one may watch at once.
pub const MOST: usize = 2_000;

/// The metric's place in the question, the organisation, and the period.
type Cell = (usize, OrganisationId, Period);

/// A figure that is another than the one that was told.
#[derive(Debug, Clone)]
pub struct Moved {
    pub metric: Arc<Definition>,
    pub organisation: Arc<Organisation>,
    pub period: Period,
    pub figure: Figure,
    /// What was told before; nothing where this is the first.
    pub before: Option<Figure>,
    cell: Cell,
}

/// What somebody was told.
#[derive(Debug, Default)]
pub struct Watch(HashMap<Cell, Figure>);

impl Watch {
    /// Watches from here on: the figures as they are count as told.
    ///
    /// # Errors
    ///
    /// As those of [`Watch::look`].
    pub async fn from_now(viewer: &Viewer, question: &Question) -> Result<Self, Failure> {
        let mut watch = Self::default();
        for moved in watch.look(viewer, question).await? {
            watch.told(&moved);
        }
        Ok(watch)
    }

    /// The figures that are others than was told. What is no longer asked about, because it
    /// lies elsewhere or a month has passed, is forgotten.
    ///
    /// # Errors
    ///
    /// BAD_REQUEST where something is asked for that is not there, or too much.
    pub async fn look(
        &mut self,
        viewer: &Viewer,
        question: &Question,
    ) -> Result<Vec<Moved>, Failure> {
        let metrics = series::metrics(viewer, &question.metrics)?;
        let organisations = series::organisations(viewer, question)?;
        let figures = metrics.len() * organisations.len() * question.periods.len();
        if figures > MOST {
            let sentence = format!("that is {figures} figures: watch at most {MOST} at once");
            return Err(Failure::BadRequest(sentence));
        }
        let all = series::of(viewer, question, &metrics, &organisations).await?;
        let (mut moved, mut still) = (Vec::new(), HashMap::with_capacity(figures));
        for (at, series) in all.iter().enumerate() {
            for point in &series.points {
                let metric = at / organisations.len().max(1);
                let cell = (metric, series.organisation.id(), point.period);
                let before = self.0.get(&cell).copied();
                still.extend(before.map(|figure| (cell, figure)));
                if before != Some(point.figure) {
                    moved.push(Moved {
                        metric: series.metric.clone(),
                        organisation: series.organisation.clone(),
                        period: point.period,
                        figure: point.figure,
                        before,
                        cell,
                    });
                }
            }
        }
        self.0 = still;
        Ok(moved)
    }

    pub fn told(&mut self, moved: &Moved) {
        self.0.insert(moved.cell, moved.figure);
    }
}
