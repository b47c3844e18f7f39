//! How far a learner has come: of the competencies that apply, those that were found
//! competent. A pure function of the framework and the newest assessments.

use std::{collections::HashMap, sync::Arc};

use entity::assessment::{self, AssessmentState};

use crate::{
    auth::action::Action,
    domain::{
        programme::content::{Competency, Domain, Framework},
        records::{Enrolment, reach::Within},
        viewer::Viewer,
    },
};

/// One competency, with what was said of it last.
#[derive(Debug, Clone)]
pub struct OfCompetency {
    pub enrolment: i64,
    pub competency: Arc<Competency>,
    pub newest: Option<Arc<assessment::Model>>,
}

/// One domain, with its competencies in their order.
#[derive(Debug, Clone)]
pub struct OfDomain {
    pub domain: Arc<Domain>,
    pub competencies: Vec<OfCompetency>,
}

/// All domains, in the order of the framework.
#[derive(Debug, Clone)]
pub struct Progress(pub Vec<OfDomain>);

/// How many competencies apply, and how many of them were found competent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub applicable: usize,
    pub achieved: usize,
}

impl Tally {
    /// The achieved ones among those that apply; none where nothing does.
    pub fn share(self) -> Option<f64> {
        let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
        (self.applicable > 0).then(|| number(self.achieved) / number(self.applicable))
    }
}

impl OfCompetency {
    /// Nothing said is NOT_STARTED.
    pub fn state(&self) -> AssessmentState {
        self.newest.as_ref().map_or(AssessmentState::NotStarted, |row| row.state)
    }

    fn is_remaining(&self) -> bool {
        !matches!(self.state(), AssessmentState::Competent | AssessmentState::NotApplicable)
    }
}

fn tally<'a>(competencies: impl Iterator<Item = &'a OfCompetency>) -> Tally {
    let mut tally = Tally::default();
    for each in competencies {
        tally.applicable += usize::from(each.state() != AssessmentState::NotApplicable);
        tally.achieved += usize::from(each.state() == AssessmentState::Competent);
    }
    tally
}

impl OfDomain {
    pub fn tally(&self) -> Tally {
        tally(self.competencies.iter())
    }
}

impl Progress {
    pub fn tally(&self) -> Tally {
        tally(self.competencies())
    }

    pub fn competencies(&self) -> impl Iterator<Item = &OfCompetency> {
        self.0.iter().flat_map(|domain| &domain.competencies)
    }

    /// What is yet to be found competent: core competencies first, each part in the order
    /// of the framework.
    pub fn remaining(&self) -> Vec<&OfCompetency> {
        let mut remaining: Vec<_> = self.competencies().filter(|it| it.is_remaining()).collect();
        remaining.sort_by_key(|each| !each.competency.row.core);
        remaining
    }
}

/// The progress of an enrolment, by what was said of it last.
pub fn progress(framework: &Framework, id: i64, newest: Vec<assessment::Model>) -> Progress {
    let mut newest: HashMap<i64, Arc<assessment::Model>> =
        newest.into_iter().map(|row| (row.competency_id, Arc::new(row))).collect();
    let mut of_competency = |competency: &Arc<Competency>| OfCompetency {
        enrolment: id,
        competency: competency.clone(),
        newest: newest.remove(&competency.row.id),
    };
    let of_domain = |domain: &Arc<Domain>| OfDomain {
        domain: domain.clone(),
        competencies: domain.competencies.iter().map(&mut of_competency).collect(),
    };
    Progress(framework.domains.iter().map(of_domain).collect())
}

/// The version of the framework that an enrolment started with, whatever became of it.
pub fn framework(viewer: &Viewer, enrolment: &Enrolment) -> Option<Arc<Framework>> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let reach = viewer.reach(Action::ReadEnrolments);
    let seen = Within::new(viewer, &directory, &records, reach).enrolment(enrolment);
    let catalogue = viewer.catalogue();
    let found = catalogue.content().frameworks().find(enrolment.row.framework_id);
    found.filter(|_| seen).cloned()
}
