//! Whatever an edit makes different reaches the database, and the feed.

use entity::{
    change::{self, ChangeType},
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    auth::action::Action,
    domain::{
        directory::load,
        organisations::OrganisationBy,
        reference::load_reference,
        training_hubs::coverage::{self, SetCoverage},
        trial::{Trial, day},
    },
};

#[tokio::test]
async fn a_source_that_changes_reaches_the_database() {
    let trial = Trial::open().await;
    let mut edit = trial.edit().await;
    let site = edit.register(Kind::Site, Source::Manual, day("2025-01-01")).id();
    edit.commit(Some(site), site).await.unwrap();

    let mut edit = trial.edit().await;
    edit.change(site).unwrap().row.source = Source::Ods;
    edit.commit(Some(site), site).await.unwrap();

    let known = trial.directory().await.find(site).unwrap().row.clone();
    assert_eq!((known.source, known.version), (Source::Ods, 2));
}

/// Other instances read anew only what the feed names.
#[tokio::test]
async fn whatever_differs_is_said_in_the_feed() {
    let trial = Trial::open().await;
    load_reference(&trial.viewer, trial.permit(Action::LoadEdition)).await.unwrap();
    let before = trial.directory().await;
    let hub = before.bearer(CodeScheme::Slug, "the-spinney", day("2026-01-01")).unwrap();
    let command = SetCoverage {
        training_hub: hub.id(),
        expected_version: 1,
        icbs: vec![OrganisationBy::OdsCode("QYG".parse().unwrap())],
        from: day("2026-01-01"),
    };
    coverage::set(&trial.viewer, trial.permit(Action::SetCoverage), command).await.unwrap();

    let said = change::Entity::find()
        .filter(change::Column::OrganisationId.eq(hub.id()))
        .filter(change::Column::ChangeType.eq(ChangeType::DetailsChanged));
    let store = trial.viewer.store();
    assert_eq!(said.all(&store.reader).await.unwrap().len(), 1);
    let after = load::refresh(&before, &store.reader).await.unwrap().unwrap();
    assert_eq!(after.find(hub.id()).unwrap().row.version, 2);
    trial.directory().await;
}

#[tokio::test]
async fn an_edition_is_loaded_once() {
    let trial = Trial::open().await;
    let load = |mut edit: super::Edit| async {
        edit.loaded("ods", day("2024-05-01"), "abc".to_owned(), 3);
        edit.commit(None, 0).await
    };
    assert!(!trial.edit().await.loaded_before("ods", "abc").await.unwrap());
    load(trial.edit().await).await.unwrap();
    assert!(trial.edit().await.loaded_before("ods", "abc").await.unwrap());
    assert!(!trial.edit().await.loaded_before("pcn", "abc").await.unwrap());
    assert!(load(trial.edit().await).await.is_err(), "the database holds it to one row");
}
