//! Drafting the competency framework: a new version of it whole, or a draft told anew.

use std::{collections::HashMap, sync::Arc};

use entity::{
    change::ChangeType,
    competency, competency_domain, competency_duty,
    competency_framework::{self, Entity},
    job_description::State,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

pub use super::check::Head;
use super::{
    check::{self, Codes},
    content::{Content, Framework, JobDescription, Versioned},
    say,
    settle::{Expected, draft_of},
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        text,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// The most domains of a version, and the most competencies of a domain.
const MOST: (usize, usize) = (20, 100);

/// What a version of the framework says.
#[derive(Debug, Clone)]
pub struct Text {
    pub head: Head,
    /// The version of the job description whose duties it names.
    pub job_description: String,
    /// In the order in which they are shown.
    pub domains: Vec<Domain>,
}

#[derive(Debug, Clone)]
pub struct Domain {
    pub code: String,
    pub title: String,
    pub competencies: Vec<Competency>,
}

#[derive(Debug, Clone)]
pub struct Competency {
    pub code: String,
    pub title: String,
    pub description: String,
    pub core: bool,
    pub clinical: bool,
    /// The codes of the duties that it supports.
    pub duties: Vec<String>,
}

/// A version as somebody drafts it.
#[derive(Debug, Clone)]
pub struct DraftFramework {
    /// major, minor, patch.
    pub version: (i32, i32, i32),
    pub text: Text,
}

/// Drafts a version that there is not yet; gives its id.
pub async fn draft(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: DraftFramework,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let catalogue = turn.catalogue().clone();
            let content = catalogue.content();
            let mut problems = Problems::default();
            check::number(content.frameworks(), command.version, &mut problems);
            let (text, supported) = read(content, command.text, problems)?;
            let id = turn.next_row_id();
            let row = row(id, command.version, &text.head, supported.row.id);
            insert::<Entity>(turn.connection(), vec![row]).await?;
            write_parts(&mut turn, id, text, &supported, None).await?;
            let (major, minor, patch) = command.version;
            let name = format!("{} {major}.{minor}.{patch}", Framework::NOUN);
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
            let known = draft_of(&turn, catalogue.content().frameworks(), expected)?;
            let (text, supported) = read(catalogue.content(), text, Problems::default())?;
            let id = known.row.id;
            let again = competency_framework::Model {
                row_version: known.row.row_version + 1,
                ..row(id, known.numbers(), &text.head, supported.row.id)
            };
            drop(again.into_active_model().reset_all().update(turn.connection()).await?);
            write_parts(&mut turn, id, text, &supported, Some(known)).await?;
            let name = format!("{} {}", Framework::NOUN, known.version());
            say(&mut turn, ChangeType::ContentDrafted, name);
            turn.commit(None, id).await?;
            Ok(id)
        })
        .await
}

/// The text as it will be kept, and the job description that it names; everything that is
/// wrong with it, if anything is.
pub(super) fn read(
    content: &Content,
    text: Text,
    mut problems: Problems,
) -> Result<(Text, Arc<JobDescription>), Declined> {
    let supported = supported(content, &text.job_description, &mut problems);
    let head = text.head.read(&mut problems);
    let path = "input.content.domains";
    check::size(text.domains.len(), MOST.0, path.to_owned(), &mut problems);
    if !text.domains.iter().flat_map(|domain| &domain.competencies).any(|each| each.core) {
        let sentence = "at least one competency is core: nobody could complete otherwise";
        problems.add(path, ProblemCode::Required, sentence);
    }
    let (mut codes, mut of_competencies) = (Codes::default(), Codes::default());
    let mut domains = Vec::with_capacity(text.domains.len());
    for (number, domain) in text.domains.into_iter().enumerate() {
        let at = format!("{path}[{number}]");
        codes.read(&domain.code, format!("{at}.code"), &mut problems);
        let title = text::name(&domain.title, format!("{at}.title"), &mut problems);
        let (count, list) = (domain.competencies.len(), format!("{at}.competencies"));
        check::size(count, MOST.1, list.clone(), &mut problems);
        let mut competencies = Vec::with_capacity(count);
        for (number, competency) in domain.competencies.into_iter().enumerate() {
            let at = format!("{list}[{number}]");
            of_competencies.read(&competency.code, format!("{at}.code"), &mut problems);
            competencies.push(competency.read(supported.as_deref(), &at, &mut problems));
        }
        domains.push(Domain { code: domain.code, title, competencies });
    }
    problems.check()?;
    let supported = supported.ok_or(Failure::NotFound)?;
    Ok((Text { head, domains, ..text }, supported))
}

