use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{PASSWORD, TestApp, on_both};

fn body(email: &str, username: &str, password: &str) -> Value {
    json!({ "email": email, "username": username, "password": password })
}

on_both! {
    async fn registration_signs_in_and_creates_a_personal_workspace(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({
            "email": "Ann@Example.com", "username": "Ann", "password": PASSWORD,
            "full_name": "Ann Lee", "is_platform_admin": true, "roles": ["admin"],
        });
        let answer = app.post("/v1/auth/register").json(&body).send().await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let body = answer.ok();
        assert_eq!(body["token_type"], "bearer");
        assert_eq!(body["expires_in"], 900);
        let user = &body["user"];
        assert_eq!(
            *user,
            json!({
                "user_id": user["user_id"],
                "email": "Ann@example.com",
                "username": "Ann",
                "full_name": "Ann Lee",
                "auth_provider": "local",
                "is_active": true,
                "is_verified": false,
                "roles": ["owner"],
                "avatar_url": null,
                "bio": null,
                "timezone": null,
                "locale": null,
                "preferences": {},
                "settings": {},
                "created_at": "2026-01-01T12:00:00Z",
                "updated_at": "2026-01-01T12:00:00Z",
                "last_login": "2026-01-01T12:00:00Z",
                "default_workspace_id": user["default_workspace_id"],
            })
        );
        let me = app.me(body["access_token"].as_str().unwrap()).await.ok();
        assert_eq!(me, *user);
    }

    async fn taken_email_and_username_are_reported_together_case_insensitively(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let register = |email, username| {
            app.post("/v1/auth/register").json(&body(email, username, PASSWORD)).send()
        };
        let answer = register("ANN@example.com", "other").await;
        assert_eq!(answer.issue("email"), "already_exists");
        assert_eq!(answer.body["detail"][0]["input"], "ANN@example.com");
        let answer = register("other@example.com", "ANN").await;
        assert_eq!(answer.issue("username"), "already_exists");
        let answer = register("ann@EXAMPLE.com", "aNN").await;
        assert_eq!(
            (answer.issue("email"), answer.issue("username")),
            ("already_exists", "already_exists")
        );
        // Rejected registrations left nothing behind.
        register("other@example.com", "other").await.ok();
    }

    async fn concurrent_registrations_of_one_address_create_one_account(backend) {
        let app = TestApp::start(backend).await;
        let register = |number: usize| {
            let name = format!("ann-{number}");
            app.post("/v1/auth/register").json(&body("ann@example.com", &name, PASSWORD)).send()
        };
        let answers = join_all((0..16).map(register)).await;
        let made = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(made, 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(answer.issue("email"), "already_exists");
        }
    }

    async fn owner_of_a_taken_address_is_notified_once_a_day(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let invite = app.invite(&ann, org, "ann@example.com").await;
        app.messages().await;
        let register = async |email: &str, username: &str, invite: Option<&str>| {
            let mut body = body(email, username, PASSWORD);
            body["invite_token"] = json!(invite);
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("email"), "already_exists");
        };
        register("ANN@EXAMPLE.COM", "eve", None).await;
        register("ann@example.com", "ann", None).await;
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann@example.com");
        assert_eq!(mail.subject, "You already have an account with Doorward");
        let page = "\r\n\r\nhttp://127.0.0.1:8080/forgot-password\r\n";
        assert!(mail.text.contains(page) && !mail.text.contains("token="), "{}", mail.text);
        register("ann@example.com", "eve", None).await;
        assert!(app.messages().await.is_empty());
        app.advance(Duration::DAY);
        register("ann@example.com", "eve", Some(&invite)).await;
        assert_eq!(app.mail().await.to, "ann@example.com");
        // If only the username is taken, its owner is not notified.
        let answer = app.post("/v1/auth/register").json(&body("eve@example.com", "ann", PASSWORD));
        assert_eq!(answer.send().await.issue("username"), "already_exists");
        assert!(app.messages().await.is_empty());
    }

    async fn two_servers_notify_the_owner_of_a_taken_address_once(backend) {
        let secret = || Some("one secret for both of the servers".parse().unwrap());
        let options = || Options { master_key: secret(), ..Options::default() };
        let one = TestApp::start_with(backend, options()).await;
        let two = one.beside(options()).await;
        one.register("ann").await;
        one.messages().await;
        let register = |number: usize| {
            let app = [&one, &two][number % 2];
            let body = body("ann@example.com", &format!("eve-{number}"), PASSWORD);
            app.post("/v1/auth/register").json(&body).send()
        };
        for answer in join_all((0..12).map(register)).await {
            assert_eq!(answer.issue("email"), "already_exists");
        }
        assert_eq!(one.messages().await.len() + two.messages().await.len(), 1);
    }

    async fn easily_guessed_password_is_refused(backend) {
        let app = TestApp::start(backend).await;
        for password in ["password1", "Ann@Example.com", "annabelle-lee"] {
            let body = body("ann@example.com", "annabelle-lee", password);
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("password"), "password_too_common", "{password}");
            assert!(!answer.body.to_string().contains(password), "{}", answer.body);
        }
    }

    async fn password_made_of_context_words_is_refused(backend) {
        let options = Options { service_name: Some("Acme Cloud".to_owned()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        for password in [
            "Doorward1", "AcmeCloud2026!", "acme-acme-1", "corpcorp1", "Spring2026!", "annlee1990", "Sunshine2026!",
        ] {
            let body = body("ann.lee@corp.example", "ann-lee", password);
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("password"), "password_too_common", "{password}");
        }
        let body = body("ann.lee@corp.example", "ann-lee", "acme comes after spring");
        app.post("/v1/auth/register").json(&body).send().await.ok();
    }

    async fn reserved_username_is_refused_as_taken(backend) {
        let options = Options { service_name: Some("Acme Cloud".to_owned()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        for name in ["admin", "Root", "post-master", "abuse", "support", "security", "webmaster", "acme.cloud", "doorward"] {
            let answer = app.post("/v1/auth/register").json(&body("ann@example.com", name, PASSWORD)).send().await;
            assert_eq!(answer.issue("username"), "already_exists", "{name}");
        }
        assert_eq!(app.database.rows().await["users"].len(), 0);
        app.register("admin1").await;
    }

    async fn registration_without_an_invite_is_forbidden_when_closed(backend) {
        let options = Options { allow_registration: Some(false), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let body = body("ann@example.com", "ann", PASSWORD);
        let answer = app.post("/v1/auth/register").json(&body).send().await;
        let details = answer.error(403, "FORBIDDEN");
        assert_eq!(*details, json!({ "required_permission": "auth:register" }));
        let config = app.get("/v1/auth/config").send().await.ok();
        assert_eq!(config, json!({ "allow_registration": false }));
    }

    async fn nul_character_is_never_stored(backend) {
        let app = TestApp::start(backend).await;
        let mut body = body("ann@example.com", "ann", PASSWORD);
        body["full_name"] = json!("Ann\u{0}Lee");
        let answer = app.post("/v1/auth/register").json(&body).send().await;
        assert_eq!(answer.ok()["user"]["full_name"], "Ann\u{FFFD}Lee");
        assert_eq!(app.login("an\u{0}n", PASSWORD).await.status, 401);
    }
}
