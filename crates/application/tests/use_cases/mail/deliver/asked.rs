//! Email requests, which the worker turns into messages or drops.

use doorward_domain::{
    account::{email::EmailAddress, user::User},
    mail::{MailKind, OutboxEntry},
    mock::MockRepositories,
    token::{TokenRef, one_time::OneTimePurpose},
};
use mockall::predicate::eq;

use super::{claiming, deliver, deliver_nothing, entry, mail_id, mailing, marking};
use crate::support::{NOW, ann, ann_id, disabled, email, one_time_token, reference, unverified};

/// Ann's email address, typed in capitals.
fn typed() -> EmailAddress {
    email("ANN@example.com")
}

fn request(subject: MailKind) -> OutboxEntry {
    OutboxEntry { to: typed(), ..entry(subject) }
}

fn expect_account(db: &mut MockRepositories, user: Option<User>) {
    db.users.expect_find_by_email().with(eq(typed())).once().return_once(|_| Ok(user));
}

fn expect_issue(db: &mut MockRepositories, purpose: OneTimePurpose, outcome: Option<TokenRef>) {
    db.one_time_tokens
        .expect_issue()
        .withf(move |issue| {
            issue.user_id == ann_id()
                && issue.purpose == purpose
                && issue.email == ann().email
                && issue.now == NOW
        })
        .once()
        .returning(move |_| Ok(outcome));
}

/// Expects that the entry is discarded as it was leased: another worker may have turned it into a message since.
fn expect_discard(db: &mut MockRepositories, request: OutboxEntry) {
    db.outbox.expect_discard().with(eq(request)).once().returning(|_| Ok(()));
}

/// Asserts that the request is discarded and nothing is sent.
async fn assert_discarded(subject: MailKind, prepare: impl FnOnce(&mut MockRepositories)) {
    let storage = claiming(vec![request(subject)]).on_begin(|db| {
        prepare(db);
        expect_discard(db, request(subject));
    });
    assert_eq!(deliver_nothing(&storage).await.unwrap(), 1);
    assert_eq!(storage.commits(), 1);
}

/// Asserts that the request becomes a message in one commit, which is then sent to the account's email address.
async fn assert_sent(subject: MailKind, purpose: OneTimePurpose, user: User) {
    let row = one_time_token(purpose);
    let token = reference(&row);
    let becomes = match purpose {
        OneTimePurpose::VerifyEmail => MailKind::VerifyEmail(token),
        OneTimePurpose::ResetPassword => MailKind::ResetPassword(token),
    };
    let holder = user.clone();
    let storage = claiming(vec![request(subject)])
        .on_begin(|db| {
            expect_account(db, Some(user));
            expect_issue(db, purpose, Some(token));
            let counted = if purpose == OneTimePurpose::VerifyEmail { 2 } else { 0 };
            db.outbox.expect_take().times(counted).returning(|_| Ok(true));
            db.outbox
                .expect_materialize()
                .with(eq(mail_id()), eq(ann().email), eq(becomes))
                .once()
                .returning(|_, _, _| Ok(()));
        })
        .on_connect(|db| {
            db.one_time_tokens.expect_find().once().return_once(|_, _| Ok(Some(row)));
            db.users.expect_find().once().return_once(|_| Ok(Some(holder)));
        });
    let storage = marking(storage);
    let mailer = mailing(|mail| mail.to == ann().email && mail.id == mail_id(), Ok(()));
    deliver(&storage, mailer).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn reset_request_sends_an_email_to_the_stored_address() {
    assert_sent(MailKind::ResetRequested, OneTimePurpose::ResetPassword, ann()).await;
}

#[tokio::test]
async fn unverified_account_gets_another_verification_email() {
    let purpose = OneTimePurpose::VerifyEmail;
    assert_sent(MailKind::VerificationRequested, purpose, unverified()).await;
}

#[tokio::test]
async fn unverified_account_can_reset_its_password() {
    assert_sent(MailKind::ResetRequested, OneTimePurpose::ResetPassword, unverified()).await;
}

#[tokio::test]
async fn request_for_an_unknown_email_address_is_discarded() {
    for subject in [MailKind::ResetRequested, MailKind::VerificationRequested] {
        assert_discarded(subject, |db| expect_account(db, None)).await;
    }
}

#[tokio::test]
async fn request_is_discarded_if_the_email_address_has_reached_its_limit() {
    let token = reference(&one_time_token(OneTimePurpose::VerifyEmail));
    assert_discarded(MailKind::VerificationRequested, |db| {
        expect_account(db, Some(unverified()));
        expect_issue(db, OneTimePurpose::VerifyEmail, Some(token));
        db.outbox.expect_take().once().returning(|_| Ok(false));
    })
    .await;
}

#[tokio::test]
async fn request_for_a_disabled_account_is_discarded() {
    for subject in [MailKind::ResetRequested, MailKind::VerificationRequested] {
        let disabled = User { verified_at: None, ..disabled() };
        assert_discarded(subject, |db| expect_account(db, Some(disabled))).await;
    }
}

#[tokio::test]
async fn verified_account_gets_no_verification_email() {
    assert_discarded(MailKind::VerificationRequested, |db| expect_account(db, Some(ann()))).await;
}

#[tokio::test]
async fn request_too_soon_after_the_last_one_is_discarded() {
    assert_discarded(MailKind::ResetRequested, |db| {
        expect_account(db, Some(ann()));
        expect_issue(db, OneTimePurpose::ResetPassword, None);
    })
    .await;
}

/// No token is issued, and nothing is discarded.
#[tokio::test]
async fn request_is_kept_while_storage_is_unavailable() {
    let storage = claiming(vec![request(MailKind::ResetRequested)]);
    assert!(deliver_nothing(&storage).await.is_err());
    assert_eq!(storage.commits(), 0);
}
