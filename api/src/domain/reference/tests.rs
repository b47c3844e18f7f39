//! What the reference data and the demonstration must come to, in the database and
//! in memory.

mod demonstration;

use entity::{
    membership::Scheme,
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
};

use super::{Loaded, load_reference};
use crate::{
    auth::action::Action,
    domain::{
        directory::Directory,
        trial::{Trial, day},
    },
};

async fn with_reference() -> Trial {
    let trial = Trial::open().await;
    let loaded = load_reference(&trial.viewer, trial.permit(Action::LoadEdition)).await.unwrap();
    assert_eq!(loaded, Loaded::Now(1 + 7 + 42 + 106 + 2));
    trial
}

/// Placements begin with the organisation, follow each other without a gap, and end with it.
fn assert_tiled(directory: &Directory) {
    let placed = |kind| !matches!(kind, Kind::Programme | Kind::Region | Kind::Provider);
    for each in directory.all().filter(|each| placed(each.kind())) {
        let (opened, closed) = each.lifetime();
        let from = each.placements.iter().map(|row| Some(row.valid_from));
        let to = each.placements.iter().map(|row| row.valid_to);
        assert!(
            from.chain([closed]).eq([Some(opened)].into_iter().chain(to)),
            "{:?} {:?}",
            each.name,
            each.placements
        );
    }
}

fn find<'a>(
    directory: &'a Directory,
    scheme: CodeScheme,
    code: &str,
) -> &'a crate::domain::directory::organisation::Organisation {
    directory.bearer(scheme, code, day("2026-01-15")).unwrap()
}

#[tokio::test]
async fn every_area_is_there_with_its_codes_and_dates() {
    let trial = with_reference().await;
    let directory = trial.directory().await;
    let count = |kind| directory.of_kind(kind).len();
    let kinds = [Kind::Programme, Kind::Region, Kind::Icb, Kind::SubIcb, Kind::TrainingHub];
    assert_eq!(kinds.map(count), [1, 7, 42, 106, 2]);
    assert!(directory.all().all(|each| each.row.source == Source::Reference));
    assert_tiled(&directory);

    let south_east = find(&directory, CodeScheme::Ons, "E38000244");
    assert_eq!(south_east.code_at(CodeScheme::Ods, day("2020-04-01")), Some("72Q"));
    assert_eq!(south_east.row.opened_on, day("2020-04-01"));
    let place = |on| south_east.placement_at(day(on)).map(|place| (place.icb_id, place.region_id));
    let icb = find(&directory, CodeScheme::Ods, "QKK").id();
    let london = find(&directory, CodeScheme::Ods, "Y56").id();
    assert_eq!(place("2020-03-31"), None);
    assert_eq!(place("2022-06-30"), Some((None, None)));
    assert_eq!(place("2022-07-01"), Some((Some(icb), Some(london))));
}

#[tokio::test]
async fn the_programme_has_its_names_through_time() {
    let trial = with_reference().await;
    let directory = trial.directory().await;
    let body = find(&directory, CodeScheme::Slug, "national");
    assert_eq!(body.name_at(day("2023-03-31")), "Health Education England");
    assert_eq!(body.name_at(day("2023-04-01")), "NHS England");
    assert_eq!(body.code_at(CodeScheme::Ods, day("2023-03-31")), None);
    assert_eq!(body.code_at(CodeScheme::Ods, day("2023-04-01")), Some("X24"));
}

#[tokio::test]
async fn the_known_hubs_lead_their_regions_and_serve_their_boards() {
    let trial = with_reference().await;
    let directory = trial.directory().await;
    for (region, hub) in [("Y62", "the-spinney"), ("Y63", "west-yorkshire")] {
        let region = find(&directory, CodeScheme::Ods, region);
        let hub = find(&directory, CodeScheme::Slug, hub);
        let lead = region.lead_at(day("2019-04-01")).map(|lead| lead.training_hub_id);
        assert_eq!(lead, Some(hub.id()));
        assert_eq!(hub.placements[0].region_id, Some(region.id()));
    }
    let hub = find(&directory, CodeScheme::Slug, "west-yorkshire").id();
    for icb in directory.of_kind(Kind::Icb) {
        let serves = icb.code_at(CodeScheme::Ods, day("2026-01-15"));
        let serves = ["QF7", "QOQ", "QWO"].contains(&serves.unwrap());
        let served = icb.placement_at(day("2022-07-01")).unwrap().training_hub_id;
        assert_eq!(served, serves.then_some(hub));
    }
}

#[tokio::test]
async fn the_same_facts_are_written_once() {
    let trial = with_reference().await;
    let position = trial.directory().await.position();
    let permit = trial.permit(Action::LoadEdition);
    assert_eq!(load_reference(&trial.viewer, permit).await.unwrap(), Loaded::Already);
    assert_eq!(trial.directory().await.position(), position);
}

/// As when a newer release of the program brings other facts.
#[tokio::test]
async fn other_facts_correct_the_reference_and_leave_what_people_said() {
    let trial = with_reference().await;
    let directory = trial.directory().await;
    let id = |code| find(&directory, CodeScheme::Ods, code).id();
    let (wrong, moved, london) = (id("QKK"), id("QMF"), id("Y56"));
    let mut edit = trial.edit().await;
    let icb = edit.change(wrong).unwrap();
    icb.memberships[0].valid_from = day("2023-01-01");
    icb.name.set(day("2022-07-01"), "A wrong name".into());
    icb.name.set(day("2025-01-01"), "A later name".into());
    let icb = edit.change(moved).unwrap();
    icb.memberships[0].parent_id = id("Y58");
    icb.memberships[0].source = Source::Manual;
    edit.commit(None, 0).await.unwrap();
    let between = trial.directory().await;

    let mut scribe = super::Scribe::new(trial.edit().await, Source::Reference);
    super::write(&mut scribe, &super::Facts::read().unwrap()).unwrap();
    scribe.commit().await.unwrap();

    let after = trial.directory().await;
    assert_tiled(&after);
    let [wrong, moved] = [wrong, moved].map(|id| after.find(id).unwrap());
    let parent = |icb: &crate::domain::directory::organisation::Organisation| {
        icb.membership_at(Scheme::Commissioning, Kind::Region, day("2022-07-01")).unwrap().parent_id
    };
    assert_eq!(parent(wrong), london);
    assert_eq!(parent(moved), find(&after, CodeScheme::Ods, "Y58").id());
    assert_eq!(wrong.name_at(day("2024-12-31")), "NHS South East London Integrated Care Board");
    assert_eq!(wrong.name_at(day("2025-01-01")), "A later name");
    let written = after.all().filter(|each| between.find(each.id()) != Some(*each));
    let below = |each: &&_| after.placed(wrong.id()).contains(*each);
    let beside: Vec<_> = written.filter(|each| each.id() != wrong.id() && !below(each)).collect();
    assert!(beside.is_empty(), "only the wrong one and what lies within it: {beside:?}");
}
