//! What moves with a merger or a new code: the enrolments and posts that are open at the
//! predecessor are the successor's from that day on, and what its hub recorded last goes
//! with them. A split moves nothing by itself: who goes where is for people to say.

use chrono::NaiveDate;
use entity::{
    change::{ChangeType, NodeType},
    enrolment, enrolment_event, participation, post_place, stage_record,
    stage_record::RecordedStage,
    succession::{Confidence, SuccessionKind},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::RecordSuccession;
use crate::{
    domain::{
        error::Failure,
        posts::relocate::next_version,
        records::{Enrolment, Post, Records, enrolment::is_over, stages::Stage},
        turn::{Said, Turn},
    },
    ids::OrganisationId,
};

/// A row that is not written yet, and so has no id and no audit row.
const NEW: i64 = 0;

/// From whom to whom, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub from: OrganisationId,
    pub to: OrganisationId,
    pub on: NaiveDate,
}

/// Whether anything is the successor's to take over.
pub(super) fn moves(records: &Records, command: &RecordSuccession) -> bool {
    let way = way(command);
    goes_along(command)
        && (open_enrolments(records, way.from).next().is_some()
            || open_posts(records, way.from).next().is_some())
}

fn way(command: &RecordSuccession) -> Way {
    Way { from: command.predecessor, to: command.successor, on: command.occurred_on }
}

/// A succession that somebody disputes moves nothing either.
fn goes_along(command: &RecordSuccession) -> bool {
    let whole = match command.kind {
        SuccessionKind::Merger | SuccessionKind::Recode => true,
        SuccessionKind::Split => false,
    };
    whole && command.confidence != Confidence::Disputed
}

pub(super) fn open_enrolments(
    records: &Records,
    site: OrganisationId,
) -> impl Iterator<Item = &Enrolment> {
    let there = records.participant(site).into_iter().flat_map(|it| &it.enrolments);
    let open = there.filter(move |it| it.row.site_id == site && !is_over(it.row.state));
    open.map(|enrolment| &**enrolment)
}

pub(super) fn open_posts(records: &Records, site: OrganisationId) -> impl Iterator<Item = &Post> {
    let there = records.participant(site).into_iter().flat_map(|it| &it.posts);
    let open = there.filter(move |post| {
        post.places.iter().any(|row| row.organisation_id == site && row.valid_to.is_none())
    });
    open.map(|post| &**post)
}

/// The enrolment as the successor takes it over.
pub(super) fn enrolment(before: &Enrolment, way: Way) -> Enrolment {
    let mut after = before.clone();
    after.row.site_id = way.to;
    after.row.version += 1;
    // What was recorded late of the days after it happened at the successor.
    for event in after.events.iter_mut().filter(|event| event.occurred_on >= way.on) {
        if event.site_id == way.from {
            event.site_id = way.to;
        }
    }
    let last = before.events.iter().rev().find(|event| event.occurred_on < way.on);
    if let Some(last) = last.filter(|last| last.site_id == way.from) {
        let transfer = enrolment_event::Model {
            id: NEW,
            site_id: way.to,
            occurred_on: way.on,
            ..last.clone()
        };
        let place = after.events.partition_point(|event| event.occurred_on < way.on);
        after.events.insert(place, transfer);
    }
    after
}

/// The post as the successor takes it over.
pub(super) fn post(before: &Post, way: Way) -> Post {
    let mut after = before.clone();
    after.row.version += 1;
    let mut carried: Vec<post_place::Model> = Vec::new();
    for place in &mut after.places {
        if place.organisation_id != way.from || place.valid_to.is_some() {
            continue;
        }
        if place.valid_from >= way.on {
            place.organisation_id = way.to;
            continue;
        }
        place.valid_to = Some(way.on);
        carried.push(post_place::Model {
            id: NEW,
            organisation_id: way.to,
            valid_from: way.on,
            valid_to: None,
            ..place.clone()
        });
    }
    after.places.extend(carried);
    after
}

