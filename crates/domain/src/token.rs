//! The tokens that this server issues.
//!
//! There are two kinds. Access tokens are signed claims that any service can verify with the public keys.
//! Opaque tokens consist of the ID of a row and a MAC, and only this server can interpret them.

pub mod one_time;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{OrgId, SessionId, UserId};

/// A token in the form that a client holds. Any holder can use it, so `Debug` doesn't show it.
#[derive(Clone)]
pub struct PlainToken(SecretString);

impl PlainToken {
    /// Creates a token from a text that was just generated or that a client sent.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// Returns the text to send to the client.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(…)")
    }
}

/// The purpose of an opaque token. Each purpose has its own MAC key, so a token of one purpose is invalid for
/// any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Refreshes a session.
    Refresh,
    /// Verifies that the recipient reads the email address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Accepts an invite to an organization.
    Invite,
    /// Shows that a client has signed in to an account before. It grants no access.
    Device,
    /// Continues a session that a browser keeps in a cookie that scripts can't read. Using it doesn't use it
    /// up.
    Browser,
}

impl TokenPurpose {
    /// All purposes.
    pub const ALL: [Self; 6] = [
        Self::Refresh,
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Invite,
        Self::Device,
        Self::Browser,
    ];

    /// Returns the prefix of tokens with this purpose, by which secret scanners find leaked tokens.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "dwr_",
            Self::VerifyEmail => "dwv_",
            Self::ResetPassword => "dwp_",
            Self::Invite => "dwi_",
            Self::Device => "dwd_",
            Self::Browser => "dwb_",
        }
    }
}

/// The content of an opaque token whose MAC was verified: the row that it refers to, and a counter.
///
/// A row has one valid counter at a time, so issuing a new token invalidates the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenRef {
    /// The ID of the row.
    pub id: Uuid,
    /// Which of the row's tokens it is.
    pub counter: u32,
}

/// The claims of an access token (RFC 9068, section 2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`: the user.
    pub user_id: UserId,
    /// `sid`: the session, by which the token can be revoked.
    pub session_id: SessionId,
    /// `org_id`: the organization in which the user acts.
    pub org_id: Option<OrgId>,
    /// `roles`: the user's roles there, for services that verify tokens offline. This server reads roles from
    /// its database instead.
    pub roles: Vec<&'static str>,
    /// `email_verified`: whether the user has verified the email address (OpenID Connect Core 1.0, section
    /// 5.1). If addresses don't have to be verified, a service that trusts addresses has to check it.
    pub email_verified: bool,
    /// `iat`, `nbf`: when the token was issued.
    pub issued_at: OffsetDateTime,
    /// `exp`: when the token expires.
    pub expires_at: OffsetDateTime,
}

/// The content of an access token whose signature, type, issuer, audience, and times were verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedAccessToken {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The organization in which the user acts.
    pub org_id: Option<OrgId>,
    /// `exp`: when the token expires. No token that is issued on the strength of this one expires later.
    pub expires_at: OffsetDateTime,
}

/// A new access token and its lifetime.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The signed token.
    pub token: PlainToken,
    /// The time until it expires.
    pub expires_in: Duration,
}

/// An access token and the refresh token with which the client gets the next one.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// The token for `Authorization: Bearer`.
    pub access: AccessToken,
    /// The token for the refresh endpoint.
    pub refresh: PlainToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_token() {
        assert_eq!(format!("{:?}", PlainToken::new("dwr_secret".into())), "PlainToken(…)");
    }
}
