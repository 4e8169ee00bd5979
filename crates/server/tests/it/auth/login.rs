use doorward_adapters::passwords::{Argon2Hasher, HashingOptions};
use doorward_domain::{password::Password, ports::PasswordHasher};
use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::json;
use time::Duration;

use crate::support::{PASSWORD, Person, TestApp, on_both};

on_both! {
    async fn name_and_address_sign_in_in_any_case(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.advance(Duration::HOUR);
        for name in ["ann", "ANN", "ann@example.com", "Ann@EXAMPLE.com"] {
            let body = app.login(name, PASSWORD).await.ok();
            assert_eq!(body["user"]["last_login"], "2026-01-01T13:00:00Z");
        }
    }

    async fn a_wrong_password_and_an_unknown_name_get_the_same_answer(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let wrong = app.login("ann", "wrong horse battery").await;
        let unknown = app.login("bob", "wrong horse battery").await;
        wrong.error(401, "AUTHENTICATION_FAILED");
        assert_eq!(wrong.header("www-authenticate"), "Bearer");
        assert_eq!(wrong.body, unknown.body);
    }

    async fn a_disabled_account_is_told_so_only_after_the_right_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.disable(&ann).await;
        app.login("ann", "wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(403, "FORBIDDEN");
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn where_addresses_have_to_be_verified_little_is_open_before(backend) {
        let options = Options { require_verified_email: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        app.login("ann", "wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
        let unverified = json!({ "required_permission": "email:verified" });
        assert_eq!(*app.login("ann", PASSWORD).await.error(403, "FORBIDDEN"), unverified);
        assert_eq!(*app.refresh(&ann.refresh).await.error(403, "FORBIDDEN"), unverified);
        let profile = app.get("/v1/auth/me/profile").bearer(&ann.access).send().await;
        assert_eq!(*profile.error(403, "FORBIDDEN"), unverified);
        app.me(&ann.access).await.ok();

        let token = app.mail().await.token();
        app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.ok();
        app.get("/v1/auth/me/profile").bearer(&ann.access).send().await.ok();
        app.refresh(&ann.refresh).await.ok();
        app.login("ann", PASSWORD).await.ok();
    }

    async fn sessions_are_apart(backend) {
        let app = TestApp::start(backend).await;
        let first = app.register("ann").await;
        let second: Person = app.login("ann", PASSWORD).await.ok().into();
        app.post("/v1/auth/logout").bearer(&second.access).send().await.ok();
        app.me(&second.access).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&first.access).await.ok();
    }

    async fn guesses_are_limited_for_the_account_and_not_for_its_owner(backend) {
        let options = Options { limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let guess = |number: usize| {
            let name = if number.is_multiple_of(2) { "ann" } else { "Ann@example.com" };
            let body = json!({ "username": name, "password": "wrong horse battery" });
            let address = format!("198.51.100.{number}");
            app.post("/v1/auth/login").json(&body).from(&address).send()
        };
        let answers = join_all((0..30).map(guess)).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(429)), (10, 20));

        // From where the account was made, the right password still opens.
        app.login("ann", PASSWORD).await.ok();
        // From elsewhere not even the right one does, for a while.
        let body = json!({ "username": "ann", "password": PASSWORD });
        let answer = app.post("/v1/auth/login").json(&body).from("203.0.113.9").send().await;
        let wait = answer.error(429, "RATE_LIMIT_EXCEEDED")["retry_after"].as_i64().unwrap();
        assert_eq!(answer.header("retry-after"), wait.to_string());
        app.advance(Duration::seconds(wait));
        app.post("/v1/auth/login").json(&body).from("203.0.113.9").send().await.ok();
    }

    async fn sign_ins_at_the_same_moment_renew_a_hash_and_all_succeed(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        // A hash with other parameters than those in force.
        let old = Argon2Hasher::start(
            &HashingOptions { memory_kib: 32, passes: 1, ..HashingOptions::default() },
            app.state.ports.randomness.clone(),
        ).unwrap();
        let hash = old.hash(Password::presented(PASSWORD)).await.unwrap();
        let now = app.state.ports.clock.now();
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        repositories.users().set_password(ann.id, &hash, now).await.unwrap();
        drop(repositories);
        for answer in join_all((0..8).map(|_| app.login("ann", PASSWORD))).await {
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
    }

    async fn a_full_hashing_queue_is_told_at_once(backend) {
        let options = Options {
            hash_queue: Some(1), hash_memory_kib: Some(65_536), ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let answers = join_all((0..24).map(|_| app.login("nobody", "wrong horse battery"))).await;
        let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
        assert!(!busy.is_empty());
        for answer in &busy {
            answer.error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(answer.header("retry-after"), "1");
        }
        assert!(answers.iter().any(|answer| answer.status == 401));
    }
}
