//! Webhooks: registering, changing, running and removing them, and what was delivered.

pub mod change_webhook;
pub mod object;
pub mod outcomes;
pub mod pause_webhook;
pub mod queries;
pub mod register_webhook;
pub mod remove_webhook;
pub mod replay_webhook;
pub mod resume_webhook;
pub mod rotate_webhook_secret;
pub mod test_webhook;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct WebhookMutations(
    register_webhook::RegisterWebhookMutation,
    change_webhook::ChangeWebhookMutation,
    rotate_webhook_secret::RotateWebhookSecretMutation,
    pause_webhook::PauseWebhookMutation,
    resume_webhook::ResumeWebhookMutation,
    replay_webhook::ReplayWebhookMutation,
    test_webhook::TestWebhookMutation,
    remove_webhook::RemoveWebhookMutation,
);
