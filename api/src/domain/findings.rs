//! What is found wrong, or looks wrong, with figures that somebody sends: the same words
//! for the API, CSV and XLSX.

pub use entity::validation_rule::Severity;
use serde::{Deserialize, Serialize};

use super::error::{Problem, ProblemCode};

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The metric's code, where what was sent speaks of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    pub severity: Severity,
    /// What kind of thing, such as `OUT_OF_RANGE`.
    pub code: String,
    /// Which part of what was sent, such as `value`; the column's heading for files.
    pub column: String,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Whether it keeps out what was sent: an error, or a warning that nobody explains.
    pub blocks: bool,
}

impl Finding {
    /// Blocks, until it is known that it was [`explained`].
    pub fn new(severity: Severity, code: &str, column: &str, message: impl Into<String>) -> Self {
        let (code, column, message) = (code.to_owned(), column.to_owned(), message.into());
        Self { metric: None, severity, code, column, message, blocks: true }
    }

    pub fn error(code: &str, column: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, column, message)
    }

    pub fn warning(code: &str, column: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, column, message)
    }

    /// Something to know, which asks for no explanation.
    pub fn notice(code: &str, column: &str, message: impl Into<String>) -> Self {
        Self { blocks: false, ..Self::warning(code, column, message) }
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Self::error(problem.code.name(), &problem.path, problem.message)
    }
}

impl ProblemCode {
    /// The spelling in findings, as in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::Malformed => "MALFORMED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::NotFound => "NOT_FOUND",
            Self::WrongKind => "WRONG_KIND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Contradiction => "CONTRADICTION",
            Self::Unchanged => "UNCHANGED",
        }
    }
}

/// Takes an explanation, if there is one, for an answer to every warning.
pub fn explained(findings: &mut [Finding], explanation: Option<&str>) {
    if explanation.is_some_and(|text| !text.trim().is_empty()) {
        let warnings = findings.iter_mut().filter(|each| each.severity == Severity::Warning);
        warnings.for_each(|each| each.blocks = false);
    }
}

/// Whether what was sent is taken: nothing that was found keeps it out.
pub fn taken(findings: &[Finding]) -> bool {
    findings.iter().all(|each| !each.blocks)
}
