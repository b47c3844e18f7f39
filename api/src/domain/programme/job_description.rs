//! Drafting the job description: a new version of it whole, or a draft told anew.

use std::collections::HashMap;

use entity::{
    change::ChangeType,
    duty::{self, Kind},
    job_description::{self, State},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub use super::check::Head;
use super::{
    check::{self, Codes},
    content::{JobDescription, Versioned},
    say,
    settle::{Expected, draft_of},
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Problems},
        idempotency::IdempotencyKey,
        text,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// The most duties of a version.
const MOST: usize = 100;

/// What a version of the job description says.
#[derive(Debug, Clone)]
pub struct Text {
    pub head: Head,
    /// In the order in which they are shown.
    pub duties: Vec<Duty>,
}

#[derive(Debug, Clone)]
pub struct Duty {
    pub code: String,
    pub title: String,
    pub description: String,
    pub kind: Kind,
}

/// A version as somebody drafts it.
#[derive(Debug, Clone)]
pub struct DraftJobDescription {
    /// major, minor, patch.
    pub version: (i32, i32, i32),
    pub text: Text,
}

/// Drafts a version that there is not yet; gives its id.
pub async fn draft(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: DraftJobDescription,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let versions = turn.catalogue().clone();
            let versions = versions.content().job_descriptions();
            check::number(versions, command.version, &mut problems);
            let text = read(command.text, &mut problems);
            problems.check()?;
            let id = turn.next_row_id();
            let row = row(id, command.version, &text.head);
            insert::<job_description::Entity>(turn.connection(), vec![row]).await?;
            write_duties(&mut turn, id, text.duties, None).await?;
            let (major, minor, patch) = command.version;
            let name = format!("{} {major}.{minor}.{patch}", JobDescription::NOUN);
            say(&mut turn, ChangeType::ContentDrafted, name);
            turn.commit(None, id).await?;
            Ok(id)
        })
        .await
}

/// Tells a draft anew, whole; what is published is never changed. Gives its id.
pub async fn redraft(
    viewer: &Viewer,
    permit: Permit,
    expected: Expected,
    text: Text,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let catalogue = turn.catalogue().clone();
            let known = draft_of(&turn, catalogue.content().job_descriptions(), expected)?;
            let mut problems = Problems::default();
            let text = read(text, &mut problems);
            problems.check()?;
            let again = job_description::Model {
                row_version: known.row.row_version + 1,
                ..row(known.row.id, known.numbers(), &text.head)
            };
            drop(again.into_active_model().reset_all().update(turn.connection()).await?);
            write_duties(&mut turn, known.row.id, text.duties, Some(known)).await?;
            let name = format!("{} {}", JobDescription::NOUN, known.version());
            say(&mut turn, ChangeType::ContentDrafted, name);
            turn.commit(None, known.row.id).await?;
            Ok(known.row.id)
        })
        .await
}

/// The text as it will be kept.
pub(super) fn read(text: Text, problems: &mut Problems) -> Text {
    let head = text.head.read(problems);
    check::size(text.duties.len(), MOST, "input.content.duties".to_owned(), problems);
    let mut codes = Codes::default();
    let mut duties = Vec::with_capacity(text.duties.len());
    for (number, duty) in text.duties.into_iter().enumerate() {
        let at = |field: &str| format!("input.content.duties[{number}].{field}");
        codes.read(&duty.code, at("code"), problems);
        duties.push(Duty {
            title: text::name(&duty.title, at("title"), problems),
            description: text::sentence(&duty.description, at("description"), problems),
            ..duty
        });
    }
    Text { head, duties }
}

pub(super) fn row(
    id: i64,
    (major, minor, patch): (i32, i32, i32),
    head: &Head,
) -> job_description::Model {
    job_description::Model {
        id,
        major,
        minor,
        patch,
        state: State::Draft,
        title: head.title.clone(),
        description: head.description.clone(),
        source: head.source.clone(),
        published_on: None,
        retired_on: None,
        row_version: 1,
    }
}

/// Writes duties in place of those of the draft as it was; one that is called as before
/// keeps its id.
pub(super) async fn write_duties(
    turn: &mut Turn,
    job_description_id: i64,
    duties: Vec<Duty>,
    before: Option<&JobDescription>,
) -> Result<(), Declined> {
    let before = before.map_or(&[][..], |draft| &draft.duties);
    let ids: HashMap<&str, i64> = before.iter().map(|duty| (&*duty.code, duty.id)).collect();
    let mut rows = Vec::with_capacity(duties.len());
    for (position, duty) in (1..).zip(duties) {
        let known = ids.get(&*duty.code).copied();
        let id = known.unwrap_or_else(|| turn.next_row_id());
        let Duty { code, title, description, kind } = duty;
        rows.push(duty::Model { id, job_description_id, code, title, description, kind, position });
    }
    duty::Entity::delete_many()
        .filter(duty::Column::JobDescriptionId.eq(job_description_id))
        .exec(turn.connection())
        .await?;
    insert::<duty::Entity>(turn.connection(), rows).await?;
    Ok(())
}
