//! Connections: pages of a list, in Relay's shape.

use std::{borrow::Cow, future::Future, pin::Pin};

use async_graphql::{
    Object, OutputType, TypeName,
    connection::{Edge, EmptyFields, PageInfo},
};

use super::error::Result;
use crate::domain::page::Page;

type Counting = Pin<Box<dyn Future<Output = Result<i32>> + Send>>;

/// How many there are in all, counted when somebody asks.
pub struct Total(Box<dyn Fn() -> Counting + Send + Sync>);

impl Total {
    pub fn new<F>(count: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<i32>> + Send + 'static,
    {
        Self(Box::new(move || Box::pin(count())))
    }
}

/// A page of a list. The library's own type would do, if it had a description.
pub struct Connected<Node: OutputType> {
    edges: Vec<Edge<String, Node, EmptyFields>>,
    has_previous: bool,
    has_next: bool,
    total: Total,
}

/// A page of a list: what it shows, and whether there is more on either side.
#[Object(name_type)]
impl<Node: OutputType> Connected<Node> {
    /// Where this page begins and ends, and whether there is more.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// What the page shows, each with its cursor.
    async fn edges(&self) -> &[Edge<String, Node, EmptyFields>] {
        &self.edges
    }

    /// What the page shows.
    async fn nodes(&self) -> Vec<&Node> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// How many there are in all, whatever the page; counted only when asked for.
    async fn total_count(&self) -> Result<i32> {
        (self.total.0)().await
    }
}

impl<Node: OutputType> TypeName for Connected<Node> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", Node::type_name()).into()
    }
}

/// A page of the domain, as clients see it.
pub fn connected<Item, Node: OutputType>(
    page: Page<Item>,
    total: Total,
    node: impl Fn(Item) -> Node,
) -> Connected<Node> {
    let edges = page.items.into_iter().map(|(cursor, item)| Edge::new(cursor, node(item)));
    let edges = edges.collect();
    Connected { edges, has_previous: page.has_previous, has_next: page.has_next, total }
}
