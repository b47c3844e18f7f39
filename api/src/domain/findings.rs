//! What is found wrong, or looks wrong, with figures that somebody sends: the same words
//! for the API, CSV and XLSX.

use serde::{Deserialize, Serialize};

use super::error::{Problem, ProblemCode};

/// Whether a finding keeps the figure out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// The figure cannot be taken as it is.
    Error,
    /// The figure is taken once somebody explains it.
    Warning,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// What kind of thing, such as `OUT_OF_RANGE`.
    pub code: String,
    /// Which part of what was sent, such as `value`; the column's heading for files.
    pub column: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Finding {
    pub fn error(code: &str, column: &str, message: impl Into<String>) -> Self {
        let (code, column) = (code.to_owned(), column.to_owned());
        Self { severity: Severity::Error, code, column, message: message.into() }
    }

    pub fn warning(code: &str, column: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, column, message) }
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

/// Whether a figure with these findings is taken: nothing is an error, and what is a
/// warning was explained.
pub fn taken(findings: &[Finding], explanation: Option<&str>) -> bool {
    let explained = explanation.is_some_and(|text| !text.trim().is_empty());
    findings.iter().all(|each| each.severity == Severity::Warning && explained)
}
