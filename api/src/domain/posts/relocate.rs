//! A post is held elsewhere, or with other hours, from a day on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{change::ChangeType, post, post_place};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Place, find_places, in_words, open, rows, say, whose};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        records::Post,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// From a day on, the post is held at these places, and no others.
#[derive(Debug, Clone)]
pub struct MovePost {
    pub post: i64,
    pub expected_version: i32,
    pub from: NaiveDate,
    pub places: Vec<Place>,
}

/// Moves the post.
pub async fn relocate(viewer: &Viewer, permit: Permit, command: MovePost) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let post = open(&turn, command.post, command.expected_version)?;
            let mut problems = Problems::default();
            let from = command.from;
            let places = find_places(&turn, &command.places, from, &mut problems)?;
            check(&turn, &post, from, &mut problems);
            problems.check()?;
            close_places(&turn, &post, from).await?;
            let held = rows(&mut turn, post.row.id, &places, from);
            insert::<post_place::Entity>(turn.connection(), held).await?;
            next_version(&turn, &post, |_| ()).await?;
            let before = post.organisations();
            let told: BTreeSet<_> = before.chain(whose(&places)).collect();
            let (id, words) = (post.row.id, in_words(&places));
            let about = told.first().copied();
            say(&mut turn, ChangeType::PostMoved, id, told, from, &words);
            turn.commit(about, id).await?;
            Ok(id)
        })
        .await
}

fn check(turn: &Turn, post: &Post, from: NaiveDate, problems: &mut Problems) {
    let last = post.places.iter().map(|place| place.valid_from).max();
    if from > turn.today() {
        let sentence = "a move is recorded once it has happened: send today or an earlier day";
        problems.add("input.from", ProblemCode::OutOfRange, sentence);
    } else if last.is_some_and(|last| from <= last) {
        let sentence = "it lies before the post's last change: send a later day";
        problems.add("input.from", ProblemCode::OutOfRange, sentence);
    }
    if let Some(ended) = post.row.ended_on {
        let sentence = format!("the post ended on {ended}");
        problems.add("input.id", ProblemCode::Contradiction, sentence);
    }
}

/// Ends the post at every place where it is held.
pub(in crate::domain) async fn close_places(
    turn: &Turn,
    post: &Post,
    on: NaiveDate,
) -> Result<(), Failure> {
    for place in post.places.iter().filter(|place| place.valid_to.is_none()) {
        let mut row = place.clone().into_active_model();
        row.valid_to = sea_orm::ActiveValue::Set(Some(on));
        post_place::Entity::update(row).exec(turn.connection()).await?;
    }
    Ok(())
}

/// Writes the post's row as the next version of itself.
pub(in crate::domain) async fn next_version(
    turn: &Turn,
    post: &Post,
    change: impl FnOnce(&mut post::Model),
) -> Result<(), Failure> {
    let mut row = post.row.clone();
    row.version += 1;
    change(&mut row);
    row.into_active_model().reset_all().update(turn.connection()).await?;
    Ok(())
}
