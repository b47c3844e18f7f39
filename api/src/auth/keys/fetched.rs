//! An issuer's keys as they are fetched: anew every so often, and at once when a token
//! names one that is not known, which hostile tokens can bring about only so often.
//!
//! What cannot be reached is not forgotten: known keys are good for as long as the operator
//! allows. A key that an issuer no longer lists, though it be the last, is good for a few
//! minutes more, as it would be with anybody who caches: tokens that it has signed are still
//! on their way.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    Algorithm, VerificationKey,
    fetch::{self, Source},
    jwks,
};
use crate::clock::Clock;

/// So many unknown keys are looked for at once, and one more every so often.
const LOOKS: u32 = 3;
const COOL_DOWN: Duration = Duration::from_secs(10);

/// How long a key is good that the issuer no longer lists.
const UNLISTED: TimeDelta = TimeDelta::minutes(5);

/// How soon to try again after a failure; twice as long each time, up to a minute.
const RETRY: Duration = Duration::from_secs(2);
const LATEST_RETRY: Duration = Duration::from_secs(60);

/// The keys of one issuer.
pub(in crate::auth) struct Fetched {
    issuer: String,
    source: Source,
    algorithms: Vec<Algorithm>,
    oldest: TimeDelta,
    known: RwLock<Known>,
    /// One fetch at a time; whoever waits for it takes its outcome.
    fetching: Mutex<()>,
    attempts: AtomicU64,
    looks: DefaultDirectRateLimiter,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Held>,
    fetched_at: Option<DateTime<Utc>>,
}

#[derive(Clone)]
struct Held {
    jwk: Value,
    key: Arc<VerificationKey>,
    unlisted_since: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetched").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Fetched {
    pub(super) fn new(
        issuer: &str,
        source: Source,
        algorithms: &[Algorithm],
        max_age_seconds: u32,
    ) -> Self {
        let looks = Quota::with_period(COOL_DOWN).unwrap_or(Quota::per_minute(NonZero::<u32>::MIN));
        let looks = looks.allow_burst(NonZero::new(LOOKS).unwrap_or(NonZero::<u32>::MIN));
        Self {
            issuer: issuer.to_owned(),
            source,
            algorithms: algorithms.to_vec(),
            oldest: TimeDelta::seconds(max_age_seconds.into()),
            known: RwLock::default(),
            fetching: Mutex::default(),
            attempts: AtomicU64::new(0),
            looks: RateLimiter::direct(looks),
        }
    }

