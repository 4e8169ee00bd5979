use doorward_domain::{
    OrgId, SessionId, UserId,
    ports::{AccessTokens, Ids, InvalidAccessToken, SigningFailed},
    token::{AccessClaims, PlainToken, VerifiedAccessToken},
};
use jsonwebtoken::{Header, Validation};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;

use super::keys::{SharedKeyRing, UsableKey};

/// The media type of access tokens (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// The maximum difference between the clocks of two machines, in seconds.
const LEEWAY: i64 = 30;

/// Longer tokens are rejected without parsing them. This server's tokens have about 600 characters.
const MAX_LENGTH: usize = 4096;

/// The issuer and the audience of tokens.
#[derive(Debug, Clone)]
pub struct AccessTokenOptions {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
}

/// Signs and verifies access tokens as JWTs (RFC 9068).
pub struct JwtAccessTokens {
    keys: SharedKeyRing,
    ids: Arc<dyn Ids>,
    options: AccessTokenOptions,
}

#[derive(Serialize)]
struct SignedClaims<'a> {
    iss: &'a str,
    sub: uuid::Uuid,
    aud: &'a str,
    client_id: &'a str,
    exp: i64,
    iat: i64,
    nbf: i64,
    jti: uuid::Uuid,
    sid: uuid::Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<uuid::Uuid>,
    roles: &'a [&'static str],
    email_verified: bool,
}

/// All claims are required, with the right type: a time as a string is invalid.
#[derive(Deserialize)]
struct VerifiedClaims {
    iss: String,
    sub: uuid::Uuid,
    aud: String,
    exp: i64,
    nbf: i64,
    sid: uuid::Uuid,
    #[serde(default)]
    org_id: Option<uuid::Uuid>,
}

impl JwtAccessTokens {
    /// Creates a signer and verifier with these keys.
    pub fn new(keys: SharedKeyRing, ids: Arc<dyn Ids>, options: AccessTokenOptions) -> Self {
        Self { keys, ids, options }
    }

    fn decode(&self, token: &str, now: OffsetDateTime) -> Option<VerifiedClaims> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        self.keys.with_published(header.kid.as_deref()?, now, |key| decode(token, key))?
    }
}

/// Decodes a token with the algorithm of the key, regardless of the token's header.
fn decode(token: &str, key: &UsableKey) -> Option<VerifiedClaims> {
    let mut validation = Validation::new(key.algorithm.jwt());
    // Times, issuer, and audience are checked here, with the clock port and by type.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode::<VerifiedClaims>(token, &key.verifying, &validation);
    decoded.ok().map(|data| data.claims)
}

/// No key can sign.
#[derive(Debug, thiserror::Error)]
#[error("no signing key is available")]
struct NoSigningKey;

impl AccessTokens for JwtAccessTokens {
    fn sign(&self, claims: &AccessClaims) -> Result<PlainToken, SigningFailed> {
        let signed = SignedClaims {
            iss: &self.options.issuer,
            sub: claims.user_id.as_uuid(),
            aud: &self.options.audience,
            // First-party clients are not distinguished (RFC 9068, section 2.2, requires the claim).
            client_id: &self.options.audience,
            exp: claims.expires_at.unix_timestamp(),
            iat: claims.issued_at.unix_timestamp(),
            nbf: claims.issued_at.unix_timestamp(),
            jti: self.ids.next(),
            sid: claims.session_id.as_uuid(),
            org_id: claims.org_id.map(|org| org.as_uuid()),
            roles: &claims.roles,
            email_verified: claims.email_verified,
        };
        let token = self.keys.with_signing(claims.issued_at, |key, signing| {
            let mut header = Header::new(key.algorithm.jwt());
            header.typ = Some(TYPE.to_owned());
            header.kid = Some(key.kid.clone());
            jsonwebtoken::encode(&header, &signed, signing)
        });
        let token = token.ok_or_else(|| SigningFailed(Box::new(NoSigningKey)))?;
        token.map(PlainToken::new).map_err(|error| SigningFailed(Box::new(error)))
    }

    fn verify(
        &self,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<VerifiedAccessToken, InvalidAccessToken> {
        let claims = self.decode(token, now).ok_or(InvalidAccessToken)?;
        let expires_at = OffsetDateTime::from_unix_timestamp(claims.exp);
        let expires_at = expires_at.map_err(|_out_of_range| InvalidAccessToken)?;
        let now = now.unix_timestamp();
        let good = claims.iss == self.options.issuer
            && claims.aud == self.options.audience
            && now < claims.exp.saturating_add(LEEWAY)
            && now >= claims.nbf.saturating_sub(LEEWAY);
        if !good {
            return Err(InvalidAccessToken);
        }
        Ok(VerifiedAccessToken {
            user_id: UserId::from_uuid(claims.sub),
            session_id: SessionId::from_uuid(claims.sid),
            org_id: claims.org_id.map(OrgId::from_uuid),
            expires_at,
        })
    }
}

impl fmt::Debug for JwtAccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAccessTokens").field("options", &self.options).finish_non_exhaustive()
    }
}
