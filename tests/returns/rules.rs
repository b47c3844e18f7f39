//! Rules are data: what is set is what figures are judged by.

use serde_json::{Value, json};

use super::{december, findings, of_hubs, problems, refused, send};
use crate::harness::{World, on_both, people, with};

async fn found(world: &World, schedule: &Value, value: f64) -> Vec<String> {
    let mut draft = with(&december(schedule), json!({ "dryRun": true }));
    draft["values"][1]["value"] = json!(value);
    findings(&send(world, people::YORKSHIRE, "saveReturnDraft", draft).await)
}

fn rule() -> Value {
    json!({
        "metric": "impact.gp_hours_released", "kind": "RANGE", "severity": "ERROR",
        "minimum": 1, "maximum": 100.5, "message": "count the hours again",
        "expectedVersion": 0,
    })
}

#[test]
fn a_rule_that_is_set_is_what_figures_are_judged_by() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        assert_eq!(found(world, &schedule, 101.0).await, [""; 0]);
        let position = world.position().await;
        let done = send(world, people::NATIONAL, "setValidationRule", rule()).await;
        assert_eq!(
            (&done["rule"]["maximum"], &done["rule"]["version"]),
            (&json!(100.5), &json!(1))
        );
        assert_eq!(
            world.said_since(position).await,
            ["nadia SET_VALIDATION_RULE: VALIDATION_RULE_SET - > \
              ERROR RANGE of impact.gp_hours_released, 1 to 100.5 from -"]
        );
        let outside = ["!impact.gp_hours_released RANGE value"];
        assert_eq!(found(world, &schedule, 100.5).await, [""; 0]);
        assert_eq!(found(world, &schedule, 100.6).await, outside);
        assert_eq!(found(world, &schedule, 0.5).await, outside);

        let conflict = send(world, people::NATIONAL, "setValidationRule", rule()).await;
        assert_eq!(conflict["current"]["version"], 1);
        let off = with(&rule(), json!({ "expectedVersion": 1, "enabled": false }));
        send(world, people::NATIONAL, "setValidationRule", off).await;
        assert_eq!(found(world, &schedule, 101.0).await, [""; 0], "it is switched off");
        let rules = "{ validationRules(metric: \"impact.gp_hours_released\") {
            kind severity enabled version } }";
        let data = world.data(people::PUBLIC, rules, json!({})).await;
        let rules = data["validationRules"].as_array().unwrap();
        let mine = json!({ "kind": "RANGE", "severity": "ERROR", "enabled": false, "version": 2 });
        assert!(rules.contains(&mine), "{rules:#?}");
    });
}

/// Twelve months of one hub's hours, around 40.
async fn a_year_of_hours(world: &World) {
    use api::{
        auth::action::Action,
        domain::{
            amount::Amount,
            idempotency::IdempotencyKey,
            observations::{
                Said,
                command::{Item, RecordObservations, record_observations},
            },
            organisations::OrganisationBy,
        },
        ids::Month,
    };
    let first = Month::new(2024, 12).unwrap();
    let item = |after: i32| Item {
        metric: "impact.gp_hours_released".to_owned(),
        organisation: OrganisationBy::Slug("west-yorkshire".parse().unwrap()),
        month: first.plus(after),
        said: Said::Value {
            value: Some(Amount::whole(i64::from(39 + after % 3))),
            numerator: None,
            denominator: None,
        },
        explanation: None,
        expected_revision: None,
    };
    let viewer = world.app.sign_in(world.token(people::YORKSHIRE).as_deref(), "t").await.unwrap();
    let permit = viewer.permit(Action::RecordObservations).unwrap();
    let status = entity::observation::Status::Provisional;
    let command = RecordObservations { items: (0..12).map(item).collect(), status };
    let key = IdempotencyKey::new("year", "recordObservations", "").unwrap();
    let done = record_observations(&viewer, permit, key, command).await.unwrap();
    assert!(done.iter().all(|each| each.findings.is_empty()), "{done:?}");
}

#[test]
fn a_change_beyond_the_limits_of_twelve_earlier_months_asks_why() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        assert_eq!(found(world, &schedule, 90.0).await, [""; 0], "nothing is known before");
        a_year_of_hours(world).await;
        assert_eq!(found(world, &schedule, 42.0).await, [""; 0]);
        let beyond = ["!impact.gp_hours_released BEYOND_LIMITS value"];
        assert_eq!(found(world, &schedule, 90.0).await, beyond);
        assert_eq!(found(world, &schedule, 3.0).await, beyond);
        let more = json!({
            "metric": "impact.gp_hours_released", "kind": "BEYOND_LIMITS", "severity": "WARNING",
            "months": 13, "message": "explain it", "expectedVersion": 1,
        });
        send(world, people::NATIONAL, "setValidationRule", more).await;
        assert_eq!(found(world, &schedule, 90.0).await, [""; 0], "twelve are not enough now");
    });
}

#[test]
fn every_mistake_in_a_rule_is_named_and_only_the_programme_sets_them() {
    on_both(async |world| {
        for (changes, problem) in [
            (json!({ "metric": "no.such" }), "input.metric NOT_FOUND"),
            (json!({ "metric": "sites.in_post" }), "input.metric WRONG_KIND"),
            (json!({ "minimum": null, "maximum": null }), "input.minimum REQUIRED"),
            (json!({ "minimum": 101 }), "input.maximum CONTRADICTION"),
            (json!({ "minimum": 0.000_000_1 }), "input.minimum MALFORMED"),
            (json!({ "months": 12 }), "input.months OUT_OF_RANGE"),
            (json!({ "message": " " }), "input.message REQUIRED"),
            (
                json!({ "kind": "NUMERATOR_WITHIN_DENOMINATOR", "minimum": null, "maximum": null }),
                "input.kind WRONG_KIND",
            ),
            (
                json!({ "kind": "BEYOND_LIMITS", "minimum": null, "maximum": null,
                    "metric": "gpa.fte" }),
                "input.kind WRONG_KIND",
            ),
        ] {
            let wrong = with(&rule(), changes);
            let named = problems(world, people::NATIONAL, "setValidationRule", wrong).await;
            assert_eq!(named, [problem]);
        }
        for (who, code) in [
            (people::PUBLIC, "UNAUTHENTICATED"),
            (people::ANALYST, "FORBIDDEN"),
            (people::YORKSHIRE, "FORBIDDEN"),
        ] {
            assert_eq!(refused(world, who, "setValidationRule", rule()).await, code);
        }
    });
}
