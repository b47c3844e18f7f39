//! Worklists: what waits for somebody, worked out afresh from the records whenever it is
//! asked for, so that nothing is on a list that is no longer so.

pub mod list;
pub mod rules;

use std::sync::Arc;

use chrono::NaiveDate;

use super::{programme::content::Competency, records::Enrolment, returns::Return};

/// Why something is on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Overdue,
    DueWithin30Days,
    ReturnOverdue,
    ExtensionWaiting,
    VerificationWaiting,
    EvidenceWaiting,
    Referred,
    NoMentor,
    NoEvidence60Days,
    StatusDisagreement,
}

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::Overdue,
        Self::DueWithin30Days,
        Self::ReturnOverdue,
        Self::ExtensionWaiting,
        Self::VerificationWaiting,
        Self::EvidenceWaiting,
        Self::Referred,
        Self::NoMentor,
        Self::NoEvidence60Days,
        Self::StatusDisagreement,
    ];
}

/// What an item is about.
#[derive(Debug, Clone)]
pub enum About {
    Enrolment(Arc<Enrolment>),
    /// The extension of that id.
    Extension(Arc<Enrolment>, i64),
    /// A competency, and the id of the assessment that waits.
    Competency(Arc<Enrolment>, Arc<Competency>, i64),
    Return(Box<Return>),
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub struct Item {
    pub kind: Kind,
    pub about: About,
    /// The day from which it has been on the list.
    pub since: NaiveDate,
    /// The day until which it should be done.
    pub due: Option<NaiveDate>,
    /// What is so, and what to do about it; nothing of who anybody is.
    pub sentence: String,
}

impl Item {
    /// The most urgent first: what is due by its day, then the rest by how long it waits.
    fn order(&self) -> (bool, NaiveDate, NaiveDate, Kind, (i64, i64)) {
        let due = self.due.unwrap_or(self.since);
        (self.due.is_none(), due, self.since, self.kind, self.ids())
    }

    fn ids(&self) -> (i64, i64) {
        match &self.about {
            About::Enrolment(it) => (it.row.id, 0),
            About::Extension(_, id) | About::Competency(_, _, id) => (*id, 0),
            About::Return(it) => (it.organisation.id(), it.schedule.row.id),
        }
    }
}
