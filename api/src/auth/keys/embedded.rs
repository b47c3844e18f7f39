//! The service's own key: an Ed25519 key in a file. For a machine without an issuer it is
//! made on first use; production is given one, for the tokens of machine clients.
//!
//! The file appears whole or not at all: it is written beside its place and then given
//! its name, which fails if the name is taken. Of two processes that start at once,
//! one makes the key and both use it.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::Path,
    sync::Arc,
};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{
    DecodingKey, EncodingKey,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::{Value, json};

use super::{
    AccessTokenType, Algorithm, Claims, Issuer, Keys, KeysRefused, VerificationKey, contents,
};
use crate::auth::actor::Role;

const LARGEST_FILE: u64 = 4 * 1024;

const MALFORMED: &str = "not an Ed25519 private key in PKCS#8 PEM; move it away, and a new one is made at the next start";

/// The private half: signs tokens, and is never printed.
#[derive(Debug)]
pub(in crate::auth) struct SigningKey {
    /// The key's RFC 7638 thumbprint.
    pub(in crate::auth) kid: String,
    pub(in crate::auth) key: EncodingKey,
}

/// A key of the service's own, both halves of it.
#[derive(Debug)]
pub struct OwnKey {
    signing: Arc<SigningKey>,
    verification: Arc<VerificationKey>,
    /// The public half, in base64url.
    public: String,
}

impl OwnKey {
    /// The key in that file, made if there is no file.
    pub fn open_or_create(path: &Path) -> Result<Self, KeysRefused> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create(path)
                    .map_err(|e| KeysRefused::file(path, format!("no key can be made: {e}")))?;
                File::open(path)
            }
            opened => opened,
        };
        Self::read(path, file)
    }

    /// The key in that file, which must be there.
    pub fn open(path: &Path) -> Result<Self, KeysRefused> {
        Self::read(path, File::open(path))
    }

    fn read(path: &Path, file: io::Result<File>) -> Result<Self, KeysRefused> {
        let unreadable =
            |e: io::Error| KeysRefused::file(path, format!("the key cannot be read: {e}"));
        let file = file.map_err(unreadable)?;
        check_private(path, &file)?;
        let pem = contents(file, LARGEST_FILE).map_err(unreadable)?;
        read(&pem).ok_or_else(|| KeysRefused::file(path, MALFORMED))
    }

    /// An issuer that signs with this key, and did or will with another.
    pub(in crate::auth) fn issuer(
        &self,
        name: &str,
        audience: &str,
        only: Option<Role>,
        other: Option<&Self>,
    ) -> Issuer {
        let held = [Some(self), other].into_iter().flatten();
        let held = held.map(|key| (key.signing.kid.clone(), key.verification.clone()));
        Issuer {
            name: name.to_owned(),
            audience: audience.to_owned(),
            token_type: AccessTokenType::AtJwt,
            claims: Claims::ours(),
            only,
            keys: Keys::Held(held.collect()),
            signing: Some(self.signing.clone()),
        }
    }

    /// The public halves of some keys, as others may know them: a JSON Web Key Set.
    pub fn public_set<'a>(keys: impl Iterator<Item = &'a Self>) -> Value {
        let jwk = |key: &Self| {
            let (kid, x) = (&key.signing.kid, &key.public);
            json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid,
                "alg": Algorithm::EdDsa.name(), "use": "sig" })
        };
        json!({ "keys": keys.map(jwk).collect::<Vec<_>>() })
    }
}

fn read(pem: &[u8]) -> Option<OwnKey> {
    let key = EncodingKey::from_ed_pem(pem).ok()?;
    let pair = Ed25519KeyPair::from_pkcs8(key.as_bytes()).ok()?;
    let public = pair.public_key().as_ref();
    let jwk = Jwk::from_decoding_key(&DecodingKey::from_ed_der(public), None).ok()?;
    let kid = jwk.thumbprint(ThumbprintHash::SHA256).ok()?;
    let verification = VerificationKey {
        algorithm: Algorithm::EdDsa,
        key: ParsedPublicKey::new(&ED25519, public).ok()?,
    };
    Some(OwnKey {
        signing: Arc::new(SigningKey { kid, key }),
        verification: Arc::new(verification),
        public: URL_SAFE_NO_PAD.encode(public),
    })
}

/// Makes a key, unless another process has made one meanwhile.
fn create(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new())
        .map_err(|_| io::Error::other("the machine gave no randomness"))?;
    // Temporary files have mode 0600 from the moment they exist.
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    write!(
        draft,
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(pkcs8.as_ref())
    )?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(path) {
        Err(refused) if refused.error.kind() != ErrorKind::AlreadyExists => Err(refused.error),
        _ => File::open(folder)?.sync_all(),
    }
}

/// Refuses a key that other users of the machine could read: they could sign as anyone.
#[cfg(unix)]
fn check_private(path: &Path, file: &File) -> Result<(), KeysRefused> {
    use std::os::unix::fs::PermissionsExt;

    let about = file.metadata().map_err(|e| KeysRefused::file(path, e))?;
    let mode = about.permissions().mode() & 0o777;
    if about.is_file() && mode & 0o077 == 0 {
        return Ok(());
    }
    let why = if about.is_file() {
        format!(
            "other users can reach this key (mode {mode:03o}): run chmod 600 on it, or replace it if they may have read it"
        )
    } else {
        "the key is not a regular file".to_owned()
    };
    Err(KeysRefused::file(path, why))
}

/// Where files have no mode, the folder's access list is the operator's to set.
#[cfg(not(unix))]
fn check_private(_path: &Path, _file: &File) -> Result<(), KeysRefused> {
    Ok(())
}
