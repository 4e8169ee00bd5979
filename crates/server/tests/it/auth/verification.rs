use serde_json::json;
use time::Duration;

use crate::support::{Answer, TestApp, on_both};

async fn verify(app: &TestApp, token: &str) -> Answer {
    app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await
}

async fn resend(app: &TestApp, email: &str) -> Answer {
    app.post("/v1/auth/resend-verification").json(&json!({ "email": email })).send().await
}

on_both! {
    async fn emailed_link_verifies_the_address(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann@example.com");
        assert!(mail.subject.starts_with("Verify"), "{}", mail.subject);
        assert!(verify(&app, &mail.token()).await.ok().is_null());
        assert_eq!(app.me(&ann.access).await.ok()["is_verified"], true);
    }

    async fn verification_link_can_be_used_again_until_it_expires(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let token = app.mail().await.token();
        verify(&app, &token).await.ok();
        verify(&app, &token).await.ok();
        app.advance(Duration::hours(24));
        verify(&app, &token).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn verification_link_expires_after_a_day(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let token = app.mail().await.token();
        app.advance(Duration::hours(24));
        verify(&app, &token).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn emailed_link_stays_valid_when_another_one_is_requested(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let first = app.mail().await.token();
        app.advance(Duration::MINUTE);
        assert!(resend(&app, "ANN@example.com").await.ok().is_null());
        let again = app.mail().await;
        assert_eq!((again.to.as_str(), again.token()), ("ann@example.com", first.clone()));
        app.advance(Duration::hours(13));
        resend(&app, "ann@example.com").await.ok();
        let second = app.mail().await.token();
        assert_ne!(second, first);
        verify(&app, &first).await.ok();
        // Both were sent to the verified address, so that a click on either is no error.
        verify(&app, &second).await.ok();
    }

    async fn verification_email_is_sent_once_a_minute_and_only_to_unverified_accounts(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let token = app.mail().await.token();
        app.advance(Duration::seconds(59));
        resend(&app, "ann@example.com").await.ok();
        resend(&app, "unknown@example.com").await.ok();
        assert!(app.messages().await.is_empty());
        verify(&app, &token).await.ok();
        app.advance(Duration::HOUR);
        resend(&app, "ann@example.com").await.ok();
        assert!(app.messages().await.is_empty());
    }

    async fn invalid_verification_token_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let token = app.mail().await.token();
        for other in [&token[..60], &ann.refresh, &ann.access, "x"] {
            let answer = verify(&app, other).await;
            assert_eq!(*answer.error(401, "AUTHENTICATION_FAILED"), json!({}));
        }
        assert_eq!(app.me(&ann.access).await.ok()["is_verified"], false);
    }
}
