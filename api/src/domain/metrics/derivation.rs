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
    /// Counted in the programme's own records: `records sites_in_post`.
    Records(Tallied),
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

/// What is counted in the programme's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tallied {
    /// Sites that are interested, or further.
    SitesEngaged,
    /// Sites with a learner in training.
    SitesTraining,
    /// Sites with a post.
    SitesInPost,
    /// Sites that have held a post for 12 months.
    SitesSustained,
    /// Sites that came to their first post.
    NewAdopters,
    /// Sites that came to have neither a learner in training nor a post.
    SitesLapsed,
    /// Networks with a post, at one of their sites or their own.
    NetworksInPost,
    /// Patients of sites with a post.
    PatientsCovered,
    /// Days that sites spent in the stage that they left.
    StageDays,
    /// Sites that went on, of those that reached the stage before.
    StageConversion,
    /// Places of cohorts that start.
    PlacesCommissioned,
    /// Learners of a hub's cohorts who started.
    PlacesFilled,
    LearnersApplied,
    LearnersStarted,
    LearnersCompleted,
    LearnersWithdrawn,
    LearnersInTraining,
    /// Those who completed in time, of all who started in the month.
    CompletedIn9Months,
    CompletedIn12Months,
    /// Those who withdrew, of those in training.
    WithdrawalRate,
    /// Those in training with an extension, of all in training.
    ExtensionRate,
    /// Days from start to completion.
    DaysToComplete,
    /// Those in training without a GP mentor.
    LearnersWithoutMentor,
    /// Persons still in post, of those who started 12 months before.
    Retention12Months,
    /// Persons in post who hold the award, of all in post.
    AccreditedShare,
    PersonsInPost,
    /// Full-time equivalents.
    FteInPost,
}

impl Tallied {
    const NAMES: [(Self, &str); 27] = [
        (Self::SitesEngaged, "sites_engaged"),
        (Self::SitesTraining, "sites_training"),
        (Self::SitesInPost, "sites_in_post"),
        (Self::SitesSustained, "sites_sustained"),
        (Self::NewAdopters, "new_adopters"),
        (Self::SitesLapsed, "sites_lapsed"),
        (Self::NetworksInPost, "networks_in_post"),
        (Self::PatientsCovered, "patients_covered"),
        (Self::StageDays, "stage_days"),
        (Self::StageConversion, "stage_conversion"),
        (Self::PlacesCommissioned, "places_commissioned"),
        (Self::PlacesFilled, "places_filled"),
        (Self::LearnersApplied, "learners_applied"),
        (Self::LearnersStarted, "learners_started"),
        (Self::LearnersCompleted, "learners_completed"),
        (Self::LearnersWithdrawn, "learners_withdrawn"),
        (Self::LearnersInTraining, "learners_in_training"),
        (Self::CompletedIn9Months, "completed_in_9_months"),
        (Self::CompletedIn12Months, "completed_in_12_months"),
        (Self::WithdrawalRate, "withdrawal_rate"),
        (Self::ExtensionRate, "extension_rate"),
        (Self::DaysToComplete, "days_to_complete"),
        (Self::LearnersWithoutMentor, "learners_without_mentor"),
        (Self::Retention12Months, "retention_12_months"),
        (Self::AccreditedShare, "accredited_share"),
        (Self::PersonsInPost, "persons_in_post"),
        (Self::FteInPost, "fte_in_post"),
    ];

    fn read(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(tallied, _)| tallied)
    }

    pub(in crate::domain) fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.into_iter().map(|(tallied, _)| tallied)
    }

    pub(in crate::domain) fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }
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
            ["records", name] => Self::Records(Tallied::read(name)?),
            _ => return None,
        })
    }

    /// The codes of the metrics that it rests on.
    pub fn rests_on(&self) -> Vec<&str> {
        match self {
            Self::Difference { of } => vec![of],
            Self::Ratio { numerator, denominator } => vec![numerator, denominator],
            Self::Register(_) | Self::Returns(_) | Self::Records(_) => Vec::new(),
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
            Self::Records(tallied) => write!(f, "records {}", tallied.name()),
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
            "records sites_in_post",
            "records fte_in_post",
        ] {
            assert_eq!(Derivation::read(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "difference",
            "ratio a b",
            "ratio a / b / c",
            "register",
            "records",
            "records x",
            "sum a",
        ] {
            assert_eq!(Derivation::read(text), None, "{text}");
        }
    }
}
