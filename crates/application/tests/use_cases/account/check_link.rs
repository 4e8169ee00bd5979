use doorward_application::{CommonError, account::check_link::CheckLinkError};
use doorward_domain::{
    account::user::User,
    mock::MockStorage,
    token::{
        TokenPurpose, TokenRef,
        one_time::{LinkState, OneTimePurpose, OneTimeToken},
    },
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, one_time_token, opaque_token, unverified,
};

const DEAD: LinkState = LinkState::Dead { email: None };

fn reference(row: &OneTimeToken) -> TokenRef {
    TokenRef { id: row.id.as_uuid(), counter: row.counter }
}

/// Returns the state of the current link of a row. Storage is only read.
async fn state(purpose: OneTimePurpose, row: OneTimeToken, user: Option<User>) -> LinkState {
    let (token, kind) = (reference(&row), kind(purpose));
    let storage = MockStorage::default().on_connect(move |db| {
        db.one_time_tokens
            .expect_find()
            .with(eq(purpose), eq(token))
            .once()
            .return_once(|_, _| Ok(Some(row)));
        db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(user));
    });
    let app = World::new(&storage).application();
    app.account.check_link.run(purpose, &opaque_token(kind, token)).await.unwrap()
}

fn kind(purpose: OneTimePurpose) -> TokenPurpose {
    match purpose {
        OneTimePurpose::VerifyEmail => TokenPurpose::VerifyEmail,
        OneTimePurpose::ResetPassword => TokenPurpose::ResetPassword,
    }
}

#[tokio::test]
async fn valid_link_is_open_and_stays_unused() {
    for purpose in [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword] {
        let row = one_time_token(purpose);
        assert_eq!(state(purpose, row, Some(unverified())).await, LinkState::Open);
    }
}

#[tokio::test]
async fn used_reset_link_returns_its_email_address() {
    let purpose = OneTimePurpose::ResetPassword;
    let used = OneTimeToken { used_at: Some(NOW), ..one_time_token(purpose) };
    let dead = LinkState::Dead { email: Some(ann().email) };
    assert_eq!(state(purpose, used, Some(ann())).await, dead);
}

#[tokio::test]
async fn verification_link_of_a_verified_account_is_done() {
    let purpose = OneTimePurpose::VerifyEmail;
    let used = OneTimeToken { used_at: Some(NOW), ..one_time_token(purpose) };
    assert_eq!(state(purpose, used, Some(ann())).await, LinkState::Done);
}

#[tokio::test]
async fn link_of_a_deleted_account_is_dead() {
    let purpose = OneTimePurpose::ResetPassword;
    assert_eq!(state(purpose, one_time_token(purpose), None).await, DEAD);
}

#[tokio::test]
async fn forged_link_is_dead_and_costs_no_query() {
    let app = World::without_storage().application();
    for token in ["", "forged"] {
        let state = app.account.check_link.run(OneTimePurpose::ResetPassword, token).await.unwrap();
        assert_eq!(state, DEAD, "{token}");
    }
}

#[tokio::test]
async fn link_of_another_purpose_is_dead_and_costs_no_query() {
    let token = reference(&one_time_token(OneTimePurpose::VerifyEmail));
    let app = World::without_storage().application();
    let token = opaque_token(TokenPurpose::VerifyEmail, token);
    let state = app.account.check_link.run(OneTimePurpose::ResetPassword, &token).await.unwrap();
    assert_eq!(state, DEAD);
}

#[tokio::test]
async fn unavailable_storage_is_reported() {
    let token = reference(&one_time_token(OneTimePurpose::VerifyEmail));
    let token = opaque_token(TokenPurpose::VerifyEmail, token);
    let app = World::without_storage().application();
    let outcome = app.account.check_link.run(OneTimePurpose::VerifyEmail, &token).await;
    assert_fails!(outcome, CheckLinkError::Failure(CommonError::Storage(_)));
}
