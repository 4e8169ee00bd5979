use doorward_application::appoint_admin::AppointAdminError;
use doorward_domain::{audit::AuditKind, mock::MockStorage, user::User};
use mockall::predicate::eq;

use crate::support::{NOW, World, ann, ann_id, assert_fails, expect_operators_act, unverified};

/// A unit of work in which Ann becomes what is said, or is found to be it already.
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
            expect_operators_act(db, kind);
        } else {
            db.users.expect_find().once().return_once(|_| Ok(found));
        }
    })
}

#[tokio::test]
async fn a_change_is_told_and_written_down() {
    let storage = setting(true, None);
    assert!(World::new(&storage).application().appoint_admin.grant(ann_id(), true).await.unwrap());
    assert_eq!(storage.commits(), 1);
    let storage = setting(false, None);
    assert!(World::new(&storage).application().appoint_admin.revoke(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn no_change_is_no_entry() {
    let storage = setting(true, Some(ann()));
    assert!(!World::new(&storage).application().appoint_admin.grant(ann_id(), true).await.unwrap());
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn nobody_can_not_be_appointed() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_set_platform_admin().once().returning(|_, _, _| Ok(false));
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let outcome = World::new(&storage).application().appoint_admin.grant(ann_id(), true).await;
    assert_fails!(outcome, AppointAdminError::NotFound);
}

#[tokio::test]
async fn account_with_an_unverified_address_is_appointed_by_force_only() {
    for (user, force, commits) in
        [(ann(), false, 1), (unverified(), false, 0), (unverified(), true, 1)]
    {
        let storage = MockStorage::default().on_begin(|db| {
            db.users.expect_set_platform_admin().once().returning(|_, _, _| Ok(true));
            db.users.expect_find().returning(move |_| Ok(Some(user.clone())));
            db.audit.expect_record().times(commits).returning(|_| Ok(()));
        });
        let outcome = World::new(&storage).application().appoint_admin.grant(ann_id(), force).await;
        if commits == 0 {
            assert_fails!(outcome, AppointAdminError::Unverified);
        } else {
            assert!(outcome.unwrap());
        }
        assert_eq!(storage.commits(), commits);
    }
}
