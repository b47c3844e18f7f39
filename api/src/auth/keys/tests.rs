//! What is refused at start, and that the message says where the fault is.

use std::{fs, thread};

use serde_json::{Map, Value, json};

use super::*;
use crate::auth::forge::*;

type Jwk = Map<String, Value>;

fn read(jwks: &[Jwk], algorithms: &[Algorithm]) -> Result<Issuer, String> {
    let file = key_set(jwks);
    let mut settings = IssuerSettings::new(ISSUER, AUDIENCE, file.path());
    settings.algorithms = algorithms.to_vec();
    Issuer::configured(&settings).map_err(|refused| {
        let message = refused.to_string();
        assert!(message.contains(file.path().to_str().unwrap()), "names the file: {message}");
        message
    })
}

fn with(algorithm: Algorithm, name: &str, value: impl Into<Value>) -> Jwk {
    let mut jwk = TRUSTED.jwk(algorithm);
    jwk.insert(name.to_owned(), value.into());
    jwk
}

fn without(algorithm: Algorithm, name: &str) -> Jwk {
    let mut jwk = TRUSTED.jwk(algorithm);
    jwk.remove(name);
    jwk
}

#[test]
fn unusable_keys_are_refused_by_name() {
    use Algorithm::{EdDsa, Es256, Rs256};
    for good in Algorithm::ALL {
        read(&[TRUSTED.jwk(good)], &[]).expect("the controls are accepted");
    }
    let mut secret = Jwk::new();
    secret.extend(
        [
            ("kty", json!("oct")),
            ("kid", json!("key-HS")),
            ("alg", json!("HS256")),
            ("k", json!("c2VjcmV0")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let short = |bytes: usize, first: u8| base64url([vec![first], vec![0x55; bytes - 1]].concat());
    let off_curve = base64url([7_u8; 32]);
    for (name, jwk, why) in [
        ("symmetric", secret, "symmetric"),
        ("use enc", with(Es256, "use", "enc"), "`use`"),
        ("use null", with(Es256, "use", json!(null)), "`use`"),
        ("key_ops without verify", with(Es256, "key_ops", json!(["encrypt"])), "`key_ops`"),
        ("private EC", with(Es256, "d", "AA"), "private member `d`"),
        ("private RSA", with(Rs256, "p", "AA"), "private member `p`"),
        ("a secret in an RSA key", with(Rs256, "k", "AA"), "private member `k`"),
        ("alg HS256", with(Rs256, "alg", "HS256"), "`alg`"),
        ("alg none", with(Rs256, "alg", "none"), "`alg`"),
        ("alg of another type", with(Rs256, "alg", "ES256"), "`alg`"),
        ("alg RS384", with(Rs256, "alg", "RS384"), "`alg`"),
        ("alg null", with(Rs256, "alg", json!(null)), "`alg`"),
        ("no alg", without(Rs256, "alg"), "no `alg`"),
        ("1024 bits", with(Rs256, "n", short(128, 0xff)), "1024 bits"),
        ("2047 bits", with(Rs256, "n", short(256, 0x7f)), "2047 bits"),
        ("16384 bits", with(Rs256, "n", short(2048, 0xff)), "16384 bits"),
        ("leading zero", with(Rs256, "n", short(257, 0)), "zero byte"),
        ("even modulus", with(Rs256, "n", base64url([0xfe; 256])), "even"),
        ("exponent 1", with(Rs256, "e", "AQ"), "exponent"),
        ("exponent 3", with(Rs256, "e", "Aw"), "exponent"),
        ("exponent even", with(Rs256, "e", base64url([1, 0, 2])), "even"),
        ("exponent huge", with(Rs256, "e", base64url([0xff; 64])), "exponent"),
        ("padded", with(Rs256, "e", "AQAB="), "base64url"),
        ("no modulus", without(Rs256, "n"), "no text `n`"),
        ("curve P-384", with(Es256, "crv", "P-384"), "P-256"),
        ("curve secp256k1", with(Es256, "crv", "secp256k1"), "P-256"),
        ("Ed448", with(EdDsa, "crv", "Ed448"), "Ed25519"),
        ("X25519", with(EdDsa, "crv", "X25519"), "Ed25519"),
        ("off the curve", with(Es256, "y", off_curve), "point"),
        ("a short coordinate", with(Es256, "x", base64url([1; 31])), "32 bytes"),
        ("a short Ed25519 key", with(EdDsa, "x", base64url([1; 31])), "32 bytes"),
        ("kty unknown", with(Es256, "kty", "AKP"), "neither RSA"),
        ("no kty", without(Es256, "kty"), "no text `kty`"),
    ] {
        let kid = jwk["kid"].to_string();
        let message = read(&[TRUSTED.jwk(Algorithm::Ps256), jwk], &[]).expect_err(name);
        assert!(message.contains(why) && message.contains(&kid), "{name}: {message}");
    }
}

#[test]
fn keys_without_a_name_and_namesakes_are_refused() {
    use Algorithm::{EdDsa, Es256};
    for (jwks, why) in [
        (vec![TRUSTED.jwk(EdDsa), without(Es256, "kid")], "key 2: it has no `kid`"),
        (vec![with(Es256, "kid", "")], "key 1: it has no `kid`"),
        (vec![with(Es256, "kid", 7)], "key 1: it has no `kid`"),
        (vec![TRUSTED.jwk(EdDsa), STRANGER.jwk(EdDsa)], "\"key-EdDSA\": two keys have this kid"),
        (vec![], "empty"),
    ] {
        let message = read(&jwks, &[]).unwrap_err();
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn the_issuers_list_narrows_and_completes() {
    use Algorithm::{EdDsa, Es256, Ps256, Rs256};
    let nameless = without(Rs256, "alg");
    let issuer = read(std::slice::from_ref(&nameless), &[Ps256, Es256]).unwrap();
    assert_eq!(issuer.keys.find("key-RS256", at(0)).unwrap().algorithm, Ps256);
    for (jwk, list, why) in [
        (nameless.clone(), &[Ps256, Rs256][..], "several"),
        (nameless, &[Es256, EdDsa], "none for its type"),
        (TRUSTED.jwk(Rs256), &[Ps256], "RS256 is not on the issuer's list"),
    ] {
        let message = read(&[jwk], list).unwrap_err();
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn files_that_are_no_key_set_are_refused() {
    let twice = format!(r#"{{"keys":[{}],"keys":[]}}"#, json!(TRUSTED.jwk(Algorithm::EdDsa)));
    for (content, why) in [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "no list `keys`"),
        (r#"{"keys":{}}"#, "no list `keys`"),
        (r#"{"keys":[1]}"#, "key 1: it is not a JSON object"),
        (&twice, "two members of one name"),
        (&" ".repeat(300 * 1024), "larger than"),
    ] {
        let file = file(content);
        let settings = IssuerSettings::new(ISSUER, AUDIENCE, file.path());
        let message = Issuer::configured(&settings).unwrap_err().to_string();
        assert!(message.contains(why), "{message}");
        assert!(message.contains(file.path().to_str().unwrap()), "{message}");
    }
    let missing = IssuerSettings::new(ISSUER, AUDIENCE, Path::new("/nowhere/jwks.json"));
    let message = Issuer::configured(&missing).unwrap_err().to_string();
    assert!(message.starts_with("/nowhere/jwks.json: the key set cannot be read"), "{message}");
}

#[test]
fn settings_that_would_confuse_claims_are_refused() {
    let keys = key_set(&[TRUSTED.jwk(Algorithm::EdDsa)]);
    let good = IssuerSettings::new(ISSUER, AUDIENCE, keys.path());
    Issuer::configured(&good).expect("the control is accepted");
    let text = |text: &str| text.to_owned();
    let claim = ClaimPath::named;
    let one = vec![Algorithm::Es256];
    let plain = IssuerSettings::discovered("http://id.example", AUDIENCE, Vec::new());
    let fetched = IssuerSettings::discovered("https://id.example", AUDIENCE, one.clone());
    Issuer::configured(&fetched).expect("the control is accepted");
    for settings in [
        IssuerSettings { issuer: text(""), ..good.clone() },
        IssuerSettings { issuer: text("two words"), ..good.clone() },
        IssuerSettings { issuer: text(EMBEDDED_ISSUER), ..good.clone() },
        IssuerSettings { audience: text(""), ..good.clone() },
        IssuerSettings { role_claim: claim(""), ..good.clone() },
        IssuerSettings { role_claim: claim("sub"), ..good.clone() },
        IssuerSettings { role_claim: claim("organisation"), ..good.clone() },
        IssuerSettings { organisation_claim: claim("aud"), ..good.clone() },
        IssuerSettings { roles: [(text("Hub"), text("hub team"))].into(), ..good.clone() },
        IssuerSettings { organisations: [(text("Y62"), text("Y62"))].into(), ..good.clone() },
        IssuerSettings { required_scope: Some(text("two words")), ..good.clone() },
        IssuerSettings { jwks_url: Some(text("https://id.example/jwks")), ..good.clone() },
        IssuerSettings { jwks_file: None, ..good.clone() },
        IssuerSettings {
            jwks_file: None,
            issuer: text("id"),
            algorithms: one.clone(),
            ..good.clone()
        },
        IssuerSettings { algorithms: one.clone(), ..plain.clone() },
        IssuerSettings { algorithms: one, max_key_age_seconds: 0, ..fetched.clone() },
        IssuerSettings { ignored_claims: [text("cnf")].into(), ..good.clone() },
        IssuerSettings { ignored_claims: [text("role")].into(), ..good.clone() },
    ] {
        assert!(
            matches!(Issuer::configured(&settings), Err(KeysRefused::Settings { .. })),
            "{settings:?}"
        );
    }
}

#[test]
fn the_embedded_key_needs_an_audience() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    assert!(matches!(Issuer::embedded(&path, ""), Err(KeysRefused::Settings { .. })));
    assert!(!path.exists(), "and no key is made for nothing");
}

#[test]
fn settings_are_read_strictly() {
    let read = |text: &str| serde_json::from_str::<IssuerSettings>(text);
    let settings = r#"{"issuer":"i","audience":"a","jwks_file":"f","algorithms":["ES256"]}"#;
    assert_eq!(read(settings).unwrap().algorithms, [Algorithm::Es256]);
    assert!(read(&settings.replace("ES256", "HS256")).is_err());
    assert!(read(&settings.replace("algorithms", "algorithm")).is_err());
}

fn kid_of(path: &Path) -> Result<String, String> {
    match Issuer::embedded(path, AUDIENCE) {
        Ok(issuer) => Ok(issuer.signing.unwrap().kid.clone()),
        Err(refused) => Err(refused.to_string()),
    }
}

#[test]
fn starters_at_once_end_with_one_key() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/key.pem");
        let kids: BTreeSet<_> = thread::scope(|scope| {
            let starters: Vec<_> = (0..8).map(|_| scope.spawn(|| kid_of(&path))).collect();
            starters.into_iter().map(|starter| starter.join().unwrap().unwrap()).collect()
        });
        assert_eq!(kids.len(), 1);
        assert_eq!(kids.first(), Some(&kid_of(&path).unwrap()), "and keep it");
        let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "and leave no drafts");
    }
}

/// The key of RFC 8037, appendix A, and its thumbprint there.
#[test]
#[cfg(unix)]
fn the_kid_is_the_thumbprint() {
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    assert_eq!(kid_of(file(pem).path()).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn files_that_are_no_private_key_are_refused() {
    let rsa = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    for content in ["", "key", "-----BEGIN PRIVATE KEY-----", rsa, &"x".repeat(5000)] {
        let file = file(content);
        let message = kid_of(file.path()).unwrap_err();
        assert!(message.starts_with(file.path().to_str().unwrap()), "{message}");
        assert_eq!(fs::read_to_string(file.path()).unwrap(), content, "and left as they are");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(kid_of(folder.path()).is_err());
    let file = file("");
    assert!(kid_of(&file.path().join("key.pem")).is_err());
}

#[test]
#[cfg(unix)]
fn a_key_that_others_can_reach_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let kid = kid_of(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for (mode, accepted) in [
        (0o600, true),
        (0o400, true),
        (0o640, false),
        (0o604, false),
        (0o620, false),
        (0o601, false),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        match kid_of(&path) {
            Ok(same) => assert!(accepted && same == kid, "{mode:o}"),
            Err(message) => assert!(!accepted && message.contains("chmod 600"), "{message}"),
        }
    }
}