/// The job description of that version, if a framework can rest on it.
fn supported(
    content: &Content,
    version: &str,
    problems: &mut Problems,
) -> Option<Arc<JobDescription>> {
    let path = "input.content.jobDescription";
    let found = content.job_descriptions().named(version);
    match found {
        None => {
            let sentence = format!("there is no job description {version:?}");
            problems.add(path, ProblemCode::NotFound, sentence);
        }
        Some(found) if found.state() != State::Published => {
            let sentence = "a framework supports a published job description, whose duties stay";
            problems.add(path, ProblemCode::Contradiction, sentence);
        }
        Some(_) => {}
    }
    found.cloned()
}

impl Competency {
    fn read(self, supported: Option<&JobDescription>, at: &str, problems: &mut Problems) -> Self {
        if self.duties.is_empty() {
            let sentence = "say which duties it supports: at least one";
            problems.add(format!("{at}.duties"), ProblemCode::Required, sentence);
        }
        for (number, code) in self.duties.iter().enumerate() {
            let path = format!("{at}.duties[{number}]");
            if supported.is_some_and(|known| known.duties.iter().all(|duty| duty.code != *code)) {
                let sentence = format!("that version has no duty {code:?}");
                problems.add(path, ProblemCode::NotFound, sentence);
            } else if self.duties[..number].contains(code) {
                let sentence = format!("{code} stands here twice");
                problems.add(path, ProblemCode::AlreadyExists, sentence);
            }
        }
        Self {
            title: text::name(&self.title, format!("{at}.title"), problems),
            description: text::sentence(&self.description, format!("{at}.description"), problems),
            ..self
        }
    }
}

pub(super) fn row(
    id: i64,
    (major, minor, patch): (i32, i32, i32),
    head: &Head,
    job_description_id: i64,
) -> competency_framework::Model {
    competency_framework::Model {
        id,
        major,
        minor,
        patch,
        job_description_id,
        state: State::Draft,
        title: head.title.clone(),
        description: head.description.clone(),
        source: head.source.clone(),
        published_on: None,
        retired_on: None,
        row_version: 1,
    }
}

/// Writes domains and competencies in place of those of the draft as it was; what is
/// called as before keeps its id.
pub(super) async fn write_parts(
    turn: &mut Turn,
    framework_id: i64,
    text: Text,
    supported: &JobDescription,
    before: Option<&Framework>,
) -> Result<(), Declined> {
    let duties: HashMap<&str, i64> =
        supported.duties.iter().map(|duty| (&*duty.code, duty.id)).collect();
    let known = Known::of(before);
    let (mut domains, mut competencies, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for (position, domain) in (1..).zip(text.domains) {
        let known_as = known.domains.get(&*domain.code).copied();
        let domain_id = known_as.unwrap_or_else(|| turn.next_row_id());
        let Domain { code, title, competencies: within } = domain;
        let id = domain_id;
        domains.push(competency_domain::Model { id, framework_id, code, title, position });
        for (position, each) in (1..).zip(within) {
            let known_as = known.competencies.get(&*each.code).copied();
            let id = known_as.unwrap_or_else(|| turn.next_row_id());
            let named = each.duties.iter().filter_map(|code| duties.get(&**code));
            links.extend(
                named.map(|duty| competency_duty::Model { competency_id: id, duty_id: *duty }),
            );
            let Competency { code, title, description, core, clinical, .. } = each;
            competencies.push(competency::Model {
                id,
                framework_id,
                domain_id,
                code,
                title,
                description,
                core,
                clinical,
                position,
            });
        }
    }
    remove_parts(turn, framework_id, known.competencies.into_values()).await?;
    insert::<competency_domain::Entity>(turn.connection(), domains).await?;
    insert::<competency::Entity>(turn.connection(), competencies).await?;
    insert::<competency_duty::Entity>(turn.connection(), links).await?;
    Ok(())
}

/// The ids of what a draft held, by code.
#[derive(Default)]
struct Known<'a> {
    domains: HashMap<&'a str, i64>,
    competencies: HashMap<&'a str, i64>,
}

impl<'a> Known<'a> {
    fn of(before: Option<&'a Framework>) -> Self {
        let Some(before) = before else { return Self::default() };
        let domains = before.domains.iter().map(|each| (&*each.row.code, each.row.id));
        let competencies = before.competencies().map(|each| (&*each.row.code, each.row.id));
        Self { domains: domains.collect(), competencies: competencies.collect() }
    }
}

async fn remove_parts(
    turn: &Turn,
    framework_id: i64,
    competencies: impl Iterator<Item = i64>,
) -> Result<(), DbErr> {
    let connection = turn.connection();
    let links = competency_duty::Entity::delete_many();
    let of_them = competency_duty::Column::CompetencyId.is_in(competencies);
    links.filter(of_them).exec(connection).await?;
    let competencies = competency::Entity::delete_many();
    let of_it = competency::Column::FrameworkId.eq(framework_id);
    competencies.filter(of_it).exec(connection).await?;
    let domains = competency_domain::Entity::delete_many();
    let of_it = competency_domain::Column::FrameworkId.eq(framework_id);
    domains.filter(of_it).exec(connection).await?;
    Ok(())
}
