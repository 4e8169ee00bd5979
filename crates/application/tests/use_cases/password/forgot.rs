use doorward_application::{CommonError, password::forgot::ForgotPasswordError};
use doorward_domain::{mail::MailKind, mock::MockStorage};

use crate::support::{World, assert_fails, email, expect_mail};

/// Storage expects nothing else, so the account is not looked up.
#[tokio::test]
async fn request_is_queued_without_looking_up_the_account() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_mail(db, "Absent@example.com", MailKind::ResetRequested));
    let app = World::new(&storage).application();
    app.password.forgot.run(email("Absent@example.com")).await.unwrap();
}

#[tokio::test]
async fn request_that_cannot_be_queued_is_reported_as_a_failure() {
    let app = World::without_storage().application();
    let outcome = app.password.forgot.run(email("ann@example.com")).await;
    assert_fails!(outcome, ForgotPasswordError::Failure(CommonError::Storage(_)));
}
