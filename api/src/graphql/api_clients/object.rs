//! A machine client as clients see it: everything but its secrets.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::unregistered_document;

use super::input::{ApiScope, ClientDocuments};
use crate::{
    domain::{
        api_clients::{ApiClient as Domain, list},
        usage,
        viewer::Viewer,
    },
    graphql::{
        error::Result,
        ids,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        refusal::Refusal,
        scalars::Date,
        usage::FieldUse,
    },
};

/// A machine of a third party that signs in by itself.
pub struct ApiClient {
    client: Arc<Domain>,
    used: Option<DateTime<Utc>>,
}

impl ApiClient {
    /// Some clients, with when they were last there.
    pub async fn of(viewer: &Viewer, clients: Vec<Arc<Domain>>) -> Result<Vec<Self>> {
        let mut used = list::last_used(viewer, &clients).await?;
        let one = |client: Arc<Domain>| Self { used: used.remove(&client.row.id), client };
        Ok(clients.into_iter().map(one).collect())
    }

    /// The client of that id, which the viewer has just read or changed.
    pub async fn find(viewer: &Viewer, id: i64) -> Result<Self> {
        let found = list::find(viewer, id).ok_or_else(Refusal::internal)?;
        let mut found = Self::of(viewer, vec![found]).await?;
        found.pop().ok_or_else(Refusal::internal)
    }
}

/// Some scopes of a machine client, for an organisation and what lies within it.
#[derive(SimpleObject)]
pub struct ApiGrant {
    /// For which; null if it is no longer in the register.
    organisation: Option<Organisation>,
    /// What for.
    scopes: Vec<ApiScope>,
}

/// A public key that a machine client signs its assertions with.
#[derive(SimpleObject)]
pub struct ApiClientKey {
    /// Its name, which assertions bear in their header.
    kid: String,
    /// The JSON Web Key.
    jwk: String,
    /// When it was registered.
    added_at: DateTime<Utc>,
}

/// A secret of a machine client, of which only the client has the rest.
#[derive(SimpleObject)]
pub struct ApiClientSecret {
    /// The eight characters after `gpa_`, which tell it from another.
    hint: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is good; null while it is the newest.
    expires_at: Option<DateTime<Utc>>,
}

/// A document that a client sent and that is not registered.
#[derive(SimpleObject)]
pub struct UnregisteredDocument {
    /// Its SHA-256, in hexadecimal.
    sha256: String,
    /// Its text, or the first 20,000 bytes of that.
    document: String,
    /// When it was first sent.
    first_sent_at: DateTime<Utc>,
    /// When it was last sent.
    last_sent_at: DateTime<Utc>,
    /// How often it was sent.
    requests: u64,
}

impl From<unregistered_document::Model> for UnregisteredDocument {
    fn from(row: unregistered_document::Model) -> Self {
        Self {
            sha256: row.sha256,
            document: row.document,
            first_sent_at: row.first_sent_at,
            last_sent_at: row.last_sent_at,
            requests: row.requests.unsigned_abs(),
        }
    }
}

/// A machine of a third party that signs in by itself.
#[Object]
impl ApiClient {
    /// Its id, for commands about it.
    async fn id(&self) -> ID {
        ids::id_of("ApiClient", self.client.row.id)
    }

    /// What it calls itself at the token endpoint: `client_id`, and `iss` and `sub` of its
    /// assertions.
    async fn client_id(&self) -> &str {
        &self.client.row.code
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.client.row.name
    }

    /// Whom to write to about it.
    async fn contact(&self) -> &str {
        &self.client.row.contact
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.client.row.registered_at
    }

    /// Since when its tokens are refused; null while they are not.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.client.row.revoked_at
    }

    /// When it last got or sent a token, to the minute; null if it never did.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.used
    }

    /// What it is granted.
    async fn grants(&self, ctx: &Context<'_>) -> Vec<ApiGrant> {
        let viewer = viewer(ctx);
        let mut grants: BTreeMap<i64, Vec<ApiScope>> = BTreeMap::new();
        for (organisation, scope) in &self.client.granted {
            grants.entry(*organisation).or_default().push((*scope).into());
        }
        let grant = |(id, scopes)| ApiGrant {
            organisation: parts::organisation(ctx, id, viewer.today()),
            scopes,
        };
        grants.into_iter().map(grant).collect()
    }

    /// The keys that it signs with.
    async fn keys(&self) -> Vec<ApiClientKey> {
        let key = |key: &entity::api_client_key::Model| ApiClientKey {
            kid: key.kid.clone(),
            jwk: key.jwk.clone(),
            added_at: key.added_at,
        };
        self.client.keys.iter().map(key).collect()
    }

    /// Its secrets that are good now, the newest last.
    async fn secrets(&self, ctx: &Context<'_>) -> Vec<ApiClientSecret> {
        let secret = |secret: &entity::api_client_secret::Model| ApiClientSecret {
            hint: secret.hint.clone(),
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        };
        self.client.good_secrets(viewer(ctx).time_outside()).into_iter().map(secret).collect()
    }

    /// The cost that it may spend in a minute; null where that is as for everybody.
    async fn cost_per_minute(&self) -> Option<i32> {
        self.client.row.cost_per_minute
    }

    /// Which documents it may send.
    async fn documents(&self) -> ClientDocuments {
        self.client.row.documents.into()
    }

    /// What it sent that is not registered, the latest first, at most 100: listed while
    /// `documents` is REPORT or REGISTERED. Files that are no query's stand as `GET` and
    /// their path.
    async fn unregistered_documents(&self, ctx: &Context<'_>) -> Result<Vec<UnregisteredDocument>> {
        let rows = usage::unregistered(viewer(ctx), self.client.row.id).await?;
        Ok(rows.into_iter().map(UnregisteredDocument::from).collect())
    }

    /// What it uses of the schema.
    async fn uses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From this day on.")] since: Option<Date>,
    ) -> Result<Vec<FieldUse>> {
        let since = since.map(|day| day.0);
        let used = usage::by_client(viewer(ctx), self.client.row.id, since).await?;
        Ok(used.into_iter().map(FieldUse::from).collect())
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.client.row.version
    }
}
