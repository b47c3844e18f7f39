//! The demonstration comes, is seen to be invented, and goes without a trace.

use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use super::{assert_tiled, find, with_reference};
use crate::{
    auth::action::Action,
    domain::{
        directory::organisation::Organisation,
        reference::{Loaded, load_demonstration, withdraw_demonstration},
        sites::register::{self, RegisterSite},
        trial::{Trial, day},
    },
    ids::{OdsCode, Slug},
};

async fn shown() -> Trial {
    let trial = with_reference().await;
    let permit = trial.permit(Action::LoadEdition);
    let loaded = load_demonstration(&trial.viewer, permit, None).await.unwrap();
    // 39 hubs, 84 networks, 210 sites and a provider.
    assert_eq!(loaded, Loaded::Now(39 + 84 + 210 + 1));
    trial
}

fn trained_by(site: &Organisation) -> Option<i64> {
    site.placement_at(day("2026-01-15")).and_then(|place| place.training_hub_id)
}

#[tokio::test]
async fn everything_invented_says_so() {
    let trial = shown().await;
    let directory = trial.directory().await;
    assert_tiled(&directory);
    let invented = directory.all().filter(|each| each.row.source == Source::Demonstration);
    for each in invented {
        let name = each.name.latest().unwrap();
        assert!(name.ends_with("(demonstration)") || name.ends_with("(synthetic)"), "{name}");
        for code in &each.codes {
            match code.scheme {
                CodeScheme::Ods => {
                    code.code.parse::<OdsCode>().unwrap();
                    assert!(code.code.starts_with("DEMO"), "{code:?}");
                }
                CodeScheme::Slug => drop(code.code.parse::<Slug>().unwrap()),
                CodeScheme::Ons => panic!("{code:?}"),
            }
        }
        if each.kind() != Kind::TrainingHub {
            assert!(each.row.opened_on > day("2024-05-31"), "{each:?}");
        }
    }
    let real = [Kind::Site, Kind::Pcn].into_iter().flat_map(|kind| directory.of_kind(kind));
    assert!(real.into_iter().all(|each| each.row.source == Source::Demonstration));
}

#[tokio::test]
async fn every_board_has_a_hub_and_every_region_a_lead() {
    let trial = shown().await;
    let directory = trial.directory().await;
    assert_eq!(directory.of_kind(Kind::TrainingHub).len(), 2 + 39);
    for icb in directory.of_kind(Kind::Icb) {
        assert!(icb.placement_at(day("2022-07-01")).unwrap().training_hub_id.is_some());
    }
    for region in directory.of_kind(Kind::Region) {
        let lead = region.lead_at(day("2022-07-01")).unwrap();
        let hub = directory.find(lead.training_hub_id).unwrap();
        assert_eq!(hub.placement_at(day("2022-07-01")).unwrap().region_id, Some(region.id()));
        assert_eq!(region.leads.len(), 1);
        assert_eq!(lead.source, hub.row.source);
    }
}

#[tokio::test]
async fn west_yorkshire_trains_the_sites_of_yorkshire_and_the_humber() {
    let trial = shown().await;
    let directory = trial.directory().await;
    let hub = find(&directory, CodeScheme::Slug, "west-yorkshire").id();
    for icb in ["QWO", "QF7", "QOQ"] {
        let icb = find(&directory, CodeScheme::Ods, icb).id();
        let sites = directory.placed(icb).iter().filter(|each| each.kind() == Kind::Site);
        let (own, others): (Vec<_>, Vec<_>) = sites
            .partition(|site| site.memberships.iter().all(|row| row.level != Kind::TrainingHub));
        assert!(own.len() >= 3);
        assert!(own.iter().all(|site| {
            site.placements.iter().all(|place| place.training_hub_id == Some(hub))
        }));
        assert!(others.iter().all(|site| trained_by(site) != Some(hub)));
    }
}

