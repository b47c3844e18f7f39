//! A registered operation as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::operation;

use crate::{
    domain::api_clients,
    graphql::{ids, organisations::seen::viewer},
};

/// An operation that can be asked for by its digest; a query also as a file by its name.
pub struct RegisteredOperation(pub Arc<operation::Model>);

/// An operation that was registered. Send its digest as `documentId` in place of `query`;
/// get a query as a file from `/export/{name}.csv`, `.jsonl`, `.xlsx` or `.json`, with its
/// variables as parameters.
#[Object]
impl RegisteredOperation {
    /// Its id, for commands about it.
    async fn id(&self) -> ID {
        ids::id_of("RegisteredOperation", self.0.id)
    }

    /// What it is called; of several of one name, files hold the newest.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// SHA-256 of the document as it was sent, in hexadecimal.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The document.
    async fn document(&self) -> &str {
        &self.0.document
    }

    /// Whose it is, as that client calls itself at the token endpoint; null where everybody
    /// may ask for it.
    async fn client_id(&self, ctx: &Context<'_>) -> Option<String> {
        let found = api_clients::list::find(viewer(ctx), self.0.client_id?);
        found.map(|client| client.row.code.clone())
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.0.registered_at
    }

    /// Since when nobody can ask for it; null while it can be asked for.
    async fn retired_at(&self) -> Option<DateTime<Utc>> {
        self.0.retired_at
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
