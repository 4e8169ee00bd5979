use doorward_application::admin::set_platform_admin::SetPlatformAdminError;
use doorward_domain::{account::user::User, audit::AuditKind, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{NOW, World, ann, ann_id, assert_fails, expect_operator_audit, unverified};

/// A unit of work that sets Ann's role, or finds her with that role already.
fn setting(admin: bool, found: Option<User>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        let changes = found.is_none();
        db.users
            .expect_set_platform_admin()
            .with(eq(ann_id()), eq(admin), eq(NOW))
            .once()
            .returning(move |_, _, _| Ok(changes));
        if changes {
            let kind = if admin { AuditKind::AdminGranted } else { AuditKind::AdminRevoked };
            expect_operator_audit(db, kind);
        } else {
            db.users.expect_find().once().return_once(|_| Ok(found));
        }
    })
}

#[tokio::test]
async fn role_change_is_reported_and_recorded() {
    let storage = setting(true, None);
    assert!(
        World::new(&storage)
            .application()
            .admin
            .set_platform_admin
            .grant(ann_id(), true)
            .await
            .unwrap()
    );
    assert_eq!(storage.commits(), 1);
    let storage = setting(false, None);
    assert!(
        World::new(&storage).application().admin.set_platform_admin.revoke(ann_id()).await.unwrap()
    );
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn unchanged_role_records_no_event() {
    let storage = setting(true, Some(ann()));
    assert!(
        !World::new(&storage)
            .application()
            .admin
            .set_platform_admin
            .grant(ann_id(), true)
            .await
            .unwrap()
    );
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn unknown_account_is_not_granted_the_admin_role() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_set_platform_admin().once().returning(|_, _, _| Ok(false));
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let outcome =
        World::new(&storage).application().admin.set_platform_admin.grant(ann_id(), true).await;
    assert_fails!(outcome, SetPlatformAdminError::NotFound);
}

#[tokio::test]
async fn admin_grant_to_an_unverified_account_requires_force() {
    for (user, force, commits) in
        [(ann(), false, 1), (unverified(), false, 0), (unverified(), true, 1)]
    {
        let storage = MockStorage::default().on_begin(|db| {
            db.users.expect_set_platform_admin().once().returning(|_, _, _| Ok(true));
            db.users.expect_find().returning(move |_| Ok(Some(user.clone())));
            db.audit.expect_record().times(commits).returning(|_| Ok(()));
        });
        let outcome = World::new(&storage)
            .application()
            .admin
            .set_platform_admin
            .grant(ann_id(), force)
            .await;
        if commits == 0 {
            assert_fails!(outcome, SetPlatformAdminError::Unverified);
        } else {
            assert!(outcome.unwrap());
        }
        assert_eq!(storage.commits(), commits);
    }
}
