//! Passwords, and the tokens of an account when they change.

use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, Fault, PASSWORD, Person, TestApp, on_both};

const NEW: &str = "seven lucky herons wade";

async fn forgot(app: &TestApp, email: &str) {
    app.post("/v1/auth/forgot-password").json(&json!({ "email": email })).send().await.ok();
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "new_password": password });
    app.post("/v1/auth/reset-password").json(&body).send().await
}

async fn change(app: &TestApp, access: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    app.put("/v1/auth/me/password").bearer(access).json(&body).send().await
}

on_both! {
    async fn every_character_of_a_password_is_compared(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let mut current = PASSWORD.to_owned();
        for new in [
            "😀".repeat(128),
            "😀".repeat(64),
            format!("{}b", "a".repeat(72)),
            format!("{}b", "ü".repeat(127)),
            " a  b  c ".to_owned(),
            "אבגדהוזחט".to_owned(),
            "👩\u{200d}👩\u{200d}👧 and a boat".to_owned(),
            "12349876501928".to_owned(),
            "nul \0 within".to_owned(),
        ] {
            app.restore_allowances().await;
            change(&app, &ann.access, &current, &new).await.ok();
            let shorter: String = new.chars().take(new.chars().count() - 1).collect();
            let swapped = new.to_uppercase();
            for wrong in [
                shorter.clone(), format!("{new} "), format!(" {new}"), format!("{new}\0"), format!("{new}x"),
                format!("{shorter}c"), new.trim().to_owned(), swapped, new.replace('\0', ""),
            ] {
                if wrong != new {
                    app.login("ann", &wrong).await.error(401, "AUTHENTICATION_FAILED");
                }
            }
            app.login("ann", &new).await.ok();
            current = new;
        }
        for (bad, issue) in [("a234567", "string_too_short"), (&*"a".repeat(129), "string_too_long")] {
            assert_eq!(change(&app, &ann.access, &current, bad).await.issue("new_password"), issue);
        }
        // A password longer than any that can be set is simply wrong.
        app.login("ann", &"a".repeat(60_000)).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", &"a".repeat(1024 * 1024)).await.error(413, "PAYLOAD_TOO_LARGE");
    }

    async fn common_password_is_refused_wherever_a_password_is_set(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("annabelle").await;
        app.messages().await;
        forgot(&app, "annabelle@example.com").await;
        let token = app.mail().await.token();
        for common in ["password1", "PASSWORD1", "12345678", "qwertyuiop", "iloveyou1"] {
            let body = json!({ "email": "b@example.com", "username": "bob", "password": common });
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("password"), "password_too_common", "{common}");
            let answer = change(&app, &ann.access, PASSWORD, common).await;
            assert_eq!(answer.issue("new_password"), "password_too_common", "{common}");
            let answer = reset(&app, &token, common).await;
            assert_eq!(answer.issue("new_password"), "password_too_common", "{common}");
        }
        for own in ["annabelle", "Annabelle", "annabelle@example.com"] {
            assert_eq!(reset(&app, &token, own).await.issue("new_password"), "password_too_common");
        }
        // The whole password is compared, so a phrase may contain a common one.
        reset(&app, &token, "password1 of the lighthouse").await.ok();
    }

    async fn password_does_not_expire(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.advance(Duration::days(3650));
        app.login("ann", PASSWORD).await.ok();
    }

    async fn new_database_has_no_accounts(backend) {
        let app = TestApp::start(backend).await;
        let rows = app.database.rows().await;
        for table in ["users", "orgs", "memberships", "sessions", "invites"] {
            assert!(rows[table].is_empty(), "{table}");
        }
        for name in ["admin", "root", "doorward", "administrator", "test"] {
            for password in ["admin", "password", "changeme", "doorward", ""] {
                assert_ne!(app.login(name, password).await.status, 200);
            }
        }
    }

    async fn sign_in_ignores_session_identifiers_in_the_request(backend) {
        let app = TestApp::start(backend).await;
        let planted = app.register("ann").await;
        let body = json!({
            "username": "ann", "password": PASSWORD, "refresh_token": planted.refresh,
            "access_token": planted.access, "session_id": "x", "token": planted.refresh,
        });
        let call = app.post("/v1/auth/login").json(&body).bearer(&planted.access);
        let call = call.header("cookie", &format!("session={}", planted.refresh));
        let own: Person = call.send().await.ok().into();
        let session = |access: &str| {
            let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(access).unwrap().claims;
            claims["sid"].clone()
        };
        assert_ne!(session(&own.access), session(&planted.access));
        assert_ne!(own.refresh, planted.refresh);
        app.post("/v1/auth/logout").bearer(&planted.access).send().await.ok();
        app.me(&own.access).await.ok();
        app.refresh(&own.refresh).await.ok();
    }

    async fn verified_owner_reclaims_email_from_unverified_account(backend) {
        let app = TestApp::start(backend).await;
        let attacker = app.register("ann").await;
        let again: Person = app.login("ann", PASSWORD).await.ok().into();
        app.messages().await;
        // The owner can't register, and requests a password reset instead.
        let body = json!({ "email": "ANN@example.com", "username": "ann2", "password": NEW });
        let taken = app.post("/v1/auth/register").json(&body).send().await;
        assert_eq!(taken.issue("email"), "already_exists");
        assert!(app.mail().await.text.contains("/forgot-password"));
        forgot(&app, "ann@example.com").await;
        reset(&app, &app.mail().await.token(), NEW).await.ok();
        for person in [&attacker, &again] {
            app.me(&person.access).await.error(401, "AUTHENTICATION_FAILED");
            app.refresh(&person.refresh).await.error(401, "AUTHENTICATION_FAILED");
            let answer = change(&app, &person.access, PASSWORD, "another horse battery").await;
            answer.error(401, "AUTHENTICATION_FAILED");
        }
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        assert_eq!(app.login("ann", NEW).await.ok()["user"]["is_verified"], true);
    }

    async fn all_sessions_have_ended_when_a_reset_returns(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.messages().await;
        let mut current = PASSWORD.to_owned();
        for round in 0..25 {
            let sessions: Vec<Person> = join_all((0..3).map(|_| app.login("ann", &current))).await
                .into_iter().map(|answer| answer.ok().into()).collect();
            forgot(&app, "ann@example.com").await;
            let token = app.messages().await.pop().unwrap().token();
            let new = format!("{round} lucky herons wade");
            reset(&app, &token, &new).await.ok();
            let refreshes = join_all(sessions.iter().map(|it| app.refresh(&it.refresh))).await;
            let requests = join_all(sessions.iter().map(|it| app.me(&it.access))).await;
            for answer in refreshes.iter().chain(&requests) {
                answer.error(401, "AUTHENTICATION_FAILED");
            }
            app.login("ann", &current).await.error(401, "AUTHENTICATION_FAILED");
            current = new;
            app.advance(Duration::MINUTE);
        }
    }

    async fn all_other_sessions_have_ended_when_a_password_change_returns(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let mut current = PASSWORD.to_owned();
        for round in 0..25 {
            let others: Vec<Person> = join_all((0..3).map(|_| app.login("ann", &current))).await
                .into_iter().map(|answer| answer.ok().into()).collect();
            let new = format!("{round} lucky herons wade");
            app.restore_allowances().await;
            change(&app, &ann.access, &current, &new).await.ok();
            let refreshes = join_all(others.iter().map(|it| app.refresh(&it.refresh))).await;
            let requests = join_all(others.iter().map(|it| app.me(&it.access))).await;
            for answer in refreshes.iter().chain(&requests) {
                answer.error(401, "AUTHENTICATION_FAILED");
            }
            current = new;
        }
        app.me(&ann.access).await.ok();
    }

    async fn reset_without_a_requested_token_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let verification = app.mail().await.token();
        // No reset was requested, so no token can reset.
        let row = doorward_domain::token::TokenRef { id: ann.id.as_uuid(), counter: 1 };
        let purpose = doorward_domain::token::TokenPurpose::ResetPassword;
        let made_up = app.state.ports.opaque_tokens.issue(purpose, row);
        let before = app.database.rows().await;
        for token in [made_up.expose(), &verification, "", "null", "undefined"] {
            for body in [
                json!({ "token": token, "new_password": NEW }),
                json!({ "token": token, "new_password": NEW, "email": "ann@example.com", "user_id": ann.id.to_string() }),
            ] {
                let answer = app.post("/v1/auth/reset-password").json(&body).send().await;
                assert!(matches!(answer.status, 401 | 422), "{}", answer.body);
            }
        }
        for body in [
            json!({ "new_password": NEW }), json!({ "token": null, "new_password": NEW }),
            json!({ "email": "ann@example.com", "new_password": NEW }),
            json!({ "token": { "$ne": 1 }, "new_password": NEW }),
            json!({ "token": [verification], "new_password": NEW }), json!({ "token": true, "new_password": NEW }),
        ] {
            let answer = app.post("/v1/auth/reset-password").json(&body).send().await;
            assert_eq!(answer.status, 422, "{}", answer.body);
        }
        assert_eq!(app.database.rows().await, before);
    }

    async fn reset_applies_only_to_the_account_of_its_token(backend) {
        let app = TestApp::start(backend).await;
        let (_ann, bob) = (app.register("ann").await, app.register("bob").await);
        app.messages().await;
        forgot(&app, "ann@example.com").await;
        let token = app.mail().await.token();
        let body = json!({
            "token": token, "new_password": NEW, "email": "bob@example.com", "username": "bob",
            "user_id": bob.id.to_string(),
        });
        let call = app.post("/v1/auth/reset-password").json(&body).bearer(&bob.access);
        call.send().await.ok();
        app.me(&bob.access).await.ok();
        app.login("bob", PASSWORD).await.ok();
        app.login("ann", NEW).await.ok();
    }

    async fn verification_link_applies_only_to_its_account_and_does_not_sign_in(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let token = app.mail().await.token();
        let bob = app.register("bob").await;
        app.messages().await;
        let body = json!({ "token": token, "email": "bob@example.com" });
        let answer = app.post("/v1/auth/verify-email").json(&body).bearer(&bob.access).send().await;
        assert!(answer.ok().is_null());
        assert_eq!(app.me(&bob.access).await.ok()["is_verified"], false);
        assert_eq!(app.me(&ann.access).await.ok()["is_verified"], true);
    }

    async fn wrong_current_passwords_are_limited_like_sign_ins(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        let guesses = join_all((0..40).map(|_| change(&app, &ann.access, "wrong horse", NEW))).await;
        let count = |status| guesses.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(422), count(429)), (10, 30));
        // The limit refuses the right password as well.
        change(&app, &ann.access, PASSWORD, NEW).await.error(429, "RATE_LIMIT_EXCEEDED");
        app.advance(Duration::MINUTE);
        change(&app, &ann.access, PASSWORD, NEW).await.ok();
    }

    async fn username_cannot_look_like_an_email_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        for name in ["ann@example.com", "Ann@Example.com", "ann＠example.com", "аnn", "ann\u{200b}", " ann"] {
            let body = json!({ "email": "eve@example.com", "username": name, "password": PASSWORD });
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("username"), "string_pattern_mismatch", "{name}");
        }
        app.login("ann@example.com", PASSWORD).await.ok();
    }

    async fn sign_in_failures_stay_counted_during_a_database_outage(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let guess = || {
            let body = json!({ "username": "ann", "password": "wrong horse battery" });
            app.post("/v1/auth/login").json(&body).from("198.51.100.7").send()
        };
        for _ in 0..10 {
            guess().await.error(401, "AUTHENTICATION_FAILED");
        }
        guess().await.error(429, "RATE_LIMIT_EXCEEDED");
        // An outage neither checks passwords nor clears the failures.
        app.faults.set(Fault::DatabaseAway);
        guess().await.error(503, "SERVICE_UNAVAILABLE");
        app.faults.set(Fault::Nothing);
        guess().await.error(429, "RATE_LIMIT_EXCEEDED");
    }

    async fn flood_of_other_names_does_not_evict_the_failures_of_an_account(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let guess = |name: String, address: String| {
            let body = json!({ "username": name, "password": "wrong horse battery" });
            app.post("/v1/auth/login").json(&body).from(&address).send()
        };
        for _ in 0..10 {
            let answer = guess("ann".to_owned(), "198.51.100.1".to_owned()).await;
            answer.error(401, "AUTHENTICATION_FAILED");
        }
        for chunk in 0..40 {
            let others = (0..50).map(|at| guess(format!("n{chunk}.{at}"), format!("203.0.{chunk}.{at}")));
            join_all(others).await;
        }
        guess("ann".to_owned(), "198.51.100.1".to_owned()).await.error(429, "RATE_LIMIT_EXCEEDED");
    }
}
