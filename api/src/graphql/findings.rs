//! What is found wrong, or looks wrong, with what somebody sent: the same shape wherever
//! figures, assessments or awards come in.

use async_graphql::{Enum, SimpleObject};
use entity::validation_rule;

use crate::domain::findings;

/// How much a rule weighs, and so what it finds.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "validation_rule::Severity")]
pub enum Severity {
    /// What breaks it is not taken.
    Error,
    /// What breaks it is taken once somebody explains it.
    Warning,
}

/// Something that is wrong, or looks wrong, with what was sent.
#[derive(SimpleObject)]
pub struct Finding {
    /// The code of the metric that it is about, where what was sent speaks of several.
    metric: Option<String>,
    /// Whether it is an error, or asks for an explanation.
    severity: Severity,
    /// What kind of thing, such as `OUT_OF_RANGE`; the same for the API, CSV and XLSX.
    code: String,
    /// Which part of what was sent, such as `value`; of a file, in which column.
    column: String,
    /// What is wrong and what to do about it, for the person who sent it.
    message: String,
    /// Whether it keeps out what was sent, as it was sent: an error, or a warning that
    /// nobody has explained. What does not is there to be known.
    blocks: bool,
}

impl From<findings::Finding> for Finding {
    fn from(finding: findings::Finding) -> Self {
        let findings::Finding { metric, severity, code, column, message, blocks } = finding;
        Self { metric, severity: severity.into(), code, column, message, blocks }
    }
}
