//! What is set for a metric of an organisation: targets, the months it is compared with,
//! and the months from which its limits are worked out anew.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{baseline, change::ChangeType, rebase, target};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use super::catalogue::Definition;
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        observations::observable,
        organisations::{OrganisationBy, resolve},
        turn::{Said, Turn},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Targets of one metric for one organisation; a month without a value loses its target.
#[derive(Debug, Clone)]
pub struct SetTargets {
    pub metric: String,
    pub organisation: OrganisationBy,
    pub targets: Vec<(Month, Option<Amount>)>,
}

/// The months that a metric of an organisation is compared with.
#[derive(Debug, Clone)]
pub struct SetBaseline {
    pub metric: String,
    pub organisation: OrganisationBy,
    pub first: Month,
    pub last: Month,
}

/// From a month on, the limits of a metric of an organisation are worked out anew.
#[derive(Debug, Clone)]
pub struct RebaseSeries {
    pub metric: String,
    pub organisation: OrganisationBy,
    pub month: Month,
    pub reason: String,
}

/// Whose setting of what: the newest version of the metric, and the organisation.
type Subject = (Arc<Definition>, Arc<Organisation>);

/// Finds what a setting is for, within the permit's reach.
fn subject(
    turn: &Turn,
    metric: &str,
    organisation: &OrganisationBy,
    problems: &mut Problems,
) -> Result<Subject, Declined> {
    let directory = turn.directory();
    let found = resolve(directory, organisation, turn.today()).ok_or(Failure::NotFound)?;
    if !directory.covers(&turn.permit().reach(), found, turn.today()) {
        let sentence = "it lies outside your organisation's reach";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    let Some(lines) = turn.catalogue().lines(metric) else {
        let sentence = format!("there is no metric {metric:?}: see metrics");
        return invalid("input.metric", ProblemCode::NotFound, sentence);
    };
    if !observable(&lines.newest, found.kind()) {
        let sentence = "the metric does not speak of such organisations";
        problems.add("input.organisation", ProblemCode::WrongKind, sentence);
    }
    Ok((lines.newest, found.clone()))
}

fn say(
    turn: &mut Turn,
    change_type: ChangeType,
    (definition, of): &Subject,
    month: Month,
    what: &str,
) {
    turn.say(Said {
        organisation_id: of.id(),
        change_type,
        effective_on: Some(month.first_day()),
        before: None,
        after: Some(format!("{} {what}", definition.row.code)),
        node: None,
    });
}

/// Sets the targets; gives the organisation's id.
pub async fn set_targets(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: SetTargets,
) -> Result<i64, Declined> {
    const MOST: usize = 240;
    if command.targets.is_empty() || command.targets.len() > MOST {
        let sentence = format!("send 1 to {MOST} targets");
        return invalid("input.targets", ProblemCode::OutOfRange, sentence);
    }
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let subject = subject(&turn, &command.metric, &command.organisation, &mut problems)?;
            let wanted: BTreeMap<Month, Option<Amount>> = command.targets.iter().copied().collect();
            if wanted.len() < command.targets.len() {
                let sentence = "a month is named twice: send each once";
                problems.add("input.targets", ProblemCode::Contradiction, sentence);
            }
            problems.check()?;
            let id = subject.1.id();
            if write_targets(&mut turn, &subject, wanted).await? {
                turn.commit(Some(id), id).await?;
            } else {
                turn.see_before();
            }
            Ok(id)
        })
        .await
}

/// Writes the targets that differ from what is set; says whether any does.
async fn write_targets(
    turn: &mut Turn,
    subject: &Subject,
    wanted: BTreeMap<Month, Option<Amount>>,
) -> Result<bool, DbErr> {
    let (series_id, organisation_id) = (subject.0.row.series_id, subject.1.id());
    let known = target::Entity::find()
        .filter(target::Column::SeriesId.eq(series_id))
        .filter(target::Column::OrganisationId.eq(organisation_id));
    let known: HashMap<i32, i64> =
        known.all(turn.connection()).await?.into_iter().map(|row| (row.month, row.value)).collect();
    let mut differs = false;
    for (month, value) in wanted {
        let stored = month.stored();
        let before = known.get(&stored).map(|value| Amount(*value));
        if before == value {
            continue;
        }
        differs = true;
        let audit_id = turn.audit(Some(organisation_id)).await?;
        if before.is_some() {
            let key = (series_id, organisation_id, stored);
            target::Entity::delete_by_id(key).exec(turn.connection()).await?;
        }
        if let Some(Amount(value)) = value {
            let row = target::Model { series_id, organisation_id, month: stored, value, audit_id };
            target::Entity::insert(row.into_active_model())
                .exec_without_returning(turn.connection())
                .await?;
        }
        let word = value.map_or("none".to_owned(), |value| value.to_string());
        say(turn, ChangeType::TargetSet, subject, month, &format!("{month} {word}"));
    }
    Ok(differs)
}

