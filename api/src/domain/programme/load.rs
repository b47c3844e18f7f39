//! Reading all of the programme's content: one statement a table.

use std::{collections::HashMap, sync::Arc};

use entity::{
    competency, competency_domain, competency_duty, competency_framework, duty, evidence,
    job_description, proof_of_concept,
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use super::content::{Competency, Content, Domain, Framework, JobDescription};

/// Reads everything.
pub(in crate::domain) async fn load(connection: &impl ConnectionTrait) -> Result<Content, DbErr> {
    let job_descriptions = job_descriptions(connection).await?;
    let frameworks = frameworks(connection, &job_descriptions).await?;
    let evidence = evidence::Entity::find().order_by_asc(evidence::Column::Id);
    let evidence = evidence.all(connection).await?;
    let proofs = proof_of_concept::Entity::find().order_by_asc(proof_of_concept::Column::Id);
    let proofs = proofs.all(connection).await?;
    Ok(Content::new(job_descriptions, frameworks, evidence, proofs))
}

async fn job_descriptions(connection: &impl ConnectionTrait) -> Result<Vec<JobDescription>, DbErr> {
    let rows = duty::Entity::find().order_by_asc(duty::Column::Position).all(connection).await?;
    let mut duties = gathered(rows.into_iter().map(|row| (row.job_description_id, Arc::new(row))));
    let rows = job_description::Entity::find().all(connection).await?.into_iter();
    let whole = |row: job_description::Model| {
        let duties = duties.remove(&row.id).unwrap_or_default();
        JobDescription { row, duties }
    };
    Ok(rows.map(whole).collect())
}

async fn frameworks(
    connection: &impl ConnectionTrait,
    job_descriptions: &[JobDescription],
) -> Result<Vec<Framework>, DbErr> {
    let mut domains = domains(connection, job_descriptions).await?;
    let known = job_descriptions.iter().map(|each| (each.row.id, Arc::new(each.clone())));
    let known: HashMap<i64, Arc<JobDescription>> = known.collect();
    let mut frameworks = Vec::new();
    for row in competency_framework::Entity::find().all(connection).await? {
        let job_description = known.get(&row.job_description_id).cloned();
        let job_description = job_description
            .ok_or_else(|| DbErr::RecordNotFound("a framework's job description".to_owned()))?;
        let domains = domains.remove(&row.id).unwrap_or_default();
        frameworks.push(Framework { row, job_description, domains });
    }
    Ok(frameworks)
}

/// The domains of each framework.
async fn domains(
    connection: &impl ConnectionTrait,
    job_descriptions: &[JobDescription],
) -> Result<HashMap<i64, Vec<Arc<Domain>>>, DbErr> {
    let links = competency_duty::Entity::find().all(connection).await?;
    let links = gathered(links.into_iter().map(|row| (row.competency_id, row.duty_id)));
    let known: Vec<&Arc<duty::Model>> =
        job_descriptions.iter().flat_map(|each| &each.duties).collect();
    let supported = |row: &competency::Model| -> Vec<Arc<duty::Model>> {
        let Some(links) = links.get(&row.id) else { return Vec::new() };
        let named = known.iter().filter(|duty| links.contains(&duty.id));
        named.map(|duty| (*duty).clone()).collect()
    };
    let rows = competency::Entity::find().order_by_asc(competency::Column::Position);
    let rows = rows.all(connection).await?.into_iter();
    let mut competencies = gathered(rows.map(|row| {
        let duties = supported(&row);
        (row.domain_id, Arc::new(Competency { row, duties }))
    }));
    let rows = competency_domain::Entity::find().order_by_asc(competency_domain::Column::Position);
    let rows = rows.all(connection).await?.into_iter();
    Ok(gathered(rows.map(|row| {
        let competencies = competencies.remove(&row.id).unwrap_or_default();
        (row.framework_id, Arc::new(Domain { row, competencies }))
    })))
}

/// What belongs together, in the order in which it comes.
fn gathered<T>(rows: impl Iterator<Item = (i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut found: HashMap<i64, Vec<T>> = HashMap::new();
    for (key, row) in rows {
        found.entry(key).or_default().push(row);
    }
    found
}
