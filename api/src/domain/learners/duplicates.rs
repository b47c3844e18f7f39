//! Learners who may be one and the same: the same name, and the same e-mail address,
//! telephone number or site. To say so is to read who they are, and is audited as such.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{change::NodeType, learner_details};

use super::{details, identify::normal, site_of};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        readings,
        records::{Learner, reach::Within},
        viewer::Viewer,
    },
};

/// Why two learners may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    NameAndEmail,
    NameAndTelephone,
    NameAndSite,
}

/// Two learners who may be one, the one who was known first before the other.
#[derive(Debug, Clone)]
pub struct Duplicate {
    pub learners: (Arc<Learner>, Arc<Learner>),
    pub likeness: Likeness,
}

/// The most pairs that are listed.
const MOST: usize = 100;

/// Learners within the viewer's reach who may be one.
pub async fn list(viewer: &Viewer) -> Result<Vec<Duplicate>, Failure> {
    viewer.permit(Action::MergeLearners)?;
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::MergeLearners));
    let seen = records.learners().filter(|learner| within.learner(learner));
    let seen: Vec<Arc<Learner>> = seen.cloned().collect();
    let ids: Vec<i64> = seen.iter().map(|learner| learner.row.id).collect();
    let rows = details::rows(&viewer.store().reader, &ids).await?;
    let mut named: HashMap<String, Vec<(&Arc<Learner>, &learner_details::Model)>> = HashMap::new();
    for learner in &seen {
        if let Some(row) = rows.get(&learner.row.id) {
            named.entry(normal(&row.name).into_owned()).or_default().push((learner, row));
        }
    }
    let mut found = Vec::new();
    for same in named.values() {
        for (number, (one, its)) in same.iter().enumerate() {
            for (other, theirs) in &same[number + 1..] {
                let at_one_site = site_of(&records, one.row.id) == site_of(&records, other.row.id);
                if let Some(likeness) = likeness(its, theirs, at_one_site) {
                    let learners = (Arc::clone(one), Arc::clone(other));
                    found.push(Duplicate { learners, likeness });
                }
            }
        }
    }
    found.sort_by_key(|each| (each.learners.0.row.id, each.learners.1.row.id));
    found.truncate(MOST);
    let shown = found.iter().flat_map(|each| [each.learners.0.row.id, each.learners.1.row.id]);
    let read: BTreeSet<_> = shown
        .filter_map(|id| Some((site_of(&records, id)?, Some((NodeType::Learner, id)))))
        .collect();
    readings::record(viewer, Action::ReadLearnerDetails, read).await?;
    Ok(found)
}

/// Of two people of one name.
fn likeness(
    one: &learner_details::Model,
    other: &learner_details::Model,
    at_one_site: bool,
) -> Option<Likeness> {
    let email = |row: &learner_details::Model| row.email.as_ref().map(|text| text.to_lowercase());
    let telephone = |row: &learner_details::Model| {
        let digits = row.telephone.as_ref()?.chars().filter(char::is_ascii_digit);
        Some(digits.collect::<String>())
    };
    if email(one).is_some() && email(one) == email(other) {
        Some(Likeness::NameAndEmail)
    } else if telephone(one).is_some() && telephone(one) == telephone(other) {
        Some(Likeness::NameAndTelephone)
    } else {
        at_one_site.then_some(Likeness::NameAndSite)
    }
}
