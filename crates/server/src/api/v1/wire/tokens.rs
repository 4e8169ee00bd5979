use doorward_application::sign_in::complete::SignedIn;
use doorward_domain::token::{AccessToken, TokenPair};
use serde::Serialize;
use utoipa::ToSchema;

use super::{UserResponse, WithDeviceToken, example};
use crate::http::describe::Success;

pub(crate) const TOKEN_TYPE: &str = "bearer";

/// A new pair of tokens (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    /// The access token: a JWT, for `Authorization: Bearer`.
    access_token: String,
    /// The refresh token, for one use with `POST /v1/auth/refresh`.
    refresh_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// The lifetime of the access token in seconds.
    expires_in: i64,
}

/// A new pair of tokens, and the user that they are for.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthResponse {
    #[serde(flatten)]
    tokens: TokenResponse,
    user: UserResponse,
}

impl Success for TokenResponse {
    fn example() -> Self {
        Self {
            access_token: example::ACCESS_TOKEN.to_owned(),
            refresh_token: example::REFRESH_TOKEN.to_owned(),
            token_type: TOKEN_TYPE,
            expires_in: 900,
        }
    }
}

impl Success for AuthResponse {
    fn example() -> Self {
        Self { tokens: TokenResponse::example(), user: UserResponse::new_account() }
    }
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

impl From<SignedIn> for WithDeviceToken<AuthResponse> {
    fn from(signed_in: SignedIn) -> Self {
        let answer = AuthResponse {
            tokens: (&signed_in.tokens).into(),
            user: UserResponse::new(&signed_in.user, signed_in.role),
        };
        Self(answer, signed_in.device_token)
    }
}

pub(crate) fn seconds(token: &AccessToken) -> i64 {
    token.expires_in.whole_seconds()
}