    /// The key of that `kid`, if it is known and still good.
    pub(super) fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<VerificationKey>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.fetched_at.is_some_and(|at| now - at <= self.oldest);
        let held = known.keys.get(kid).filter(|_| fresh)?;
        let listed = held.unlisted_since.is_none_or(|since| now - since <= UNLISTED);
        listed.then(|| held.key.clone())
    }

    /// Asks the issuer whether it has a key of that `kid`, unless it was asked too often.
    pub(in crate::auth) async fn look_for(&self, kid: &str, now: DateTime<Utc>) {
        let before = self.attempts.load(Ordering::Acquire);
        let _turn = self.fetching.lock().await;
        let asked_meanwhile = self.attempts.load(Ordering::Acquire) != before;
        if asked_meanwhile || self.find(kid, now).is_some() || self.looks.check().is_err() {
            return;
        }
        if let Err(why) = self.fetch(now).await {
            tracing::warn!(issuer = self.issuer, why, "keys could not be fetched");
        }
    }

    /// Fetches the keys every so often, for ever.
    pub(in crate::auth) async fn follow(&self, clock: Clock) {
        let mut retry = RETRY;
        loop {
            let turn = self.fetching.lock().await;
            let fetched = self.fetch(clock.unmoved()).await;
            drop(turn);
            let pause = match fetched {
                Ok(again_in) => {
                    retry = RETRY;
                    again_in
                }
                Err(why) => {
                    tracing::warn!(issuer = self.issuer, why, "keys could not be fetched");
                    retry = (retry * 2).min(LATEST_RETRY);
                    retry / 2
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn fetch(&self, now: DateTime<Utc>) -> Result<Duration, String> {
        self.attempts.fetch_add(1, Ordering::AcqRel);
        let document = fetch::key_set(&self.source).await?;
        let (keys, unusable) = jwks::usable(&document.body, &self.algorithms)?;
        if keys.is_empty() {
            tracing::error!(issuer = self.issuer, "an issuer lists no key that is of use here");
        }
        if unusable > 0 {
            tracing::debug!(issuer = self.issuer, unusable, "keys that are of no use here");
        }
        self.take(keys, now);
        Ok(document.again_in)
    }

    /// Takes over what the issuer lists. A key that stays as it was stays the same object,
    /// so that tokens which it has verified need no second look.
    fn take(&self, listed: Vec<(String, Value, VerificationKey)>, now: DateTime<Utc>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut keys = HashMap::with_capacity(listed.len());
        for (kid, jwk, key) in listed {
            let same = known.keys.get(&kid).filter(|held| held.jwk == jwk);
            let key = same.map_or_else(|| Arc::new(key), |held| held.key.clone());
            keys.insert(kid, Held { jwk, key, unlisted_since: None });
        }
        for (kid, held) in known.keys.drain() {
            let since = held.unlisted_since.unwrap_or(now);
            if !keys.contains_key(&kid) && now - since <= UNLISTED {
                keys.insert(kid, Held { unlisted_since: Some(since), ..held });
            }
        }
        *known = Known { keys, fetched_at: Some(now) };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::forge::{NOW, STRANGER, TRUSTED, at, kid};

    fn fetched() -> Fetched {
        let source = Source::Discovery { issuer: "https://id.example".to_owned() };
        Fetched::new("https://id.example", source, &Algorithm::ALL, 3_600)
    }

    fn take(fetched: &Fetched, jwks: &[Value], seconds: i64) {
        let set = json!({ "keys": jwks }).to_string();
        let (keys, _) = jwks::usable(set.as_bytes(), &Algorithm::ALL).unwrap();
        fetched.take(keys, at(NOW + seconds));
    }

    #[test]
    fn keys_are_good_until_their_age_and_a_little_after_they_are_unlisted() {
        let fetched = fetched();
        let (one, two) = (Algorithm::EdDsa, Algorithm::Es256);
        let has = |algorithm, seconds| fetched.find(&kid(algorithm), at(NOW + seconds));
        assert!(has(one, 0).is_none(), "nothing is known at first");
        take(&fetched, &[TRUSTED.jwk(one).into()], 0);
        assert!(has(one, 3_600).is_some() && has(one, 3_601).is_none());
        take(&fetched, &[TRUSTED.jwk(two).into()], 100);
        assert!(has(two, 3_700).is_some());
        assert!(has(one, 400).is_some() && has(one, 401).is_none());
        take(&fetched, &[TRUSTED.jwk(two).into()], 200);
        assert!(has(one, 400).is_some() && has(one, 401).is_none(), "no second grace");
        take(&fetched, &[TRUSTED.jwk(two).into()], 500);
        assert_eq!(fetched.known.read().unwrap().keys.len(), 1);
        take(&fetched, &[], 600);
        assert!(has(two, 900).is_some() && has(two, 901).is_none(), "all were withdrawn");
    }

    #[test]
    fn a_key_is_the_same_object_as_long_as_it_is_the_same_key() {
        let fetched = fetched();
        let algorithm = Algorithm::EdDsa;
        let get = || fetched.find(&kid(algorithm), at(NOW)).unwrap();
        take(&fetched, &[TRUSTED.jwk(algorithm).into()], 0);
        let first = get();
        take(&fetched, &[TRUSTED.jwk(algorithm).into()], 0);
        assert!(Arc::ptr_eq(&first, &get()));
        take(&fetched, &[STRANGER.jwk(algorithm).into()], 0);
        assert!(!Arc::ptr_eq(&first, &get()), "another key under the same name");
    }
}
