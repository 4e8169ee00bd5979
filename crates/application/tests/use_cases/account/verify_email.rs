use doorward_application::{
    CommonError,
    account::verify_email::{VerifyEmailError, Visitor},
};
use doorward_domain::{
    account::user::User,
    audit::AuditKind,
    mock::{MockRepositories, MockStorage},
    session::SessionContext,
    token::{
        TokenPurpose, TokenRef,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, bob_id, client, email, expect_audit, one_time_token,
    opaque_token, reference, session_context, session_id, unverified,
};

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

fn token() -> OneTimeToken {
    one_time_token(PURPOSE)
}

fn used() -> OneTimeToken {
    OneTimeToken { used_at: Some(NOW), ..token() }
}

async fn verify(storage: &MockStorage) -> Result<(), VerifyEmailError> {
    let text = opaque_token(TokenPurpose::VerifyEmail, reference(&token()));
    World::new(storage).application().account.verify_email.run(&text, &client()).await
}

fn expect_consume(db: &mut MockRepositories, outcome: Option<OneTimeToken>) {
    db.one_time_tokens
        .expect_consume()
        .with(eq(PURPOSE), eq(reference(&token())), eq(NOW))
        .once()
        .return_once(|_, _, _| Ok(outcome));
}

/// Storage in which the token is valid, and the account still has the address that it was sent to, or not.
fn opening(address_stayed: bool) -> MockStorage {
    MockStorage::default().on_begin(|db| {
        expect_consume(db, Some(used()));
        db.users
            .expect_verify_email()
            .with(eq(ann_id()), eq(token().email), eq(NOW))
            .once()
            .returning(move |_, _, _| Ok(address_stayed));
        if address_stayed {
            expect_audit(db, AuditKind::EmailVerified, None);
        }
    })
}

/// Storage in which the token can't be used, with this row and this account.
fn refusing(row: Option<OneTimeToken>, user: Option<User>) -> MockStorage {
    MockStorage::default().on_begin(|db| {
        expect_consume(db, None);
        db.one_time_tokens
            .expect_find()
            .with(eq(PURPOSE), eq(reference(&token())))
            .once()
            .return_once(|_, _| Ok(row));
        db.users.expect_find().with(eq(ann_id())).return_once(|_| Ok(user));
    })
}

async fn assert_rejected(storage: MockStorage) {
    assert_fails!(verify(&storage).await, VerifyEmailError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn email_address_is_verified_and_the_token_used_in_one_commit() {
    let storage = opening(true);
    verify(&storage).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn token_sent_to_a_former_email_address_verifies_nothing() {
    assert_rejected(opening(false)).await;
}

#[tokio::test]
async fn second_click_gets_the_same_outcome_and_changes_nothing() {
    let storage = refusing(Some(used()), Some(ann()));
    verify(&storage).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn used_token_is_rejected_after_it_expired() {
    assert_rejected(refusing(Some(OneTimeToken { expires_at: NOW, ..used() }), Some(ann()))).await;
}

#[tokio::test]
async fn used_token_is_rejected_after_a_newer_one_was_sent() {
    let row = OneTimeToken { counter: token().counter + 1, ..used() };
    assert_rejected(refusing(Some(row), Some(ann()))).await;
}

#[tokio::test]
async fn used_token_is_rejected_while_the_email_address_is_not_verified() {
    assert_rejected(refusing(Some(used()), Some(unverified()))).await;
}

#[tokio::test]
async fn used_token_is_rejected_after_the_email_address_changed() {
    let moved = User { email: email("ann@example.org"), ..ann() };
    assert_rejected(refusing(Some(used()), Some(moved))).await;
}

#[tokio::test]
async fn used_token_of_a_deleted_account_is_rejected() {
    assert_rejected(refusing(Some(used()), None)).await;
}

#[tokio::test]
async fn unused_expired_token_is_rejected() {
    assert_rejected(refusing(Some(OneTimeToken { expires_at: NOW, ..token() }), Some(ann()))).await;
}

#[tokio::test]
async fn token_without_a_row_is_rejected() {
    assert_rejected(refusing(None, None)).await;
}

#[tokio::test]
async fn forged_token_costs_no_query() {
    let reset = opaque_token(TokenPurpose::ResetPassword, reference(&token()));
    for text in ["forged", &reset] {
        let app = World::without_storage().application();
        let outcome = app.account.verify_email.run(text, &client()).await;
        assert_fails!(outcome, VerifyEmailError::Rejected);
    }
}

#[tokio::test]
async fn nothing_is_verified_while_storage_is_unavailable() {
    let outcome = verify(&MockStorage::default()).await;
    assert_fails!(outcome, VerifyEmailError::Failure(CommonError::Storage(_)));
}

/// Each visitor, and whether they are recognized as the user who registered the account.
#[tokio::test]
async fn registrant_is_recognized_by_session_or_device() {
    let provisional = || User { is_provisional: true, ..unverified() };
    let device = TokenRef { id: session_id().as_uuid(), counter: 1 };
    let device = || Some(opaque_token(TokenPurpose::Device, device));
    let visitor = Visitor::default;
    for (user, visitor, device_of, expected) in [
        (provisional(), visitor(), None, false),
        (provisional(), Visitor { user_id: Some(ann_id()), ..visitor() }, None, true),
        (provisional(), Visitor { user_id: Some(bob_id()), ..visitor() }, None, false),
        (provisional(), Visitor { device_token: device(), ..visitor() }, Some(ann_id()), true),
        (provisional(), Visitor { device_token: device(), ..visitor() }, Some(bob_id()), false),
        (provisional(), Visitor { device_token: Some("dwd_".into()), ..visitor() }, None, false),
        // These accounts are not provisional, so the token is sufficient.
        (unverified(), visitor(), None, true),
        (ann(), visitor(), None, true),
    ] {
        let text = format!("{visitor:?}");
        let storage = MockStorage::default().on_connect(|db| {
            db.one_time_tokens.expect_find().once().returning(|_, _| Ok(Some(token())));
            db.users.expect_find().once().return_once(|_| Ok(Some(user)));
        });
        let storage = storage.on_connect(|db| {
            db.sessions.expect_find_with_user().returning(move |_, _| {
                let found = session_context();
                let user = User { id: device_of.unwrap(), ..found.user };
                Ok(Some(SessionContext { user, ..found }))
            });
        });
        let verify_email = World::new(&storage).application().account.verify_email;
        let sent = opaque_token(TokenPurpose::VerifyEmail, reference(&token()));
        let outcome = verify_email.is_registrant(&sent, &visitor).await;
        assert_eq!(outcome.unwrap(), expected, "{text}");
    }
}
