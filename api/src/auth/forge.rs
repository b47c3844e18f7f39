//! Makes keys and tokens for the tests of this module, good ones and forged ones.
//!
//! It signs with the cryptographic library itself and writes every part by hand, so
//! that it shares nothing with the code under test and can write what no honest
//! library would.

use std::{io::Write, sync::LazyLock};

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::keys::Algorithm;

pub(super) const ISSUER: &str = "https://sign-in.example/gpa";
pub(super) const AUDIENCE: &str = "https://gpa.example/graphql";
pub(super) const NOW: i64 = 1_800_000_000;

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Private keys of all kinds, as one party has them.
pub(super) struct Keyring {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
}

/// The keys of the trusted issuer.
pub(super) static TRUSTED: LazyLock<Keyring> = LazyLock::new(Keyring::generate);

/// The keys of somebody else.
pub(super) static STRANGER: LazyLock<Keyring> = LazyLock::new(Keyring::generate);

impl Keyring {
    fn generate() -> Self {
        Self {
            rsa: RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap(),
            ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
            ed: Ed25519KeyPair::generate().unwrap(),
        }
    }

    pub(super) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let rsa = |padding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; self.rsa.public_modulus_len()];
            self.rsa.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        };
        match algorithm {
            Algorithm::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Algorithm::Rs512 => rsa(&RSA_PKCS1_SHA512),
            Algorithm::Ps256 => rsa(&RSA_PSS_SHA256),
            Algorithm::Es256 => {
                self.ec.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
            }
            Algorithm::EdDsa => self.ed.sign(message).as_ref().to_vec(),
        }
    }

    /// The public key as a member of a key set; its `kid` is `key-` and the algorithm.
    pub(super) fn jwk(&self, algorithm: Algorithm) -> Map<String, Value> {
        let mut jwk = match algorithm {
            Algorithm::Rs256 | Algorithm::Rs512 | Algorithm::Ps256 => {
                let public = self.rsa.public_key();
                let n = base64url(public.modulus().big_endian_without_leading_zero());
                let e = base64url(public.exponent().big_endian_without_leading_zero());
                json!({"kty": "RSA", "n": n, "e": e})
            }
            Algorithm::Es256 => {
                let (x, y) = self.ec.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)})
            }
            Algorithm::EdDsa => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(self.ed.public_key())})
            }
        };
        jwk["kid"] = json!(kid(algorithm));
        jwk["alg"] = json!(algorithm.name());
        jwk["use"] = json!("sig");
        jwk.as_object().unwrap().clone()
    }

    /// The public key in the forms that a forger may take for a shared secret.
    pub(super) fn public_forms(&self, algorithm: Algorithm) -> Vec<Vec<u8>> {
        let raw = match algorithm {
            Algorithm::Rs256 | Algorithm::Rs512 | Algorithm::Ps256 => {
                self.rsa.public_key().as_ref()
            }
            Algorithm::Es256 => self.ec.public_key().as_ref(),
            Algorithm::EdDsa => self.ed.public_key().as_ref(),
        };
        let jwk = serde_json::to_vec(&self.jwk(algorithm)).unwrap();
        let pem = base64::engine::general_purpose::STANDARD.encode(raw);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n");
        vec![raw.to_vec(), base64url(raw).into_bytes(), pem.into_bytes(), jwk, Vec::new()]
    }
}

pub(super) fn kid(algorithm: Algorithm) -> String {
    format!("key-{}", algorithm.name())
}

pub(super) fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
}

/// A file with that content, which lives as long as the answer.
pub(super) fn file(content: impl AsRef<[u8]>) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.as_ref()).unwrap();
    file
}

pub(super) fn key_set(keys: &[Map<String, Value>]) -> NamedTempFile {
    file(json!({ "keys": keys }).to_string())
}

/// A token on its way to be signed.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) algorithm: Algorithm,
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// Members written once more, at the end of the header or the claims.
    pub(super) header_again: String,
    pub(super) claims_again: String,
}

impl Draft {
    /// A hub team's token which is right in every way.
    pub(super) fn honest(algorithm: Algorithm) -> Self {
        let header = json!({"alg": algorithm.name(), "typ": "at+jwt", "kid": kid(algorithm)});
        let claims = json!({
            "iss": ISSUER,
            "sub": "person-1",
            "aud": AUDIENCE,
            "exp": NOW + 600,
            "iat": NOW,
            "jti": "token-1",
            "role": "hub_team",
            "organisation": "hub:west-yorkshire",
        });
        Self {
            algorithm,
            header: header.as_object().unwrap().clone(),
            claims: claims.as_object().unwrap().clone(),
            header_again: String::new(),
            claims_again: String::new(),
        }
    }

    pub(super) fn head(&mut self, name: &str, value: impl Into<Value>) {
        self.header.insert(name.to_owned(), value.into());
    }

    pub(super) fn claim(&mut self, name: &str, value: impl Into<Value>) {
        self.claims.insert(name.to_owned(), value.into());
    }

    /// The part of the token that is signed.
    pub(super) fn message(&self) -> String {
        let part = |members: &Map<String, Value>, again: &str| {
            let text = Value::Object(members.clone()).to_string();
            base64url(format!("{}{again}}}", text.strip_suffix('}').unwrap()))
        };
        format!(
            "{}.{}",
            part(&self.header, &self.header_again),
            part(&self.claims, &self.claims_again)
        )
    }

    pub(super) fn signed_by(&self, keyring: &Keyring) -> String {
        let message = self.message();
        let signature = keyring.sign(self.algorithm, message.as_bytes());
        format!("{message}.{}", base64url(signature))
    }
}
