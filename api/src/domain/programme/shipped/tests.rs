//! What is shipped is sound, is written once, and is what it says it is.

use std::collections::BTreeSet;

use entity::{duty, evidence::Grade, role_model::RoleModel};

use super::*;
use crate::{
    auth::action::Action,
    domain::{metrics, reference, trial::Trial},
};

async fn loaded() -> Trial {
    let trial = Trial::open().await;
    let permit = || trial.permit(Action::LoadEdition);
    reference::load_reference(&trial.viewer, permit()).await.unwrap();
    metrics::shipped::load(&trial.viewer, permit()).await.unwrap();
    assert_eq!(load(&trial.viewer, permit()).await.unwrap(), Shipped::read().unwrap().count());
    assert_eq!(load(&trial.viewer, permit()).await.unwrap(), 0);
    trial
}

#[tokio::test]
async fn the_framework_covers_the_job_and_both_say_where_they_come_from() {
    let trial = loaded().await;
    let catalogue = trial.viewer.catalogue();
    let content = catalogue.content();
    let job = content.job_descriptions().current().unwrap();
    let framework = content.frameworks().current().unwrap();
    assert_eq!(framework.job_description.row, job.row);
    for source in [&job.row.source, &framework.row.source] {
        assert!(source.contains("not the national"), "{source}");
    }
    let titles: Vec<&str> = framework.domains.iter().map(|domain| &*domain.row.title).collect();
    let five = ["Care", "Clinical", "Managing Health Records", "Communication", "Administration"];
    assert_eq!(titles, five);
    let supported: BTreeSet<i64> =
        framework.competencies().flat_map(|each| &each.duties).map(|duty| duty.id).collect();
    for duty in &job.duties {
        assert!(supported.contains(&duty.id), "nobody learns to {}", duty.code);
    }
    for kind in [duty::Kind::Administrative, duty::Kind::Clinical] {
        assert!(job.duties.iter().any(|duty| duty.kind == kind));
    }
    // Where the role has no clinical duties, nobody needs a clinical competency to complete.
    assert!(framework.competencies().all(|each| !(each.row.core && each.row.clinical)));
    for competency in framework.competencies() {
        assert_eq!(content.competency(competency.row.id), Some(competency));
        let domain = content.domain(competency.row.domain_id).unwrap();
        assert_eq!(domain.row.framework_id, framework.row.id);
    }
}

#[tokio::test]
async fn claims_name_metrics_that_there_are_and_no_grade_is_better_than_low() {
    let trial = loaded().await;
    let catalogue = trial.viewer.catalogue();
    let claims = catalogue.content().evidence();
    assert_eq!(claims.len(), 4);
    for claim in claims {
        assert!(claim.grade <= Grade::Low, "{claim:?}");
        assert!(claim.source.len() > 20 && !claim.metrics.is_empty(), "{claim:?}");
        for code in claim.metrics.split_whitespace() {
            assert!(catalogue.newest(code).is_some(), "{code}");
        }
    }
    let changed: Vec<_> = claims.iter().filter_map(|claim| claim.change).collect();
    assert_eq!(changed, [Amount::whole(-85).0]);
}

#[tokio::test]
async fn the_places_of_the_proof_of_concept_lie_in_regions_of_the_register() {
    let trial = loaded().await;
    let (catalogue, directory) = (trial.viewer.catalogue(), trial.viewer.directory());
    let places = catalogue.content().proofs_of_concept();
    let models: Vec<_> = places.iter().map(|place| place.role_model).collect();
    assert_eq!(models, [RoleModel::Combined, RoleModel::Administrative]);
    for code in places.iter().flat_map(|place| place.regions.split_whitespace()) {
        let scheme = entity::organisation_code::CodeScheme::Ods;
        let region = directory.bearer(scheme, code, trial.viewer.today());
        assert_eq!(region.unwrap().kind(), entity::organisation::Kind::Region, "{code}");
    }
}
