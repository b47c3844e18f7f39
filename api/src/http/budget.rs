//! What a caller may spend: so much cost in any minute, given back bit by bit.
//!
//! A caller is a machine client, a person, or an address without a token. Each instance
//! counts for itself, so that no query waits for a count. A budget that rested for a
//! minute is full again, which is why it need not be remembered.

use std::{net::IpAddr, num::NonZero, sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue},
};
use chrono::{DateTime, TimeDelta, Utc};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use moka::sync::Cache;

use super::address::address;
use crate::{
    auth::actor::Actor,
    config::{Config, Rates},
    domain::viewer::Viewer,
    graphql::{
        rate_limit::RateLimit,
        refusal::{Code, Refusal},
    },
};

/// The headers that say how far a budget has gone: what it is, and what is left of it.
pub(super) const HEADERS: [&str; 2] = ["ratelimit-policy", "ratelimit"];

const MINUTE: Duration = Duration::from_secs(60);
/// As many callers are remembered at most.
const CALLERS: u64 = 100_000;

type Bucket = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Payer {
    Client(i64),
    Person {
        issuer: String,
        subject: String,
    },
    Address(IpAddr),
    /// Somebody at an address who has yet to say who they are, and pays for nothing.
    Stranger(IpAddr),
}

impl Payer {
    /// Who pays for what comes from an address.
    pub(super) fn of(from: IpAddr, viewer: &Viewer) -> Self {
        let Actor::Holder(holder) = viewer.actor() else { return Self::Address(from) };
        match &holder.client {
            Some(client) => Self::Client(client.id),
            None => Self::Person { issuer: holder.issuer.clone(), subject: holder.subject.clone() },
        }
    }
}

/// Somebody's budget: who, and how much in a minute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Account {
    payer: Payer,
    limit: u32,
}

/// Everybody's budgets.
pub(super) struct Budgets {
    rates: Rates,
    proxies: usize,
    buckets: Cache<Account, Arc<Bucket>>,
}

impl Budgets {
    pub(super) fn new(config: &Config) -> Self {
        let buckets = Cache::builder().max_capacity(CALLERS).time_to_idle(MINUTE).build();
        Self { rates: config.rates, proxies: config.trusted_proxies, buckets }
    }

    /// Where a request comes from.
    pub(super) fn address(&self, request: &HttpRequest) -> IpAddr {
        address(request, self.proxies)
    }

    /// Whose budget something is paid from that comes from an address; none where it has
    /// no limit.
    pub(super) fn account(&self, from: IpAddr, viewer: &Viewer) -> Option<Account> {
        let limit = match viewer.actor() {
            Actor::Public => self.rates.public,
            Actor::Holder(holder) => {
                let own = holder.client.as_ref().and_then(|client| client.terms.cost_per_minute);
                own.unwrap_or(self.rates.signed_in)
            }
        };
        (limit > 0).then(|| Account { payer: Payer::of(from, viewer), limit })
    }

    /// As [`Budgets::charge`], but all that there is in a budget that is smaller.
    pub(super) fn charge_up_to(
        &self,
        account: &Account,
        cost: u64,
        now: DateTime<Utc>,
    ) -> Result<RateLimit, Refusal> {
        self.charge(account, cost.min(account.limit.into()), now)
    }

    /// Takes a request's cost from a budget.
    ///
    /// # Errors
    ///
    /// Where not so much is left; nothing is taken then, and the refusal says when there
    /// will be.
    pub(super) fn charge(
        &self,
        account: &Account,
        cost: u64,
        now: DateTime<Utc>,
    ) -> Result<RateLimit, Refusal> {
        let limit = account.limit;
        let cost = u32::try_from(cost.max(1)).unwrap_or(u32::MAX);
        let too_dear = || {
            let sentence = format!(
                "The cost is {cost}, more than the {limit} that you may spend in a minute: \
                 ask for less at once."
            );
            Refusal::new(Code::TooComplex, sentence)
        };
        let cells = NonZero::new(cost).filter(|cells| cells.get() <= limit).ok_or_else(too_dear)?;
        let bucket = self.buckets.get_with_by_ref(account, || bucket(limit).into());
        match bucket.check_n(cells).map_err(|_| too_dear())? {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let spent = f64::from(limit - remaining.min(limit)) / f64::from(limit);
                let full = TimeDelta::from_std(MINUTE.mul_f64(spent)).unwrap_or_default();
                Ok(RateLimit { cost, limit, remaining, reset_at: now + full })
            }
            Err(early) => {
                let wait = early.wait_time_from(DefaultClock::default().now());
                Err(Refusal::rate_limited(limit, wait.as_secs() + 1))
            }
        }
    }
}

fn bucket(limit: u32) -> Bucket {
    let most = NonZero::new(limit).unwrap_or(NonZero::<u32>::MIN);
    let given_back = Quota::with_period(MINUTE / most.get());
    let quota = given_back.unwrap_or(Quota::per_minute(most)).allow_burst(most);
    RateLimiter::direct(quota).with_middleware()
}

/// Says in an answer's headers how far the caller's budget has gone, as
/// draft-ietf-httpapi-ratelimit-headers has it.
pub(super) fn tell(answer: &mut HttpResponse, state: &RateLimit, now: DateTime<Utc>) {
    let RateLimit { limit, remaining, reset_at, .. } = state;
    let seconds = (*reset_at - now).num_seconds().max(0);
    let values = [
        format!("\"cost\";q={limit};w={}", MINUTE.as_secs()),
        format!("\"cost\";r={remaining};t={seconds}"),
    ];
    for (name, value) in HEADERS.into_iter().zip(values) {
        if let Ok(value) = HeaderValue::try_from(value) {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budgets() -> Budgets {
        let rates = Rates { signed_in: 100, public: 100 };
        Budgets { rates, proxies: 0, buckets: Cache::new(9) }
    }

    fn account(client: i64) -> Account {
        Account { payer: Payer::Client(client), limit: 100 }
    }

    #[test]
    fn a_budget_is_spent_and_others_are_not() {
        let (budgets, now) = (budgets(), DateTime::UNIX_EPOCH);
        let first = budgets.charge(&account(1), 60, now).unwrap();
        assert_eq!((first.cost, first.limit, first.remaining), (60, 100, 40));
        assert_eq!((first.reset_at - now).num_seconds(), 36);
        let second = budgets.charge(&account(1), 41, now).unwrap_err();
        assert_eq!((second.code, second.retry_after), (Code::RateLimited, Some(1)));
        assert_eq!(budgets.charge(&account(1), 40, now).unwrap().remaining, 0);
        assert_eq!(budgets.charge(&account(2), 0, now).unwrap().remaining, 99);
    }

    #[test]
    fn what_no_minute_can_pay_for_is_refused_for_good() {
        let refusal = budgets().charge(&account(1), 101, DateTime::UNIX_EPOCH).unwrap_err();
        assert_eq!(refusal.code, Code::TooComplex);
    }
}
