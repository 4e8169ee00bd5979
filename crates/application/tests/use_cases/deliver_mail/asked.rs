//! Requests that may lead to a mail: the worker finds out.

use doorward_domain::{
    email::EmailAddress,
    mail::{MailSubject, OutboxEntry},
    mock::MockRepositories,
    one_time_token::OneTimePurpose,
    token::TokenRef,
    user::User,
};
use mockall::predicate::eq;

use super::{claiming, deliver, deliver_nothing, entry, mail_id, mailing, marking};
use crate::support::{NOW, ann, ann_id, disabled, email, one_time_token, reference, unverified};

/// Somebody typed Ann's address in capitals.
fn typed() -> EmailAddress {
    email("ANN@example.com")
}

fn request(subject: MailSubject) -> OutboxEntry {
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

/// As what it was when it was taken: another worker may have turned it into a mail since.
fn expect_discard(db: &mut MockRepositories, request: OutboxEntry) {
    db.outbox.expect_discard().with(eq(request)).once().returning(|_| Ok(()));
}

/// The request is dropped, for good, and nothing is sent.
async fn assert_discarded(subject: MailSubject, prepare: impl FnOnce(&mut MockRepositories)) {
    let storage = claiming(vec![request(subject)]).on_begin(|db| {
        prepare(db);
        expect_discard(db, request(subject));
    });
    assert_eq!(deliver_nothing(&storage).await.unwrap(), 1);
    assert_eq!(storage.commits(), 1);
}

/// The request becomes a mail in one commit, which is then sent to the address of the account.
async fn assert_sent(subject: MailSubject, purpose: OneTimePurpose, user: User) {
    let row = one_time_token(purpose);
    let token = reference(&row);
    let becomes = match purpose {
        OneTimePurpose::VerifyEmail => MailSubject::VerifyEmail(token),
        OneTimePurpose::ResetPassword => MailSubject::ResetPassword(token),
    };
    let holder = user.clone();
    let storage = claiming(vec![request(subject)])
        .on_begin(|db| {
            expect_account(db, Some(user));
            expect_issue(db, purpose, Some(token));
            let counted = if purpose == OneTimePurpose::VerifyEmail { 2 } else { 0 };
            db.outbox.expect_take().times(counted).returning(|_| Ok(true));
            db.outbox
                .expect_resolve()
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
async fn a_forgotten_password_leads_to_a_mail_to_the_stored_address() {
    assert_sent(MailSubject::ResetRequested, OneTimePurpose::ResetPassword, ann()).await;
}

#[tokio::test]
async fn an_unverified_account_gets_the_verification_mail_again() {
    let purpose = OneTimePurpose::VerifyEmail;
    assert_sent(MailSubject::VerificationRequested, purpose, unverified()).await;
}

#[tokio::test]
async fn an_unverified_account_may_reset_its_password() {
    assert_sent(MailSubject::ResetRequested, OneTimePurpose::ResetPassword, unverified()).await;
}

#[tokio::test]
async fn a_request_for_an_unknown_address_is_discarded() {
    for subject in [MailSubject::ResetRequested, MailSubject::VerificationRequested] {
        assert_discarded(subject, |db| expect_account(db, None)).await;
    }
}

#[tokio::test]
async fn request_is_discarded_where_the_address_was_sent_enough() {
    let token = reference(&one_time_token(OneTimePurpose::VerifyEmail));
    assert_discarded(MailSubject::VerificationRequested, |db| {
        expect_account(db, Some(unverified()));
        expect_issue(db, OneTimePurpose::VerifyEmail, Some(token));
        db.outbox.expect_take().once().returning(|_| Ok(false));
    })
    .await;
}

#[tokio::test]
async fn a_request_for_a_disabled_account_is_discarded() {
    for subject in [MailSubject::ResetRequested, MailSubject::VerificationRequested] {
        let disabled = User { verified_at: None, ..disabled() };
        assert_discarded(subject, |db| expect_account(db, Some(disabled))).await;
    }
}

#[tokio::test]
async fn a_verified_account_gets_no_verification_mail() {
    assert_discarded(MailSubject::VerificationRequested, |db| expect_account(db, Some(ann())))
        .await;
}

#[tokio::test]
async fn a_request_that_comes_too_soon_is_discarded() {
    assert_discarded(MailSubject::ResetRequested, |db| {
        expect_account(db, Some(ann()));
        expect_issue(db, OneTimePurpose::ResetPassword, None);
    })
    .await;
}

/// No token is issued, and nothing is discarded.
#[tokio::test]
async fn a_request_is_kept_while_storage_is_away() {
    let storage = claiming(vec![request(MailSubject::ResetRequested)]);
    assert!(deliver_nothing(&storage).await.is_err());
    assert_eq!(storage.commits(), 0);
}
