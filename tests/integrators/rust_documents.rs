//! The documents of the typed Rust client. That they fit the schema is checked when they
//! are compiled: a field that is gone, or of another type, does not build.

mod schema {
    cynic::use_schema!("../schema.graphql");
}

pub(super) use self::documents::*;

#[cynic::schema_for_derives(file = "../schema.graphql", module = "schema")]
mod documents {
    use super::schema;

    #[derive(cynic::Scalar, Debug, Clone)]
    pub(in super::super) struct Date(pub String);

    #[derive(cynic::Scalar, Debug, Clone, PartialEq, Eq)]
    pub(in super::super) struct OdsCode(pub String);

    #[derive(cynic::QueryVariables)]
    pub(in super::super) struct Page {
        pub after: Option<String>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "Query", variables = "Page")]
    pub(in super::super) struct Sites {
        #[arguments(first: 25, after: $after)]
        pub sites: SiteConnection,
    }

    #[derive(cynic::QueryFragment)]
    pub(in super::super) struct SiteConnection {
        pub total_count: i32,
        pub page_info: PageInfo,
        pub nodes: Vec<Site>,
    }

    #[derive(cynic::QueryFragment)]
    pub(in super::super) struct PageInfo {
        pub has_next_page: bool,
        pub end_cursor: Option<String>,
    }

    #[derive(cynic::QueryFragment, Debug, PartialEq, Eq)]
    pub(in super::super) struct Site {
        pub id: cynic::Id,
        pub name: String,
        pub ods_code: Option<OdsCode>,
        pub version: i32,
        pub status: Option<OrganisationStatus>,
    }

    #[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
    pub(in super::super) enum OrganisationStatus {
        Proposed,
        Active,
        Dormant,
        Closed,
    }

    #[derive(cynic::QueryVariables)]
    pub(in super::super) struct Registering {
        pub input: RegisterSiteInput,
    }

    #[derive(cynic::InputObject, Clone)]
    pub(in super::super) struct RegisterSiteInput {
        pub idempotency_key: cynic::Id,
        pub name: String,
        pub ods_code: Option<OdsCode>,
        pub opened_on: Date,
        pub sub_icb: OrganisationBy,
    }

    #[derive(cynic::InputObject, Clone)]
    #[cynic(schema_path = "../schema.graphql")]
    pub(in super::super) enum OrganisationBy {
        OdsCode(OdsCode),
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "Mutation", variables = "Registering")]
    pub(in super::super) struct Register {
        #[arguments(input: $input)]
        pub register_site: Option<RegisterSitePayload>,
    }

    /// Exhaustive: an outcome that the schema adds does not build until it is handled.
    /// What a server of later adds beyond it is unknown to a program of today.
    #[derive(cynic::InlineFragments, Debug)]
    #[cynic(exhaustive)]
    pub(in super::super) enum RegisterSitePayload {
        SiteRegistered(SiteRegistered),
        InvalidInput(InvalidInput),
        IdempotencyConflict(IdempotencyConflict),
        #[cynic(fallback)]
        Unknown,
    }

    #[derive(cynic::QueryFragment, Debug)]
    pub(in super::super) struct SiteRegistered {
        pub site: Site,
    }

    #[derive(cynic::QueryFragment, Debug)]
    pub(in super::super) struct InvalidInput {
        pub problems: Vec<InputProblem>,
    }

    #[derive(cynic::QueryFragment, Debug)]
    pub(in super::super) struct InputProblem {
        pub path: String,
        pub message: String,
    }

    #[derive(cynic::QueryFragment, Debug)]
    pub(in super::super) struct IdempotencyConflict {
        pub message: String,
    }
}
