//! What a file claims, figure by figure, before anybody has looked at the register.

use entity::import_run::Format;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{findings::Finding, observations::Said},
    ids::Month,
};

/// One figure that a file claims, with whatever its reader found wrong.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// The line of the file, or the first of those that make the figure.
    pub line: u64,
    /// The lines as they stand in the file, on the first claim that comes of them.
    pub raw: Option<String>,
    /// How the file names the organisation: an ODS code, or `hub:…` and the like.
    pub organisation: String,
    /// How the file names the metric: its code, or `code@version`.
    pub metric: String,
    pub month: Option<Month>,
    /// None where it cannot be read.
    pub said: Option<Said>,
    pub persons: Vec<String>,
    pub explanation: Option<String>,
    /// A claim with an error among them is refused, whatever the register says.
    pub findings: Vec<Finding>,
    /// What the file tells of a PCN that the register may lack.
    pub opening: Option<Opening>,
}

/// A primary care network as a file of figures names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub code: String,
    pub name: String,
    pub sub_icb: String,
    /// The first month that tells of it, as the database holds months.
    pub month: i32,
}

/// Says in which column of the file each thing was found, where its reader or a rule names
/// the part of a figure: our own template has columns of their own for each metric.
pub(super) fn name_columns(format: Format, metric: &str, findings: &mut [Finding]) {
    if format != Format::ReturnTemplate {
        return;
    }
    for finding in findings {
        finding.column = match finding.column.as_str() {
            "organisation" => "Organisation code".to_owned(),
            "month" => "Month".to_owned(),
            "value" | "state" => format!("[{metric}]"),
            part @ ("numerator" | "denominator") => format!("[{metric}:{part}]"),
            _ => continue,
        };
    }
}
