//! Connections: pages of a list, in Relay's shape.

use std::{future::Future, pin::Pin};

use async_graphql::{
    Object, OutputType,
    connection::{Connection, Edge, EmptyFields},
};

use super::error::Result;
use crate::domain::page::Page;

type Counting = Pin<Box<dyn Future<Output = Result<i32>> + Send>>;

/// What a connection has beside its page.
pub struct Total(Box<dyn Fn() -> Counting + Send + Sync>);

#[Object]
impl Total {
    /// How many there are in all, whatever the page; counted only when asked for.
    async fn total_count(&self) -> Result<i32> {
        (self.0)().await
    }
}

impl Total {
    pub fn new<F>(count: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<i32>> + Send + 'static,
    {
        Self(Box::new(move || Box::pin(count())))
    }
}

pub type Connected<Node> = Connection<String, Node, Total, EmptyFields>;

/// A page of the domain, as clients see it.
pub fn connected<Item, Node: OutputType>(
    page: Page<Item>,
    total: Total,
    node: impl Fn(Item) -> Node,
) -> Connected<Node> {
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, total);
    let edges = page.items.into_iter().map(|(cursor, item)| Edge::new(cursor, node(item)));
    connection.edges.extend(edges);
    connection
}
