//! What differs between two versions, as data: by code, whatever its place in the list.

use std::{collections::HashMap, sync::Arc};

use entity::duty;

use super::content::{Competency, Domain, Framework, JobDescription, Versioned};

/// How something differs from what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    /// It says something else.
    Changed,
    /// It stands in another domain.
    Moved,
}

/// One thing that differs; what both moved and changed is told twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<T> {
    pub code: String,
    pub kind: Kind,
    pub before: Option<Arc<T>>,
    pub after: Option<Arc<T>>,
    /// What was changed, or the domains that it moved between; else none.
    pub fields: Vec<FieldDifference>,
}

/// One field that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field's name in the schema.
    pub field: &'static str,
    pub from: String,
    pub to: String,
}

/// What can be compared from version to version.
pub trait Compared {
    fn code(&self) -> &str;

    fn fields(&self) -> Vec<(&'static str, String)>;
}

impl Compared for duty::Model {
    fn code(&self) -> &str {
        &self.code
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let kind = match self.kind {
            duty::Kind::Administrative => "ADMINISTRATIVE",
            duty::Kind::Clinical => "CLINICAL",
        };
        vec![
            ("title", self.title.clone()),
            ("description", self.description.clone()),
            ("kind", kind.to_owned()),
        ]
    }
}

impl Compared for Domain {
    fn code(&self) -> &str {
        &self.row.code
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("title", self.row.title.clone())]
    }
}

impl Compared for Competency {
    fn code(&self) -> &str {
        &self.row.code
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let row = &self.row;
        // Duties are the same in whichever order.
        let mut duties: Vec<&str> = self.duties.iter().map(|duty| &*duty.code).collect();
        duties.sort_unstable();
        vec![
            ("title", row.title.clone()),
            ("description", row.description.clone()),
            ("core", row.core.to_string()),
            ("clinical", row.clinical.to_string()),
            ("duties", duties.join(" ")),
        ]
    }
}

impl Compared for JobDescription {
    fn code(&self) -> &'static str {
        Self::NOUN
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("title", self.row.title.clone()),
            ("description", self.row.description.clone()),
            ("source", self.row.source.clone()),
        ]
    }
}

impl Compared for Framework {
    fn code(&self) -> &'static str {
        Self::NOUN
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("title", self.row.title.clone()),
            ("description", self.row.description.clone()),
            ("source", self.row.source.clone()),
            ("jobDescription", self.job_description.version()),
        ]
    }
}

/// The fields in which two say something else.
pub fn fields<T: Compared>(before: &T, after: &T) -> Vec<FieldDifference> {
    let pairs = before.fields().into_iter().zip(after.fields());
    let differ = pairs.filter(|((_, from), (_, to))| from != to);
    differ.map(|((field, from), (_, to))| FieldDifference { field, from, to }).collect()
}

/// What was added or changed, in the order of the later version, then what was removed.
pub fn between<T: Compared>(before: &[Arc<T>], after: &[Arc<T>]) -> Vec<Difference<T>> {
    let known: HashMap<&str, &Arc<T>> = before.iter().map(|each| (each.code(), each)).collect();
    let stays: HashMap<&str, &Arc<T>> = after.iter().map(|each| (each.code(), each)).collect();
    let told = |kind, before: Option<&Arc<T>>, after: Option<&Arc<T>>, fields| {
        let code = before.or(after).map_or_else(String::new, |each| each.code().to_owned());
        Difference { code, kind, before: before.cloned(), after: after.cloned(), fields }
    };
    let mut differences = Vec::new();
    for each in after {
        match known.get(each.code()) {
            None => differences.push(told(Kind::Added, None, Some(each), Vec::new())),
            Some(was) => {
                let fields = fields::<T>(was, each);
                if !fields.is_empty() {
                    differences.push(told(Kind::Changed, Some(was), Some(each), fields));
                }
            }
        }
    }
    let gone = before.iter().filter(|each| !stays.contains_key(each.code()));
    differences.extend(gone.map(|each| told(Kind::Removed, Some(each), None, Vec::new())));
    differences
}

/// The competencies that differ, those that stand in another domain too.
pub fn of_competencies(before: &Framework, after: &Framework) -> Vec<Difference<Competency>> {
    let listed = |framework: &Framework| framework.competencies().cloned().collect::<Vec<_>>();
    let mut differences = between(&listed(before), &listed(after));
    let homes = homes(before);
    for domain in &after.domains {
        for competency in &domain.competencies {
            let Some((home, was)) = homes.get(competency.code()) else { continue };
            if *home != domain.code() {
                let (from, to) = ((*home).to_owned(), domain.code().to_owned());
                differences.push(Difference {
                    code: competency.code().to_owned(),
                    kind: Kind::Moved,
                    before: Some((*was).clone()),
                    after: Some(competency.clone()),
                    fields: vec![FieldDifference { field: "domain", from, to }],
                });
            }
        }
    }
    differences
}

/// Each competency of a framework by its code, with the code of its domain.
fn homes(framework: &Framework) -> HashMap<&str, (&str, &Arc<Competency>)> {
    let mut homes = HashMap::new();
    for domain in &framework.domains {
        for competency in &domain.competencies {
            homes.insert(competency.code(), (domain.code(), competency));
        }
    }
    homes
}
