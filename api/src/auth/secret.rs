//! Secrets of machine clients: made here, shown once, kept as argon2id.
//!
//! A secret is 256 random bits, so that nobody can guess it and the hash only has to make
//! a stolen table useless. It bears a hint, by which its row is found: whether a client is
//! known or not, has one secret or two, one hash is worked out, never none and never more.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use tokio::sync::Semaphore;

/// By which a secret is recognised where it should not be.
const PREFIX: &str = "gpa_";
const HINT_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// 19 MiB, two passes, one lane: the least that OWASP asks of passwords.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;

/// So many hashes are worked out at once, and so many may wait.
const AT_ONCE: usize = 2;
const WAITING: usize = 32;

/// A secret as its client has it. It is printed by nothing but [`Secret::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes what somebody sent for a secret; None if it has no secret's shape.
    pub fn read(text: &str) -> Option<Self> {
        let (hint, rest) = text.strip_prefix(PREFIX)?.split_at_checked(HINT_BYTES * 4 / 3)?;
        let whole = URL_SAFE_NO_PAD.decode(hint).is_ok_and(|bytes| bytes.len() == HINT_BYTES)
            && URL_SAFE_NO_PAD.decode(rest).is_ok_and(|bytes| bytes.len() == SECRET_BYTES);
        whole.then(|| Self(text.to_owned()))
    }

    /// The secret itself: for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What tells it from a client's other one, and is no secret.
    pub fn hint(&self) -> &str {
        &self.0[PREFIX.len()..PREFIX.len() + HINT_BYTES * 4 / 3]
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({}…)", self.hint())
    }
}

/// Why nothing was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHashed {
    /// Too many wait already.
    Busy,
    /// The machine gave no memory or no randomness.
    Broken,
}

/// Works hashes out, a few at a time, so that secrets sent in masses cannot take the
/// processors from everybody else.
pub struct Hasher {
    admitted: Semaphore,
    running: Semaphore,
    worked_out: AtomicU64,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            admitted: Semaphore::new(AT_ONCE + WAITING),
            running: Semaphore::new(AT_ONCE),
            worked_out: AtomicU64::new(0),
        }
    }
}

impl Hasher {
    /// A new secret, and its hash for the database.
    pub async fn make(&self) -> Result<(Secret, String), NotHashed> {
        let hint = URL_SAFE_NO_PAD.encode(random::<HINT_BYTES>()?);
        let secret = URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()?);
        let secret = Secret(format!("{PREFIX}{hint}{secret}"));
        let salt = random::<SALT_BYTES>()?;
        let hash = self.hash(&secret, salt.to_vec()).await?;
        let written = format!(
            "$argon2id$v=19$m={MEMORY},t={PASSES},p=1${}${}",
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(hash)
        );
        Ok((secret, written))
    }

    /// Whether the hash is the secret's; without one, the same work is done for nothing.
    pub async fn matches(&self, secret: &Secret, hash: Option<&str>) -> Result<bool, NotHashed> {
        let known = hash.and_then(read);
        let (salt, expected) = known.unwrap_or_else(|| (vec![0; SALT_BYTES], [0; HASH_BYTES]));
        let worked_out = self.hash(secret, salt).await?;
        let equal = verify_slices_are_equal(&worked_out, &expected).is_ok();
        Ok(equal & hash.is_some())
    }

    /// How many hashes were worked out since the start.
    pub fn worked_out(&self) -> u64 {
        self.worked_out.load(Ordering::Relaxed)
    }

    async fn hash(&self, secret: &Secret, salt: Vec<u8>) -> Result<[u8; HASH_BYTES], NotHashed> {
        let _admitted = self.admitted.try_acquire().map_err(|_| NotHashed::Busy)?;
        let _running = self.running.acquire().await.map_err(|_| NotHashed::Broken)?;
        self.worked_out.fetch_add(1, Ordering::Relaxed);
        let secret = secret.clone();
        let work = move || {
            let parameters = Params::new(MEMORY, PASSES, 1, Some(HASH_BYTES)).ok()?;
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
            let mut hash = [0; HASH_BYTES];
            argon.hash_password_into(secret.0.as_bytes(), &salt, &mut hash).ok()?;
            Some(hash)
        };
        tokio::task::spawn_blocking(work).await.ok().flatten().ok_or(NotHashed::Broken)
    }
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], NotHashed> {
    let mut bytes = [0; BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NotHashed::Broken)?;
    Ok(bytes)
}

/// The salt and the hash of what [`Hasher::make`] wrote.
fn read(written: &str) -> Option<(Vec<u8>, [u8; HASH_BYTES])> {
    let ours = format!("$argon2id$v=19$m={MEMORY},t={PASSES},p=1$");
    let (salt, hash) = written.strip_prefix(&ours)?.split_once('$')?;
    let hash = STANDARD_NO_PAD.decode(hash).ok()?;
    Some((STANDARD_NO_PAD.decode(salt).ok()?, hash.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_matches_its_own_hash_alone_and_each_try_costs_one() {
        let hasher = Hasher::default();
        let (secret, hash) = hasher.make().await.unwrap();
        let (other, _) = hasher.make().await.unwrap();
        assert_eq!(Secret::read(secret.reveal()).as_ref(), Some(&secret));
        assert!(!hash.contains(secret.reveal()) && !format!("{secret:?}").contains(&secret.0));
        for (secret, hash, matches) in
            [(&secret, Some(&*hash), true), (&other, Some(&*hash), false), (&secret, None, false)]
        {
            let before = hasher.worked_out();
            assert_eq!(hasher.matches(secret, hash).await, Ok(matches));
            assert_eq!(hasher.worked_out(), before + 1);
        }
        for text in ["", "gpa_", "secret", &secret.reveal()[..50], &format!("{}A", secret.reveal())]
        {
            assert_eq!(Secret::read(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn few_wait_and_the_others_are_sent_away() {
        let hasher = Hasher::default();
        let (secret, _) = hasher.make().await.unwrap();
        let all: Vec<_> =
            (0..AT_ONCE + WAITING + 5).map(|_| hasher.matches(&secret, None)).collect();
        let done = futures_util::future::join_all(all).await;
        assert_eq!(done.iter().filter(|done| **done == Err(NotHashed::Busy)).count(), 5);
    }
}
