//! Taking invented places' records out, with all that belongs to them: whatever was made
//! up must not stay in the programme's figures when the real register comes in.

use std::collections::BTreeSet;

use entity::{
    assessment, award,
    change::{ChangeType, NodeType},
    cohort, employment_report, enrolment, enrolment_event, extension, learner, learner_details,
    learner_identifier, mentor_assignment, participation, post, post_place, stage_record,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use super::{Records, load::Node};
use crate::{
    domain::turn::{Said, Turn, VALUES},
    ids::OrganisationId,
};

/// How the name of a cohort ends that was made up.
const SYNTHETIC: &str = "(synthetic)";

/// The records that go.
struct Gone<'a> {
    places: &'a BTreeSet<OrganisationId>,
    enrolments: BTreeSet<i64>,
    learners: BTreeSet<i64>,
    posts: BTreeSet<i64>,
    cohorts: BTreeSet<i64>,
}

/// Deletes the records of some places, and says of each that it is gone.
///
/// An enrolment or a post goes whole if it was ever at one of the places, for half an
/// invented history is none. A learner goes who has no enrolment left, with their posts;
/// an invented cohort goes that nobody is left in.
pub(in crate::domain) async fn remove(
    turn: &mut Turn,
    places: &BTreeSet<OrganisationId>,
) -> Result<(), DbErr> {
    let records = turn.records().clone();
    let gone = Gone::of(&records, places);
    gone.delete(turn.connection()).await?;
    for (organisation_id, node) in gone.nodes(&records) {
        turn.say(Said {
            organisation_id,
            change_type: ChangeType::RecordRemoved,
            effective_on: None,
            before: None,
            after: None,
            node: Some(node),
        });
    }
    Ok(())
}

impl<'a> Gone<'a> {
    fn of(records: &Records, places: &'a BTreeSet<OrganisationId>) -> Self {
        let invented = |id: OrganisationId| places.contains(&id);
        let went = records.enrolments().filter(|it| {
            invented(it.row.site_id) || it.events.iter().any(|event| invented(event.site_id))
        });
        let enrolments: BTreeSet<i64> = went.map(|it| it.row.id).collect();
        let all_go = |learner: i64| {
            let mut theirs = records.of_learner(learner).peekable();
            theirs.peek().is_some() && theirs.all(|it| enrolments.contains(&it.row.id))
        };
        let left = records.learners().map(|learner| learner.row.id);
        let left = left.filter(|id| records.holder(*id).is_some_and(|it| all_go(it.row.id)));
        let learners: BTreeSet<i64> = left.collect();
        let held = records.posts().filter(|post| {
            invented(post.row.employer_id)
                || post.places.iter().any(|place| invented(place.organisation_id))
                || post.row.learner_id.is_some_and(|id| learners.contains(&id))
        });
        let posts = held.map(|post| post.row.id).collect();
        let empty = records.cohorts().filter(|cohort| {
            cohort.name.ends_with(SYNTHETIC)
                && records.of_cohort(cohort.id).all(|it| enrolments.contains(&it.row.id))
        });
        let cohorts = empty.map(|cohort| cohort.id).collect();
        Self { places, enrolments, learners, posts, cohorts }
    }

    /// Each record that goes, with the organisation whose history tells of it.
    fn nodes(&self, records: &Records) -> Vec<(OrganisationId, Node)> {
        let part = |id: &&OrganisationId| records.participation(**id).is_some();
        let parts = self.places.iter().filter(part);
        let mut nodes: Vec<_> = parts.map(|id| (*id, (NodeType::Participation, *id))).collect();
        for it in self.enrolments.iter().filter_map(|id| records.enrolment(*id)) {
            nodes.push((it.row.site_id, (NodeType::Enrolment, it.row.id)));
        }
        for id in &self.learners {
            let holder = records.holder(*id).map_or(*id, |holder| holder.row.id);
            if let Some(it) = records.of_learner(holder).last() {
                nodes.push((it.row.site_id, (NodeType::Learner, *id)));
            }
        }
        for post in self.posts.iter().filter_map(|id| records.post(*id)) {
            nodes.push((post.row.employer_id, (NodeType::Post, post.row.id)));
        }
        for cohort in self.cohorts.iter().filter_map(|id| records.cohort(*id)) {
            nodes.push((cohort.training_hub_id, (NodeType::Cohort, cohort.id)));
        }
        nodes
    }

    /// What belongs to a record goes before the record.
    async fn delete(&self, from: &impl ConnectionTrait) -> Result<(), DbErr> {
        let of = &self.enrolments;
        delete::<award::Entity>(from, award::Column::EnrolmentId, of).await?;
        delete::<assessment::Entity>(from, assessment::Column::EnrolmentId, of).await?;
        delete::<employment_report::Entity>(from, employment_report::Column::EnrolmentId, of)
            .await?;
        delete::<mentor_assignment::Entity>(from, mentor_assignment::Column::EnrolmentId, of)
            .await?;
        delete::<extension::Entity>(from, extension::Column::EnrolmentId, of).await?;
        delete::<enrolment_event::Entity>(from, enrolment_event::Column::EnrolmentId, of).await?;
        delete::<enrolment::Entity>(from, enrolment::Column::Id, of).await?;
        delete::<post_place::Entity>(from, post_place::Column::PostId, &self.posts).await?;
        delete::<post::Entity>(from, post::Column::Id, &self.posts).await?;
        self.delete_learners(from).await?;
        delete::<cohort::Entity>(from, cohort::Column::Id, &self.cohorts).await?;
        delete::<stage_record::Entity>(from, stage_record::Column::SiteId, self.places).await?;
        delete::<participation::Entity>(from, participation::Column::SiteId, self.places).await
    }

    /// One that was merged into another lets go of it first: both go.
    async fn delete_learners(&self, from: &impl ConnectionTrait) -> Result<(), DbErr> {
        let of = &self.learners;
        for ids in chunks(of) {
            learner::Entity::update_many()
                .col_expr(learner::Column::MergedIntoId, Expr::value(None::<i64>))
                .filter(learner::Column::Id.is_in(ids))
                .filter(learner::Column::MergedIntoId.is_not_null())
                .exec(from)
                .await?;
        }
        delete::<learner_identifier::Entity>(from, learner_identifier::Column::LearnerId, of)
            .await?;
        delete::<learner_details::Entity>(from, learner_details::Column::LearnerId, of).await?;
        delete::<learner::Entity>(from, learner::Column::Id, of).await
    }
}

async fn delete<E: EntityTrait>(
    from: &impl ConnectionTrait,
    owner: E::Column,
    ids: &BTreeSet<i64>,
) -> Result<(), DbErr> {
    for ids in chunks(ids) {
        E::delete_many().filter(owner.is_in(ids)).exec(from).await?;
    }
    Ok(())
}

/// As many at once as a statement takes.
fn chunks(ids: &BTreeSet<i64>) -> Vec<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    ids.chunks(VALUES).map(<[i64]>::to_vec).collect()
}
