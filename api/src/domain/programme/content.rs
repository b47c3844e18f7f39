//! Everything that the programme teaches, held in memory with the definitions: job
//! descriptions with their duties, frameworks with their competencies, the evidence and
//! the proof of concept.

use std::{collections::HashMap, sync::Arc};

use entity::{
    competency, competency_domain, competency_framework, duty, evidence, job_description,
    job_description::State, proof_of_concept,
};

/// A version of the job description, with its duties in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct JobDescription {
    pub row: job_description::Model,
    pub duties: Vec<Arc<duty::Model>>,
}

/// A version of the competency framework, with its domains in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Framework {
    pub row: competency_framework::Model,
    /// The version whose duties its competencies support.
    pub job_description: Arc<JobDescription>,
    pub domains: Vec<Arc<Domain>>,
}

/// A domain, with its competencies in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    pub row: competency_domain::Model,
    pub competencies: Vec<Arc<Competency>>,
}

/// A competency, with the duties that it supports in the order of the job description.
#[derive(Debug, Clone, PartialEq)]
pub struct Competency {
    pub row: competency::Model,
    pub duties: Vec<Arc<duty::Model>>,
}

/// What versions of both kinds of content have.
pub trait Versioned {
    /// What it is called in the feed.
    const NOUN: &'static str;
    /// Where its rows are kept.
    const TABLE: &'static str;

    fn id(&self) -> i64;
    fn numbers(&self) -> (i32, i32, i32);
    fn state(&self) -> State;
    fn row_version(&self) -> i32;

    /// Such as `1.0.0`.
    fn version(&self) -> String {
        let (major, minor, patch) = self.numbers();
        format!("{major}.{minor}.{patch}")
    }
}

macro_rules! versioned {
    ($name:ident, $noun:literal, $table:literal) => {
        impl Versioned for $name {
            const NOUN: &'static str = $noun;
            const TABLE: &'static str = $table;

            fn id(&self) -> i64 {
                self.row.id
            }

            fn numbers(&self) -> (i32, i32, i32) {
                (self.row.major, self.row.minor, self.row.patch)
            }

            fn state(&self) -> State {
                self.row.state
            }

            fn row_version(&self) -> i32 {
                self.row.row_version
            }
        }
    };
}

versioned!(JobDescription, "job description", "job_description");
versioned!(Framework, "competency framework", "competency_framework");

impl Framework {
    /// Every competency, domain by domain.
    pub fn competencies(&self) -> impl Iterator<Item = &Arc<Competency>> {
        self.domains.iter().flat_map(|domain| &domain.competencies)
    }
}

/// Every version of one kind of content, the oldest first.
#[derive(Debug)]
pub struct Versions<T>(Vec<Arc<T>>);

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Versioned> Versions<T> {
    fn new(rows: impl IntoIterator<Item = T>) -> Self {
        let mut versions: Vec<Arc<T>> = rows.into_iter().map(Arc::new).collect();
        versions.sort_by_key(|version| version.numbers());
        Self(versions)
    }

    pub fn all(&self) -> &[Arc<T>] {
        &self.0
    }

    pub fn find(&self, id: i64) -> Option<&Arc<T>> {
        self.0.iter().find(|version| version.id() == id)
    }

    /// The one that is called so, such as `1.0.0`.
    pub fn named(&self, version: &str) -> Option<&Arc<T>> {
        self.0.iter().find(|each| each.version() == version)
    }

    /// The newest published one.
    pub fn current(&self) -> Option<&Arc<T>> {
        self.0.iter().rfind(|version| version.state() == State::Published)
    }
}

/// One state of all content.
#[derive(Debug, Default)]
pub struct Content {
    job_descriptions: Versions<JobDescription>,
    frameworks: Versions<Framework>,
    duties: HashMap<i64, Arc<duty::Model>>,
    domains: HashMap<i64, Arc<Domain>>,
    competencies: HashMap<i64, Arc<Competency>>,
    evidence: Vec<evidence::Model>,
    proofs_of_concept: Vec<proof_of_concept::Model>,
}

impl Content {
    pub(super) fn new(
        job_descriptions: Vec<JobDescription>,
        frameworks: Vec<Framework>,
        evidence: Vec<evidence::Model>,
        proofs_of_concept: Vec<proof_of_concept::Model>,
    ) -> Self {
        let duties = job_descriptions.iter().flat_map(|each| &each.duties);
        let duties = duties.map(|duty| (duty.id, duty.clone())).collect();
        let domains = frameworks.iter().flat_map(|each| &each.domains);
        let domains = domains.map(|domain| (domain.row.id, domain.clone())).collect();
        let competencies = frameworks.iter().flat_map(Framework::competencies);
        let competencies = competencies.map(|each| (each.row.id, each.clone())).collect();
        Self {
            job_descriptions: Versions::new(job_descriptions),
            frameworks: Versions::new(frameworks),
            duties,
            domains,
            competencies,
            evidence,
            proofs_of_concept,
        }
    }

    pub fn job_descriptions(&self) -> &Versions<JobDescription> {
        &self.job_descriptions
    }

    pub fn frameworks(&self) -> &Versions<Framework> {
        &self.frameworks
    }

    /// The duty of that id, of whichever version.
    pub fn duty(&self, id: i64) -> Option<&Arc<duty::Model>> {
        self.duties.get(&id)
    }

    /// The domain of that id, of whichever version.
    pub fn domain(&self, id: i64) -> Option<&Arc<Domain>> {
        self.domains.get(&id)
    }

    /// The competency of that id, of whichever version.
    pub fn competency(&self, id: i64) -> Option<&Arc<Competency>> {
        self.competencies.get(&id)
    }

    /// Every claim, in the order in which they were recorded.
    pub fn evidence(&self) -> &[evidence::Model] {
        &self.evidence
    }

    /// Every place of the proof of concept, in the order in which they were recorded.
    pub fn proofs_of_concept(&self) -> &[proof_of_concept::Model] {
        &self.proofs_of_concept
    }
}
