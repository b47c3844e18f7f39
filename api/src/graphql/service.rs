//! What the service says of itself.

use async_graphql::{Context, Object, SimpleObject, connection::CursorType};
use chrono::{DateTime, Utc};

use super::{
    access::{Action, access},
    changes::Position,
    deprecations::{self, Deprecation},
    error::Result,
    organisations::seen::viewer,
    sandbox::object::Environment,
    scalars::Date,
};
use crate::domain::{changes, editions, sandbox};

/// The service: its version, its data, its terms.
pub struct ServiceInfo;

/// One edition of a published file that was loaded.
#[derive(SimpleObject)]
pub struct LoadedEdition {
    /// The format: `ods`, `pcn`, `list-sizes`, `hierarchy`, `reference` or `demonstration`.
    format: String,
    /// The day that the file speaks of.
    edition_on: Date,
    /// When it was loaded.
    loaded_at: DateTime<Utc>,
    /// How many rows it had.
    rows: i32,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
}

/// The service: its version, its data, its terms.
#[Object]
impl ServiceInfo {
    /// The version of the program.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// What the service is run for: in a sandbox everything is invented, and `sandbox` says
    /// how it is.
    async fn environment(&self, ctx: &Context<'_>) -> Environment {
        sandbox::environment(viewer(ctx)).into()
    }

    /// When the register last changed, as this answer sees it; null while it is empty.
    async fn register_changed_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        Ok(changes::latest(viewer(ctx)).await?.map(|change| change.at))
    }

    /// How far this answer has come in the change feed: whatever it shows holds every change
    /// up to here. Take it before you read everything, read that with it as `notBefore` in the
    /// requests' extensions, and follow `changes(after:)` from it.
    async fn feed_cursor(&self, ctx: &Context<'_>) -> String {
        Position(viewer(ctx).position()).encode_cursor()
    }

    /// Which editions of which published files were loaded, the newest load first.
    async fn editions(&self, ctx: &Context<'_>) -> Result<Vec<LoadedEdition>> {
        let loaded = editions::list(viewer(ctx)).await?;
        let edition = |(row, loaded_at): (entity::edition::Model, DateTime<Utc>)| LoadedEdition {
            format: row.format,
            edition_on: Date(row.edition_on),
            loaded_at,
            rows: i32::try_from(row.rows).unwrap_or(i32::MAX),
            sha256: row.sha256,
        };
        Ok(loaded.into_iter().map(edition).collect())
    }

    /// Whether anything of what is shown was invented for demonstration.
    async fn demonstration(&self, ctx: &Context<'_>) -> bool {
        editions::demonstration(viewer(ctx))
    }

    /// What will go: at least six months after it is listed here, on 1 April or 1 October.
    async fn deprecations(&self) -> Vec<Deprecation> {
        deprecations::all().to_vec()
    }

    /// The terms of the data, and whom to name when you use it.
    async fn licence(&self) -> &'static str {
        "Contains information from NHS England and the Office for National Statistics, \
         licensed under the Open Government Licence v3.0."
    }
}

#[derive(Default)]
pub struct ServiceQueries;

#[Object]
impl ServiceQueries {
    /// The service: its version, its data, its terms.
    #[graphql(directive = access::apply(Action::ReadService))]
    async fn service(&self) -> ServiceInfo {
        ServiceInfo
    }
}
