//! Measures the cost of signing, verifying, and creating tokens:
//! `cargo bench -p doorward-adapters --bench tokens`.
#![expect(clippy::unwrap_used, reason = "a failed measurement is useless")]

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use doorward_adapters::{
    secret::{MasterKey, Secrets},
    system::{SystemClock, SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, EncryptedKeyFactory, JwtAccessTokens, KeyRing, MacTokens,
        SigningAlgorithm,
    },
};
use doorward_domain::{
    OrgId, SessionId, UserId,
    ports::{AccessTokens, OpaqueTokens},
    token::{AccessClaims, TokenPurpose, TokenRef},
};
use doorward_testing::TestDatabase;
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::runtime::Runtime;
use uuid::Uuid;

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

fn secrets() -> Arc<Secrets> {
    let current = MasterKey::new(&"bench".repeat(8)).unwrap();
    Arc::new(Secrets { current, previous: Vec::new() })
}

/// Returns tokens signed by a key of this algorithm, which is stored encrypted in a database and decrypted, as in
/// a server.
fn access_tokens(algorithm: SigningAlgorithm) -> JwtAccessTokens {
    let keys = Runtime::new().unwrap().block_on(async {
        let (storage, secrets) = (TestDatabase::sqlite().await.into_storage(), secrets());
        let factory =
            EncryptedKeyFactory::new(secrets.clone(), algorithm, Arc::new(SystemRandomness));
        KeyRing::ensure_initial_key(&*storage, &factory, NOW).await.unwrap();
        KeyRing::load(&*storage, secrets, NOW).await.unwrap()
    });
    let options = AccessTokenOptions {
        issuer: "https://auth.example.com".to_owned(),
        audience: "doorward".to_owned(),
    };
    let ids = UuidV7::new(Arc::new(SystemClock), Arc::new(SystemRandomness));
    JwtAccessTokens::new(Arc::new(keys), Arc::new(ids), options)
}

fn access(criterion: &mut Criterion) {
    let claims = AccessClaims {
        user_id: UserId::from_uuid(Uuid::from_u128(1)),
        session_id: SessionId::from_uuid(Uuid::from_u128(2)),
        org_id: Some(OrgId::from_uuid(Uuid::from_u128(3))),
        roles: vec!["owner"],
        email_verified: true,
        issued_at: NOW,
        expires_at: NOW + Duration::minutes(15),
    };
    for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
        let tokens = access_tokens(algorithm);
        let token = tokens.sign(&claims).unwrap();
        let mut group = criterion.benchmark_group(format!("access token, {algorithm:?}"));
        group.bench_function("sign", |run| run.iter(|| tokens.sign(black_box(&claims)).unwrap()));
        group.bench_function("verify", |run| {
            run.iter(|| tokens.verify(black_box(token.expose()), NOW).unwrap());
        });
        group.finish();
    }
}

fn opaque(criterion: &mut Criterion) {
    let tokens = MacTokens::new(&secrets());
    let row = TokenRef { id: Uuid::from_u128(1), counter: 7 };
    let token = tokens.issue(TokenPurpose::Refresh, row);
    let mut group = criterion.benchmark_group("refresh token");
    group.bench_function("make", |run| {
        run.iter(|| tokens.issue(TokenPurpose::Refresh, black_box(row)));
    });
    group.bench_function("open", |run| {
        run.iter(|| tokens.verify(TokenPurpose::Refresh, black_box(token.expose())).unwrap());
    });
    group.bench_function("refuse a forged one", |run| {
        let forged = token.expose().replace(|letter: char| letter.is_ascii_digit(), "A");
        run.iter(|| tokens.verify(TokenPurpose::Refresh, black_box(&forged)).is_none());
    });
    group.finish();
}

criterion_group!(tokens, access, opaque);
criterion_main!(tokens);
