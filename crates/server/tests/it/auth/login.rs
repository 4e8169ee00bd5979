use doorward_domain::credential::password::{NewHash, PasswordHash};
use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::json;
use time::Duration;

use crate::support::{PASSWORD, Person, TestApp, on_both};

/// A hash of [`PASSWORD`] with outdated parameters.
const STALE: &str = "$argon2id$v=19$m=32,t=1,p=1$+N9bC0HoXeudc875PwcAoA$BUcBkLAq3JIi6Y7ws8Wpo39SMhShwA5j2DZRu0HlqNo";
/// A hash of [`PASSWORD`], created by Django.
const OF_DJANGO: &str =
    "pbkdf2_sha256$1000$bBocGkHNfHOq5aXtj23YqN$r99nlfymKAfOOkJ7WEGEc3rt8NMoBlBw3w1dCbQ9Ax8=";
/// A hash of [`PASSWORD`], created by passlib.
const OF_BCRYPT: &str = "$2b$04$rw.gt24Ke5qrB3dLkZx6.Osm0u.dRzelcEgK6yPqQP..sikk5QAY2";

async fn store_hash(app: &TestApp, person: &Person, hash: &str) {
    let (hash, now) = (PasswordHash::new(hash.to_owned()), app.state.ports.clock.now());
    let mut repositories = app.state.ports.storage.connect().await.unwrap();
    let new = NewHash { hash, from: None, at: now };
    repositories.users().set_password(person.id, &new).await.unwrap();
}

async fn stored_hash(app: &TestApp, person: &Person) -> String {
    let mut repositories = app.state.ports.storage.connect().await.unwrap();
    let stored = repositories.users().password(person.id).await.unwrap().unwrap();
    stored.hash.expose().to_owned()
}

on_both! {
    async fn username_and_email_address_sign_in_case_insensitively(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.advance(Duration::HOUR);
        for name in ["ann", "ANN", "ann@example.com", "Ann@EXAMPLE.com"] {
            let body = app.login(name, PASSWORD).await.ok();
            assert_eq!(body["user"]["last_login"], "2026-01-01T13:00:00Z");
        }
    }

    async fn wrong_password_and_unknown_name_get_the_same_response(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let wrong = app.login("ann", "wrong horse battery").await;
        let unknown = app.login("bob", "wrong horse battery").await;
        wrong.error(401, "AUTHENTICATION_FAILED");
        assert_eq!(wrong.header("www-authenticate"), "Bearer");
        assert_eq!(wrong.body, unknown.body);
    }

    async fn disabled_account_is_reported_only_after_the_right_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.disable(&ann).await;
        app.login("ann", "wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(403, "FORBIDDEN");
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn unverified_account_is_limited_when_verification_is_required(backend) {
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

    async fn signing_out_of_one_session_keeps_the_others(backend) {
        let app = TestApp::start(backend).await;
        let first = app.register("ann").await;
        let second: Person = app.login("ann", PASSWORD).await.ok().into();
        app.post("/v1/auth/logout").bearer(&second.access).send().await.ok();
        app.me(&second.access).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&first.access).await.ok();
    }

    async fn guessing_limit_of_an_account_does_not_affect_its_owner(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let sign_in = |name: &str, password: &str, from: &str| {
            let body = json!({ "username": name, "password": password });
            app.post("/v1/auth/login").json(&body).from(from).send()
        };
        let wrong = "wrong horse battery";
        let guess = |number: usize| {
            let name = if number.is_multiple_of(2) { "ann" } else { "Ann@example.com" };
            sign_in(name, wrong, if number % 4 < 2 { "198.51.100.1" } else { "198.51.100.2" })
        };
        let answers = join_all((0..30).map(guess)).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(429)), (20, 10), "ten for each name");
        app.advance(Duration::MINUTE);

        // Ten for the account: under its other name not even the right password is compared, and no response reveals it.
        for _ in 0..10 {
            sign_in("ann", wrong, "198.51.100.1").await.error(401, "AUTHENTICATION_FAILED");
        }
        sign_in("ann@example.com", PASSWORD, "198.51.100.1").await.error(401, "AUTHENTICATION_FAILED");
        let answer = sign_in("ann", PASSWORD, "198.51.100.1").await;
        let wait = answer.error(429, "RATE_LIMIT_EXCEEDED")["retry_after"].as_i64().unwrap();
        assert_eq!(answer.header("retry-after"), wait.to_string());
        // The right password still works from the network of the registration and from one that has not guessed.
        app.login("ann", PASSWORD).await.ok();
        sign_in("ann", PASSWORD, "203.0.113.9").await.ok();
        app.advance(Duration::seconds(wait));
        sign_in("ann", PASSWORD, "198.51.100.1").await.ok();
    }

    async fn concurrent_sign_ins_that_rehash_a_password_all_succeed(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        store_hash(&app, &ann, STALE).await;
        for answer in join_all((0..8).map(|_| app.login("ann", PASSWORD))).await {
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
    }

    async fn imported_hash_is_replaced_at_the_first_sign_in(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for hash in [STALE, OF_DJANGO, OF_BCRYPT] {
            store_hash(&app, &ann, hash).await;
            app.login("ann", "wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
            assert_eq!(stored_hash(&app, &ann).await, hash);
            app.login("ann", PASSWORD).await.ok();
            let renewed = stored_hash(&app, &ann).await;
            assert!(renewed.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{renewed}");
            app.login("ann", PASSWORD).await.ok();
            assert_eq!(stored_hash(&app, &ann).await, renewed);
        }
    }

    async fn new_pepper_is_applied_at_sign_in_and_ends_no_session(backend) {
        let text = |name: &str| format!("the pepper {name} which is long enough");
        let pepper = |name: &str| Some(text(name).parse().unwrap());
        let secret = || Some("one secret for all of the servers".parse().unwrap());
        let bare = TestApp::start_with(backend, Options { master_key: secret(), ..Options::default() }).await;
        let ann = bare.register("ann").await;

        let first = Options { master_key: secret(), passwords_pepper: pepper("a"), ..Options::default() };
        let peppered = bare.beside(first).await;
        peppered.login("ann", PASSWORD).await.ok();
        let with_first = stored_hash(&peppered, &ann).await;
        assert!(with_first.contains(",keyid="), "{with_first}");
        bare.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");

        let second = Options {
            master_key: secret(),
            passwords_pepper: pepper("b"),
            passwords_previous_peppers: Some(text("a").parse().unwrap()),
            ..Options::default()
        };
        let rotated = bare.beside(second).await;
        rotated.login("ann", "wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
        rotated.login("ann", PASSWORD).await.ok();
        assert_ne!(stored_hash(&rotated, &ann).await, with_first);
        peppered.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        rotated.refresh(&ann.refresh).await.ok();
    }

    async fn unknown_name_is_refused_after_sampling_stored_hashes(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        store_hash(&app, &ann, OF_BCRYPT).await;
        let survey = app.state.application.password.sample_hashes.run().await.unwrap();
        assert_eq!((survey.sampled, survey.unusable), (1, vec![]));
        app.login("unknown", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.ok();
    }

    async fn full_hashing_queue_returns_503_at_once(backend) {
        let options = Options {
            passwords_queue_size: Some(1), passwords_argon2_memory_kib: Some(65_536), ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let answers = join_all((0..24).map(|_| app.login("unknown", "wrong horse battery"))).await;
        let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
        assert!(!busy.is_empty());
        for answer in &busy {
            answer.error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(answer.header("retry-after"), "1");
        }
        assert!(answers.iter().any(|answer| answer.status == 401));
    }
}
