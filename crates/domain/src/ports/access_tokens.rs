use time::OffsetDateTime;

use crate::token::{AccessClaims, Bearer, PlainToken};

/// Signs and verifies access tokens (RFC 9068).
///
/// An implementation MUST pin algorithm, type (`at+jwt`), issuer and audience when it verifies, MUST
/// take keys from its own configuration only, never from the token, and MUST judge times by `now`.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Signs claims.
    ///
    /// # Errors
    /// There is no key to sign with.
    fn sign(&self, claims: &AccessClaims) -> Result<PlainToken, SigningFailed>;

    /// Verifies a token that a client sent.
    ///
    /// # Errors
    /// Anything about the token is not as it should be; what it is, is nobody's business.
    fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Bearer, InvalidAccessToken>;
}

/// No access token could be signed.
#[derive(Debug, thiserror::Error)]
#[error("no access token could be signed")]
pub struct SigningFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// An access token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid")]
pub struct InvalidAccessToken;
