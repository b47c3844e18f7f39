//! What may become of an enrolment: from which state to which, by whose right, and what
//! it takes. Whatever is not in this table does not happen.

use entity::enrolment::State;
use sea_orm::ActiveEnum;

use crate::auth::action::Action;

/// What a transition takes, besides being possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// A place of the cohort that nobody has taken.
    PlaceLeft,
    /// A day on which learners of the cohort can start.
    CohortDates,
    /// A GP mentor who is assigned on that day.
    GpMentor,
    /// Every core competency that applies, assessed as competent.
    CoreCompetencies,
    /// A coded reason.
    Reason,
}

/// One thing that may happen.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    pub from: State,
    pub to: State,
    pub by: Action,
    pub requires: &'static [Requirement],
}

const fn step(from: State, to: State, by: Action, requires: &'static [Requirement]) -> Transition {
    Transition { from, to, by, requires }
}

const HUB: Action = Action::AdvanceEnrolment;
const VERIFIER: Action = Action::VerifyEnrolment;
const REASON: &[Requirement] = &[Requirement::Reason];

pub const TRANSITIONS: [Transition; 19] = [
    step(State::Applied, State::Offered, HUB, &[Requirement::PlaceLeft]),
    step(State::Applied, State::Rejected, HUB, REASON),
    step(State::Applied, State::Cancelled, HUB, REASON),
    step(State::Offered, State::Accepted, HUB, &[]),
    step(State::Offered, State::Cancelled, HUB, REASON),
    step(State::Accepted, State::Started, HUB, &[Requirement::CohortDates, Requirement::GpMentor]),
    step(State::Accepted, State::Cancelled, HUB, REASON),
    step(State::Started, State::Paused, HUB, &[]),
    step(State::Started, State::Submitted, HUB, &[]),
    step(State::Started, State::Withdrawn, HUB, REASON),
    step(State::Paused, State::Started, HUB, &[Requirement::GpMentor]),
    step(State::Paused, State::Withdrawn, HUB, REASON),
    step(State::Submitted, State::Referred, VERIFIER, &[]),
    step(State::Submitted, State::Verified, VERIFIER, &[]),
    step(State::Submitted, State::Withdrawn, HUB, REASON),
    step(State::Referred, State::Submitted, HUB, &[]),
    step(State::Referred, State::Withdrawn, HUB, REASON),
    step(State::Verified, State::Completed, VERIFIER, &[Requirement::CoreCompetencies]),
    step(State::Verified, State::Withdrawn, HUB, REASON),
];

/// Everything that may become of an enrolment in a state.
pub fn next(from: State) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS.iter().filter(move |step| step.from == from)
}

pub fn find(from: State, to: State) -> Option<&'static Transition> {
    next(from).find(|step| step.to == to)
}

/// A sentence such as "it is OFFERED: it can become ACCEPTED or CANCELLED".
pub fn in_words(state: State) -> String {
    let is = state.to_value();
    let states: Vec<String> = next(state).map(|step| step.to.to_value()).collect();
    match &states[..] {
        [] => format!("it is {is}: nothing more becomes of it"),
        [one] => format!("it is {is}: it can become {one}"),
        [some @ .., last] => format!("it is {is}: it can become {} or {last}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::Iterable;

    use super::*;
    use crate::domain::records::enrolment::is_over;

    #[test]
    fn whatever_is_over_stays_and_nothing_else_does() {
        for state in State::iter() {
            assert_eq!(next(state).next().is_none(), is_over(state), "{state:?}");
        }
    }

    #[test]
    fn each_thing_that_may_happen_is_said_once() {
        let said: BTreeSet<_> = TRANSITIONS.iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(said.len(), TRANSITIONS.len());
    }

    #[test]
    fn a_sentence_says_what_can_be_done_instead() {
        let offered = "it is OFFERED: it can become ACCEPTED or CANCELLED";
        assert_eq!(in_words(State::Offered), offered);
        assert_eq!(in_words(State::Completed), "it is COMPLETED: nothing more becomes of it");
    }
}
