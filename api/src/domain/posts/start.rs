//! Somebody takes up a post.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    post::{self, Funding},
    post_place,
    role_model::RoleModel,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Found, Place, find_places, in_words, rows, say, whose};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        organisations::{OrganisationBy, resolve},
        records::reach::Within,
        turn::{Turn, insert},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// A post that begins.
#[derive(Debug, Clone)]
pub struct StartPost {
    /// Whoever was trained for it, if their record is here.
    pub learner: Option<i64>,
    /// The person's reference in another post of theirs, if they had one.
    pub person: Option<String>,
    /// The first place, unless it says otherwise.
    pub employer: Option<OrganisationBy>,
    pub places: Vec<Place>,
    pub band: Option<i32>,
    pub funding: Funding,
    /// That of the first site, unless it says otherwise.
    pub role_model: Option<RoleModel>,
    pub started_on: NaiveDate,
}

/// Starts the post; gives its id, the same for every repetition under the key.
pub async fn start(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: StartPost,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let from = command.started_on;
            let places = find_places(&turn, &command.places, from, &mut problems)?;
            let person = person(&turn, &command, &mut problems)?;
            let employer = employer(&turn, &command, &places, &mut problems);
            check(&turn, &command, &mut problems);
            problems.check()?;
            let id = turn.next_row_id();
            let row = post::Model {
                id,
                person: person.unwrap_or_else(|| format!("P-{id}")),
                learner_id: command.learner,
                employer_id: employer,
                band: command.band,
                funding: command.funding,
                role_model: role_model(&turn, &command, &places),
                started_on: from,
                ended_on: None,
                end_reason: None,
                version: 1,
            };
            row.into_active_model().reset_all().insert(turn.connection()).await?;
            let held = rows(&mut turn, id, &places, from);
            insert::<post_place::Entity>(turn.connection(), held).await?;
            let about = places.first().map(|place| place.organisation.id());
            say(&mut turn, ChangeType::PostStarted, id, whose(&places), from, &in_words(&places));
            turn.commit(about, id).await?;
            Ok(id)
        })
        .await
}

fn check(turn: &Turn, command: &StartPost, problems: &mut Problems) {
    if command.started_on > turn.today() {
        let sentence = "a post is recorded once it has begun: send today or an earlier day";
        problems.add("input.startedOn", ProblemCode::OutOfRange, sentence);
    }
    if command.band.is_some_and(|band| !(1..=9).contains(&band)) {
        problems.add("input.band", ProblemCode::OutOfRange, "bands go from 1 to 9");
    }
}

/// The person's reference: that of their other posts, if they have any.
fn person(
    turn: &Turn,
    command: &StartPost,
    problems: &mut Problems,
) -> Result<Option<String>, Failure> {
    let (directory, records) = (turn.directory(), turn.records());
    let within = Within::new(turn.viewer(), directory, records, turn.permit().reach());
    if let Some(learner) = command.learner {
        let learner = records.learner(learner).filter(|found| within.learner(found));
        let learner = learner.ok_or(Failure::NotFound)?;
        let mut held = records.posts();
        let before = held.find(|post| post.row.learner_id == Some(learner.row.id));
        let known = before.map(|post| post.row.person.clone());
        if command.person.is_some() && command.person != known {
            let sentence = "the learner tells the person: leave this out";
            problems.add("input.person", ProblemCode::Contradiction, sentence);
        }
        return Ok(known);
    }
    let Some(person) = &command.person else { return Ok(None) };
    // A person of somebody else's posts is not told apart from one that is not there.
    let mut seen = records.posts().filter(|post| within.post(post));
    if !seen.any(|post| post.row.person == *person) {
        let sentence = "nobody in post within your reach has that reference: leave it out";
        problems.add("input.person", ProblemCode::NotFound, sentence);
    }
    Ok(Some(person.clone()))
}

fn employer(
    turn: &Turn,
    command: &StartPost,
    places: &[Found],
    problems: &mut Problems,
) -> OrganisationId {
    let first = places.first().map_or(0, |place| place.organisation.id());
    let Some(by) = &command.employer else { return first };
    let found = resolve(turn.directory(), by, command.started_on);
    found.map_or_else(
        || {
            let sentence = "there is no such organisation: leave it out for the first place";
            problems.add("input.employer", ProblemCode::NotFound, sentence);
            first
        },
        |found| found.id(),
    )
}

fn role_model(turn: &Turn, command: &StartPost, places: &[Found]) -> RoleModel {
    let first = places.first().map(|place| place.organisation.id());
    let of_site = first.and_then(|site| turn.records().participation(site));
    let chosen = command.role_model.or(of_site.map(|row| row.role_model));
    chosen.unwrap_or(RoleModel::Undecided)
}
