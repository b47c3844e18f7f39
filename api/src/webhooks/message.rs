//! What is sent: a change of the feed as a CloudEvent in structured JSON, and its
//! signatures. It holds what the feed tells the webhook's owner, and no more.

use entity::change::{self, ChangeType};
use sea_orm::ActiveEnum;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::{
    domain::{
        changes,
        page::{By, Key},
        viewer::Viewer,
        webhooks::secret::SigningSecret,
    },
    ids::GlobalId,
};

/// Before the type of a change, in small letters.
const TYPES: &str = "uk.nhs.gpa.";

/// One message to one webhook, the same however often it is sent.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    /// What is told in order; a test has no subject.
    pub(super) subject: Option<String>,
    pub(super) change: Option<(i64, ChangeType)>,
    pub(super) body: Vec<u8>,
}

/// A message with its signatures of one moment.
pub(super) struct Signed {
    pub(super) id: String,
    pub(super) timestamp: i64,
    pub(super) signature: String,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// What tells a change to the owner of a webhook.
    pub(super) fn of(owner: &Viewer, source: &str, webhook: i64, row: &change::Model) -> Self {
        let (id, position) = (format!("{webhook}-{}", row.position), row.position);
        let subject =
            changes::named(owner, row).map(|(type_name, row)| GlobalId { type_name, row }.encode());
        let word = row.change_type.to_value();
        let mut event = json!({
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": format!("{TYPES}{}", word.to_lowercase()),
            "time": row.at,
            "datacontenttype": "application/json",
            "data": {
                "cursor": Key { by: By::Nothing, id: position }.cursor(),
                "type": word,
                "nodeId": subject,
                "effectiveOn": row.effective_on,
                "before": row.before,
                "after": row.after,
            },
        });
        if let Some(subject) = &subject {
            event["subject"] = json!(subject);
        }
        // Even of what the owner cannot see any more, all is told in order.
        let subject = subject.or_else(|| Some(format!("organisation {}", row.organisation_id)));
        let change = Some((position, row.change_type));
        Self { id, subject, change, body: event.to_string().into_bytes() }
    }

    /// What shows that messages arrive.
    pub(super) fn test(source: &str, webhook: i64, at: chrono::DateTime<chrono::Utc>) -> Self {
        let id = format!("{webhook}-test-{}", uuid::Uuid::now_v7());
        let event = json!({
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": format!("{TYPES}test"),
            "time": at,
            "datacontenttype": "application/json",
            "data": Value::Object(serde_json::Map::default()),
        });
        Self { id, subject: None, change: None, body: event.to_string().into_bytes() }
    }
}

/// What a webhook is signed with.
pub(super) struct Signer(Vec<Webhook>);

impl Signer {
    pub(super) fn new(secrets: &[SigningSecret]) -> Self {
        let read = secrets.iter().filter_map(|secret| Webhook::new(secret.reveal()).ok());
        Self(read.collect())
    }

    /// The message with one signature for each secret; None where nothing can be signed.
    pub(super) fn sign(&self, message: &Message, timestamp: i64) -> Option<Signed> {
        let sign = |with: &Webhook| with.sign(&message.id, timestamp, &message.body).ok();
        let signatures: Vec<String> = self.0.iter().filter_map(sign).collect();
        (!signatures.is_empty()).then(|| Signed {
            id: message.id.clone(),
            timestamp,
            signature: signatures.join(" "),
            body: message.body.clone(),
        })
    }
}
