//! What clients send about enrolments.

use std::collections::BTreeSet;

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use super::enums::EnrolmentState;
use crate::{
    domain::enrolments::list,
    graphql::{
        error::Result,
        ids,
        organisations::by::{SiteBy, TrainingHubBy, some_of},
        scalars::Date,
    },
};

/// Somebody, as their tokens name them.
#[derive(InputObject, Debug)]
pub struct PersonInput {
    /// The subject of their tokens.
    pub subject: String,
    /// Who issues their tokens; left out: whoever issued yours.
    pub issuer: Option<String>,
}

/// Which enrolments a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct EnrolmentFilter {
    /// At this site.
    site: Option<SiteBy>,
    /// At a site of this training hub, or in a cohort of it.
    training_hub: Option<TrainingHubBy>,
    /// In this cohort.
    cohort: Option<ID>,
    /// Of this learner.
    learner: Option<ID>,
    /// In one of these states.
    states: Option<Vec<EnrolmentState>>,
    /// Due before this day.
    due_before: Option<Date>,
    /// That applied, went on to another state or were transferred by what was recorded at
    /// this moment or later, whatever day it tells of: what a vendor has yet to learn.
    recorded_since: Option<DateTime<Utc>>,
}

impl EnrolmentFilter {
    pub fn read(self) -> Result<list::EnrolmentFilter> {
        let states = some_of("states", self.states)?;
        let row = |id: Option<ID>, name| id.map(|id| ids::read_as(&id, name)).transpose();
        Ok(list::EnrolmentFilter {
            site: self.site.map(SiteBy::read).transpose()?,
            training_hub: self.training_hub.map(TrainingHubBy::read).transpose()?,
            cohort: row(self.cohort, "Cohort")?,
            learner: row(self.learner, "Learner")?,
            states: states.map(|all| all.into_iter().map(Into::into).collect::<BTreeSet<_>>()),
            due_before: self.due_before.map(|day| day.0),
            recorded_since: self.recorded_since,
            disagreed: false,
        })
    }
}
