use doorward_application::admin::revoke_all_credentials::RevokeAllCredentials;
use doorward_domain::{audit::AuditKind, mock::MockStorage, signing_key::SigningKey};
use mockall::predicate::eq;

use crate::support::{NOW, World};

fn key(kid: &str) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        algorithm: "EdDSA".to_owned(),
        public_key: vec![1],
        encrypted_private_key: vec![2],
        created_at: NOW,
        activates_at: NOW,
        expires_at: None,
    }
}

#[tokio::test]
async fn sessions_end_in_batches_then_links_are_invalidated_and_the_key_is_replaced() {
    let full = usize::try_from(RevokeAllCredentials::BATCH).unwrap();
    let mut storage = MockStorage::default();
    for ended in [full, 7, 0] {
        storage = storage.on_connect(move |db| {
            db.sessions
                .expect_revoke_some()
                .with(eq(RevokeAllCredentials::BATCH), eq(NOW))
                .once()
                .returning(move |_, _| Ok(ended));
        });
    }
    let storage = storage
        .on_begin(|db| {
            db.one_time_tokens.expect_void_all().with(eq(NOW)).once().returning(|_| Ok(3));
            db.audit
                .expect_record()
                .withf(|event| {
                    event.kind == AuditKind::AllSessionsRevoked && event.user_id.is_none()
                })
                .once()
                .returning(|_| Ok(()));
        })
        .on_begin(|db| {
            db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a")]));
            db.signing_keys.expect_insert_next().once().returning(|_, _| Ok(true));
            db.signing_keys
                .expect_expire_others()
                .with(eq("b"), eq(NOW))
                .once()
                .returning(|_, _| Ok(()));
            db.audit.expect_record().once().returning(|_| Ok(()));
        });
    let mut world = World::new(&storage);
    world
        .signing_keys
        .expect_generate()
        .with(eq(NOW), eq(NOW))
        .once()
        .returning(|_, _| Ok(key("b")));
    let revoked = world.application().admin.revoke_all_credentials.run().await.unwrap();
    assert_eq!((revoked.sessions, revoked.links), (full + 7, 3));
    assert_eq!((revoked.key.kid.as_str(), storage.commits()), ("b", 2));
}

#[tokio::test]
async fn lost_secret_revokes_invites_and_deletes_former_keys() {
    let storage = MockStorage::default()
        .on_connect(|db| {
            db.sessions.expect_revoke_some().once().returning(|_, _| Ok(0));
        })
        .on_begin(|db| {
            db.one_time_tokens.expect_void_all().once().returning(|_| Ok(0));
            db.invites.expect_revoke_all().with(eq(NOW)).once().returning(|_| Ok(2));
            db.audit.expect_record().once().returning(|_| Ok(()));
        })
        .on_begin(|db| {
            db.signing_keys.expect_list().once().returning(|| Ok(vec![key("a")]));
            db.signing_keys.expect_insert_next().once().returning(|_, _| Ok(true));
            db.signing_keys
                .expect_expire_others()
                .with(eq("b"), eq(NOW))
                .once()
                .returning(|_, _| Ok(()));
            db.audit.expect_record().once().returning(|_| Ok(()));
        })
        .on_connect(|db| {
            db.signing_keys.expect_delete_expired().with(eq(NOW)).once().returning(|_| Ok(1));
        });
    let mut world = World::new(&storage);
    world.signing_keys.expect_generate().once().returning(|_, _| Ok(key("b")));
    let use_case = &world.application().admin.revoke_all_credentials;
    let revoked = use_case.run_after_lost_secret().await.unwrap();
    assert_eq!((revoked.sessions, revoked.links, revoked.invites), (0, 0, 2));
    assert_eq!((revoked.key.kid.as_str(), storage.commits()), ("b", 2));
}
