use doorward_application::{Failure, resend_verification::ResendVerificationError};
use doorward_domain::{mail::MailSubject, mock::MockStorage};

use crate::support::{World, assert_fails, email, expect_mail};

/// Nothing else is expected of storage: an account is not even looked for.
#[tokio::test]
async fn the_wish_is_left_for_the_worker_whoever_it_is_about() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_mail(db, "Nobody@example.com", MailSubject::VerificationRequested));
    let app = World::new(&storage).application();
    app.resend_verification.run(email("Nobody@example.com")).await.unwrap();
}

#[tokio::test]
async fn a_wish_that_could_not_be_left_is_not_taken() {
    let app = World::without_storage().application();
    let outcome = app.resend_verification.run(email("ann@example.com")).await;
    assert_fails!(outcome, ResendVerificationError::Failure(Failure::Storage(_)));
}
