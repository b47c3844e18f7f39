//! How often tokens may be asked for: from one address, so that nobody can guess or flood;
//! and by one client, so that one which asks with every request is told to keep its tokens.
//!
//! A client is only charged for what it has proved to be its own, so that others cannot
//! lock it out. Each instance counts for itself.

use std::{hash::Hash, net::IpAddr, num::NonZero, time::Duration};

use actix_web::HttpRequest;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::refused::Refused;
use crate::http::address::address;

const OF_ADDRESS: (u32, Duration) = (60, Duration::from_secs(1));
const OF_CLIENT: (u32, Duration) = (30, Duration::from_secs(2));

/// As many keys are remembered before those that have rested are let go.
const MANY: usize = 10_000;

pub(in crate::http) struct Throttle {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    clients: DefaultKeyedRateLimiter<i64>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { addresses: limiter(OF_ADDRESS), clients: limiter(OF_CLIENT) }
    }
}

fn limiter<K: Hash + Eq + Clone>((burst, each): (u32, Duration)) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(each).unwrap_or(Quota::per_second(NonZero::<u32>::MIN));
    RateLimiter::keyed(quota.allow_burst(NonZero::new(burst).unwrap_or(NonZero::<u32>::MIN)))
}

impl Throttle {
    pub(super) fn address(&self, request: &HttpRequest, proxies: usize) -> Result<(), Refused> {
        charge(&self.addresses, &address(request, proxies))
    }

    pub(super) fn client(&self, client: i64) -> Result<(), Refused> {
        charge(&self.clients, &client)
    }
}

fn charge<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Refused> {
    if limiter.len() > MANY {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|early| {
        let wait = early.wait_time_from(DefaultClock::default().now());
        Refused::slow_down(wait.as_secs() + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_asks_too_often_is_told_to_wait_and_others_are_not() {
        let throttle = Throttle::default();
        let asked = (0..OF_CLIENT.0 + 1).map(|_| throttle.client(1).is_ok());
        assert_eq!(asked.filter(|asked| *asked).count(), 30);
        assert!(throttle.client(2).is_ok());
        let answer = throttle.client(1).unwrap_err().answer();
        assert_eq!(answer.status(), 429);
        assert!(answer.headers().contains_key("retry-after"));
    }
}
