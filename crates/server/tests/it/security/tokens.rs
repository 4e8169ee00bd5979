//! Stored token data, and sessions across restarts.

use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

fn shared() -> Options {
    Options {
        master_key: Some("one secret for both of the servers".parse().unwrap()),
        ..Options::default()
    }
}

#[track_caller]
fn reason(answer: &Answer) -> &str {
    answer.error(401, "AUTHENTICATION_FAILED")["reason"].as_str().unwrap()
}

on_both! {
    async fn database_contains_no_usable_secret(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let verify = app.mail().await.token();
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let reset = app.mail().await.token();
        let org = app.shared_org(&ann).await;
        let invite = app.invite(&ann, org, "bob@example.com").await;
        let rows = format!("{:?}", app.database.rows().await).to_lowercase();
        assert!(rows.contains("ann@example.com") && rows.contains("$argon2id$v=19$m="), "{rows}");
        for token in [&ann.refresh, &verify, &reset, &invite] {
            let encoded = &token[4..];
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).unwrap();
            let mac: String = bytes[25..].iter().map(|byte| format!("{byte:02x}")).collect();
            for secret in [encoded, &encoded[34..], &mac, &mac[..32]] {
                assert!(!rows.contains(&secret.to_lowercase()), "{token}");
            }
        }
        for part in ann.access.split('.') {
            assert!(!rows.contains(&part.to_lowercase()));
        }
        assert!(!rows.contains(PASSWORD));
    }

    async fn token_reuse_is_detected_after_a_restart(backend) {
        let first = TestApp::start_with(backend, shared()).await;
        let ann = first.register("ann").await;
        let mut token = ann.refresh.clone();
        for _ in 0..50 {
            token = first.refresh(&token).await.text("refresh_token").to_owned();
        }
        first.state.application.maintenance.purge_expired.run().await.unwrap();
        let second = first.beside(shared()).await;
        drop(first);
        second.advance(Duration::HOUR);
        assert_eq!(reason(&second.refresh(&ann.refresh).await), "token_reused");
        assert_eq!(reason(&second.refresh(&token).await), "token_reused");
        let third = second.beside(shared()).await;
        assert_eq!(reason(&third.refresh(&token).await), "token_reused");
    }

    async fn token_reuse_ends_the_session_of_attacker_and_client(backend) {
        let app = TestApp::start(backend).await;
        for (first, second) in [("attacker", "client"), ("client", "attacker")] {
            app.register(first).await;
            let stolen: Person = app.login(first, PASSWORD).await.ok().into();
            let elsewhere: Person = app.login(first, PASSWORD).await.ok().into();
            let next = app.refresh(&stolen.refresh).await;
            app.advance(Duration::seconds(11));
            assert_eq!(reason(&app.refresh(&stolen.refresh).await), "token_reused", "{second}");
            assert_eq!(reason(&app.refresh(next.text("refresh_token")).await), "token_reused");
            app.me(&stolen.access).await.error(401, "AUTHENTICATION_FAILED");
            app.me(next.text("access_token")).await.error(401, "AUTHENTICATION_FAILED");
            // The user's other sessions continue.
            app.me(&elsewhere.access).await.ok();
            app.refresh(&elsewhere.refresh).await.ok();
        }
    }

    async fn reuse_interval_applies_only_to_active_sessions(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.refresh(&ann.refresh).await.ok();
        app.post("/v1/auth/logout").bearer(&ann.access).send().await.ok();
        assert_eq!(reason(&app.refresh(&ann.refresh).await), "session_revoked");
        let other: Person = app.login("ann", PASSWORD).await.ok().into();
        app.refresh(&other.refresh).await.ok();
        let here: Person = app.login("ann", PASSWORD).await.ok().into();
        let body = json!({ "current_password": PASSWORD, "new_password": "seven lucky herons wade" });
        app.put("/v1/auth/me/password").bearer(&here.access).json(&body).send().await.ok();
        assert_eq!(reason(&app.refresh(&other.refresh).await), "session_revoked");
    }

    async fn sign_out_at_one_server_applies_at_the_other(backend) {
        let one = TestApp::start_with(backend, shared()).await;
        let two = one.beside(shared()).await;
        let ann = one.register("ann").await;
        two.me(&ann.access).await.ok();
        one.post("/v1/auth/logout").bearer(&ann.access).send().await.ok();
        two.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        two.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        let ann: Person = two.login("ann", PASSWORD).await.ok().into();
        one.me(&ann.access).await.ok();
        one.disable(&ann).await;
        two.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        two.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn disabled_account_is_refused_with_every_credential(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let verify = app.mail().await.token();
        let forgotten = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&forgotten).send().await.ok();
        let reset = app.mail().await.token();
        app.disable(&ann).await;
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(403, "FORBIDDEN");
        let body = json!({ "token": reset, "new_password": "seven lucky herons wade" });
        let answer = app.post("/v1/auth/reset-password").json(&body).send().await;
        answer.error(401, "AUTHENTICATION_FAILED");
        app.post("/v1/auth/verify-email").json(&json!({ "token": verify })).send().await;
        let body = json!({ "org_id": ann.workspace });
        let call = app.post("/v1/auth/switch-org").bearer(&ann.access).json(&body);
        call.send().await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", "seven lucky herons wade").await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn issued_tokens_are_unique(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..10 {
            let answers = join_all((0..10).map(|_| app.login("ann", PASSWORD))).await;
            for answer in answers {
                let body: Value = answer.ok();
                for name in ["access_token", "refresh_token"] {
                    assert!(seen.insert(body[name].as_str().unwrap().to_owned()));
                }
            }
        }
        assert_eq!(seen.len(), 200);
    }

    async fn access_token_stays_short_regardless_of_profile_and_organizations(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for _ in 0..50 {
            app.shared_org(&ann).await;
        }
        let long = "x".repeat(200);
        let body = json!({ "full_name": long, "bio": long, "settings": { "a": long } });
        app.put("/v1/auth/me/profile").bearer(&ann.access).json(&body).send().await.ok();
        let ann: Person = app.login("ann", PASSWORD).await.ok().into();
        assert!(ann.access.len() < 1024, "{}", ann.access.len());
    }
}
