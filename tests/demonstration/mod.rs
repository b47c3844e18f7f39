//! The demonstration: the same story for the same size and seed on either database,
//! invented for all to see, obeying every rule, and gone when the real register comes in.

mod withdrawn;

use std::cell::RefCell;

use api::{
    app::operator,
    domain::{observations::check::rollups, records::check::records},
};
use sea_orm::EntityTrait;

use crate::harness::{World, on_both_new};

/// So many sites that every story is told.
const SITES: usize = 126;
const SEED: u64 = 7;

/// The rows of the records' and the figures' tables, without their audit rows and times,
/// which differ from load to load.
async fn content(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    macro_rules! add {
        ($($table:ident),*) => {$(
            let rows = entity::$table::Entity::find().all(&world.raw).await.unwrap();
            let mut rows: Vec<String> = rows.iter().map(|row| {
                let row = format!("{row:?}");
                let told = row.split(", ").filter(|part| {
                    !["audit_id: ", "at: ", "recorded_at: "].iter().any(|it| part.starts_with(it))
                });
                format!("{} {}", stringify!($table), told.collect::<Vec<_>>().join(", "))
            }).collect();
            rows.sort_unstable();
            lines.extend(rows);
        )*};
    }
    add!(organisation, organisation_fact, organisation_code, membership, succession, list_size);
    add!(participation, stage_record, cohort, learner, learner_details, enrolment);
    add!(enrolment_event, extension, mentor_assignment, assessment, award, post, post_place);
    add!(observation);
    lines
}

/// What comes of a seed, on each database.
fn told(sites: usize, seed: u64) -> Vec<Vec<String>> {
    let told = RefCell::new(Vec::new());
    on_both_new(async |world| {
        let taking_part = world.app.demonstrate_at_size(sites, seed).await.unwrap();
        assert!(taking_part.unwrap() > 20);
        let content = content(world).await;
        told.borrow_mut().push(content);
    });
    told.into_inner()
}

/// Nothing that is stored breaks a rule, and every sum is what its figures come to.
async fn nothing_is_wrong(world: &World) {
    let viewer = operator(&world.app.store);
    let checked = records(&viewer).await.unwrap();
    assert_eq!(checked.breaches, [""; 0]);
    let checked = rollups(&viewer).await.unwrap();
    assert!(checked.differences.is_empty(), "{:?}", checked.differences);
}

#[test]
fn the_same_size_and_seed_tell_the_same_story_on_either_database() {
    let ours = told(SITES, SEED);
    for other in &ours[1..] {
        let differs = ours[0].iter().zip(other).find(|(one, other)| one != other);
        assert_eq!(differs, None);
        assert_eq!(ours[0].len(), other.len());
    }
    assert!(ours[0].iter().any(|line| line.starts_with("award ")), "nobody came to the end");
    let others = told(SITES, SEED + 1);
    let stories = |lines: &[String]| {
        let posts = lines.iter().filter(|line| line.starts_with("post "));
        posts.cloned().collect::<Vec<_>>()
    };
    assert_ne!(stories(&ours[0]), stories(&others[0]));
}

#[test]
fn it_says_that_it_is_invented_and_obeys_every_rule() {
    on_both_new(async |world| {
        world.app.demonstrate_at_size(SITES, SEED).await.unwrap();
        for (of, unmarked) in [
            ("learner_details", "name NOT LIKE 'Learner % (synthetic)'"),
            ("learner_details", "email NOT LIKE '%@example.invalid'"),
            ("cohort", "name NOT LIKE '% (synthetic)'"),
            ("learner", "reference NOT LIKE 'L-DEMO%'"),
            ("post", "person NOT LIKE 'P-DEMO%'"),
        ] {
            let all = world.number(&format!("SELECT COUNT(*) FROM {of}")).await;
            assert!(all > 0, "{of}");
            let statement = format!("SELECT COUNT(*) FROM {of} WHERE {unmarked}");
            assert_eq!(world.number(&statement).await, 0, "{of} {unmarked}");
        }
        let names = "SELECT COUNT(*) FROM organisation_fact JOIN organisation ON
            organisation.id = organisation_id WHERE fact = 'NAME' AND source = 'DEMONSTRATION'
            AND kind IN ('SITE', 'PCN') AND value NOT LIKE '% (synthetic)'";
        assert_eq!(world.number(names).await, 0);
        nothing_is_wrong(world).await;
        // A database that is not new keeps what it has.
        let rows = world.rows().await;
        assert_eq!(world.app.demonstrate_at_size(SITES, SEED).await.unwrap(), None);
        assert_eq!(world.rows().await, rows);
    });
}