/// The stage that the successor's hub would have recorded, had it been there before: none
/// where the facts say more.
pub(super) fn stage(records: &Records, way: Way) -> Option<RecordedStage> {
    let stage_of =
        |site| records.participant(site).map_or(Stage::NotEngaged, |it| it.stage_at(way.on));
    let (was, is) = (stage_of(way.from), stage_of(way.to));
    let recorded = match was {
        Stage::Interested => RecordedStage::Interested,
        Stage::Preparing => RecordedStage::Preparing,
        _ => return None,
    };
    (is.rank() < was.rank()).then_some(recorded)
}

/// Writes what moves with a succession of sites, and says so.
pub(super) async fn over(turn: &mut Turn, command: &RecordSuccession) -> Result<(), Failure> {
    if !goes_along(command) {
        return Ok(());
    }
    let (way, records) = (way(command), turn.records().clone());
    for before in open_enrolments(&records, way.from) {
        write_enrolment(turn, before, &enrolment(before, way)).await?;
        say(turn, ChangeType::EnrolmentTransferred, (NodeType::Enrolment, before.row.id), way);
    }
    for before in open_posts(&records, way.from) {
        write_post(turn, before, &post(before, way)).await?;
        say(turn, ChangeType::PostMoved, (NodeType::Post, before.row.id), way);
    }
    write_stage(turn, &records, way).await
}

/// Both sites are told.
fn say(turn: &mut Turn, change_type: ChangeType, node: (NodeType, i64), way: Way) {
    for organisation_id in [way.from, way.to] {
        turn.say(Said {
            organisation_id,
            change_type,
            effective_on: Some(way.on),
            before: None,
            after: Some("taken over by the successor".to_owned()),
            node: Some(node),
        });
    }
}

async fn write_enrolment(
    turn: &mut Turn,
    before: &Enrolment,
    after: &Enrolment,
) -> Result<(), Failure> {
    let audit_id = turn.audit(Some(before.row.site_id)).await?;
    let row: enrolment::ActiveModel = after.row.clone().into_active_model().reset_all();
    row.update(turn.connection()).await?;
    for event in &after.events {
        if event.id == NEW {
            let row = enrolment_event::Model {
                id: turn.next_row_id(),
                audit_id,
                at: turn.at(),
                ..event.clone()
            };
            row.into_active_model().reset_all().insert(turn.connection()).await?;
        } else if !before.events.contains(event) {
            event.clone().into_active_model().reset_all().update(turn.connection()).await?;
        }
    }
    Ok(())
}

async fn write_post(turn: &mut Turn, before: &Post, after: &Post) -> Result<(), Failure> {
    next_version(turn, before, |_| ()).await?;
    for place in &after.places {
        if place.id == NEW {
            let row = post_place::Model { id: turn.next_row_id(), ..place.clone() };
            post_place::Entity::insert(row.into_active_model().reset_all())
                .exec_without_returning(turn.connection())
                .await?;
        } else if !before.places.contains(place) {
            place.clone().into_active_model().reset_all().update(turn.connection()).await?;
        }
    }
    Ok(())
}

/// The successor's participation: what its predecessor's hub recorded, as far as it goes
/// further than its own.
async fn write_stage(turn: &mut Turn, records: &Records, way: Way) -> Result<(), Failure> {
    let Some(of_predecessor) = records.participation(way.from) else { return Ok(()) };
    if records.participation(way.to).is_none() {
        let row = participation::Model { site_id: way.to, version: 1, ..of_predecessor.clone() };
        row.into_active_model().reset_all().insert(turn.connection()).await?;
    }
    if let Some(stage) = stage(records, way) {
        let row = stage_record::Model {
            id: turn.next_row_id(),
            site_id: way.to,
            stage,
            occurred_on: way.on,
            reason: Some("taken over from the site that it followed".to_owned()),
            audit_id: turn.audit(Some(way.to)).await?,
            at: turn.at(),
        };
        row.into_active_model().reset_all().insert(turn.connection()).await?;
    }
    turn.say(Said {
        organisation_id: way.to,
        change_type: ChangeType::StageRecorded,
        effective_on: Some(way.on),
        before: None,
        after: stage(records, way).map(|stage| Stage::from(stage).name().to_owned()),
        node: Some((NodeType::Participation, way.to)),
    });
    Ok(())
}
