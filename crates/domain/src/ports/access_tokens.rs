use time::OffsetDateTime;

use crate::token::{AccessClaims, PlainToken, VerifiedAccessToken};

/// Signs and verifies access tokens (JWTs as in RFC 9068).
///
/// When it verifies a token, an implementation MUST pin the algorithm, the type (`at+jwt`), the issuer, and
/// the audience. It MUST take keys only from its own configuration, never from the token, and MUST check
/// times against `now`.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Signs the claims.
    ///
    /// # Errors
    /// Returns [`SigningFailed`] if there is no key to sign with.
    fn sign(&self, claims: &AccessClaims) -> Result<PlainToken, SigningFailed>;

    /// Verifies a token from a client.
    ///
    /// # Errors
    /// Returns [`InvalidAccessToken`] if any check fails. The failed check is deliberately not reported.
    fn verify(
        &self,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<VerifiedAccessToken, InvalidAccessToken>;
}

/// An error returned by [`AccessTokens::sign`].
#[derive(Debug, thiserror::Error)]
#[error("signing the access token failed")]
pub struct SigningFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// An error returned by [`AccessTokens::verify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid")]
pub struct InvalidAccessToken;
