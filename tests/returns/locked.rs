//! A locked return's figures never change in place, whatever anybody sends, and not even
//! past the program.

use api::{
    auth::action::Action,
    domain::{
        idempotency::IdempotencyKey,
        observations::{
            Said,
            command::{Item, ItemResult, RecordObservations, record_observations},
        },
        organisations::OrganisationBy,
    },
};
use entity::observation::Status;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{HUBS_OTHER, REGIONS_OTHER, december, locked, of_hubs, read, submitted};
use crate::harness::{Who, World, on_both, people, with};

/// What is recorded of the return, up to a revision of it, as one text.
async fn figures(world: &World, most: i64) -> String {
    let list = if world.url().starts_with("sqlite") { "GROUP_CONCAT" } else { "STRING_AGG" };
    world
        .text(&format!(
            "SELECT {list}(line, ' ') FROM (SELECT CAST(id AS TEXT) || ':' || revision || ':' ||
                status || ':' || state || ':' || COALESCE(value, -1) || ':' ||
                COALESCE(numerator, -1) || ':' || recorded_at AS line
             FROM observation WHERE id <= {most} ORDER BY id) AS lines"
        ))
        .await
}

async fn answers(world: &World) -> String {
    let list = if world.url().starts_with("sqlite") { "GROUP_CONCAT" } else { "STRING_AGG" };
    let line = "metric || ':' || COALESCE(value, -1) || ':' || COALESCE(numerator, -1)";
    let of = "FROM return_value WHERE revision = 1 ORDER BY metric";
    world.text(&format!("SELECT {list}(line, ' ') FROM (SELECT {line} AS line {of}) AS l")).await
}

#[test]
fn whatever_is_sent_what_was_locked_stays() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let it = submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let it = locked(world, it).await;
        let last = world.number("SELECT MAX(id) FROM observation").await;
        let before = (figures(world, last).await, answers(world).await);
        for who in [
            people::NATIONAL,
            people::NORTH_EAST,
            REGIONS_OTHER,
            people::YORKSHIRE,
            HUBS_OTHER,
            people::PRACTICE,
        ] {
            for version in [1, 4, 5, 6] {
                for (command, more) in attempts(&schedule) {
                    let mut input = with(&read(&it), json!({ "expectedVersion": version }));
                    input = with(&input, more);
                    if command == "saveReturnDraft" {
                        input.as_object_mut().unwrap().remove("id");
                    }
                    let document = super::document(command);
                    world.ask(who, &document, json!({ "input": input })).await;
                    let after = (figures(world, last).await, answers(world).await);
                    assert_eq!(after, before, "{command} {version} by {who:?}");
                }
            }
        }
        let state = "SELECT state FROM monthly_return";
        assert_eq!(world.text(state).await, "LOCKED");
        let after = format!("SELECT COUNT(*) FROM observation WHERE id > {last}");
        let later = world.number(&after).await;
        assert!(later >= 1, "it was restated");
        let restated = format!("{after} AND status = 'RESTATED' AND note IS NOT NULL");
        assert_eq!(world.number(&restated).await, later, "by restatements with a note alone");
    });
}

fn attempts(schedule: &Value) -> [(&'static str, Value); 6] {
    let values = json!([{ "metric": "survey.places", "value": 99 }]);
    [
        ("saveReturnDraft", with(&december(schedule), json!({ "values": values }))),
        ("submitReturn", json!({})),
        ("sendReturnBack", json!({ "reason": "Please look again." })),
        ("approveReturn", json!({})),
        ("lockReturn", json!({})),
        ("restateReturn", json!({ "values": values, "note": "It was wrong." })),
    ]
}

async fn recorded(world: &World, who: Who, value: i64) -> ItemResult {
    let viewer = world.app.sign_in(world.token(who).as_deref(), "test").await.unwrap();
    let permit = viewer.permit(Action::RecordObservations).unwrap();
    let item = Item {
        metric: "survey.places".to_owned(),
        organisation: OrganisationBy::Slug("west-yorkshire".parse().unwrap()),
        month: "2025-12".parse().unwrap(),
        said: Said::Value {
            value: Some(api::domain::amount::Amount::whole(value)),
            numerator: None,
            denominator: None,
        },
        explanation: Some("because".to_owned()),
        expected_revision: None,
    };
    let command = RecordObservations { items: vec![item], status: Status::Provisional };
    let key = IdempotencyKey::new(&format!("{value}"), "recordObservations", "").unwrap();
    let done = record_observations(&viewer, permit, key, command).await.unwrap();
    done[0].result
}

#[test]
fn a_figure_of_a_return_is_the_returns_alone() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        assert_eq!(recorded(world, people::YORKSHIRE, 3).await, ItemResult::Created);
        let it = submitted(world, people::YORKSHIRE, december(&schedule)).await;
        assert_eq!(recorded(world, people::YORKSHIRE, 4).await, ItemResult::Refused);
        locked(world, it).await;
        assert_eq!(recorded(world, people::NATIONAL, 5).await, ItemResult::Refused);
    });
}

#[test]
fn the_database_itself_keeps_answers_that_were_submitted() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        submitted(world, people::YORKSHIRE, december(&schedule)).await;
        for statement in ["UPDATE return_value SET value = 1", "DELETE FROM return_value"] {
            assert!(world.raw.execute_unprepared(statement).await.is_err(), "{statement}");
        }
        let open = "UPDATE monthly_return SET state = 'RETURNED'";
        world.raw.execute_unprepared(open).await.unwrap();
        world.raw.execute_unprepared("DELETE FROM return_value").await.unwrap();
    });
}
