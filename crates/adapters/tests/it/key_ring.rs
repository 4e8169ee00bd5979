//! The signing keys of servers that share a database.

use std::sync::Arc;

use doorward_adapters::{
    secret::{MasterSecret, Secrets},
    storage::{Migrator, SqlStorage},
    system::{SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, JwtAccessTokens, KeyError, KeyRing, SealedKeys, SigningAlgorithm,
    },
};
use doorward_conformance::at_once;
use doorward_domain::{
    SessionId, UserId,
    mock::FrozenClock,
    ports::{AccessTokens, SigningKeyFactory, Storage},
    token::{AccessClaims, PlainToken},
};
use doorward_testing::TestDatabase;
use serde_json::Value;
use time::{Duration, OffsetDateTime, macros::datetime};

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

on_both_databases! {
    servers_that_start_at_once_sign_with_one_key,
    a_key_is_of_no_use_without_its_secret,
    a_former_secret_still_opens_its_key,
    a_former_secret_can_be_forgotten_once_the_keys_are_sealed_anew,
    what_no_secret_opens_is_left_alone,
    a_key_is_taken_back_even_where_another_can_not_be_opened,
    a_clock_that_was_ahead_does_no_harm,
    a_replica_verifies_what_another_signs_with_a_new_key,
    a_key_that_is_gone_verifies_nothing_and_is_not_published,
    either_algorithm_follows_the_other,
    no_token_is_taken_for_another_algorithm,
}

fn secret(text: &str) -> MasterSecret {
    MasterSecret::new(&text.repeat(8)).unwrap()
}

fn secrets(current: &str, previous: &[&str]) -> Arc<Secrets> {
    let previous = previous.iter().map(|text| secret(text)).collect();
    Arc::new(Secrets { current: secret(current), previous })
}

fn factory(secrets: &Arc<Secrets>, algorithm: SigningAlgorithm) -> SealedKeys {
    SealedKeys::new(secrets.clone(), algorithm, Arc::new(SystemRandomness))
}

async fn ring(storage: &SqlStorage, secrets: &Arc<Secrets>) -> Result<KeyRing, KeyError> {
    KeyRing::begin(storage, &factory(secrets, SigningAlgorithm::EdDsa), NOW).await?;
    KeyRing::load(storage, secrets.clone(), NOW).await
}

fn kids(ring: &KeyRing, now: OffsetDateTime) -> Vec<String> {
    let jwks = ring.jwks(now);
    let keys = jwks["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn load(storage: &SqlStorage, secrets: &Arc<Secrets>) -> Result<String, KeyError> {
    let ring = ring(storage, secrets).await?;
    let [kid] = kids(&ring, NOW).try_into().unwrap();
    Ok(kid)
}

/// Lets a key of this algorithm follow, to sign from `after` on.
async fn rotate(
    storage: &SqlStorage,
    secrets: &Arc<Secrets>,
    algorithm: SigningAlgorithm,
    after: Duration,
) -> String {
    let key = factory(secrets, algorithm).make(NOW, NOW + after).unwrap();
    let mut repositories = storage.connect().await.unwrap();
    let keys = repositories.signing_keys().list().await.unwrap();
    let newest = &keys.last().unwrap().kid;
    assert!(repositories.signing_keys().insert_next(newest, &key).await.unwrap());
    key.kid
}

fn tokens(ring: KeyRing) -> (Arc<KeyRing>, JwtAccessTokens) {
    let ring = Arc::new(ring);
    let options = AccessTokenOptions {
        issuer: "https://auth.example.com".to_owned(),
        audience: "doorward".to_owned(),
    };
    let ids = UuidV7::new(Arc::new(FrozenClock::default()), Arc::new(SystemRandomness));
    (ring.clone(), JwtAccessTokens::new(ring, Arc::new(ids), options))
}

fn sign(tokens: &JwtAccessTokens, now: OffsetDateTime) -> PlainToken {
    let claims = AccessClaims {
        user_id: UserId::NONE,
        session_id: SessionId::NONE,
        org_id: None,
        roles: Vec::new(),
        email_verified: false,
        issued_at: now,
        expires_at: now + Duration::hours(1),
    };
    tokens.sign(&claims).unwrap()
}

fn header(token: &PlainToken) -> Value {
    serde_json::to_value(jsonwebtoken::decode_header(token.expose()).unwrap()).unwrap()
}

async fn migrated(database: &TestDatabase) -> SqlStorage {
    Migrator(database.url()).run().await.unwrap();
    database.open()
}

async fn servers_that_start_at_once_sign_with_one_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let kids = at_once(8, async |_| load(&storage, &secrets).await.unwrap());
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
}

async fn a_key_is_of_no_use_without_its_secret(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = secrets("abcd", &[]);
    let expected = load(&storage, &own).await.unwrap();
    let refused = load(&storage, &secrets("efgh", &[])).await;
    let Err(KeyError::Sealed { kid }) = refused else { panic!("{refused:?}") };
    assert_eq!(kid, expected);
    // The other server has made no key of its own.
    assert_eq!(load(&storage, &own).await.unwrap(), expected);
}

async fn a_former_secret_still_opens_its_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let kid = load(&storage, &secrets("abcd", &[])).await.unwrap();
    assert_eq!(load(&storage, &secrets("efgh", &["abcd"])).await.unwrap(), kid);
}

