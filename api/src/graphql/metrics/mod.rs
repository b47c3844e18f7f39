//! Metrics: definitions, figures and their series, and what is set for them.

pub mod analysis;
pub mod define_metric;
pub mod definition;
pub mod enums;
pub mod input;
pub mod latest;
pub mod loaders;
pub mod observation;
pub mod publish_metric_version;
pub mod queries;
pub mod rebase_series;
pub mod record_observations;
pub mod series;
pub mod set_baseline;
pub mod set_targets;
mod told;
pub mod value;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct MetricMutations(
    define_metric::DefineMetricMutation,
    publish_metric_version::PublishMetricVersionMutation,
    record_observations::RecordObservationsMutation,
    set_targets::SetTargetsMutation,
    set_baseline::SetBaselineMutation,
    rebase_series::RebaseSeriesMutation,
);
