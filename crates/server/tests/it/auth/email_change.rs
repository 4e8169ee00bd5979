use doorward_server::config::Options;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{PASSWORD, Person, TestApp, on_both};

const PATH: &str = "/v1/auth/me/email";

fn body(email: &str, password: &str) -> Value {
    json!({ "email": email, "current_password": password })
}

async fn verify(app: &TestApp, token: &str) -> u16 {
    app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.status
}

on_both! {
    async fn changing_an_unverified_address_invalidates_its_links(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let ada = app.register("ada").await;
        let old = app.mail().await.token();
        let changed = app.put(PATH).bearer(&ada.access).json(&body("ada.lovelace@example.com", PASSWORD)).send().await;
        assert_eq!(changed.ok(), Value::Null);
        assert_eq!(app.me(&ada.access).await.ok()["email"], "ada.lovelace@example.com");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada.lovelace@example.com");
        assert_eq!(verify(&app, &old).await, 401);
        // The old link verified nothing else.
        app.get("/v1/auth/me/profile").bearer(&ada.access).send().await.error(403, "FORBIDDEN");
        assert_eq!(verify(&app, &mail.token()).await, 200);
        app.login("ada.lovelace@example.com", PASSWORD).await.ok();
        let events = app.get("/v1/auth/events").bearer(&ada.access).send().await.ok();
        let kinds = events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap());
        assert!(kinds.clone().any(|kind| kind == "email_changed"), "{:?}", kinds.collect::<Vec<_>>());
    }

    async fn reset_link_sent_to_the_previous_address_is_rejected(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        app.mail().await;
        app.post("/v1/auth/forgot-password").json(&json!({ "email": "ada@example.com" })).send().await.ok();
        let token = app.mail().await.token();
        app.put(PATH).bearer(&ada.access).json(&body("other@example.com", PASSWORD)).send().await.ok();
        // The link stays invalid when the address is changed back.
        app.put(PATH).bearer(&ada.access).json(&body("ada@example.com", PASSWORD)).send().await.ok();
        let form = json!({ "token": token, "new_password": "seven lucky herons wade" });
        app.post("/v1/auth/reset-password").json(&form).send().await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn changing_a_verified_address_is_forbidden(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let answer = app.put(PATH).bearer(&ada.access).json(&body("other@example.com", PASSWORD)).send().await;
        assert_eq!(answer.error(403, "FORBIDDEN"), &json!({ "required_permission": "email:change" }));
        let access = app.register_without_password("grace").await;
        app.put(PATH).bearer(&access).json(&body("x@example.com", PASSWORD)).send().await.error(403, "FORBIDDEN");
    }

    async fn changing_to_a_taken_address_is_refused_and_notifies_its_owner(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("grace").await;
        let ada = app.register("ada").await;
        app.messages().await;
        let answer = app.put(PATH).bearer(&ada.access).json(&body("GRACE@example.com", PASSWORD)).send().await;
        assert_eq!(answer.issue("email"), "already_exists");
        assert_eq!(app.mail().await.to, "grace@example.com");
        assert_eq!(app.me(&ada.access).await.ok()["email"], "ada@example.com");
    }

    async fn email_change_with_a_wrong_password_is_refused_and_counted(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_login_failures_per_minute: Some(2), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ada = app.register("ada").await;
        for _ in 0..2 {
            let answer = app.put(PATH).bearer(&ada.access).json(&body("x@example.com", "wrong")).send().await;
            assert_eq!(answer.issue("current_password"), "password_incorrect");
        }
        let answer = app.put(PATH).bearer(&ada.access).json(&body("x@example.com", PASSWORD)).send().await;
        answer.error(429, "RATE_LIMIT_EXCEEDED");
    }

    async fn email_changes_are_rate_limited_per_account(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_mail_per_minute: Some(2), ..Options::default() };
        let trusted_proxies = Some("127.0.0.1/32".parse().unwrap());
        let app = TestApp::start_with(backend, Options { trusted_proxies, ..options }).await;
        let ada = app.register("ada").await;
        for number in 0..3 {
            // The limit does not depend on the client's IP address.
            let call = app.put(PATH).bearer(&ada.access).from(&format!("198.51.100.{number}"));
            let answer = call.json(&body(&format!("ada{number}@example.com"), PASSWORD)).send().await;
            assert_eq!(answer.status, if number < 2 { 200 } else { 429 }, "{}", answer.body);
        }
    }

    async fn other_spelling_of_the_address_invalidates_no_link(backend) {
        let app = TestApp::start(backend).await;
        let squatter = app.register("ada").await;
        let verification = app.mail().await.token();
        app.post("/v1/auth/forgot-password").json(&json!({ "email": "ada@example.com" })).send().await.ok();
        let reset = app.mail().await.token();
        for spelling in ["Ada@example.com", "ADA@example.com", "ada@example.com"] {
            app.put(PATH).bearer(&squatter.access).json(&body(spelling, PASSWORD)).send().await.ok();
            assert_eq!(app.me(&squatter.access).await.ok()["email"], "ada@example.com");
        }
        let form = json!({ "token": reset, "new_password": "seven lucky herons wade" });
        app.post("/v1/auth/reset-password").json(&form).send().await.ok();
        assert_eq!(verify(&app, &verification).await, 200);
    }

    async fn owner_reclaims_an_address_that_its_squatter_keeps_changing(backend) {
        let app = TestApp::start(backend).await;
        let squatter = app.register("eve").await;
        let change = async |email: &str| {
            app.put(PATH).bearer(&squatter.access).json(&body(email, PASSWORD)).send().await
        };
        for email in ["ada@example.com", "eve@example.com", "ada@example.com"] {
            change(email).await.ok();
            app.advance(Duration::MINUTE);
        }
        app.messages().await;
        app.post("/v1/auth/forgot-password").json(&json!({ "email": "ada@example.com" })).send().await.ok();
        let token = app.mail().await.token();
        let answer = change("eve@example.com").await;
        answer.error(429, "RATE_LIMIT_EXCEEDED");
        assert_eq!(answer.headers["retry-after"], "43020", "until the day ends");
        let form = json!({ "token": token, "new_password": "seven lucky herons wade" });
        app.post("/v1/auth/reset-password").json(&form).send().await.ok();
        app.me(&squatter.access).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn changing_the_address_does_not_bypass_the_limits_on_reset_emails(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let mut resets = 0;
        for email in ["ada@example.com", "ada1@example.com", "ada2@example.com", "ada3@example.com"] {
            if email != "ada@example.com" {
                app.put(PATH).bearer(&ada.access).json(&body(email, PASSWORD)).send().await.ok();
            }
            for _ in 0..3 {
                app.post("/v1/auth/forgot-password").json(&json!({ "email": email })).send().await.ok();
                let mails = app.messages().await;
                resets += mails.iter().filter(|mail| mail.subject.starts_with("Choose a new password")).count();
                app.advance(Duration::MINUTE);
            }
        }
        // Each change invalidates the link, and then one more email may be sent.
        assert_eq!(resets, 5 + 2);
    }

    async fn email_can_be_changed_again_the_next_day(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        for day in 0..2 {
            let ada: Person = app.login("ada", PASSWORD).await.ok().into();
            for number in 0..3 {
                let email = format!("ada{day}{number}@example.com");
                app.put(PATH).bearer(&ada.access).json(&body(&email, PASSWORD)).send().await.ok();
            }
            let last = app.put(PATH).bearer(&ada.access).json(&body("ada@example.com", PASSWORD)).send().await;
            last.error(429, "RATE_LIMIT_EXCEEDED");
            app.advance(Duration::DAY);
        }
    }

    async fn malformed_body_and_missing_token_are_refused(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let answer = app.put(PATH).bearer(&ada.access).json(&json!({})).send().await;
        assert_eq!((answer.issue("email"), answer.issue("current_password")), ("missing", "missing"));
        let answer = app.put(PATH).bearer(&ada.access).json(&body("nowhere", PASSWORD)).send().await;
        assert_eq!(answer.issue("email"), "value_error");
        app.put(PATH).json(&body("x@example.com", PASSWORD)).send().await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn accepting_an_emailed_invite_verifies_the_account(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let ada = app.register_verified("ada").await;
        let org = app.shared_org(&ada).await;
        let grace: Person = app.register("grace").await;
        let eve = app.register("eve").await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let accept = |access: &str| {
            app.post("/v1/auth/accept-invite").bearer(access).json(&json!({ "token": token }))
        };
        assert_eq!(accept(&eve.access).send().await.issue("token"), "invite_email_mismatch");
        assert_eq!(app.me(&eve.access).await.ok()["is_verified"], false);
        assert_eq!(accept(&grace.access).send().await.ok()["org_id"], org.to_string());
        assert_eq!(app.me(&grace.access).await.ok()["is_verified"], true);
        app.get("/v1/auth/me/profile").bearer(&grace.access).send().await.ok();
    }
}
