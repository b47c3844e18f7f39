//! Who a learner is and how to reach them: read by their training hub and site, the name
//! by whoever is assigned to them; every reading leaves a row in the audit.

use std::collections::{BTreeSet, HashMap};

use entity::{
    change::{ChangeType, NodeType},
    learner_details::{Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::{changed, newest, permitted_version, site_of};
use crate::{
    auth::{
        action::Action,
        policy::{Permit, Reach},
    },
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        readings,
        records::reach::Within,
        text,
        turn::{Turn, VALUES, insert},
        viewer::Viewer,
    },
};

/// What is said of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub email: Option<String>,
    pub telephone: Option<String>,
}

impl Details {
    /// The details in one spelling; `path` is where they were sent.
    pub(super) fn check(&self, path: &str, problems: &mut Problems) -> Self {
        let email = self.email.as_ref().map(|text| text.trim().to_owned());
        let telephone = self.telephone.as_ref().map(|text| text.trim().to_owned());
        if email.as_ref().is_some_and(|text| !is_email(text)) {
            let sentence = "an e-mail address looks like somebody@example.org";
            problems.add(format!("{path}.email"), ProblemCode::Malformed, sentence);
        }
        if telephone.as_ref().is_some_and(|text| !is_telephone(text)) {
            let sentence = "a telephone number has 5 to 20 digits, and spaces between them";
            problems.add(format!("{path}.telephone"), ProblemCode::Malformed, sentence);
        }
        Self { name: text::name(&self.name, format!("{path}.name"), problems), email, telephone }
    }

    pub(super) fn row(&self, learner_id: i64) -> Model {
        let Self { name, email, telephone } = self.clone();
        Model { learner_id, name, email, telephone }
    }
}

fn is_email(text: &str) -> bool {
    const LONGEST: usize = 254;
    let plain = text.chars().all(|each| !each.is_whitespace() && !each.is_control());
    let parts = text.split_once('@');
    let named = parts.is_some_and(|(name, at)| !name.is_empty() && at.contains('.'));
    plain && named && text.len() <= LONGEST
}

fn is_telephone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b" +-()".contains(&byte));
    plain && (5..=20).contains(&digits) && text.len() <= 40
}

/// The rows of some learners.
pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    learners: &[i64],
) -> Result<HashMap<i64, Model>, DbErr> {
    let mut found = HashMap::new();
    for ids in learners.chunks(VALUES) {
        let some = Entity::find().filter(Column::LearnerId.is_in(ids.iter().copied()));
        let rows = some.all(connection).await?;
        found.extend(rows.into_iter().map(|row| (row.learner_id, row)));
    }
    Ok(found)
}

/// Who some learners are, those within the viewer's reach alone; the audit knows of it
/// before this gives anything.
pub async fn read(viewer: &Viewer, learners: &[i64]) -> Result<HashMap<i64, Details>, Failure> {
    let reach = viewer.reach(Action::ReadLearnerDetails);
    if reach == Reach::Nowhere {
        return Ok(HashMap::new());
    }
    let (directory, records) = (viewer.directory(), viewer.records());
    let whole = reach != Reach::Assigned;
    let within = Within::new(viewer, &directory, &records, reach);
    let mut seen = HashMap::new();
    for id in learners {
        let Some(holder) = records.holder(*id).map(|holder| holder.row.id) else { continue };
        if let Some(enrolment) = newest(&records, holder, |each| within.enrolment(each)) {
            seen.insert(*id, (holder, enrolment.row.site_id));
        }
    }
    let holders: Vec<i64> = seen.values().map(|(holder, _)| *holder).collect();
    let rows = rows(&viewer.store().reader, &holders).await?;
    let read = seen.values().filter(|(holder, _)| rows.contains_key(holder));
    let read: BTreeSet<_> =
        read.map(|(holder, site)| (*site, Some((NodeType::Learner, *holder)))).collect();
    readings::record(viewer, Action::ReadLearnerDetails, read).await?;
    let shown = seen.iter().filter_map(|(id, (holder, _))| {
        let row = rows.get(holder)?.clone();
        // Whoever is assigned to a learner needs their name, and no more.
        let contact = |text: Option<String>| text.filter(|_| whole);
        let (email, telephone) = (contact(row.email), contact(row.telephone));
        Some((*id, Details { name: row.name, email, telephone }))
    });
    Ok(shown.collect())
}

/// Everything that is then known of who a learner is.
#[derive(Debug, Clone)]
pub struct RecordLearnerDetails {
    pub learner: i64,
    pub expected_version: i32,
    pub details: Details,
}

/// Records who the learner is.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    command: RecordLearnerDetails,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let learner = permitted_version(&turn, command.learner, command.expected_version)?;
            let mut problems = Problems::default();
            let details = command.details.check("input.details", &mut problems);
            problems.check()?;
            let id = learner.row.id;
            let row = details.row(id);
            match rows(turn.connection(), &[id]).await?.remove(&id) {
                Some(known) if known == row => {
                    return invalid("input.details", ProblemCode::Unchanged, "it is so already");
                }
                Some(_) => {
                    row.into_active_model().reset_all().update(turn.connection()).await?;
                }
                None => insert::<Entity>(turn.connection(), vec![row]).await?,
            }
            let site = site_of(turn.records(), id).ok_or(Failure::NotFound)?;
            turn.about((NodeType::Learner, id));
            changed(&mut turn, learner.row, ChangeType::LearnerChanged, site).await?;
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}
