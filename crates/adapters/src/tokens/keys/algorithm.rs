use aws_lc_rs::{
    digest::{SHA256, digest},
    error::{KeyRejected, Unspecified},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use doorward_domain::ports::Randomness;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

/// The algorithm that signs access tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// Ed25519 (RFC 8037): short, fast, and hard to misuse.
    #[default]
    EdDsa,
    /// ECDSA on P-256 (RFC 7518, section 3.4), for verifiers that don't support Ed25519.
    Es256,
}

/// A key pair: the public key in its stored form, and the private key in PKCS #8.
pub(super) struct Pair {
    pub(super) public: Vec<u8>,
    pub(super) private: Zeroizing<Vec<u8>>,
}

impl SigningAlgorithm {
    /// Returns the name in JOSE (RFC 7518, section 3.1; RFC 8037, section 3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
        }
    }

    /// Parses a name. Returns `None` for an unsupported algorithm.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::EdDsa, Self::Es256].into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    pub(crate) const fn jwt(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
        }
    }

    /// Generates a key pair. A P-256 scalar that is out of range must be drawn again, which the library does with
    /// its own randomness.
    pub(super) fn make(self, randomness: &dyn Randomness) -> Result<Pair, Unspecified> {
        match self {
            Self::EdDsa => {
                let mut seed = Zeroizing::new([0; 32]);
                randomness.fill(&mut *seed);
                let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| Unspecified)?;
                Ok(Pair {
                    public: pair.public_key().as_ref().to_vec(),
                    private: Zeroizing::new(pair.to_pkcs8v1()?.as_ref().to_vec()),
                })
            }
            Self::Es256 => {
                let signing = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let document = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new())?;
                let private = Zeroizing::new(document.as_ref().to_vec());
                let pair = EcdsaKeyPair::from_pkcs8(signing, &private);
                let pair = pair.map_err(|_: KeyRejected| Unspecified)?;
                Ok(Pair { public: pair.public_key().as_ref().to_vec(), private })
            }
        }
    }

    pub(super) fn encoding_key(self, private: &[u8]) -> EncodingKey {
        match self {
            Self::EdDsa => EncodingKey::from_ed_der(private),
            Self::Es256 => EncodingKey::from_ec_der(private),
        }
    }

    /// Returns `None` if the bytes are not a public key.
    pub(super) fn decoding_key(self, public: &[u8]) -> Option<DecodingKey> {
        match self {
            Self::EdDsa => Some(DecodingKey::from_ed_der(public)),
            Self::Es256 => {
                let (x, y) = coordinates(public)?;
                DecodingKey::from_ec_components(&x, &y).ok()
            }
        }
    }

    /// Returns the required members of the public key's JWK in the order of their names (RFC 7638, section 3.2;
    /// RFC 8037, section 2). `None` if the bytes are not a public key.
    pub(super) fn jwk(self, public: &[u8]) -> Option<Map<String, Value>> {
        let jwk = match self {
            Self::EdDsa => {
                json!({ "crv": "Ed25519", "kty": "OKP", "x": BASE64_URL_SAFE_NO_PAD.encode(public) })
            }
            Self::Es256 => {
                let (x, y) = coordinates(public)?;
                json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y })
            }
        };
        jwk.as_object().cloned()
    }

    /// Returns the key's JWK thumbprint (RFC 7638, section 3).
    pub(super) fn thumbprint(self, public: &[u8]) -> Option<String> {
        let canonical = Value::Object(self.jwk(public)?).to_string();
        Some(BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes())))
    }
}

/// Returns the coordinates of an uncompressed point (SEC 1, section 2.3.3).
fn coordinates(public: &[u8]) -> Option<(String, String)> {
    let (x, y) = public.strip_prefix(&[4])?.split_at_checked(32)?;
    Some((BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandomness;

    #[test]
    fn thumbprint_matches_rfc_8037() {
        // RFC 8037, appendix A.3.
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let public = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
        let thumbprint = SigningAlgorithm::EdDsa.thumbprint(&public).unwrap();
        assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn each_algorithm_verifies_its_own_signatures() {
        for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
            let pair = algorithm.make(&SystemRandomness).unwrap();
            let key = algorithm.encoding_key(&pair.private);
            let signature = jsonwebtoken::crypto::sign(b"x", &key, algorithm.jwt()).unwrap();
            let key = algorithm.decoding_key(&pair.public).unwrap();
            let good = |message: &[u8]| {
                jsonwebtoken::crypto::verify(&signature, message, &key, algorithm.jwt()).unwrap()
            };
            assert!(good(b"x") && !good(b"y"));
        }
    }

    #[test]
    fn invalid_point_is_not_a_public_key() {
        for bytes in [&[][..], &[4], &[2; 33], &[4; 20]] {
            assert!(SigningAlgorithm::Es256.decoding_key(bytes).is_none());
        }
    }
}
