//! Connections: pages of a list, in Relay's shape.

use std::{borrow::Cow, future::Future, pin::Pin};

use async_graphql::{
    Object, OutputType, TypeName,
    connection::{CursorType, Edge, EmptyFields, PageInfo},
};

use super::error::Result;
use crate::domain::page::{self, Key, Page};

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

/// Where something stands in a list; it becomes text only where a client asks for it.
pub struct Cursor(Key<'static>);

impl CursorType for Cursor {
    type Error = &'static str;

    fn decode_cursor(text: &str) -> std::result::Result<Self, Self::Error> {
        page::read_cursor(text).map(Self).ok_or("that cursor is not one that this list gave")
    }

    fn encode_cursor(&self) -> String {
        self.0.cursor()
    }
}

/// A page of a list. The library's own type would do, if it had a description.
pub struct Connected<Node: OutputType> {
    edges: Vec<Edge<Cursor, Node, EmptyFields>>,
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
            start_cursor: self.edges.first().map(|edge| edge.cursor.encode_cursor()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.encode_cursor()),
        }
    }

    /// What the page shows, each with its cursor.
    async fn edges(&self) -> &[Edge<Cursor, Node, EmptyFields>] {
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
    let edges = page.items.into_iter().map(|(key, item)| Edge::new(Cursor(key), node(item)));
    let edges = edges.collect();
    Connected { edges, has_previous: page.has_previous, has_next: page.has_next, total }
}
