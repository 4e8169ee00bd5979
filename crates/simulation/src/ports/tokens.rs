use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::{
    ports::{AccessTokens, InvalidAccessToken, OpaqueTokens, SigningFailed},
    token::{AccessClaims, PlainToken, TokenPurpose, TokenRef, VerifiedAccessToken},
};
use time::{Duration, OffsetDateTime};

/// Opaque tokens whose MAC is a checksum, since no client forges it.
#[derive(Debug)]
pub struct SumTokens;

fn sum(purpose: TokenPurpose, token: TokenRef) -> u64 {
    let mut hasher = DefaultHasher::new();
    (purpose, token).hash(&mut hasher);
    hasher.finish()
}

impl OpaqueTokens for SumTokens {
    fn issue(&self, purpose: TokenPurpose, token: TokenRef) -> PlainToken {
        let (row, counter) = (token.id, token.counter);
        PlainToken::new(format!("{}{row}.{counter}.{}", purpose.prefix(), sum(purpose, token)))
    }

    fn verify(&self, purpose: TokenPurpose, token: &str) -> Option<TokenRef> {
        let mut parts = token.strip_prefix(purpose.prefix())?.split('.');
        let row = parts.next()?.parse().ok()?;
        let counter = parts.next()?.parse().ok()?;
        let opened = TokenRef { id: row, counter };
        (parts.next()?.parse() == Ok(sum(purpose, opened)) && parts.next().is_none())
            .then_some(opened)
    }
}

/// Access tokens that contain the index of their claims.
#[derive(Debug, Default)]
pub struct StoredAccessTokens(Mutex<Vec<AccessClaims>>);

/// The clock skew that is tolerated.
const LEEWAY: Duration = Duration::seconds(60);

impl StoredAccessTokens {
    fn claims(&self) -> MutexGuard<'_, Vec<AccessClaims>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the claims of a token, valid or not.
    pub fn read(&self, token: &str) -> Option<AccessClaims> {
        self.claims().get(token.strip_prefix("at.")?.parse::<usize>().ok()?).cloned()
    }
}

impl AccessTokens for StoredAccessTokens {
    fn sign(&self, claims: &AccessClaims) -> Result<PlainToken, SigningFailed> {
        let mut all = self.claims();
        all.push(claims.clone());
        Ok(PlainToken::new(format!("at.{}", all.len() - 1)))
    }

    fn verify(
        &self,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<VerifiedAccessToken, InvalidAccessToken> {
        let claims = self.read(token).ok_or(InvalidAccessToken)?;
        if now >= claims.expires_at + LEEWAY || now < claims.issued_at - LEEWAY {
            return Err(InvalidAccessToken);
        }
        let AccessClaims { user_id, session_id, org_id, expires_at, .. } = claims;
        Ok(VerifiedAccessToken { user_id, session_id, org_id, expires_at })
    }
}
