//! How a metric is worked out from other records, as it is written in its definition.

use std::fmt;

/// A rule that a figure is worked out by when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Derivation {
    /// What a stock rose by since the month before: `difference gpa.headcount`.
    Difference { of: String },
    /// One metric divided by another: `ratio gpa.fte / patients.registered`.
    Ratio { numerator: String, denominator: String },
    /// Counted in the register: `register eligible_sites`.
    Register(Counted),
    /// Counted in the returns: `returns completeness`.
    Returns(Counting),
}

/// What is counted in the register at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    EligibleSites,
    ActiveNetworks,
    /// Patients at the last count of each eligible site.
    Patients,
}

/// What is counted in the returns of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Those submitted, of those owed.
    Completeness,
    /// Those submitted by their due date, of those owed.
    OnTime,
}

impl Derivation {
    /// Reads what [`Derivation`] writes; none for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Some(match words[..] {
            ["difference", of] => Self::Difference { of: of.to_owned() },
            ["ratio", numerator, "/", denominator] => {
                Self::Ratio { numerator: numerator.to_owned(), denominator: denominator.to_owned() }
            }
            ["register", "eligible_sites"] => Self::Register(Counted::EligibleSites),
            ["register", "active_networks"] => Self::Register(Counted::ActiveNetworks),
            ["register", "patients"] => Self::Register(Counted::Patients),
            ["returns", "completeness"] => Self::Returns(Counting::Completeness),
            ["returns", "on_time"] => Self::Returns(Counting::OnTime),
            _ => return None,
        })
    }

    /// The codes of the metrics that it rests on.
    pub fn rests_on(&self) -> Vec<&str> {
        match self {
            Self::Difference { of } => vec![of],
            Self::Ratio { numerator, denominator } => vec![numerator, denominator],
            Self::Register(_) | Self::Returns(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Difference { of } => write!(f, "difference {of}"),
            Self::Ratio { numerator, denominator } => {
                write!(f, "ratio {numerator} / {denominator}")
            }
            Self::Register(Counted::EligibleSites) => f.write_str("register eligible_sites"),
            Self::Register(Counted::ActiveNetworks) => f.write_str("register active_networks"),
            Self::Register(Counted::Patients) => f.write_str("register patients"),
            Self::Returns(Counting::Completeness) => f.write_str("returns completeness"),
            Self::Returns(Counting::OnTime) => f.write_str("returns on_time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derivation_is_read_as_it_is_written_and_nothing_else_is() {
        for text in [
            "difference gpa.headcount",
            "ratio gpa.fte / patients.registered",
            "register eligible_sites",
            "register active_networks",
            "register patients",
            "returns completeness",
            "returns on_time",
        ] {
            assert_eq!(Derivation::read(text).unwrap().to_string(), text);
        }
        for text in ["", "difference", "ratio a b", "ratio a / b / c", "register", "sum a"] {
            assert_eq!(Derivation::read(text), None, "{text}");
        }
    }
}