async fn a_former_secret_can_be_forgotten_once_the_keys_are_sealed_anew(database: &TestDatabase) {
    let storage = migrated(database).await;
    let kid = load(&storage, &secrets("abcd", &[])).await.unwrap();
    let both = ring(&storage, &secrets("efgh", &["abcd"])).await.unwrap();
    let resealed = at_once(4, async |_| both.reseal(&storage).await.unwrap());
    assert_eq!(resealed.iter().sum::<usize>(), 1);
    assert_eq!(both.reseal(&storage).await.unwrap(), 0);
    assert_eq!(load(&storage, &secrets("efgh", &[])).await.unwrap(), kid);
    assert!(load(&storage, &secrets("abcd", &[])).await.is_err());
}

async fn what_no_secret_opens_is_left_alone(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &own).await.unwrap());
    let kid = rotate(&storage, &secrets("efgh", &[]), SigningAlgorithm::EdDsa, Duration::DAY).await;
    ring.reload(&storage, NOW).await.unwrap();
    assert_eq!(ring.reseal(&storage).await.unwrap(), 0);
    assert_eq!(kids(&ring, NOW).len(), 2, "what others sign is verified all the same");
    assert_ne!(header(&sign(&tokens, NOW))["kid"], kid);
    // Once it is to sign, this server can't, and says so.
    let refused = ring.reload(&storage, NOW + Duration::DAY).await;
    assert!(matches!(refused, Err(KeyError::Sealed { kid: sealed }) if sealed == kid));
}

async fn a_key_is_taken_back_even_where_another_can_not_be_opened(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &own).await.unwrap());
    let token = sign(&tokens, NOW);
    let kid =
        rotate(&storage, &secrets("efgh", &[]), SigningAlgorithm::EdDsa, Duration::ZERO).await;
    let mut repositories = storage.connect().await.unwrap();
    repositories.signing_keys().expire_others(&kid, NOW).await.unwrap();
    drop(repositories);
    assert!(ring.reload(&storage, NOW).await.is_err());
    assert!(tokens.verify(token.expose(), NOW).is_err());
    assert_eq!(kids(&ring, NOW), [kid]);
}

async fn a_clock_that_was_ahead_does_no_harm(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let first = load(&storage, &secrets).await.unwrap();
    let kid = rotate(&storage, &secrets, SigningAlgorithm::EdDsa, Duration::DAY).await;
    let mut repositories = storage.connect().await.unwrap();
    repositories.signing_keys().expire_others(&kid, NOW + Duration::DAY).await.unwrap();
    drop(repositories);
    let ahead = KeyRing::load(&storage, secrets.clone(), NOW + Duration::days(2)).await.unwrap();
    let (_, tokens) = tokens(ahead);
    assert_eq!(header(&sign(&tokens, NOW + Duration::days(2)))["kid"], kid);
    assert_eq!(header(&sign(&tokens, NOW))["kid"], first);
}

async fn a_replica_verifies_what_another_signs_with_a_new_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let (one, signer) = tokens(ring(&storage, &secrets).await.unwrap());
    let (two, verifier) = tokens(ring(&storage, &secrets).await.unwrap());
    let first = sign(&signer, NOW);
    let kid = rotate(&storage, &secrets, SigningAlgorithm::EdDsa, Duration::DAY).await;
    for ring in [&one, &two] {
        ring.reload(&storage, NOW).await.unwrap();
        assert_eq!(kids(ring, NOW).len(), 2);
    }
    assert_ne!(header(&sign(&signer, NOW))["kid"], kid, "it is published before it signs");
    let later = NOW + Duration::DAY;
    let second = sign(&signer, later);
    assert_eq!(header(&second)["kid"], kid);
    assert!(verifier.verify(second.expose(), later).is_ok());
    assert!(verifier.verify(first.expose(), NOW).is_ok());
}

async fn a_key_that_is_gone_verifies_nothing_and_is_not_published(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &secrets).await.unwrap());
    let first = sign(&tokens, NOW);
    let kid = rotate(&storage, &secrets, SigningAlgorithm::EdDsa, Duration::ZERO).await;
    let mut repositories = storage.connect().await.unwrap();
    let end = NOW + Duration::MINUTE;
    repositories.signing_keys().expire_others(&kid, end).await.unwrap();
    drop(repositories);
    ring.reload(&storage, NOW).await.unwrap();
    assert!(tokens.verify(first.expose(), end - Duration::SECOND).is_ok());
    assert!(tokens.verify(first.expose(), end).is_err());
    assert_eq!(kids(&ring, end), [kid]);
}

async fn either_algorithm_follows_the_other(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &secrets).await.unwrap());
    let mut signed = vec![sign(&tokens, NOW)];
    for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
        rotate(&storage, &secrets, algorithm, Duration::ZERO).await;
        ring.reload(&storage, NOW).await.unwrap();
        let token = sign(&tokens, NOW);
        assert_eq!(header(&token)["alg"], algorithm.as_str());
        signed.push(token);
    }
    assert!(signed.iter().all(|token| tokens.verify(token.expose(), NOW).is_ok()));
    let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_value(ring.jwks(NOW)).unwrap();
    assert_eq!(jwks.keys.len(), 4);
}

async fn no_token_is_taken_for_another_algorithm(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &secrets).await.unwrap());
    let token = sign(&tokens, NOW);
    let (_, rest) = token.expose().split_once('.').unwrap();
    let kid = kids(&ring, NOW).remove(0);
    for algorithm in ["none", "HS256", "ES256", "RS256", "eddsa"] {
        let header = format!(r#"{{"typ":"at+jwt","alg":"{algorithm}","kid":"{kid}"}}"#);
        let header = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, header);
        assert!(tokens.verify(&format!("{header}.{rest}"), NOW).is_err(), "{algorithm}");
    }
}
