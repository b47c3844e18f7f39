//! What clients see: the domain's nouns as types, its commands one to a file.
//!
//! Resolvers look and translate; they decide nothing. What may be seen and done is
//! the domain's to say, so nothing here names a role, a table or a query.

pub mod access;
pub mod api_clients;
pub mod assessments;
pub mod audit;
pub mod awards;
pub mod changes;
pub mod cohorts;
pub mod data_quality;
pub mod deprecations;
pub mod engine;
pub mod enrolments;
pub mod enums;
pub mod error;
pub mod findings;
pub mod history;
pub mod ids;
pub mod imports;
pub mod json;
pub mod learners;
pub mod limits;
pub mod memberships;
pub mod metrics;
pub mod operations;
pub mod organisations;
pub mod outcomes;
pub mod page;
pub mod participation;
pub mod posts;
pub mod programme;
pub mod providers;
pub mod rate_limit;
pub mod refusal;
pub mod returns;
pub mod sandbox;
pub mod scalars;
pub mod service;
pub mod sites;
pub mod spec_nulls;
pub mod subscriptions;
pub mod successions;
pub mod training_hubs;
pub mod usage;
pub mod viewer;
pub mod webhooks;
pub mod worklists;

use async_graphql::{MergedObject, Request, SDLExportOptions, SchemaBuilder};

use crate::domain::viewer::Viewer;

pub use self::subscriptions::Subscription;

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

// What is merged is asked one inside the other, so it is grouped: a long row of nouns would
// need a deep stack for its last.

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(OfRegister, OfFigures, OfProgramme, OfLearners, OfClients);

#[derive(MergedObject, Default)]
pub struct OfRegister(
    organisations::queries::OrganisationQueries,
    viewer::ViewerQueries,
    service::ServiceQueries,
    audit::AuditQueries,
    changes::ChangeQueries,
);

#[derive(MergedObject, Default)]
pub struct OfFigures(
    metrics::queries::MetricQueries,
    returns::queries::ReturnQueries,
    imports::queries::ImportQueries,
    metrics::analysis::queries::AnalysisQueries,
    data_quality::queries::DataQualityQueries,
);

#[derive(MergedObject, Default)]
pub struct OfProgramme(
    participation::queries::ParticipationQueries,
    posts::queries::PostQueries,
    successions::succession_impact::SuccessionImpactQuery,
    programme::queries::ProgrammeQueries,
    providers::ProviderQueries,
);

#[derive(MergedObject, Default)]
pub struct OfLearners(
    cohorts::queries::CohortQueries,
    learners::queries::LearnerQueries,
    enrolments::queries::EnrolmentQueries,
    worklists::queries::WorklistQueries,
);

#[derive(MergedObject, Default)]
pub struct OfClients(
    api_clients::queries::ApiClientQueries,
    operations::queries::OperationQueries,
    usage::UsageQueries,
    rate_limit::RateLimitQueries,
    sandbox::queries::SandboxQueries,
    webhooks::queries::WebhookQueries,
);

/// Everything that can be commanded. A command answers with a union: its success, or
/// an outcome that the caller can act on.
#[derive(MergedObject, Default)]
pub struct Mutation(
    ChangesRegister,
    ChangesFigures,
    ChangesProgramme,
    ChangesLearners,
    ChangesClients,
);

#[derive(MergedObject, Default)]
pub struct ChangesRegister(
    sites::SiteMutations,
    training_hubs::TrainingHubMutations,
    memberships::MembershipMutations,
    successions::SuccessionMutations,
);

#[derive(MergedObject, Default)]
pub struct ChangesFigures(
    metrics::MetricMutations,
    returns::ReturnMutations,
    imports::ImportMutations,
    data_quality::DataQualityMutations,
);

#[derive(MergedObject, Default)]
pub struct ChangesProgramme(
    participation::ParticipationMutations,
    posts::PostMutations,
    programme::ProgrammeMutations,
    providers::register_provider::RegisterProviderMutation,
);

#[derive(MergedObject, Default)]
pub struct ChangesLearners(
    cohorts::CohortMutations,
    learners::LearnerMutations,
    enrolments::EnrolmentMutations,
    assessments::record_assessments::RecordAssessmentsMutation,
    awards::AwardMutations,
);

#[derive(MergedObject, Default)]
pub struct ChangesClients(
    api_clients::ApiClientMutations,
    operations::OperationMutations,
    sandbox::SandboxMutations,
    webhooks::WebhookMutations,
);

/// The schema as it is served, with errors as the specification has them.
pub fn schema() -> Schema {
    build().extension(spec_nulls::SpecNulls).extension(operations::check::EndsChecks).finish()
}

/// The same schema with nothing between its fields, which is faster.
pub fn swift_schema() -> Schema {
    build().finish()
}

fn build() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// Puts into a request whose it is, and what loads for them alone.
pub fn furnish(request: Request, viewer: Viewer) -> Request {
    let figures = metrics::loaders::loader(&viewer);
    let forecasts = metrics::analysis::loaders::Forecasts::default();
    let (sites, people) = learners::readings::loaders(&viewer);
    let request = request.data(history::loaders(&viewer)).data(figures).data(forecasts);
    let request = request.data(sites).data(people).data(returns::loaders::loader(&viewer));
    let request = request.data(assessments::loaders::loader(&viewer));
    request.data(worklists::loaders::loader(&viewer)).data(viewer)
}

/// The contract, as `schema.graphql` holds it.
pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}
