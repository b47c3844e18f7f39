//! Who uses what of the schema.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject};

use super::{
    access::access,
    deprecations::{self, Deprecation},
    error::Result,
    organisations::seen::viewer,
    scalars::Date,
};
use crate::{
    auth::action::Action,
    domain::{
        usage::{self, Used},
        viewer::Viewer,
    },
};

/// Something of the schema that somebody used.
#[derive(SimpleObject)]
pub struct FieldUse {
    /// What: a field or an argument, such as `Site.name` or `Query.sites(first:)`.
    coordinate: String,
    /// How many requests named it.
    requests: u64,
    /// The last day on which one did.
    last_used_on: Date,
}

/// Something of the schema that you use and that will go.
#[derive(SimpleObject)]
pub struct DeprecationUse {
    /// What goes, why, and when.
    deprecation: &'static Deprecation,
    /// How many requests of yours named it.
    requests: u64,
    /// The last day on which one did.
    last_used_on: Date,
}

/// Somebody who uses a field or an argument.
#[derive(SimpleObject)]
pub struct FieldUser {
    /// `client:` and what a machine calls itself at the token endpoint; `issuer:` and its
    /// name, for all people who sign in there; or `public`.
    caller: String,
    /// How many of their requests named it.
    requests: u64,
    /// The last day on which one did.
    last_used_on: Date,
}

impl From<Used> for FieldUse {
    fn from(used: Used) -> Self {
        let requests = used.requests.unsigned_abs();
        Self { coordinate: used.what, requests, last_used_on: Date(used.last_on) }
    }
}

/// What a viewer uses of what will go.
pub async fn deprecations_used(viewer: &Viewer) -> Result<Vec<DeprecationUse>> {
    let going = deprecations::all();
    if going.is_empty() {
        return Ok(Vec::new());
    }
    Ok(of_these(going, usage::mine(viewer, None).await?))
}

fn of_these(going: &'static [Deprecation], used: Vec<Used>) -> Vec<DeprecationUse> {
    let mut used: HashMap<String, Used> =
        used.into_iter().map(|used| (used.what.clone(), used)).collect();
    let one = |deprecation: &'static Deprecation| {
        let used = used.remove(&deprecation.coordinate)?;
        let (requests, last_used_on) = (used.requests.unsigned_abs(), Date(used.last_on));
        Some(DeprecationUse { deprecation, requests, last_used_on })
    };
    going.iter().filter_map(one).collect()
}

#[derive(Default)]
pub struct UsageQueries;

#[Object]
impl UsageQueries {
    /// Who uses a field or an argument, before it is changed or goes: counted for 400 days.
    #[graphql(directive = access::apply(Action::ReadUsage.into()))]
    async fn field_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, such as `Site.name` or `Query.sites(first:)`.")]
        coordinate: String,
        #[graphql(desc = "From this day on.")] since: Option<Date>,
    ) -> Result<Vec<FieldUser>> {
        let used = usage::of_field(viewer(ctx), &coordinate, since.map(|day| day.0)).await?;
        let one = |used: Used| FieldUser {
            caller: used.what,
            requests: used.requests.unsigned_abs(),
            last_used_on: Date(used.last_on),
        };
        Ok(used.into_iter().map(one).collect())
    }
}