/// Sets the baseline, in the place of one that was set before; gives the organisation's id.
pub async fn set_baseline(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: SetBaseline,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let subject = subject(&turn, &command.metric, &command.organisation, &mut problems)?;
            if command.last < command.first || command.last.since(command.first) >= 24 {
                let sentence = "a baseline is 1 to 24 months, the first before the last";
                problems.add("input.last", ProblemCode::OutOfRange, sentence);
            }
            problems.check()?;
            let id = subject.1.id();
            let row = baseline::Model {
                series_id: subject.0.row.series_id,
                organisation_id: id,
                first_month: command.first.stored(),
                last_month: command.last.stored(),
                audit_id: turn.audit(Some(id)).await?,
            };
            let key = [baseline::Column::SeriesId, baseline::Column::OrganisationId];
            let anew = OnConflict::columns(key)
                .update_columns([
                    baseline::Column::FirstMonth,
                    baseline::Column::LastMonth,
                    baseline::Column::AuditId,
                ])
                .to_owned();
            baseline::Entity::insert(row.into_active_model())
                .on_conflict(anew)
                .exec_without_returning(turn.connection())
                .await?;
            let what = format!("{} to {}", command.first, command.last);
            say(&mut turn, ChangeType::BaselineSet, &subject, command.first, &what);
            turn.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}

/// Rebases the series, with a reason that everybody can read; gives the organisation's id.
pub async fn rebase_series(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RebaseSeries,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let subject = subject(&turn, &command.metric, &command.organisation, &mut problems)?;
            let reason = command.reason.trim();
            if !(8..=500).contains(&reason.chars().count()) {
                let sentence = "say in 8 to 500 characters what changed";
                problems.add("input.reason", ProblemCode::Required, sentence);
            }
            let (series, id) = (subject.0.row.series_id, subject.1.id());
            let known = rebase::Entity::find()
                .filter(rebase::Column::SeriesId.eq(series))
                .filter(rebase::Column::OrganisationId.eq(id))
                .filter(rebase::Column::Month.eq(command.month.stored()));
            if known.one(turn.connection()).await?.is_some() {
                let sentence = "the series is rebased at that month already";
                problems.add("input.month", ProblemCode::AlreadyExists, sentence);
            }
            problems.check()?;
            let row = rebase::Model {
                id: turn.next_row_id(),
                series_id: series,
                organisation_id: id,
                month: command.month.stored(),
                reason: reason.to_owned(),
                audit_id: turn.audit(Some(id)).await?,
            };
            row.into_active_model().insert(turn.connection()).await?;
            let (month, what) = (command.month, command.month.to_string());
            say(&mut turn, ChangeType::SeriesRebased, &subject, month, &what);
            turn.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}

/// A rebase, with who made it and when.
#[derive(Debug, Clone)]
pub struct Rebase {
    pub row: rebase::Model,
    pub month: Month,
    pub role: String,
    pub at: chrono::DateTime<chrono::Utc>,
}

/// What is set for some series of some organisations.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub targets: HashMap<(i64, OrganisationId), Vec<(Month, Amount)>>,
    pub baselines: HashMap<(i64, OrganisationId), (Month, Month)>,
    pub rebases: HashMap<(i64, OrganisationId), Vec<Rebase>>,
}

/// Reads what is set, in three statements for all of them.
pub async fn settings(
    viewer: &Viewer,
    series: &[i64],
    organisations: &[OrganisationId],
) -> Result<Settings, Failure> {
    let connection = &viewer.store().reader;
    let mut settings = Settings::default();
    for ids in organisations.chunks(crate::domain::turn::VALUES / 2) {
        let targets = target::Entity::find()
            .filter(target::Column::SeriesId.is_in(series.iter().copied()))
            .filter(target::Column::OrganisationId.is_in(ids.iter().copied()))
            .order_by_asc(target::Column::Month);
        for row in targets.all(connection).await? {
            if let Some(month) = Month::read(row.month) {
                let key = (row.series_id, row.organisation_id);
                settings.targets.entry(key).or_default().push((month, Amount(row.value)));
            }
        }
        let baselines = baseline::Entity::find()
            .filter(baseline::Column::SeriesId.is_in(series.iter().copied()))
            .filter(baseline::Column::OrganisationId.is_in(ids.iter().copied()));
        for row in baselines.all(connection).await? {
            let months = Month::read(row.first_month).zip(Month::read(row.last_month));
            if let Some(months) = months {
                settings.baselines.insert((row.series_id, row.organisation_id), months);
            }
        }
        for rebase in rebases(viewer, series, ids).await? {
            let key = (rebase.row.series_id, rebase.row.organisation_id);
            settings.rebases.entry(key).or_default().push(rebase);
        }
    }
    Ok(settings)
}

async fn rebases(
    viewer: &Viewer,
    series: &[i64],
    organisations: &[OrganisationId],
) -> Result<Vec<Rebase>, DbErr> {
    let connection = &viewer.store().reader;
    let rows = rebase::Entity::find()
        .filter(rebase::Column::SeriesId.is_in(series.iter().copied()))
        .filter(rebase::Column::OrganisationId.is_in(organisations.iter().copied()))
        .order_by_asc(rebase::Column::Month)
        .all(connection)
        .await?;
    let audits = entity::audit::Entity::find()
        .filter(entity::audit::Column::Id.is_in(rows.iter().map(|row| row.audit_id)));
    let audits: HashMap<i64, entity::audit::Model> =
        audits.all(connection).await?.into_iter().map(|row| (row.id, row)).collect();
    let told = rows.into_iter().filter_map(|row| {
        let (audit, month) = (audits.get(&row.audit_id)?, Month::read(row.month)?);
        Some(Rebase { month, role: audit.role.clone(), at: audit.at, row })
    });
    Ok(told.collect())
}
