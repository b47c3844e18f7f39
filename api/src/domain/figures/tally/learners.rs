//! Counts of learners, each where the learner was on the day that counts.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use entity::{enrolment::State, extension, mentor_assignment::MentorKind};

use super::{
    Part,
    count::{Counter, many, share},
};
use crate::domain::{
    metrics::derivation::Tallied,
    records::{Enrolment, Participant, enrolment::Spell},
};

impl Counter<'_> {
    /// Counts of learners, each where the learner was on the day that counts.
    pub(super) fn learners(&self, tallied: Tallied, it: &Participant) -> Part {
        let day = self.day();
        let came = |state| {
            let here = it.enrolments.iter().filter(|each| self.came(each, it, state));
            here.count()
        };
        let training = || it.spells.iter().filter(|(_, spell)| is_on(spell, day));
        match tallied {
            Tallied::LearnersApplied => many(came(State::Applied)),
            Tallied::LearnersStarted => many(came(State::Started)),
            Tallied::LearnersCompleted => many(came(State::Completed)),
            Tallied::LearnersWithdrawn => many(came(State::Withdrawn)),
            Tallied::LearnersInTraining => many(training().count()),
            Tallied::CompletedIn9Months => self.completed_in(it, Months::new(9)),
            Tallied::CompletedIn12Months => self.completed_in(it, Months::new(12)),
            Tallied::WithdrawalRate => {
                let withdrew = came(State::Withdrawn);
                // Those who left in the month were among those in training.
                share(withdrew, training().count() + withdrew)
            }
            Tallied::ExtensionRate => {
                let extended = training().filter(|(each, _)| extended_by(each, day)).count();
                share(extended, training().count())
            }
            Tallied::DaysToComplete => Part { each: self.days_to_complete(it), ..Part::default() },
            Tallied::LearnersWithoutMentor => {
                let lacks = |each: &Enrolment| !each.has_mentor(MentorKind::GpMentor, day);
                many(training().filter(|(each, _)| lacks(each)).count())
            }
            _ => Part::default(),
        }
    }

    /// Whether an enrolment came into a state for the first time in the month, here.
    fn came(&self, enrolment: &Enrolment, it: &Participant, state: State) -> bool {
        let first = enrolment.events.iter().find(|event| event.state == state);
        first
            .is_some_and(|event| event.site_id == it.organisation && self.within(event.occurred_on))
    }

    /// Of those who started in the month, who completed in time; nothing before everyone
    /// has had that time.
    fn completed_in(&self, it: &Participant, months: Months) -> Part {
        let had_time = self.month.last_day().checked_add_months(months);
        if had_time.is_none_or(|end| end > self.today) {
            return Part::default();
        }
        let started = it.enrolments.iter().filter(|each| self.came(each, it, State::Started));
        let in_time = |each: &&Arc<Enrolment>| {
            let until = each.started_on().and_then(|on| on.checked_add_months(months));
            let done = each.first(State::Completed);
            done.zip(until).is_some_and(|(done, until)| done <= until)
        };
        share(started.clone().filter(in_time).count(), started.count())
    }

    fn days_to_complete(&self, it: &Participant) -> Vec<i64> {
        let done = it.enrolments.iter().filter(|each| self.came(each, it, State::Completed));
        let days = |each: &Arc<Enrolment>| {
            Some((each.first(State::Completed)? - each.started_on()?).num_days())
        };
        done.filter_map(days).collect()
    }
}

fn is_on(spell: &Spell, day: NaiveDate) -> bool {
    crate::domain::timeline::within(day, spell.from, spell.to)
}

fn extended_by(enrolment: &Enrolment, day: NaiveDate) -> bool {
    enrolment.extensions.iter().any(|row| {
        row.decision == Some(extension::Decision::Granted)
            && row.decided_on.is_some_and(|on| on <= day)
    })
}
