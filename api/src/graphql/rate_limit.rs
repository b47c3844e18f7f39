//! What a request costs its caller.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::access::{Action, access};

/// What this request cost you, and what you may still spend. Each instance of the service
/// counts for itself. The same stands in the headers `ratelimit` and `ratelimit-policy`;
/// where too little is left, the answer is RATE_LIMITED with status 429, and `retry-after`
/// says in how many seconds to come again.
#[derive(Debug, Clone, SimpleObject)]
pub struct RateLimit {
    /// What this request cost: every field once for every row that it may stand in.
    pub cost: u32,
    /// What you may spend in a minute.
    pub limit: u32,
    /// What is left now. It grows back evenly, by a sixtieth of the limit every second.
    pub remaining: u32,
    /// When all of the limit will be there again, if you spend nothing more.
    pub reset_at: DateTime<Utc>,
}

#[derive(Default)]
pub struct RateLimitQueries;

#[Object]
impl RateLimitQueries {
    /// What this request cost you, and what you may still spend; null where you may spend
    /// as much as you like.
    #[graphql(directive = access::apply(Action::ReadService))]
    async fn rate_limit(&self, ctx: &Context<'_>) -> Option<RateLimit> {
        ctx.data_opt::<RateLimit>().cloned()
    }
}
