use doorward_application::register::SignedIn;
use doorward_domain::token::{AccessToken, TokenPair};
use serde::Serialize;

use super::UserResponse;

pub(crate) const TOKEN_TYPE: &str = "bearer";

/// A new pair of tokens (RFC 6749, section 5.1).
#[derive(Serialize)]
pub(crate) struct TokenResponse {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    expires_in: i64,
}

/// A new pair of tokens, and whose they are.
#[derive(Serialize)]
pub(crate) struct AuthResponse {
    #[serde(flatten)]
    tokens: TokenResponse,
    user: UserResponse,
}

impl From<&TokenPair> for TokenResponse {
    fn from(pair: &TokenPair) -> Self {
        Self {
            access_token: pair.access.token.expose().to_owned(),
            refresh_token: pair.refresh.expose().to_owned(),
            token_type: TOKEN_TYPE,
            expires_in: seconds(&pair.access),
        }
    }
}

impl From<SignedIn> for AuthResponse {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            tokens: (&signed_in.tokens).into(),
            user: UserResponse::new(&signed_in.user, signed_in.role),
        }
    }
}

pub(crate) fn seconds(token: &AccessToken) -> i64 {
    token.expires_in.whole_seconds()
}
