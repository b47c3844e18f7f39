//! A question of any size, answered group by group: no more is held than one group, and
//! no connection between two of them.

use std::sync::Arc;

use super::series::{self, Question, Series};
use crate::domain::{
    directory::organisation::Organisation, error::Failure, metrics::catalogue::Lines,
    viewer::Viewer,
};

/// As many figures as are worked out together.
const AT_ONCE: usize = 10_000;

/// A question on the way through its answer, metric by metric and, within a metric, in
/// the order of the organisations.
pub struct Walk {
    viewer: Viewer,
    question: Question,
    metrics: Vec<Lines>,
    organisations: Vec<Arc<Organisation>>,
    /// The metric that comes next, and the organisation.
    next: (usize, usize),
}

impl Walk {
    /// Finds what the question is about; nothing is read yet.
    ///
    /// # Errors
    ///
    /// A metric or an organisation that is not there is the caller's mistake.
    pub fn begin(viewer: &Viewer, question: Question) -> Result<Self, Failure> {
        let metrics = series::metrics(viewer, &question.metrics)?;
        let organisations = series::organisations(viewer, &question)?;
        Ok(Self { viewer: viewer.clone(), question, metrics, organisations, next: (0, 0) })
    }

    /// How many figures there are in all.
    pub fn figures(&self) -> usize {
        self.metrics.len() * self.organisations.len() * self.question.periods.len()
    }

    /// The next series, with every rule of [`series::series`]; none at the end.
    pub async fn next(&mut self) -> Result<Vec<Series>, Failure> {
        let (metric, from) = self.next;
        let Some(lines) = self.metrics.get(metric) else { return Ok(Vec::new()) };
        let group = (AT_ONCE / self.question.periods.len().max(1)).max(1);
        let to = (from + group).min(self.organisations.len());
        let organisations = &self.organisations[from..to];
        let lines = std::slice::from_ref(lines);
        let found = series::work_out(&self.viewer, &self.question, lines, organisations).await?;
        let is_last = to == self.organisations.len();
        self.next = if is_last { (metric + 1, 0) } else { (metric, to) };
        Ok(found)
    }
}
