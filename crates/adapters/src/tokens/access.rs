use doorward_domain::{
    OrgId, SessionId, UserId,
    ports::{AccessTokens, Ids, InvalidAccessToken, SigningFailed},
    token::{AccessClaims, Bearer, PlainToken},
};
use jsonwebtoken::{Header, Validation};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;

use super::keys::{SharedKeyRing, UsableKey};

/// The media type of access tokens (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// How far the clocks of two machines may be apart, in seconds.
const LEEWAY: i64 = 30;

/// Longer tokens are refused unread: ours have about 600 characters.
const MAX_LENGTH: usize = 4096;

/// What tokens say of the server that signs them and the services that they are for.
#[derive(Debug, Clone)]
pub struct AccessTokenOptions {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
}

/// Access tokens as signed JWTs (RFC 9068).
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

/// Every claim has to be there and of the right type: a time that is a text is no time.
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
    /// Signs and verifies with these keys.
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

/// The algorithm is the key's, whatever the token says.
fn decode(token: &str, key: &UsableKey) -> Option<VerifiedClaims> {
    let mut validation = Validation::new(key.algorithm.jwt());
    // Times, issuer and audience are judged here, by the clock port and by type.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode::<VerifiedClaims>(token, &key.verifying, &validation);
    decoded.ok().map(|data| data.claims)
}

/// Among the keys there is none that signs.
#[derive(Debug, thiserror::Error)]
#[error("there is no key to sign with")]
struct NoSigningKey;

impl AccessTokens for JwtAccessTokens {
    fn sign(&self, claims: &AccessClaims) -> Result<PlainToken, SigningFailed> {
        let signed = SignedClaims {
            iss: &self.options.issuer,
            sub: claims.user_id.as_uuid(),
            aud: &self.options.audience,
            // First-party clients are not told apart (RFC 9068, section 2.2, requires the claim).
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

    fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Bearer, InvalidAccessToken> {
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
        Ok(Bearer {
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
