//! What the owner of an account is told of its sign-ins.

use doorward_application::sweep::Sweep;
use doorward_domain::user::Credentials;
use serde_json::json;
use time::Duration;

use crate::support::{Answer, PASSWORD, TestApp, on_both};

const STRANGER: &str = "203.0.113.9";

async fn sign_in(app: &TestApp, password: &str, from: &str, device: Option<&str>) -> Answer {
    let body = json!({ "username": "ann", "password": password });
    let mut call = app.post("/v1/auth/login").json(&body).from(from);
    call = call.header("user-agent", "Mozilla/5.0 (X11)");
    if let Some(device) = device {
        call = call.header("Device-Token", device);
    }
    call.send().await
}

/// As many wrong passwords in a row as are suspicious, but for so many.
async fn guess_all_but(app: &TestApp, fewer: u32) {
    for _ in fewer..Credentials::SUSPICIOUS_FAILURES {
        let answer = sign_in(app, "wrong horse battery", "198.51.100.1", None).await;
        answer.error(401, "AUTHENTICATION_FAILED");
    }
}

/// A server that Ann has registered with, from this machine.
async fn with_ann(backend: crate::support::Backend) -> TestApp {
    let app = TestApp::start(backend).await;
    app.register("ann").await;
    app.mails().await;
    app
}

on_both! {
    async fn the_owner_is_told_of_a_sign_in_of_a_stranger_after_wrong_passwords(backend) {
        let app = with_ann(backend).await;
        guess_all_but(&app, 0).await;
        app.advance(Duration::minutes(5));
        let known = sign_in(&app, PASSWORD, STRANGER, None).await;
        let device = known.header("device-token");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann@example.com");
        assert_eq!(mail.subject, "New sign-in to Doorward after wrong passwords");
        for line in [
            "Time: 2026-01-01 12:05 UTC", "Address: 203.0.113.9", "Browser: Mozilla/5.0 (X11)",
            "http://127.0.0.1:8080/forgot-password",
        ] {
            assert!(mail.text.lines().any(|found| found == line), "{line}: {}", mail.text);
        }
        assert!(!mail.text.contains("token="), "{}", mail.text);
        // Now the device is known, and the failures are over.
        guess_all_but(&app, 0).await;
        sign_in(&app, PASSWORD, STRANGER, Some(device)).await.ok();
        sign_in(&app, PASSWORD, "203.0.113.10", None).await.ok();
        assert!(app.mails().await.is_empty());
    }

    async fn nobody_is_told_of_a_usual_sign_in(backend) {
        let app = with_ann(backend).await;
        let known = sign_in(&app, PASSWORD, "127.0.0.1", None).await;
        let device = known.header("device-token").to_owned();
        guess_all_but(&app, 1).await;
        sign_in(&app, PASSWORD, "203.0.113.1", None).await.ok();
        for from in ["127.0.0.1", "203.0.113.2"] {
            guess_all_but(&app, 0).await;
            sign_in(&app, PASSWORD, from, Some(&device)).await.ok();
        }
        // Whoever only guesses causes no mail, however often.
        guess_all_but(&app, 0).await;
        guess_all_but(&app, 0).await;
        assert!(app.mails().await.is_empty());
    }

    async fn a_warning_outlives_the_session_that_it_tells_of(backend) {
        let app = with_ann(backend).await;
        guess_all_but(&app, 0).await;
        sign_in(&app, PASSWORD, STRANGER, None).await.ok();
        let long_after = app.state.ports.clock.now() + Sweep::KEEP_SESSIONS * 12;
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        assert!(repositories.sessions().delete_ended(long_after).await.unwrap() > 0);
        drop(repositories);
        let mail = app.mail().await;
        assert!(mail.text.contains("Time: 2026-01-01 12:00 UTC"), "{}", mail.text);
        assert!(mail.text.contains("Hello ann,"), "{}", mail.text);
        for gone in ["Address:", "Browser:", STRANGER] {
            assert!(!mail.text.contains(gone), "{gone}: {}", mail.text);
        }
    }
}
