//! A webhook as clients see it: everything but what it is signed with.

use async_graphql::{Context, Enum, ID, Object, connection::CursorType};
use chrono::{DateTime, Utc};
use entity::{
    webhook::{self, Status},
    webhook_delivery,
};

use crate::{
    domain::{
        page::PageRequest,
        webhooks::{deliveries, scopes, types},
    },
    graphql::{
        api_clients::input::ApiScope,
        changes::Position,
        enums::ChangeType,
        error::Result,
        ids,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        page::{Connected, Total, connected},
        scalars::whole,
    },
};

/// Whether a webhook is sent what happens.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Status")]
pub enum WebhookStatus {
    /// It is.
    Active,
    /// Somebody paused it. Nothing is lost: `resumeWebhook` goes on where it stopped.
    Paused,
    /// The service paused it: its receiver failed for half a day, or answered 410, or its
    /// owner may follow nothing any more. Nothing is lost: `resumeWebhook` goes on where it
    /// stopped.
    PausedByFailure,
}

/// An address that changes are sent to.
pub struct Webhook(Box<webhook::Model>);

impl From<webhook::Model> for Webhook {
    fn from(row: webhook::Model) -> Self {
        Self(Box::new(row))
    }
}

/// An address that changes are sent to as they happen: those that its owner may know of at
/// the moment of each delivery, as CloudEvents, signed by the rules of Standard Webhooks.
///
/// Each arrives at least once, and those of one subject (`nodeId`) in their order; the
/// header `webhook-id` is the same whenever a change is sent again. Any answer from 200 to
/// 299 within 15 seconds takes it. Whatever else, and silence, makes the service try again
/// later and later, for about half a day (429 and 503 may ask for more with `retry-after`),
/// and then pause the webhook; 410 pauses it at once. Redirects are not followed.
#[Object]
impl Webhook {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        ids::id_of("Webhook", self.0.id)
    }

    /// Where it leads.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The types of change that it is sent; null where it is sent all of them. Those that
    /// take something away (LEFT_YOUR_REACH, REMOVED, RECORD_REMOVED) are sent in any case.
    async fn types(&self) -> Option<Vec<ChangeType>> {
        let types = types(&self.0);
        (!types.is_empty()).then(|| types.into_iter().map(Into::into).collect())
    }

    /// Whether it is sent what happens.
    async fn status(&self) -> WebhookStatus {
        self.0.status.into()
    }

    /// Since when it is not; null while it is.
    async fn paused_at(&self) -> Option<DateTime<Utc>> {
        self.0.paused_at
    }

    /// Why the service paused it; null unless it did.
    async fn paused_because(&self) -> Option<&str> {
        self.0.paused_because.as_deref()
    }

    /// How far it has come in the feed: everything up to this cursor has been delivered.
    async fn cursor(&self) -> String {
        Position(self.0.cursor).encode_cursor()
    }

    /// How often in a row it could not be told.
    async fn failures(&self) -> i32 {
        self.0.failures
    }

    /// Not before when it is tried again; null unless it failed and is not paused.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        let waits = self.0.failures > 0 && self.0.status == Status::Active;
        waits.then_some(self.0.next_attempt_at)
    }

    /// What was sent to it in the last 30 days, and what came of it, the newest first.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<WebhookDelivery>> {
        let (viewer, id) = (viewer(ctx).clone(), self.0.id);
        let request = PageRequest { first, after, last, before };
        let page = deliveries::of(&viewer, id, &request).await?;
        let total = Total::new(move || {
            let viewer = viewer.clone();
            async move { Ok(whole(deliveries::count(&viewer, id).await?)) }
        });
        Ok(connected(page, total, WebhookDelivery))
    }

    /// The organisation whose team it is held by, as it is today; null of a machine
    /// client's.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.organisation_id?, viewer(ctx).today())
    }

    /// The machine client that it is held by; null of a team's.
    async fn api_client(&self) -> Option<ID> {
        self.0.client_id.map(|id| ids::id_of("ApiClient", id))
    }

    /// By which scopes a machine client's webhook tells, as far as each is granted: those of
    /// the token that registered it, without those that a token lacked which let it lead
    /// elsewhere. Empty of a team's.
    async fn scopes(&self) -> Vec<ApiScope> {
        scopes(&self.0).into_iter().map(Into::into).collect()
    }

    /// Who registered it, as the issuer of their token names them.
    async fn registered_by(&self) -> &str {
        &self.0.registered_by
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.0.registered_at
    }

    /// Rises by one with every change, also with the service's pausing it; send it back as
    /// `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// One try to tell a webhook something.
pub struct WebhookDelivery(webhook_delivery::Model);

/// One try to tell a webhook something.
#[Object]
impl WebhookDelivery {
    /// When it was sent.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// The header `webhook-id`, which is the same whenever a change is sent again.
    async fn message_id(&self) -> &str {
        &self.0.message_id
    }

    /// The cursor of the change that it told of; null of a test.
    async fn cursor(&self) -> Option<String> {
        self.0.position.map(|position| Position(position).encode_cursor())
    }

    /// The type of the change, as it was told; null of a test.
    #[graphql(name = "type")]
    async fn change_type(&self) -> Option<ChangeType> {
        self.0.change_type.map(Into::into)
    }

    /// Whether it arrived.
    async fn delivered(&self) -> bool {
        self.0.failure.is_none()
    }

    /// The HTTP status that the receiver answered with; null where it gave no answer.
    async fn status_code(&self) -> Option<i32> {
        self.0.status_code
    }

    /// Why it did not arrive, in a sentence; null where it did.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// How long it took, in milliseconds.
    async fn milliseconds(&self) -> i32 {
        self.0.milliseconds
    }
}
