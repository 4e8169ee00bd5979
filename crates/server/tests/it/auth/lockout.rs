//! Effects of continued password guessing on the owner of an account.

use doorward_domain::account::user::LoginCandidate;
use doorward_server::config::Options;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, Browser, PASSWORD, TestApp, on_both};

const OWNER: &str = "203.0.113.9";

pub(super) async fn limited(backend: crate::support::Backend) -> TestApp {
    let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
    TestApp::start_with(backend, options).await
}

pub(super) async fn sign_in(
    app: &TestApp,
    password: &str,
    from: &str,
    device: Option<&str>,
) -> Answer {
    let body = json!({ "username": "ann", "password": password });
    let mut call = app.post("/v1/auth/login").json(&body).from(from);
    if let Some(device) = device {
        call = call.header("Device-Token", device);
    }
    call.send().await
}

/// Guesses incorrect passwords from many networks, as many each minute as the limits allow.
async fn attack(app: &TestApp, minutes: u32) {
    for minute in 0..minutes {
        let guess = |number: u32| {
            let from = format!("198.51.{minute}.{number}");
            async move { sign_in(app, "wrong horse battery", &from, None).await.status }
        };
        let statuses = join_all((0..12).map(guess)).await;
        let tried = statuses.iter().filter(|status| **status == 401).count();
        assert!(tried >= 9, "{statuses:?}");
        app.advance(Duration::minutes(1));
    }
}

fn device(answer: &Answer) -> String {
    answer.header("device-token").to_owned()
}

on_both! {
    async fn known_device_signs_in_from_any_network_during_a_guessing_attack(backend) {
        let app = limited(backend).await;
        let ann = app.register("ann").await;
        let known = device(&sign_in(&app, PASSWORD, "127.0.0.1", None).await);
        attack(&app, 12).await;

        // From an IP address that the account has never used.
        sign_in(&app, PASSWORD, OWNER, None).await.error(401, "AUTHENTICATION_FAILED");
        let again = sign_in(&app, PASSWORD, OWNER, Some(&known)).await;
        assert_ne!(device(&again), known);
        again.ok();
        app.me(&ann.access).await.ok();
        // The successful sign-in cleared the failures: unrecognized clients can sign in again.
        attack(&app, 2).await;
        sign_in(&app, PASSWORD, "203.0.113.77", None).await.ok();
    }

    async fn password_reset_unlocks_an_account_after_a_hundred_failures(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        app.messages().await;
        attack(&app, 12).await;
        sign_in(&app, PASSWORD, OWNER, None).await.error(401, "AUTHENTICATION_FAILED");

        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let token = app.messages().await.remove(0).token();
        let body = json!({ "token": token, "new_password": "a brand new password" });
        app.post("/v1/auth/reset-password").json(&body).send().await.ok();
        sign_in(&app, "a brand new password", OWNER, None).await.ok();
    }

    async fn locked_out_account_responds_alike_to_right_and_wrong_passwords(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        attack(&app, 12).await;
        let mut seen = Vec::<Value>::new();
        for password in [PASSWORD, "wrong horse battery"] {
            app.advance(Duration::minutes(1));
            // The limit of a minute, for right and incorrect passwords alike.
            for _ in 0..10 {
                let answer = sign_in(&app, password, "198.51.100.99", None).await;
                answer.error(401, "AUTHENTICATION_FAILED");
                assert!(answer.headers.get("device-token").is_none());
                seen.push(json!([answer.body["error"], answer.body["message"], answer.body["details"]]));
            }
            let last = sign_in(&app, password, "198.51.100.99", None).await;
            last.error(429, "RATE_LIMIT_EXCEEDED");
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:?}");
    }

    async fn device_token_of_another_account_does_not_bypass_the_lockout(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        app.register("bob").await;
        let bob = app.login("bob", PASSWORD).await;
        attack(&app, 12).await;
        sign_in(&app, PASSWORD, OWNER, Some(&device(&bob))).await.error(401, "AUTHENTICATION_FAILED");
        assert_eq!(LoginCandidate::FAILURES_CAP, 100);
    }

    async fn device_of_a_revoked_session_does_not_bypass_the_lockout(backend) {
        let app = limited(backend).await;
        let ann = app.register("ann").await;
        let lost = device(&sign_in(&app, PASSWORD, "127.0.0.1", None).await);
        app.call(Method::DELETE, "/v1/auth/sessions").bearer(&ann.access).send().await.ok();
        attack(&app, 12).await;
        sign_in(&app, PASSWORD, OWNER, Some(&lost)).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn device_that_guesses_is_forgotten_and_its_session_ends(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        let ann = sign_in(&app, PASSWORD, "127.0.0.1", None).await;
        let stolen = device(&ann);
        for _ in 0..2 {
            for _ in 0..10 {
                let answer = sign_in(&app, "wrong horse battery", OWNER, Some(&stolen)).await;
                answer.error(401, "AUTHENTICATION_FAILED");
            }
            app.advance(Duration::minutes(1));
        }
        let refreshed = app.refresh(ann.body["refresh_token"].as_str().unwrap()).await;
        refreshed.error(401, "AUTHENTICATION_FAILED");

        let again = sign_in(&app, PASSWORD, OWNER, None).await;
        let access = again.body["access_token"].as_str().unwrap();
        let events = app.get("/v1/auth/events").bearer(access).send().await.ok();
        assert_eq!(events["items"][1]["kind"], "device_forgotten", "{events}");
        // The device is unrecognized from now on, so the cap applies to it.
        attack(&app, 12).await;
        sign_in(&app, PASSWORD, OWNER, Some(&stolen)).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn session_that_guesses_the_password_ends(backend) {
        let app = limited(backend).await;
        let ann = app.register("ann").await;
        let guess = async || {
            let body = json!({ "current_password": "wrong horse battery", "new_password": "a brand new password" });
            app.put("/v1/auth/me/password").bearer(&ann.access).json(&body).send().await
        };
        for _ in 0..4 {
            app.me(&ann.access).await.ok();
            for _ in 0..5 {
                assert_eq!(guess().await.issue("current_password"), "password_incorrect");
            }
            app.advance(Duration::minutes(1));
        }
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        sign_in(&app, PASSWORD, OWNER, None).await.ok();
    }

    async fn renewed_session_gets_no_new_attempts(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        let fields = [("current_password", "wrong horse battery"), ("new_password", "a brand new password")];
        for _ in 0..4 {
            browser.submit("/account/sessions/others", &[]).await.redirects_to("/account/sessions");
            for _ in 0..5 {
                browser.submit("/account/password", &fields).await;
            }
            app.advance(Duration::minutes(1));
        }
        browser.get("/account").await.redirects_to("/sign-in");
    }
}
