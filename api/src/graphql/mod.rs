//! What clients see.

pub mod engine;
pub mod limits;
pub mod refusal;
pub mod spec_nulls;

use async_graphql::{
    Context, EmptySubscription, Error, ID, Interface, Object, SDLExportOptions, SimpleObject,
};

pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

pub fn schema() -> Schema {
    Schema::build(Query, Mutation, EmptySubscription).extension(spec_nulls::SpecNulls).finish()
}

pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&ID"))]
pub enum Node {
    Site(Site),
}

#[derive(SimpleObject)]
pub struct Site {
    id: ID,
    name: String,
}

#[derive(SimpleObject)]
pub struct PageInfo {
    has_next_page: bool,
}

#[derive(SimpleObject)]
pub struct SiteConnection {
    nodes: Vec<Site>,
    page_info: PageInfo,
}

pub struct Query;
pub struct Mutation;

#[Object]
impl Query {
    async fn node(&self, id: ID) -> Option<Node> {
        Some(Node::Site(Site { id, name: "A".to_owned() }))
    }

    async fn sites(&self, first: Option<i32>) -> SiteConnection {
        let site = |number: i32| Site { id: ID(number.to_string()), name: "A".to_owned() };
        let nodes = (0..first.unwrap_or(20)).map(site).collect();
        SiteConnection { nodes, page_info: PageInfo { has_next_page: false } }
    }

    async fn viewer(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(ctx.data::<crate::app::Viewer>()?.role_name().to_owned())
    }
}

#[Object]
impl Mutation {
    async fn rename_site(&self, name: String) -> Site {
        Site { id: ID("1".to_owned()), name }
    }
}
