use doorward_application::{CommonError, admin::set_email::SetEmailError};
use doorward_domain::{
    account::user::{EmailChange, User},
    audit::AuditKind,
    mail::MailKind,
    mock::{MockRepositories, MockStorage},
    ports::ChangeEmailError as StoreError,
    token::{TokenRef, one_time::OneTimePurpose},
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, email, expect_mail, expect_operator_audit,
    one_time_token, unverified,
};

const NEW: &str = "ann.lee@example.com";

fn finding(user: Option<User>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(user));
    })
}

fn expect_void(db: &mut MockRepositories, purpose: OneTimePurpose) {
    db.one_time_tokens
        .expect_void()
        .with(eq(purpose), eq(ann_id()), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(()));
}

fn expect_change(db: &mut MockRepositories, is_verified: bool, outcome: Result<bool, StoreError>) {
    let change = EmailChange {
        from: ann().email,
        to: email(NEW),
        unverified_only: false,
        verified_at: is_verified.then_some(NOW),
    };
    db.users
        .expect_change_email()
        .with(eq(ann_id()), eq(change), eq(NOW))
        .once()
        .return_once(|_, _, _| outcome);
}

async fn set(storage: &MockStorage, is_verified: bool) -> Result<bool, SetEmailError> {
    World::new(storage).application().admin.set_email.run(ann_id(), &email(NEW), is_verified).await
}

#[tokio::test]
async fn former_verified_email_address_is_notified_of_the_change() {
    let storage = finding(Some(ann())).on_begin(|db| {
        expect_void(db, OneTimePurpose::ResetPassword);
        expect_void(db, OneTimePurpose::VerifyEmail);
        expect_change(db, true, Ok(true));
        expect_mail(db, "ann@example.com", MailKind::EmailChanged);
        expect_operator_audit(db, AuditKind::EmailChanged);
        expect_operator_audit(db, AuditKind::EmailVerified);
    });
    assert!(set(&storage, true).await.unwrap());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn unverified_new_address_gets_a_link_and_unverified_former_one_no_notice() {
    let row = one_time_token(OneTimePurpose::VerifyEmail);
    let token = TokenRef { id: row.id.as_uuid(), counter: row.counter };
    let storage = finding(Some(unverified())).on_begin(move |db| {
        expect_void(db, OneTimePurpose::ResetPassword);
        db.one_time_tokens
            .expect_issue()
            .withf(|issue| issue.email == email(NEW) && issue.user_id == ann_id())
            .once()
            .returning(move |_| Ok(Some(token)));
        expect_mail(db, NEW, MailKind::VerifyEmail(token));
        expect_change(db, false, Ok(true));
        expect_operator_audit(db, AuditKind::EmailChanged);
    });
    assert!(set(&storage, false).await.unwrap());
}

#[tokio::test]
async fn same_address_changes_nothing() {
    let storage = finding(Some(User { email: email(NEW), ..ann() }));
    assert!(!set(&storage, true).await.unwrap());
}

#[tokio::test]
async fn taken_email_address_and_unknown_account_are_rejected() {
    let refused = |outcome| {
        finding(Some(ann())).on_begin(move |db| {
            expect_void(db, OneTimePurpose::ResetPassword);
            expect_void(db, OneTimePurpose::VerifyEmail);
            expect_change(db, true, outcome);
        })
    };
    let storage = refused(Err(StoreError::Taken));
    assert_fails!(set(&storage, true).await, SetEmailError::EmailTaken);
    let storage = refused(Ok(false));
    assert_fails!(set(&storage, true).await, SetEmailError::Failure(CommonError::Busy));
    assert_eq!(storage.commits(), 0);
    assert_fails!(set(&finding(None), true).await, SetEmailError::NotFound);
}
