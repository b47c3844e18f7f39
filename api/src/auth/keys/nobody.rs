//! Keys whose other halves nobody has. What somebody unknown has signed is checked with one
//! of them, so that a refusal takes as long as that of somebody who is known.

use std::sync::LazyLock;

use super::{Algorithm, VerificationKey, client_key};

const SETS: [&str; 2] = [
    r#"{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "nobody",
        "x": "RW6LXKNlerdEY5U8hg2aDWDVFwfieyIdKEVH90-N2v0",
        "y": "5OXzHgn9RBHIxBnC40exbkTFbd9FsotKL7yaXaCqV8w"}"#,
    r#"{"kty": "RSA", "alg": "RS512", "kid": "nobody", "e": "AQAB",
        "n": "udkRF2VaE6GCEK2LZX5NwzjWPE4-xw_hQlzviio44-rPMRVc2qHZxBLXTW_sbWcNT2zv3MsxJAnlX4hx5_3JxX6SzYzRcmQcANOv_r87_CDrR299mx07mCQceKiQivS_qivyrRBrgVjTBuoxmXCPTjfHVfMmiJHVJZ5a8-0QHC6eAf2_VhtYmcQCm_1jDmtTmlmlJ2Ly1EfE8kiRtG8lQcQVefzNbXgKXAxyD1RDkmvYkM6UBxxNtZnK9Xt1kA7gRcmkRcbOdexvrTnSI-_5oi6A1Z9ezxGqEpJXYLtRJCqTBPgkFdNFa7lYxD0k63lQOFQ8lojjxU8S4TG28eE2SQ"}"#,
];

static KEYS: LazyLock<Vec<VerificationKey>> =
    LazyLock::new(|| SETS.iter().filter_map(|jwk| Some(client_key(jwk).ok()?.1)).collect());

/// Nobody's key of one of the algorithms that machine clients sign with.
pub(in crate::auth) fn nobodys(algorithm: Algorithm) -> Option<&'static VerificationKey> {
    KEYS.iter().find(|key| key.algorithm == algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_for_each_algorithm_of_machine_clients() {
        assert!([Algorithm::Es256, Algorithm::Rs512].into_iter().all(|it| nobodys(it).is_some()));
    }
}
