//! The metrics that the benchmarks bring: counts that sites report, beside the catalogue's
//! own. What the catalogue has of sites, posts and learners is counted in the programme's
//! records, and nobody records it.

use api::{
    auth::action::Action,
    domain::{
        amount::Amount,
        idempotency::IdempotencyKey,
        metrics::{
            define::{DefineMetric, define},
            publish::{PublishMetricVersion, publish},
        },
        validation::set::{SetValidationRule, set},
        viewer::Viewer,
    },
};
use chrono::NaiveDate;
use entity::{
    metric_version::{Aggregation, Direction, Disclosure, Kind, Unit},
    organisation::Kind as OrganisationKind,
    validation_rule::{Kind as RuleKind, Severity},
};

/// The catalogue's own metrics are in force since then, too.
const PROGRAMME_BEGAN: NaiveDate = super::day(2019, 4, 1);

/// Stocks first, then what flows.
const STOCKS: [&str; 5] =
    ["bench.engaged", "bench.training", "bench.in_post", "bench.sustained", "bench.covered"];
const FLOWS: [&str; 2] = ["bench.adopters", "bench.lapsed"];

/// Publishes each with the two rules that any count has.
pub(super) async fn publish_all(viewer: &Viewer) -> anyhow::Result<()> {
    let stocks = STOCKS.map(|code| (code, Kind::Stock));
    for (code, kind) in stocks.into_iter().chain(FLOWS.map(|code| (code, Kind::Flow))) {
        bring(viewer, code, kind).await?;
    }
    Ok(())
}

async fn bring(viewer: &Viewer, code: &str, kind: Kind) -> anyhow::Result<()> {
    let permit = viewer.permit(Action::DefineMetric).map_err(described)?;
    let key = IdempotencyKey::new(code, "defineMetric", code).map_err(described)?;
    let id = define(viewer, permit, key, definition(code, kind)).await.map_err(described)?;
    let permit = viewer.permit(Action::PublishMetricVersion).map_err(described)?;
    let read = PublishMetricVersion { id, expected_version: 1 };
    publish(viewer, permit, read).await.map_err(described)?;
    for kind in [RuleKind::Required, RuleKind::Integer] {
        let permit = viewer.permit(Action::SetValidationRule).map_err(described)?;
        set(viewer, permit, rule(code, kind)).await.map_err(described)?;
    }
    Ok(())
}

fn definition(code: &str, kind: Kind) -> DefineMetric {
    DefineMetric {
        code: code.to_owned(),
        version: (1, 0, 0),
        title: code.to_owned(),
        description: "Something that sites count and report.".to_owned(),
        unit: Unit::Count,
        kind,
        direction: Direction::Increase,
        aggregation: Aggregation::Sum,
        subject_level: OrganisationKind::Site,
        numerator: None,
        denominator: None,
        disclosure: Disclosure::D0,
        decimals: 0,
        minimum: Some(Amount::ZERO),
        maximum: None,
        derivation: None,
        sources: "The benchmarks".to_owned(),
        effective_from: PROGRAMME_BEGAN,
        break_note: None,
    }
}

fn rule(code: &str, kind: RuleKind) -> SetValidationRule {
    SetValidationRule {
        metric: code.to_owned(),
        kind,
        severity: Severity::Error,
        minimum: None,
        maximum: None,
        months: None,
        message: "count again".to_owned(),
        enabled: true,
        expected_version: 0,
    }
}

fn described(refusal: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("{refusal:?}")
}
