//! Merging two records of one learner: one keeps everything of both; the other's id and
//! reference go on to find it.

use entity::{
    change::{ChangeType, NodeType},
    enrolment, learner_details, learner_identifier, post,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};

use super::{changed, details, permitted, permitted_version, site_of};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, invalid},
        records::{Learner, enrolment::is_over},
        turn::{Said, Turn, insert},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// Which of two learners keeps everything.
#[derive(Debug, Clone, Copy)]
pub struct MergeLearners {
    pub keep: i64,
    pub expected_version: i32,
    pub merge: i64,
}

/// Merges them; gives the id of the one that is kept.
pub async fn merge(
    viewer: &Viewer,
    permit: Permit,
    command: MergeLearners,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let keep = permitted_version(&turn, command.keep, command.expected_version)?;
            let merge = permitted(&turn, command.merge)?;
            check(&turn, &keep, &merge)?;
            let site = site_of(turn.records(), keep.row.id).ok_or(Failure::NotFound)?;
            let id = keep.row.id;
            turn.about((NodeType::Learner, id));
            move_all(&mut turn, id, merge.row.id, site).await?;
            merge_details(&turn, id, merge.row.id).await?;
            let mut merged = merge.row;
            merged.merged_into_id = Some(id);
            changed(&mut turn, merged, ChangeType::LearnersMerged, site).await?;
            changed(&mut turn, keep.row, ChangeType::LearnersMerged, site).await?;
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}

fn check(turn: &Turn, keep: &Learner, merge: &Learner) -> Result<(), Declined> {
    if keep.row.id == merge.row.id {
        let sentence = "that is the same learner: name two";
        return invalid("input.merge", ProblemCode::Contradiction, sentence);
    }
    let records = turn.records();
    let unfinished =
        |learner: &Learner| records.of_learner(learner.row.id).any(|each| !is_over(each.row.state));
    if unfinished(keep) && unfinished(merge) {
        let sentence = "both have an enrolment that is not over: end one of them first, as a \
            DUPLICATE";
        return invalid("input.merge", ProblemCode::Contradiction, sentence);
    }
    Ok(())
}

/// Enrolments, posts and identifiers then belong to the one that is kept.
async fn move_all(
    turn: &mut Turn,
    keep: i64,
    merge: i64,
    site: OrganisationId,
) -> Result<(), Failure> {
    let records = turn.records().clone();
    let enrolments = records.of_learner(merge).map(|each| (NodeType::Enrolment, each.row.id));
    let posts = records.posts().filter(|post| post.row.learner_id == Some(merge));
    let moved = enrolments.chain(posts.map(|post| (NodeType::Post, post.row.id)));
    let kept = records.learner(keep).map(|learner| learner.row.reference.clone());
    for node in moved {
        turn.say(Said {
            organisation_id: site,
            change_type: ChangeType::LearnersMerged,
            effective_on: Some(turn.today()),
            before: None,
            after: kept.clone(),
            node: Some(node),
        });
    }
    enrolment::Entity::update_many()
        .col_expr(enrolment::Column::LearnerId, keep.into())
        .col_expr(enrolment::Column::Version, Expr::cust("version + 1"))
        .filter(enrolment::Column::LearnerId.eq(merge))
        .exec(turn.connection())
        .await?;
    let person = records.posts().find(|post| post.row.learner_id == Some(keep));
    if let Some(person) = person.map(|post| post.row.person.clone()) {
        post::Entity::update_many()
            .col_expr(post::Column::Person, person.into())
            .filter(post::Column::LearnerId.eq(merge))
            .exec(turn.connection())
            .await?;
    }
    post::Entity::update_many()
        .col_expr(post::Column::LearnerId, keep.into())
        .col_expr(post::Column::Version, Expr::cust("version + 1"))
        .filter(post::Column::LearnerId.eq(merge))
        .exec(turn.connection())
        .await?;
    learner_identifier::Entity::update_many()
        .col_expr(learner_identifier::Column::LearnerId, keep.into())
        .filter(learner_identifier::Column::LearnerId.eq(merge))
        .exec(turn.connection())
        .await?;
    Ok(())
}

/// What is known of the person from either: the kept one's word holds, and nothing of a
/// person stays where nobody can read it.
async fn merge_details(turn: &Turn, keep: i64, merge: i64) -> Result<(), Failure> {
    let mut rows = details::rows(turn.connection(), &[keep, merge]).await?;
    let Some(other) = rows.remove(&merge) else { return Ok(()) };
    learner_details::Entity::delete_by_id(merge).exec(turn.connection()).await?;
    match rows.remove(&keep) {
        Some(mut kept) => {
            kept.email = kept.email.or(other.email);
            kept.telephone = kept.telephone.or(other.telephone);
            kept.into_active_model().reset_all().update(turn.connection()).await?;
        }
        None => {
            let row = learner_details::Model { learner_id: keep, ..other };
            insert::<learner_details::Entity>(turn.connection(), vec![row]).await?;
        }
    }
    Ok(())
}
