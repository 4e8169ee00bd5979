//! Rehashing of passwords with outdated parameters.

use doorward_application::{
    access::denied::Forbidden,
    sign_in::{complete::SignedIn, password::LoginError},
};
use doorward_domain::{
    account::user::LoginCandidate,
    mock::{MockPasswordHasher, MockRepositories, MockStorage},
    ports::{HashError, StorageError, Verification},
};

use super::{PASSWORD, credentials, finding, generous, login, opening, opening_if, then_finding};
use crate::support::{World, ann_id, assert_fails, comparing, disabled, expect_hash};

/// A hasher that finds the password correct and its hash outdated.
fn stale() -> MockPasswordHasher {
    comparing(PASSWORD, Some("a hash"), Ok(Verification::MatchNeedsRehash))
}

fn world(storage: &MockStorage, hasher: MockPasswordHasher) -> World {
    World { hasher, limiter: generous(), ..World::new(storage) }
}

/// Expects that only the old hash is replaced by the new one.
fn expect_rehash(db: &mut MockRepositories, outcome: Result<bool, StorageError>) {
    db.users
        .expect_rehash_password()
        .withf(|user, old, new| {
            (*user, old.expose(), new.expose()) == (ann_id(), "a hash", "a better hash")
        })
        .once()
        .return_once(|_, _, _| outcome);
}

/// Signs Ann in, with this outcome of replacing her hash.
async fn sign_in(rehash: Result<bool, StorageError>) -> Result<SignedIn, LoginError> {
    let storage = opening(finding("ann.lee", Some(credentials())));
    let storage = storage.on_connect(|db| expect_rehash(db, rehash));
    let mut hasher = stale();
    expect_hash(&mut hasher, PASSWORD, "a better hash");
    login(world(&storage, hasher), "ann.lee").await
}

#[tokio::test]
async fn outdated_hash_is_replaced() {
    assert_eq!(sign_in(Ok(true)).await.unwrap().user.id, ann_id());
}

#[tokio::test]
async fn concurrent_rehash_by_another_sign_in_does_not_fail_the_sign_in() {
    assert_eq!(sign_in(Ok(false)).await.unwrap().user.id, ann_id());
}

#[tokio::test]
async fn password_that_opens_no_session_is_not_rehashed() {
    let storage = opening_if(finding("ann.lee", Some(credentials())), false);
    assert_fails!(login(world(&storage, stale()), "ann.lee").await, LoginError::Rejected);
}

#[tokio::test]
async fn failure_to_store_the_new_hash_does_not_fail_the_sign_in() {
    let away = StorageError::Unavailable("away".into());
    assert!(sign_in(Err(away)).await.is_ok());
}

#[tokio::test]
async fn failure_to_compute_the_new_hash_does_not_fail_the_sign_in() {
    let storage = opening(finding("ann.lee", Some(credentials())));
    let mut hasher = stale();
    hasher.expect_hash().once().returning(|_, _| Err(HashError::Busy));
    assert!(login(world(&storage, hasher), "ann.lee").await.is_ok());
}

#[tokio::test]
async fn hash_with_current_parameters_is_kept() {
    let hasher = comparing(PASSWORD, Some("a hash"), Ok(Verification::Match));
    let storage = opening(finding("ann.lee", Some(credentials())));
    assert!(login(world(&storage, hasher), "ann.lee").await.is_ok());
}

#[tokio::test]
async fn hash_of_a_disabled_account_is_not_replaced() {
    let found = LoginCandidate { user: disabled(), ..credentials() };
    let storage = finding("ann.lee", Some(found.clone()));
    let storage = then_finding(storage, Some(found));
    let outcome = login(world(&storage, stale()), "ann.lee").await;
    assert_fails!(outcome, LoginError::Forbidden(Forbidden::ACCOUNT_DISABLED));
}
