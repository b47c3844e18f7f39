//! How often tokens may be asked for: from one address, so that nobody can guess or flood;
//! and by one client, so that one which asks with every request is told to keep its tokens.
//!
//! A client is only charged for what it has proved to be its own, so that others cannot
//! lock it out. Each instance counts for itself.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZero,
    time::Duration,
};

use actix_web::HttpRequest;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::refused::Refused;

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

/// Who sends a request: the connection's other end, or what the outermost of our proxies
/// says of its own. A household has one IPv6 network, so that is what counts.
fn address(request: &HttpRequest, proxies: usize) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let told = || {
        let headers = request.headers().get_all("x-forwarded-for");
        let all: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        let all = all.join(",");
        all.rsplit(',').nth(proxies.checked_sub(1)?)?.trim().parse().ok()
    };
    match told().unwrap_or(peer) {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let request = TestRequest::default()
            .peer_addr("10.0.0.9:1".parse().unwrap())
            .append_header(("x-forwarded-for", "1.1.1.1, 2.2.2.2"))
            .append_header(("x-forwarded-for", "3.3.3.3"))
            .to_http_request();
        for (proxies, expected) in
            [(0, "10.0.0.9"), (1, "3.3.3.3"), (2, "2.2.2.2"), (3, "1.1.1.1"), (4, "10.0.0.9")]
        {
            assert_eq!(address(&request, proxies).to_string(), expected);
        }
        let six = TestRequest::default().peer_addr("[2001:db8:1:2:3:4:5:6]:1".parse().unwrap());
        assert_eq!(address(&six.to_http_request(), 0).to_string(), "2001:db8:1:2::");
    }

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
