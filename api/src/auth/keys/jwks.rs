//! Reads an issuer's public keys from a JSON Web Key Set (RFC 7517).
//!
//! One bad key refuses the whole of a file: a set that is half understood is an outage on
//! the day the issuer starts to sign with the other half. Of a set that is fetched, and may
//! be another tomorrow, what can be used is used.

use std::{collections::HashMap, fs::File, path::Path, sync::Arc};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Algorithm, KeysRefused, VerificationKey, contents};
use crate::auth::json::{self, Object};

const LARGEST_FILE: u64 = 256 * 1024;

/// What a machine client may register.
const LARGEST_OF_CLIENT: usize = 16 * 1024;
const MOST_OF_CLIENT: usize = 10;
const LONGEST_KID: usize = 100;

/// A verifier's exponent below this is open to forgeries that a signer never sees.
const SMALLEST_EXPONENT: u64 = 65_537;

/// What only the holder of a private or symmetric key should have (RFC 7518, section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The keys of a file by their `kid`.
pub(super) fn read(
    path: &Path,
    allowed: &[Algorithm],
) -> Result<HashMap<String, Arc<VerificationKey>>, KeysRefused> {
    let in_file = |why: String| KeysRefused::file(path, why);
    let file = File::open(path).map_err(|e| in_file(format!("the key set cannot be read: {e}")))?;
    let bytes = contents(file, LARGEST_FILE)
        .map_err(|e| in_file(format!("the key set cannot be read: {e}")))?;
    let mut keys = HashMap::new();
    let entries = entries(&bytes).map_err(in_file)?;
    if entries.is_empty() {
        return Err(in_file("the key set is empty, so no token could be verified".to_owned()));
    }
    for (index, entry) in entries.iter().enumerate() {
        let (kid, key) = read_key(path, index, entry, allowed)?;
        if keys.insert(kid.clone(), key.into()).is_some() {
            let why = "two keys have this kid".to_owned();
            return Err(KeysRefused::Key { file: path.to_owned(), kid, why });
        }
    }
    Ok(keys)
}

/// A key of a set: its `kid`, what is written of it, and the key.
pub(super) type Listed = (String, Value, VerificationKey);

/// The keys of a set that are of use here, and how many are not: an issuer may list keys
/// for other purposes too, or withdraw all that it has. A `kid` that two keys have names
/// neither.
pub(super) fn usable(bytes: &[u8], allowed: &[Algorithm]) -> Result<(Vec<Listed>, usize), String> {
    let entries = entries(bytes)?;
    let named = |entry: &Value| entry.get("kid").and_then(Value::as_str).map(str::to_owned);
    let alone =
        |kid: &String| entries.iter().filter(|it| named(it).as_ref() == Some(kid)).count() == 1;
    let read = |entry: &Value| {
        let kid = named(entry).filter(|kid| !kid.is_empty()).filter(alone)?;
        let key = usable_key(entry.as_object()?, allowed).ok()?;
        Some((kid, entry.clone(), key))
    };
    let keys: Vec<_> = entries.iter().filter_map(read).collect();
    let unusable = entries.len() - keys.len();
    Ok((keys, unusable))
}

/// The keys that a machine client signs its assertions with, each with its own text.
pub fn client_keys(jwks: &str) -> Result<Vec<(String, String)>, String> {
    if jwks.len() > LARGEST_OF_CLIENT {
        return Err(format!("it is larger than {LARGEST_OF_CLIENT} bytes"));
    }
    let mut keys: Vec<(String, String)> = Vec::new();
    let entries = entries(jwks.as_bytes())?;
    if entries.is_empty() {
        return Err("it holds no key".to_owned());
    }
    for (index, entry) in entries.iter().enumerate() {
        let text = entry.to_string();
        let (kid, _) = client_key(&text).map_err(|why| format!("key {}: {why}", index + 1))?;
        if keys.iter().any(|(known, _)| *known == kid) {
            return Err(format!("key {}: another has the same kid", index + 1));
        }
        keys.push((kid, text));
    }
    if keys.len() > MOST_OF_CLIENT {
        return Err(format!("it holds more than {MOST_OF_CLIENT} keys"));
    }
    Ok(keys)
}

/// One key of a machine client: RS512 or ES256.
pub fn client_key(jwk: &str) -> Result<(String, VerificationKey), String> {
    let jwk = json::object(jwk.as_bytes()).map_err(|why| why.to_string())?;
    let kid = jwk.get("kid").and_then(Value::as_str).unwrap_or_default();
    if kid.is_empty() || kid.len() > LONGEST_KID || kid.contains(char::is_control) {
        return Err(format!("it needs a `kid` of up to {LONGEST_KID} characters"));
    }
    let key = usable_key(&jwk, &[Algorithm::Rs512, Algorithm::Es256])?;
    Ok((kid.to_owned(), key))
}

fn entries(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut set = json::object(bytes).map_err(|e| format!("not a JSON Web Key Set: {e}"))?;
    match set.remove("keys") {
        Some(Value::Array(entries)) => Ok(entries),
        _ => Err("not a JSON Web Key Set: it has no list `keys`".to_owned()),
    }
}

fn read_key(
    path: &Path,
    index: usize,
    entry: &Value,
    allowed: &[Algorithm],
) -> Result<(String, VerificationKey), KeysRefused> {
    let nameless = |why: &str| KeysRefused::file(path, format!("key {}: {why}", index + 1));
    let jwk = entry.as_object().ok_or_else(|| nameless("it is not a JSON object"))?;
    let kid = match jwk.get("kid") {
        Some(Value::String(kid)) if !kid.is_empty() => kid.clone(),
        _ => return Err(nameless("it has no `kid`, so no token could name it")),
    };
    let key = usable_key(jwk, allowed).map_err(|why| KeysRefused::Key {
        file: path.to_owned(),
        kid: kid.clone(),
        why,
    })?;
    Ok((kid, key))
}

