//! A typed Rust client, generated from `schema.graphql` by cynic.

use cynic::{GraphQlResponse, MutationBuilder, Operation, QueryBuilder, QueryFragment};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    rust_documents::{
        Date, OdsCode, OrganisationBy, OrganisationStatus, Page, Register, RegisterSiteInput,
        RegisterSitePayload, Registering, Site, Sites,
    },
    sites,
};
use crate::harness::{Server, World, on_both, people, serve_on};

/// The client: an address and a token.
struct Client {
    server: Server,
    token: String,
    http: reqwest::Client,
}

impl Client {
    fn of(world: &World) -> Self {
        let token = world.token(people::NATIONAL).unwrap();
        Self { server: serve_on(world.url(), &[]), token, http: reqwest::Client::new() }
    }

    async fn ask<Data, Variables>(&self, operation: Operation<Data, Variables>) -> Data
    where
        Data: QueryFragment + DeserializeOwned,
        Variables: Serialize,
    {
        let request = self.http.post(format!("{}/graphql", self.server.url));
        let request = request.bearer_auth(&self.token).header("content-type", "application/json");
        let response = request.body(serde_json::to_string(&operation).unwrap());
        let response = response.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let answer: GraphQlResponse<Data> =
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert!(answer.errors.is_none(), "{:?}", answer.errors);
        answer.data.unwrap()
    }

    /// Every page, one after another.
    async fn every_site(&self) -> Vec<Site> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.ask(Sites::build(Page { after })).await.sites;
            found.extend(page.nodes);
            if !page.page_info.has_next_page {
                assert_eq!(found.len(), usize::try_from(page.total_count).unwrap());
                return found;
            }
            after = page.page_info.end_cursor;
        }
    }

    /// What became of a registration, each outcome as whoever uses the client wants it.
    async fn register(&self, key: &str, name: &str) -> Result<Site, Refused> {
        let input = RegisterSiteInput {
            idempotency_key: cynic::Id::new(key),
            name: name.to_owned(),
            ods_code: Some(OdsCode("Y90081".to_owned())),
            opened_on: Date("2025-04-01".to_owned()),
            sub_icb: OrganisationBy::OdsCode(OdsCode("15F".to_owned())),
        };
        let done = self.ask(Register::build(Registering { input })).await;
        match done.register_site.expect("the command was refused") {
            RegisterSitePayload::SiteRegistered(done) => Ok(done.site),
            RegisterSitePayload::InvalidInput(invalid) => Err(Refused::Wrong(
                invalid.problems.into_iter().map(|it| (it.path, it.message)).collect(),
            )),
            RegisterSitePayload::IdempotencyConflict(conflict) => {
                Err(Refused::AnotherUnderTheKey(conflict.message))
            }
            RegisterSitePayload::Unknown => panic!("an outcome that the schema does not have"),
        }
    }
}

#[derive(Debug)]
enum Refused {
    Wrong(Vec<(String, String)>),
    AnotherUnderTheKey(String),
}

#[test]
fn a_typed_client_pages_and_handles_every_outcome_by_its_type() {
    on_both(async |world| {
        let client = Client::of(world);
        let before = client.every_site().await;
        assert!(before.len() > 25, "more than a page: {}", before.len());
        assert_eq!(i64::try_from(before.len()).unwrap(), sites(world).await);

        let site = client.register("rust-1", "Typed Surgery").await.unwrap();
        assert_eq!((&*site.name, site.version), ("Typed Surgery", 1));
        assert_eq!(site.status, Some(OrganisationStatus::Active));
        let repeated = client.register("rust-1", "Typed Surgery").await.unwrap();
        assert_eq!(repeated, site, "the same key gives the same answer");
        let another = client.register("rust-1", "Another Surgery").await;
        let Err(Refused::AnotherUnderTheKey(why)) = another else { panic!("{another:?}") };
        assert!(!why.is_empty());
        let taken = client.register("rust-2", "Another Surgery").await;
        let Err(Refused::Wrong(problems)) = taken else { panic!("{taken:?}") };
        assert!(problems.iter().any(|(path, _)| path == "input.odsCode"), "{problems:?}");

        let after = client.every_site().await;
        assert_eq!(after.len(), before.len() + 1, "registered once");
        assert!(after.contains(&site));
    });
}
