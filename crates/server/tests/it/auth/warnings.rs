//! Warning emails about sign-ins.

use doorward_application::maintenance::purge_expired::PurgeExpired;
use doorward_domain::account::user::LoginCandidate;
use serde_json::json;
use time::Duration;

use crate::support::{Answer, PASSWORD, TestApp, on_both};

const STRANGER: &str = "203.0.113.9";

async fn sign_in(app: &TestApp, password: &str, from: &str, device: Option<&str>) -> Answer {
    let body = json!({ "username": "ann", "password": password });
    let mut call = app.post("/v1/auth/login").json(&body).from(from);
    call = call
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) please call 555 0100 Firefox/140.0");
    if let Some(device) = device {
        call = call.header("Device-Token", device);
    }
    call.send().await
}

/// Sends the number of incorrect passwords in a row that is suspicious, less `fewer`.
async fn guess_all_but(app: &TestApp, fewer: u32) {
    for _ in fewer..LoginCandidate::SUSPICIOUS_FAILURES {
        let answer = sign_in(app, "wrong horse battery", "198.51.100.1", None).await;
        answer.error(401, "AUTHENTICATION_FAILED");
    }
}

/// Starts a server, and registers ann from 127.0.0.1.
async fn with_ann(backend: crate::support::Backend) -> TestApp {
    let app = TestApp::start(backend).await;
    app.register("ann").await;
    app.messages().await;
    app
}

on_both! {
    async fn sign_in_by_an_unrecognized_client_after_failures_sends_a_warning(backend) {
        let app = with_ann(backend).await;
        guess_all_but(&app, 0).await;
        app.advance(Duration::minutes(5));
        let known = sign_in(&app, PASSWORD, STRANGER, None).await;
        let device = known.header("device-token");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann@example.com");
        assert_eq!(mail.subject, "New sign-in to Doorward after wrong passwords");
        for line in [
            "Time: 2026-01-01 12:05 UTC", "IP address: 203.0.113.9", "Browser: Firefox =C2=B7 Linux",
            "http://127.0.0.1:8080/forgot-password",
        ] {
            assert!(mail.text.lines().any(|found| found == line), "{line}: {}", mail.text);
        }
        assert!(!mail.text.contains("token="), "{}", mail.text);
        // Now the device is known, and the failures are cleared.
        guess_all_but(&app, 0).await;
        sign_in(&app, PASSWORD, STRANGER, Some(device)).await.ok();
        sign_in(&app, PASSWORD, "203.0.113.10", None).await.ok();
        assert!(app.messages().await.is_empty());
    }

    async fn usual_sign_in_sends_no_warning(backend) {
        let app = with_ann(backend).await;
        let known = sign_in(&app, PASSWORD, "127.0.0.1", None).await;
        let device = known.header("device-token").to_owned();
        guess_all_but(&app, 1).await;
        sign_in(&app, PASSWORD, "203.0.113.1", None).await.ok();
        for from in ["127.0.0.1", "203.0.113.2"] {
            guess_all_but(&app, 0).await;
            sign_in(&app, PASSWORD, from, Some(&device)).await.ok();
        }
        // Guessing alone sends no email, however often.
        guess_all_but(&app, 0).await;
        guess_all_but(&app, 0).await;
        assert!(app.messages().await.is_empty());
    }

    async fn warning_is_sent_after_its_session_was_deleted(backend) {
        let app = with_ann(backend).await;
        guess_all_but(&app, 0).await;
        sign_in(&app, PASSWORD, STRANGER, None).await.ok();
        let long_after = app.state.ports.clock.now() + PurgeExpired::KEEP_SESSIONS * 12;
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        assert!(repositories.sessions().delete_ended(long_after, 100).await.unwrap() > 0);
        drop(repositories);
        let mail = app.mail().await;
        assert!(mail.text.contains("Time: 2026-01-01 12:00 UTC"), "{}", mail.text);
        assert!(mail.text.contains("Hello ann,"), "{}", mail.text);
        for gone in ["Address:", "Browser:", STRANGER] {
            assert!(!mail.text.contains(gone), "{gone}: {}", mail.text);
        }
    }
}
