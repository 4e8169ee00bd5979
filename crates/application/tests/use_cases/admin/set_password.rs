use doorward_application::{CommonError, admin::set_password::SetPasswordError};
use doorward_domain::{
    account::user::User, audit::AuditKind, mail::MailKind, mock::MockStorage, ports::HashError,
    session::SessionEndReason, token::one_time::OneTimePurpose,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, blocking, expect_mail, expect_operator_audit, failing,
    hashing, new_password,
};

fn finding(user: Option<User>) -> MockStorage {
    MockStorage::default().on_connect(move |db| {
        db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(user));
    })
}

#[tokio::test]
async fn operator_sets_a_password_with_the_effects_of_a_reset() {
    let storage = finding(Some(ann())).on_begin(|db| {
        db.one_time_tokens
            .expect_void()
            .with(eq(OneTimePurpose::ResetPassword), eq(ann_id()), eq(NOW))
            .once()
            .returning(|_, _, _| Ok(()));
        db.users
            .expect_set_password()
            .withf(|id, new| {
                (*id, new.hash.expose(), new.from, new.at) == (ann_id(), "new hash", None, NOW)
            })
            .once()
            .returning(|_, _| Ok(Some(5)));
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
        db.sessions
            .expect_end_all()
            .with(eq(ann_id()), eq(None), eq(SessionEndReason::PasswordReset), eq(NOW))
            .once()
            .returning(|_, _, _, _| Ok(2));
        expect_mail(db, "ann@example.com", MailKind::PasswordChanged);
        expect_operator_audit(db, AuditKind::PasswordSet);
    });
    let hasher = hashing("a new password", "new hash");
    let app = World { hasher, ..World::new(&storage) }.application();
    let ended =
        app.admin.set_password.run(ann_id(), &new_password("a new password")).await.unwrap();
    assert_eq!((ended, storage.commits()), (2, 1));
}

#[tokio::test]
async fn guessable_password_is_rejected_for_operators_too() {
    for password in ["password", "ann@example.com"] {
        let storage = finding(Some(ann()));
        let blocklist = blocking("password");
        let app = World { blocklist, ..World::new(&storage) }.application();
        let outcome = app.admin.set_password.run(ann_id(), &new_password(password)).await;
        assert_fails!(outcome, SetPasswordError::PasswordTooCommon);
    }
}

#[tokio::test]
async fn unknown_account_gets_no_password() {
    let app = World::new(&finding(None)).application();
    let outcome = app.admin.set_password.run(ann_id(), &new_password("a new password")).await;
    assert_fails!(outcome, SetPasswordError::NotFound);
}

#[tokio::test]
async fn account_deleted_while_its_password_is_hashed_stores_nothing() {
    let storage = finding(Some(ann())).on_begin(|db| {
        db.one_time_tokens.expect_void().once().returning(|_, _, _| Ok(()));
        db.users.expect_set_password().once().returning(|_, _| Ok(None));
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let hasher = hashing("a new password", "new hash");
    let app = World { hasher, ..World::new(&storage) }.application();
    let outcome = app.admin.set_password.run(ann_id(), &new_password("a new password")).await;
    assert_fails!(outcome, SetPasswordError::NotFound);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn overloaded_hasher_fails_before_a_unit_of_work_begins() {
    let storage = finding(Some(ann()));
    let app = World { hasher: failing(HashError::Busy), ..World::new(&storage) }.application();
    let outcome = app.admin.set_password.run(ann_id(), &new_password("a new password")).await;
    assert_fails!(outcome, SetPasswordError::Failure(CommonError::Busy));
}