#[tokio::test]
async fn every_story_is_told_somewhere() {
    let trial = shown().await;
    let directory = trial.directory().await;
    let sites = directory.of_kind(Kind::Site);
    let today = day("2026-01-15");
    let count =
        |told: &dyn Fn(&Organisation) -> bool| sites.iter().filter(|site| told(site)).count();
    let is = |status| count(&|site| site.status_at(today) == Some(status));
    assert_eq!(is(Status::Closed), 6);
    assert_eq!(is(Status::Dormant), 6);
    assert_eq!(is(Status::Proposed), 6);
    assert_eq!(count(&|site| !site.successors.is_empty()), 6);
    assert_eq!(count(&|site| site.eligible_at(today)), 210 - 4 * 6);
    let networks =
        |site: &Organisation| site.memberships.iter().filter(|row| row.level == Kind::Pcn).count();
    assert_eq!(count(&|site| networks(site) == 2), 6);
    assert_eq!(count(&|site| site.memberships.iter().any(|row| row.level == Kind::TrainingHub)), 6);
    assert_eq!(count(&|site| site.list_sizes.len() == 2), 210 - 2 * 6);
    assert!(sites.iter().all(|site| site.list_sizes.iter().all(|(_, size)| *size > 2_000)));
}

#[tokio::test]
async fn the_demonstration_comes_once_and_only_into_an_empty_register() {
    let trial = shown().await;
    let position = trial.directory().await.position();
    let permit = trial.permit(Action::LoadEdition);
    assert_eq!(load_demonstration(&trial.viewer, permit, None).await.unwrap(), Loaded::Already);
    assert_eq!(trial.directory().await.position(), position);

    let trial = with_reference().await;
    register_site(&trial, None).await;
    let permit = trial.permit(Action::LoadEdition);
    assert_eq!(load_demonstration(&trial.viewer, permit, None).await.unwrap(), Loaded::Already);
}

#[tokio::test]
async fn the_demonstration_goes_and_leaves_what_people_recorded() {
    let trial = shown().await;
    let site = register_site(&trial, Some("DEMOP001")).await;
    let invented = find(&*trial.directory().await, CodeScheme::Ods, "DEMO0001").id();
    succeed(&trial, invented, site).await;
    let known = trial.directory().await;
    assert_eq!(known.find(site).unwrap().predecessors.len(), 1);

    let mut edit = trial.edit().await;
    assert_eq!(withdraw_demonstration(&mut edit).unwrap(), 84 + 210);
    edit.commit(None, 0).await.unwrap();

    let after = trial.directory().await;
    assert_tiled(&after);
    assert!(after.of_kind(Kind::Pcn).is_empty());
    assert_eq!(after.of_kind(Kind::TrainingHub).len(), 2 + 39);
    let [site] = after.of_kind(Kind::Site) else { panic!("one site stays") };
    assert!(site.predecessors.is_empty() && site.successors.is_empty());
    let place = site.placement_at(day("2026-01-15")).unwrap();
    assert_eq!((place.pcn_id, place.region_id.is_some()), (None, true));
    assert!(site.row.version > known.find(site.id()).unwrap().row.version);
    let permit = trial.permit(Action::LoadEdition);
    assert_eq!(load_demonstration(&trial.viewer, permit, None).await.unwrap(), Loaded::Already);
}

/// A person's own site, in a sub-ICB location of Lancashire and South Cumbria.
async fn register_site(trial: &Trial, pcn: Option<&str>) -> i64 {
    use crate::domain::{idempotency::IdempotencyKey, organisations::OrganisationBy};
    let by = |code: &str| OrganisationBy::OdsCode(code.parse().unwrap());
    let command = RegisterSite {
        name: "A site of our own".to_owned(),
        ods_code: None,
        postcode: None,
        prescribing_setting: 4,
        opened_on: day("2025-01-01"),
        sub_icb: by("00Q"),
        pcn: pcn.map(by),
        training_hub: None,
    };
    let key = IdempotencyKey::new("one", "registerSite", "").unwrap();
    let permit = trial.permit(Action::RegisterSite);
    register::register(&trial.viewer, permit, key, command).await.unwrap()
}

async fn succeed(trial: &Trial, predecessor: i64, successor: i64) {
    use crate::domain::{
        idempotency::IdempotencyKey,
        successions::{RecordSuccession, record},
    };
    use entity::succession::{Confidence, SuccessionKind};
    let command = RecordSuccession {
        predecessor,
        successor,
        occurred_on: day("2025-06-01"),
        kind: SuccessionKind::Recode,
        confidence: Confidence::Confirmed,
    };
    let key = IdempotencyKey::new("two", "recordSuccession", "").unwrap();
    let permit = trial.permit(Action::RecordSuccession);
    record(&trial.viewer, permit, key, command).await.unwrap();
}
