//! The tokens that this server hands out.
//!
//! Two kinds: access tokens, which are signed claims that anybody can verify with the public keys,
//! and opaque tokens, which are the id of a row and a MAC, and mean something to this server alone.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{OrgId, SessionId, UserId};

/// A token in the form that a client holds. Whoever has it may use it, so it is never shown.
#[derive(Clone)]
pub struct PlainToken(SecretString);

impl PlainToken {
    /// Takes a token that has just been made, or that a client sent.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text that is sent to the client.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(…)")
    }
}

/// What an opaque token is good for. A token of one purpose is worthless for any other, since each
/// has a MAC key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Continues a session.
    Refresh,
    /// Shows that a mail reached its address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Joins an organisation.
    Invite,
    /// Shows that a client has signed in to an account before. It opens nothing.
    Device,
    /// Continues a session that a browser keeps in a cookie which no script reads. It is not used up.
    Browser,
}

impl TokenPurpose {
    /// Every purpose there is.
    pub const ALL: [Self; 6] = [
        Self::Refresh,
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Invite,
        Self::Device,
        Self::Browser,
    ];

    /// What tokens of this purpose begin with, so that secret scanners find leaked ones.
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

/// What an opaque token says once its MAC was found good: which row it names, and which issue of it.
///
/// A row has one good counter at a time, so that issuing anew voids what was issued before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenRef {
    /// The id of the row.
    pub row: Uuid,
    /// Which of the row's tokens this is.
    pub counter: u32,
}

/// What an access token says of its bearer (claims of RFC 9068, section 2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`: the person.
    pub user_id: UserId,
    /// `sid`: the session, by which the token can be revoked.
    pub session_id: SessionId,
    /// `org_id`: the organisation that the person works in.
    pub org_id: Option<OrgId>,
    /// `roles`: the person's roles there, for services that verify offline. This server reads them
    /// from its database instead.
    pub roles: Vec<&'static str>,
    /// `email_verified`: whether the user has shown that the account's email address is theirs (OpenID Connect Core
    /// 1.0, section 5.1). Where addresses need not be verified, a service that trusts addresses checks it.
    pub email_verified: bool,
    /// `iat`, `nbf`: when the token was made.
    pub issued_at: OffsetDateTime,
    /// `exp`: when it ends.
    pub expires_at: OffsetDateTime,
}

/// What this server takes from an access token whose signature, type, issuer, audience and times
/// were found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The organisation that the person works in.
    pub org_id: Option<OrgId>,
    /// `exp`: when the token expires. No token that is issued to its bearer expires later.
    pub expires_at: OffsetDateTime,
}

/// A new access token and how long it lasts.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The signed token.
    pub token: PlainToken,
    /// The time from now until it ends.
    pub expires_in: Duration,
}

/// An access token and the refresh token that gets the next one.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    pub access: AccessToken,
    /// For the refresh endpoint.
    pub refresh: PlainToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_never_shown() {
        assert_eq!(format!("{:?}", PlainToken::new("dwr_secret".into())), "PlainToken(…)");
    }
}
