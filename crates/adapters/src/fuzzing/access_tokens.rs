use std::sync::{Arc, LazyLock};

use doorward_domain::{
    OrgId, SessionId, UserId,
    ports::{AccessTokens, Ids, SigningKeyFactory},
    token::{AccessClaims, VerifiedAccessToken},
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

use super::{changed, secrets, take};
use crate::{
    system::SystemRandomness,
    tokens::{AccessTokenOptions, EncryptedKeyFactory, JwtAccessTokens, KeyRing, SigningAlgorithm},
};

/// Tokens are signed with Ed25519 before this time, and with ECDSA from then on.
const CHANGE: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);
const LEEWAY: Duration = Duration::seconds(30);

static TOKENS: LazyLock<JwtAccessTokens> = LazyLock::new(|| {
    let secrets = Arc::new(secrets("a", &[]));
    let key = |algorithm, activates_at| {
        let factory =
            EncryptedKeyFactory::new(secrets.clone(), algorithm, Arc::new(SystemRandomness));
        factory.generate(CHANGE, activates_at).unwrap()
    };
    let before = key(SigningAlgorithm::EdDsa, OffsetDateTime::UNIX_EPOCH);
    let keys = vec![before, key(SigningAlgorithm::Es256, CHANGE)];
    let keys = Arc::new(KeyRing::of(keys, secrets, CHANGE).unwrap());
    let options = AccessTokenOptions {
        issuer: "https://auth.example".to_owned(),
        audience: "example".to_owned(),
    };
    JwtAccessTokens::new(keys, Arc::new(NoIds), options)
});

/// Gives every token the same ID, which no check reads.
struct NoIds;

impl Ids for NoIds {
    fn next(&self) -> Uuid {
        Uuid::nil()
    }
}

/// Only tokens that these keys signed are accepted, and none that was changed. A signed token is accepted with its
/// original claims while it is valid.
///
/// The data is either a token as text, or IDs, three times, and edits of the token.
pub fn access_tokens(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(TOKENS.verify(text, CHANGE).is_err(), "{text}");
    }
    let _too_short = of_parts(data);
}

fn of_parts(mut data: &[u8]) -> Option<()> {
    let (user, session, org) = (take(&mut data)?, take(&mut data)?, take(&mut data)?);
    let mut seconds = || Some(Duration::seconds(i16::from_be_bytes(*take(&mut data)?).into()));
    let issued_at = CHANGE + seconds()?;
    let expires_at = issued_at + seconds()?.abs();
    let now = issued_at + seconds()?;
    let bearer = VerifiedAccessToken {
        user_id: UserId::from_uuid(Uuid::from_bytes(*user)),
        session_id: SessionId::from_uuid(Uuid::from_bytes(*session)),
        org_id: Some(Uuid::from_bytes(*org)).filter(|id| !id.is_nil()).map(OrgId::from_uuid),
        expires_at,
    };
    let claims = AccessClaims {
        user_id: bearer.user_id,
        session_id: bearer.session_id,
        org_id: bearer.org_id,
        roles: vec!["owner"],
        email_verified: true,
        issued_at,
        expires_at,
    };
    let token = TOKENS.sign(&claims).unwrap();
    let is_good = now >= issued_at - LEEWAY && now < expires_at + LEEWAY;
    assert_eq!(TOKENS.verify(token.expose(), now).ok(), is_good.then_some(bearer), "{claims:?}");

    let changed = changed(token.expose(), data)?;
    let verified = TOKENS.verify(&changed, issued_at).ok();
    assert_eq!(verified, (changed == token.expose()).then_some(bearer), "{changed}");
    Some(())
}
