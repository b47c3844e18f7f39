//! The words of closed sets, as the API spells them.

use entity::{
    observation::{Source, State, Status},
    organisation::Kind,
};

use crate::domain::figures::{ValueState, boundaries::Boundaries};

pub(super) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Programme => "PROGRAMME",
        Kind::Region => "REGION",
        Kind::Icb => "ICB",
        Kind::SubIcb => "SUB_ICB",
        Kind::Pcn => "PCN",
        Kind::TrainingHub => "TRAINING_HUB",
        Kind::Site => "SITE",
        Kind::Provider => "PROVIDER",
    }
}

pub(super) const fn value_state(state: ValueState) -> &'static str {
    match state {
        ValueState::Value => "VALUE",
        ValueState::Nil => "NIL",
        ValueState::NotSubmitted => "NOT_SUBMITTED",
        ValueState::NotApplicable => "NOT_APPLICABLE",
        ValueState::Suppressed => "SUPPRESSED",
    }
}

pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Value => "VALUE",
        State::Nil => "NIL",
        State::NotApplicable => "NOT_APPLICABLE",
        State::Withdrawn => "WITHDRAWN",
    }
}

pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Provisional => "PROVISIONAL",
        Status::Approved => "APPROVED",
        Status::Restated => "RESTATED",
    }
}

pub(super) const fn source(source: Source) -> &'static str {
    match source {
        Source::Return => "RETURN",
        Source::Import => "IMPORT",
        Source::Derived => "DERIVED",
        Source::Recorded => "RECORDED",
    }
}

pub(super) fn boundaries(boundaries: Boundaries) -> String {
    match boundaries {
        Boundaries::AtPeriod => "AT_PERIOD".to_owned(),
        Boundaries::Current => "CURRENT".to_owned(),
        Boundaries::AsAt(day) => format!("AS_AT {day}"),
    }
}
