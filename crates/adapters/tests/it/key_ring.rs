//! Signing keys of servers that share a database.

use std::sync::Arc;

use doorward_adapters::{
    secret::{MasterKey, Secrets},
    storage::{Migrator, SqlStorage},
    system::{SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, EncryptedKeyFactory, JwtAccessTokens, KeyError, KeyRing,
        SigningAlgorithm,
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
    servers_starting_at_the_same_time_share_one_key,
    key_is_unusable_without_its_secret,
    previous_secret_still_decrypts_its_key,
    previous_secret_can_be_removed_after_reencryption,
    key_that_no_secret_decrypts_is_kept,
    key_is_revoked_even_if_another_cannot_be_decrypted,
    ring_loaded_by_a_fast_clock_still_signs_with_the_current_key,
    replica_verifies_tokens_of_a_new_key_of_another_replica,
    expired_key_verifies_nothing_and_is_not_published,
    keys_can_rotate_between_algorithms,
    token_with_another_algorithm_is_rejected,
}

fn secret(text: &str) -> MasterKey {
    MasterKey::new(&text.repeat(8)).unwrap()
}

fn secrets(current: &str, previous: &[&str]) -> Arc<Secrets> {
    let previous = previous.iter().map(|text| secret(text)).collect();
    Arc::new(Secrets { current: secret(current), previous })
}

fn factory(secrets: &Arc<Secrets>, algorithm: SigningAlgorithm) -> EncryptedKeyFactory {
    EncryptedKeyFactory::new(secrets.clone(), algorithm, Arc::new(SystemRandomness))
}

async fn ring(storage: &SqlStorage, secrets: &Arc<Secrets>) -> Result<KeyRing, KeyError> {
    KeyRing::ensure_initial_key(storage, &factory(secrets, SigningAlgorithm::EdDsa), NOW).await?;
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

/// Schedules a key of this algorithm that signs after `after`.
async fn rotate(
    storage: &SqlStorage,
    secrets: &Arc<Secrets>,
    algorithm: SigningAlgorithm,
    after: Duration,
) -> String {
    let key = factory(secrets, algorithm).generate(NOW, NOW + after).unwrap();
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

async fn servers_starting_at_the_same_time_share_one_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = secrets("abcd", &[]);
    let kids = at_once(8, async |_| load(&storage, &secrets).await.unwrap());
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
}

async fn key_is_unusable_without_its_secret(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = secrets("abcd", &[]);
    let expected = load(&storage, &own).await.unwrap();
    let refused = load(&storage, &secrets("efgh", &[])).await;
    let Err(KeyError::Sealed { kid }) = refused else { panic!("{refused:?}") };
    assert_eq!(kid, expected);
    // The other server has created no key of its own.
    assert_eq!(load(&storage, &own).await.unwrap(), expected);
}

async fn previous_secret_still_decrypts_its_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let kid = load(&storage, &secrets("abcd", &[])).await.unwrap();
    assert_eq!(load(&storage, &secrets("efgh", &["abcd"])).await.unwrap(), kid);
}

async fn previous_secret_can_be_removed_after_reencryption(database: &TestDatabase) {
    let storage = migrated(database).await;
    let kid = load(&storage, &secrets("abcd", &[])).await.unwrap();
    let both = ring(&storage, &secrets("efgh", &["abcd"])).await.unwrap();
    let resealed = at_once(4, async |_| both.reencrypt(&storage).await.unwrap());
    assert_eq!(resealed.iter().sum::<usize>(), 1);
    assert_eq!(both.reencrypt(&storage).await.unwrap(), 0);
    assert_eq!(load(&storage, &secrets("efgh", &[])).await.unwrap(), kid);
    assert!(load(&storage, &secrets("abcd", &[])).await.is_err());
}

async fn key_that_no_secret_decrypts_is_kept(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = secrets("abcd", &[]);
    let (ring, tokens) = tokens(ring(&storage, &own).await.unwrap());
    let kid = rotate(&storage, &secrets("efgh", &[]), SigningAlgorithm::EdDsa, Duration::DAY).await;
    ring.reload(&storage, NOW).await.unwrap();
    assert_eq!(ring.reencrypt(&storage).await.unwrap(), 0);
    assert_eq!(kids(&ring, NOW).len(), 2, "tokens that others sign are still verified");
    assert_ne!(header(&sign(&tokens, NOW))["kid"], kid);
    // When that key is due to sign, this server can't sign, and reports that.
    let refused = ring.reload(&storage, NOW + Duration::DAY).await;
    assert!(matches!(refused, Err(KeyError::Sealed { kid: sealed }) if sealed == kid));
}

async fn key_is_revoked_even_if_another_cannot_be_decrypted(database: &TestDatabase) {
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

async fn ring_loaded_by_a_fast_clock_still_signs_with_the_current_key(database: &TestDatabase) {
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

async fn replica_verifies_tokens_of_a_new_key_of_another_replica(database: &TestDatabase) {
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
    assert_ne!(header(&sign(&signer, NOW))["kid"], kid, "the key is published before it signs");
    let later = NOW + Duration::DAY;
    let second = sign(&signer, later);
    assert_eq!(header(&second)["kid"], kid);
    assert!(verifier.verify(second.expose(), later).is_ok());
    assert!(verifier.verify(first.expose(), NOW).is_ok());
}

async fn expired_key_verifies_nothing_and_is_not_published(database: &TestDatabase) {
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

async fn keys_can_rotate_between_algorithms(database: &TestDatabase) {
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

async fn token_with_another_algorithm_is_rejected(database: &TestDatabase) {
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
