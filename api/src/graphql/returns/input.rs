//! How clients answer a return, and narrow lists of returns.

use async_graphql::{ID, InputObject};

use super::enums::{ReturnAnswer, ReturnState};
use crate::{
    domain::{
        amount::Amount,
        error::{Declined, ProblemCode, Problems},
        observations::Said,
        returns::{answers::Answer, list},
    },
    graphql::{
        error::Result,
        ids,
        organisations::by::{OrganisationBy, some_of},
        scalars::Month,
    },
};

/// What is said of one metric of a return.
#[derive(InputObject, Debug)]
pub struct ReturnValueInput {
    /// The metric's code.
    metric: String,
    /// How it is answered; left out: by the numbers that are sent with it or, without
    /// any, not yet.
    answer: Option<ReturnAnswer>,
    /// The number, of a metric that is no ratio; at most 6 decimals.
    value: Option<f64>,
    /// What is divided, of a ratio.
    numerator: Option<f64>,
    /// What it is divided by, of a ratio; what weighs, of a mean.
    denominator: Option<f64>,
    /// Why it is right though it looks wrong: answers a warning.
    explanation: Option<String>,
}

impl ReturnValueInput {
    /// The answers as they are sent, or everything about their numbers that is wrong.
    pub fn read(all: Vec<Self>) -> Result<Vec<Answer>, Declined> {
        let mut problems = Problems::default();
        let answers = all.into_iter().map(|each| each.read_one(&mut problems)).collect();
        problems.check()?;
        Ok(answers)
    }

    fn read_one(self, problems: &mut Problems) -> Answer {
        let numbers = [self.value, self.numerator, self.denominator];
        let is_silent = numbers.iter().all(Option::is_none);
        let mut amount = |number: Option<f64>| match number.map(|n| (n, Amount::of(n))) {
            None => None,
            Some((_, Ok(amount))) => Some(amount),
            Some((number, Err(no))) => {
                let sentence = format!("{}: {number} {}", self.metric, no.sentence());
                problems.add("input.values", ProblemCode::Malformed, sentence);
                None
            }
        };
        let [value, numerator, denominator] = numbers.map(&mut amount);
        let said = match self.answer {
            None if is_silent => None,
            None | Some(ReturnAnswer::Value) => Some(Said::Value { value, numerator, denominator }),
            Some(ReturnAnswer::Nil) => Some(Said::Nil),
            Some(ReturnAnswer::NotApplicable) => Some(Said::NotApplicable),
        };
        if !is_silent && matches!(said, Some(Said::Nil | Said::NotApplicable)) {
            let sentence =
                format!("{}: send a number, or say that there is none, not both", self.metric);
            problems.add("input.values", ProblemCode::Contradiction, sentence);
        }
        Answer { metric: self.metric, said, explanation: self.explanation }
    }
}

/// Which returns a list shows: those that pass everything that is sent. Left out, the
/// months are the twelve up to the last one that has ended; at most 60.
#[derive(InputObject, Default)]
pub struct ReturnFilter {
    /// In one of these states.
    states: Option<Vec<ReturnState>>,
    /// Whether they should be in by now, and are not.
    overdue: Option<bool>,
    /// Owed under this schedule.
    schedule: Option<ID>,
    /// Owed by this organisation.
    organisation: Option<OrganisationBy>,
    /// Owed by organisations that sit within this one today, or are it.
    within: Option<OrganisationBy>,
    /// For this month or later.
    first_month: Option<Month>,
    /// For this month or earlier.
    last_month: Option<Month>,
}

impl ReturnFilter {
    pub fn read(self) -> Result<list::ReturnFilter> {
        let schedule = self.schedule.map(|id| ids::read_as(&id, "ReturnSchedule")).transpose()?;
        let states = some_of("states", self.states)?;
        Ok(list::ReturnFilter {
            states: states.map(|all| all.into_iter().map(Into::into).collect()),
            overdue: self.overdue,
            schedule,
            organisation: self.organisation.map(OrganisationBy::read).transpose()?,
            within: self.within.map(OrganisationBy::read).transpose()?,
            first_month: self.first_month.map(|month| month.0),
            last_month: self.last_month.map(|month| month.0),
        })
    }
}
