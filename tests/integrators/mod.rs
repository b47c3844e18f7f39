//! What integrators use in earnest, against a running server: typed clients that are
//! generated from `schema.graphql`, Relay's compiler, and a client that downloads the
//! schema. Each pages through the sites to their end, and those that write handle every
//! outcome by its type.

mod node;
mod programs;
mod python;
mod rust;
mod rust_documents;

use crate::harness::{World, people};

/// How many sites the programme team can page through.
async fn sites(world: &World) -> i64 {
    let data = world.data(people::NATIONAL, "{ sites { totalCount } }", ().into()).await;
    data["sites"]["totalCount"].as_i64().unwrap()
}
