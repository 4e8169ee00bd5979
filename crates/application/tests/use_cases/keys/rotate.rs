use doorward_application::{
    Application, CommonError,
    keys::rotate::{Rollover, RotateKeys, RotateKeysError},
};
use doorward_domain::{
    audit::AuditKind,
    mock::MockStorage,
    ports::KeyGenerationFailed,
    signing_key::{KeyState, SigningKey},
};
use mockall::predicate::eq;
use time::{Duration, OffsetDateTime};

use crate::support::{NOW, World, assert_fails};

const PROPAGATION: Duration = RotateKeys::PROPAGATION;

/// A key that signs from this many days after now.
fn key(kid: &str, days: i64) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        algorithm: "EdDSA".to_owned(),
        public_key: vec![1],
        encrypted_private_key: vec![2],
        created_at: NOW,
        activates_at: NOW + Duration::days(days),
        expires_at: None,
    }
}

/// A unit of work that finds these keys.
fn having(keys: Vec<SigningKey>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.signing_keys.expect_list().once().return_once(move || Ok(keys));
    })
}

/// A unit of work in which the key `new` follows `a`, and the others expire.
fn rotating(follows: bool, others_end: OffsetDateTime) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a", -9)]));
        db.signing_keys
            .expect_insert_next()
            .withf(|newest, key| newest == "a" && key.kid == "new")
            .once()
            .returning(move |_, _| Ok(follows));
        if follows {
            db.signing_keys
                .expect_expire_others()
                .with(eq("new"), eq(others_end))
                .once()
                .returning(|_, _| Ok(()));
            db.audit
                .expect_record()
                .withf(|event| event.kind == AuditKind::KeyRotated && event.user_id.is_none())
                .once()
                .returning(|_| Ok(()));
        }
    })
}

/// The use cases with a factory that generates the key `new`, which signs from this long after now.
fn making(storage: &MockStorage, after: Duration) -> Application {
    let mut world = World::new(storage);
    world
        .signing_keys
        .expect_generate()
        .with(eq(NOW), eq(NOW + after))
        .once()
        .returning(|_, activates_at| Ok(SigningKey { activates_at, ..key("new", 0) }));
    world.application()
}

#[tokio::test]
async fn next_key_is_published_before_it_signs_and_others_after_they_signed() {
    for (handover, after, others_end) in [
        (Rollover::Scheduled, Duration::DAY, NOW + Duration::DAY + RotateKeys::KEEP_AFTER),
        (Rollover::Expedited, PROPAGATION, NOW + PROPAGATION + RotateKeys::KEEP_AFTER),
        (Rollover::Emergency, Duration::ZERO, NOW),
    ] {
        let storage = rotating(true, others_end);
        let made = making(&storage, after).keys.rotate.run(handover).await.unwrap();
        assert_eq!((made.kid.as_str(), made.activates_at), ("new", NOW + after));
        assert_eq!(storage.commits(), 1);
    }
}

#[tokio::test]
async fn scheduled_rotation_is_not_scheduled_twice_unless_expedited() {
    let storage = having(vec![key("a", -9), key("b", 1)]);
    let outcome = World::new(&storage).application().keys.rotate.run(Rollover::Scheduled).await;
    assert_fails!(outcome, RotateKeysError::AlreadyScheduled { .. });
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn concurrent_rotation_creates_only_one_key() {
    let storage = rotating(false, NOW);
    let outcome = making(&storage, PROPAGATION).keys.rotate.run(Rollover::Expedited).await;
    assert_fails!(outcome, RotateKeysError::Conflict);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn keys_are_rotated_by_age() {
    let found = |days: i64| {
        let keys = move || Ok(vec![key("a", days)]);
        MockStorage::default().on_connect(move |db| {
            db.signing_keys.expect_list().once().returning(keys);
        })
    };
    let storage = found(-88);
    assert_eq!(World::new(&storage).application().keys.rotate.if_due().await.unwrap(), None);

    let storage = found(-89).on_begin(|db| {
        db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a", -89)]));
        db.signing_keys.expect_insert_next().once().returning(|_, _| Ok(true));
        db.signing_keys.expect_expire_others().once().returning(|_, _| Ok(()));
        db.audit.expect_record().once().returning(|_| Ok(()));
    });
    let made = making(&storage, Duration::DAY).keys.rotate.if_due().await.unwrap();
    assert_eq!(made.unwrap().kid, "new");
}

#[tokio::test]
async fn keys_are_listed_with_their_states() {
    let storage = MockStorage::default().on_connect(|db| {
        db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a", -9), key("b", 1)]));
    });
    let listed = World::new(&storage).application().keys.rotate.list().await.unwrap();
    let states: Vec<_> = listed.iter().map(|(_, state)| *state).collect();
    assert_eq!(states, [KeyState::Active, KeyState::Next]);
}

#[tokio::test]
async fn failed_key_generation_changes_nothing() {
    let storage = having(vec![key("a", -9)]);
    let mut world = World::new(&storage);
    world
        .signing_keys
        .expect_generate()
        .returning(|_, _| Err(KeyGenerationFailed("broken".into())));
    let outcome = world.application().keys.rotate.run(Rollover::Expedited).await;
    assert_fails!(outcome, RotateKeysError::Failure(CommonError::Keys(_)));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn expedited_rotation_activates_the_scheduled_key_earlier() {
    let storage = MockStorage::default().on_begin(|db| {
        db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a", -9), key("b", 1)]));
        db.signing_keys
            .expect_activate_earlier()
            .with(eq("b"), eq(NOW + PROPAGATION))
            .once()
            .returning(|_, _| Ok(()));
        db.signing_keys
            .expect_expire_others()
            .with(eq("b"), eq(NOW + PROPAGATION + RotateKeys::KEEP_AFTER))
            .once()
            .returning(|_, _| Ok(()));
        db.audit.expect_record().once().returning(|_| Ok(()));
    });
    let made =
        World::new(&storage).application().keys.rotate.run(Rollover::Expedited).await.unwrap();
    assert_eq!((made.kid.as_str(), made.activates_at), ("b", NOW + PROPAGATION));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn expired_scheduled_key_does_not_count_as_the_next_key() {
    let storage = MockStorage::default().on_begin(|db| {
        let gone = SigningKey { expires_at: Some(NOW), ..key("b", 1) };
        db.signing_keys.expect_list().once().return_once(|| Ok(vec![key("a", -9), gone]));
        db.signing_keys
            .expect_insert_next()
            .withf(|newest, _| newest == "b")
            .once()
            .returning(|_, _| Ok(true));
        db.signing_keys.expect_expire_others().once().returning(|_, _| Ok(()));
        db.audit.expect_record().once().returning(|_| Ok(()));
    });
    let made = making(&storage, PROPAGATION).keys.rotate.run(Rollover::Expedited).await.unwrap();
    assert_eq!(made.kid, "new");
}
