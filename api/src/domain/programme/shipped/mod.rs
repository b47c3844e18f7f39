//! The content that is shipped with the program: every version, claim and place in it is
//! written the first time that it is seen, and never changed by a later start.

mod files;
#[cfg(test)]
mod tests;

use entity::{
    change::ChangeType, competency_framework, evidence, job_description as job_descriptions,
    job_description::State, proof_of_concept,
};

use self::files::{Claim, Place, Shipped};
use super::{
    content::{Content, Framework, JobDescription, Versioned, Versions},
    framework, job_description,
    load::load as load_content,
    say,
};
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        error::{Declined, Problems},
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// Writes whatever content is shipped and the database lacks; says how many versions,
/// claims and places that were.
pub async fn load(viewer: &Viewer, permit: Permit) -> Result<usize, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut shipped = Shipped::read()?;
            shipped.leave_out_what_is_in(viewer.catalogue().content());
            if shipped.count() == 0 {
                return Ok(0);
            }
            let mut turn = Turn::begin(&viewer, permit).await?;
            let known = turn.catalogue().clone();
            shipped.leave_out_what_is_in(known.content());
            let written = shipped.count();
            if written == 0 {
                // Another instance has written it since this one read the content.
                viewer.store().publish_catalogue(known);
                turn.see_before();
                return Ok(0);
            }
            write(&mut turn, shipped).await?;
            turn.commit(None, 0).await?;
            Ok(written)
        })
        .await
}

impl Shipped {
    fn leave_out_what_is_in(&mut self, content: &Content) {
        fn has<T: Versioned>(versions: &Versions<T>, numbers: (i32, i32, i32)) -> bool {
            versions.all().iter().any(|each| each.numbers() == numbers)
        }
        self.job_descriptions.retain(|numbers, _| !has(content.job_descriptions(), *numbers));
        self.frameworks.retain(|numbers, _| !has(content.frameworks(), *numbers));
        self.evidence.retain(|claim| content.evidence().iter().all(|row| row.code != claim.code));
        let places = content.proofs_of_concept();
        self.proofs_of_concept.retain(|place| places.iter().all(|row| row.code != place.code));
    }

    fn count(&self) -> usize {
        self.job_descriptions.len()
            + self.frameworks.len()
            + self.evidence.len()
            + self.proofs_of_concept.len()
    }
}

async fn write(turn: &mut Turn, shipped: Shipped) -> Result<(), Declined> {
    for (numbers, text) in shipped.job_descriptions {
        write_job_description(turn, numbers, text).await?;
    }
    let content = load_content(turn.connection()).await?;
    for (numbers, text) in shipped.frameworks {
        write_framework(turn, &content, numbers, text).await?;
    }
    let claims: Vec<_> =
        shipped.evidence.into_iter().map(|claim| claim.row(turn.next_row_id())).collect();
    let places: Vec<_> =
        shipped.proofs_of_concept.into_iter().map(|place| place.row(turn.next_row_id())).collect();
    if !claims.is_empty() || !places.is_empty() {
        let what =
            format!("{} claims and {} places of the proof of concept", claims.len(), places.len());
        say(turn, ChangeType::ContentPublished, what);
    }
    insert::<evidence::Entity>(turn.connection(), claims).await?;
    insert::<proof_of_concept::Entity>(turn.connection(), places).await?;
    Ok(())
}

async fn write_job_description(
    turn: &mut Turn,
    numbers: (i32, i32, i32),
    text: job_description::Text,
) -> Result<(), Declined> {
    let mut problems = Problems::default();
    let text = job_description::read(text, &mut problems);
    problems.check()?;
    let row = job_descriptions::Model {
        state: State::Published,
        published_on: Some(turn.today()),
        ..job_description::row(turn.next_row_id(), numbers, &text.head)
    };
    let id = row.id;
    insert::<job_descriptions::Entity>(turn.connection(), vec![row]).await?;
    job_description::write_duties(turn, id, text.duties, None).await?;
    say(turn, ChangeType::ContentPublished, named::<JobDescription>(numbers));
    Ok(())
}

async fn write_framework(
    turn: &mut Turn,
    content: &Content,
    numbers: (i32, i32, i32),
    text: framework::Text,
) -> Result<(), Declined> {
    let (text, supported) = framework::read(content, text, Problems::default())?;
    let row = competency_framework::Model {
        state: State::Published,
        published_on: Some(turn.today()),
        ..framework::row(turn.next_row_id(), numbers, &text.head, supported.row.id)
    };
    let id = row.id;
    insert::<competency_framework::Entity>(turn.connection(), vec![row]).await?;
    framework::write_parts(turn, id, text, &supported, None).await?;
    say(turn, ChangeType::ContentPublished, named::<Framework>(numbers));
    Ok(())
}

fn named<T: Versioned>((major, minor, patch): (i32, i32, i32)) -> String {
    format!("{} {major}.{minor}.{patch}", T::NOUN)
}

impl Claim {
    fn row(self, id: i64) -> evidence::Model {
        evidence::Model {
            id,
            code: self.code,
            metrics: self.metrics,
            claim: self.claim,
            change: self.change.map(|whole| Amount::whole(whole).0),
            unit: self.unit,
            source: self.source,
            year: self.year,
            design: self.design,
            sites: self.sites,
            grade: self.grade,
        }
    }
}

impl Place {
    fn row(self, id: i64) -> proof_of_concept::Model {
        proof_of_concept::Model {
            id,
            code: self.code,
            place: self.place,
            role_model: self.role_model,
            duties: self.duties,
            first_year: self.first_year,
            last_year: self.last_year,
            source: self.source,
            regions: self.regions,
        }
    }
}