fn usable_key(jwk: &Object, allowed: &[Algorithm]) -> Result<VerificationKey, String> {
    let kty = member(jwk, "kty")?;
    if kty == "oct" {
        return Err("it is symmetric: whoever can verify with it can also sign".to_owned());
    }
    if let Some(name) = PRIVATE_MEMBERS.into_iter().find(|name| jwk.contains_key(*name)) {
        return Err(format!("it holds the private member `{name}`: keep only the public half"));
    }
    check_purpose(jwk)?;
    let suitable = suitable_algorithms(jwk, kty)?;
    let algorithm = only_algorithm(jwk, suitable, allowed)?;
    Ok(VerificationKey { algorithm, key: parse(jwk, algorithm)? })
}

fn check_purpose(jwk: &Object) -> Result<(), String> {
    if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err("its `use` is not `sig`".to_owned());
    }
    match jwk.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(uses)) if uses.iter().any(|op| op == "verify") => Ok(()),
        Some(_) => Err("its `key_ops` does not include `verify`".to_owned()),
    }
}

fn suitable_algorithms(jwk: &Object, kty: &str) -> Result<&'static [Algorithm], String> {
    match kty {
        "RSA" => Ok(&[Algorithm::Rs256, Algorithm::Rs512, Algorithm::Ps256]),
        "EC" if member(jwk, "crv")? == "P-256" => Ok(&[Algorithm::Es256]),
        "OKP" if member(jwk, "crv")? == "Ed25519" => Ok(&[Algorithm::EdDsa]),
        _ => Err("it is neither RSA, nor EC on P-256, nor OKP on Ed25519".to_owned()),
    }
}

/// The one algorithm of a key: its own, or the only one that the issuer's list has
/// for keys of this type.
fn only_algorithm(
    jwk: &Object,
    suitable: &[Algorithm],
    allowed: &[Algorithm],
) -> Result<Algorithm, String> {
    if let Some(alg) = jwk.get("alg") {
        let own = alg.as_str().and_then(Algorithm::named).filter(|own| suitable.contains(own));
        let own =
            own.ok_or("its `alg` is not RS256, RS512, PS256, ES256 or EdDSA, or not of its type")?;
        if !allowed.is_empty() && !allowed.contains(&own) {
            return Err(format!("its algorithm {} is not on the issuer's list", own.name()));
        }
        return Ok(own);
    }
    let mut candidates = suitable.iter().filter(|algorithm| allowed.contains(algorithm));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Ok(*only),
        (None, _) => Err("it has no `alg`, and the issuer's list has none for its type".to_owned()),
        _ => Err("it has no `alg`, and the issuer's list has several for its type".to_owned()),
    }
}

fn parse(jwk: &Object, algorithm: Algorithm) -> Result<ParsedPublicKey, String> {
    let parsed = match algorithm {
        Algorithm::Rs256 => return rsa(jwk, &RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs512 => return rsa(jwk, &RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => return rsa(jwk, &RSA_PSS_2048_8192_SHA256),
        Algorithm::Es256 => {
            let point = [vec![4], coordinate(jwk, "x")?, coordinate(jwk, "y")?].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        }
        Algorithm::EdDsa => ParsedPublicKey::new(&ED25519, coordinate(jwk, "x")?),
    };
    parsed.map_err(|_| "it is not a point of its curve".to_owned())
}

fn rsa(jwk: &Object, parameters: &'static RsaParameters) -> Result<ParsedPublicKey, String> {
    let (n, e) = (unsigned(jwk, "n")?, unsigned(jwk, "e")?);
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    if !(2048..=8192).contains(&bits) {
        return Err(format!("its modulus has {bits} bits; 2048 to 8192 are needed"));
    }
    let exponent =
        e.iter().try_fold(0_u64, |sum, byte| Some(sum.checked_mul(256)? + u64::from(*byte)));
    if exponent.is_none_or(|e| e < SMALLEST_EXPONENT) {
        return Err(format!("its exponent is below {SMALLEST_EXPONENT}, or absurdly large"));
    }
    // The library finds this out only when it verifies, and would refuse every token.
    if [&n, &e].into_iter().any(|number| number.last().is_none_or(|last| last % 2 == 0)) {
        return Err("its modulus or exponent is even".to_owned());
    }
    RsaPublicKeyComponents { n, e }
        .to_parsed_public_key(parameters)
        .map_err(|_| "it is not a valid RSA key".to_owned())
}

/// A whole number without leading zeros, as RFC 7518 (section 2) spells them.
fn unsigned(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    let bytes = decoded(jwk, name)?;
    match bytes.first() {
        Some(first) if *first != 0 => Ok(bytes),
        _ => Err(format!("its `{name}` is empty or begins with a zero byte")),
    }
}

/// A coordinate of either curve: exactly 32 bytes.
fn coordinate(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    let bytes = decoded(jwk, name)?;
    if bytes.len() == 32 { Ok(bytes) } else { Err(format!("its `{name}` is not of 32 bytes")) }
}

fn decoded(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD
        .decode(member(jwk, name)?)
        .map_err(|_| format!("its `{name}` is not base64url without padding"))
}

fn member<'a>(jwk: &'a Object, name: &str) -> Result<&'a str, String> {
    jwk.get(name).and_then(Value::as_str).ok_or_else(|| format!("it has no text `{name}`"))
}
