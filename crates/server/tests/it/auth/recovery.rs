//! Account recovery by its owner during a continued guessing attack.

use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::json;
use time::Duration;

use super::lockout::{limited, sign_in};
use crate::support::{Answer, Backend, Browser, PASSWORD, TestApp, on_both};

const HOME: &str = "203.0.113.9";
const NEW: &str = "a brand new password";

/// Sends three incorrect passwords from each of a hundred networks at once, under both names of the account, with full
/// rate limit budgets.
async fn attack(app: &TestApp) {
    app.advance(Duration::MINUTE);
    let guess = |number: u32| async move {
        let name = if number.is_multiple_of(3) { "ann@example.com" } else { "ann" };
        let body = json!({ "username": name, "password": "wrong horse battery" });
        let from = format!("198.51.100.{}", number % 100);
        app.post("/v1/auth/login").json(&body).from(&from).send().await.status
    };
    let statuses = join_all((0..300).map(guess)).await;
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
}

fn device(answer: &Answer) -> String {
    answer.header("device-token").to_owned()
}

/// Registers ann from home, and discards her emails.
async fn with_ann(backend: Backend) -> TestApp {
    let app = limited(backend).await;
    let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
    app.post("/v1/auth/register").json(&body).from(HOME).send().await.ok();
    app.messages().await;
    app
}

async fn request_reset(app: &TestApp, from: &str) {
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).from(from).send().await.ok();
}

/// Resets ann's password, while others request resets for her, too.
async fn reset(app: &TestApp, from: &str, password: &str) -> Answer {
    app.messages().await;
    request_reset(app, from).await;
    let mails = app.messages().await;
    let token = mails.iter().find(|mail| mail.subject.contains("password")).unwrap().token();
    for number in 0..5 {
        request_reset(app, &format!("198.51.100.{number}")).await;
    }
    app.advance(Duration::minutes(2));
    request_reset(app, "198.51.100.9").await;
    app.messages().await;
    let body = json!({ "token": token, "new_password": password });
    app.post("/v1/auth/reset-password").json(&body).from(from).send().await
}

on_both! {
    async fn owner_signs_in_before_and_after_a_reset_during_a_guessing_attack(backend) {
        let app = with_ann(backend).await;
        let known = device(&sign_in(&app, PASSWORD, HOME, None).await);
        for _ in 0..2 {
            attack(&app).await;
        }
        // Before the reset: the known device can sign in from anywhere; any other client has to reset the password.
        sign_in(&app, PASSWORD, "203.0.113.50", Some(&known)).await.ok();
        attack(&app).await;
        sign_in(&app, PASSWORD, HOME, None).await.error(401, "AUTHENTICATION_FAILED");
        sign_in(&app, PASSWORD, "203.0.113.51", None).await.error(401, "AUTHENTICATION_FAILED");

        let done = reset(&app, HOME, NEW).await;
        let recovered = device(&done);
        assert!(done.ok().is_null());
        attack(&app).await;
        // The former device is no longer known; the one that reset the password is, at home and elsewhere.
        sign_in(&app, NEW, HOME, Some(&known)).await.error(401, "AUTHENTICATION_FAILED");
        let at_home = sign_in(&app, NEW, HOME, Some(&recovered)).await;
        let next = device(&at_home);
        at_home.ok();
        attack(&app).await;
        for (from, token) in [("203.0.113.60", &recovered), ("203.0.113.61", &next)] {
            sign_in(&app, NEW, from, Some(token)).await.ok();
            attack(&app).await;
        }
        // A new device: a sign-in on a known one cleared the failures, and the new network has its own attempts.
        sign_in(&app, NEW, HOME, Some(&next)).await.ok();
        sign_in(&app, NEW, "203.0.113.70", None).await.ok();
        // A new device can also reset the password, despite attacks in between.
        attack(&app).await;
        app.advance(Duration::HOUR);
        let done = reset(&app, "203.0.113.80", "yet another password").await;
        attack(&app).await;
        sign_in(&app, "yet another password", "203.0.113.80", Some(&device(&done))).await.ok();
    }

    async fn network_that_completed_a_reset_has_its_own_attempts(backend) {
        let app = with_ann(backend).await;
        reset(&app, "203.0.113.80", NEW).await.ok();
        // Fewer than a hundred failures, but the shared attempts are used up.
        for number in 0..12 {
            sign_in(&app, "wrong horse battery", &format!("198.51.100.{number}"), None).await;
        }
        for _ in 0..5 {
            let mistyped = sign_in(&app, "mistyped", "203.0.113.80", None).await;
            mistyped.error(401, "AUTHENTICATION_FAILED");
        }
        sign_in(&app, NEW, "203.0.113.80", None).await.ok();
    }

    async fn new_network_has_two_attempts_of_its_own(backend) {
        let app = with_ann(backend).await;
        let guess = async |from: &str| sign_in(&app, "wrong horse battery", from, None).await.status;
        for _ in 0..2 {
            let spent: Vec<_> = (0..14).map(|number| format!("198.51.100.{}", number % 2)).collect();
            let statuses = join_all(spent.iter().map(|from| guess(from))).await;
            assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
            // One wrong attempt of its own.
            assert_eq!(guess("203.0.113.70").await, 401);
            sign_in(&app, PASSWORD, "203.0.113.70", None).await.ok();
            app.advance(Duration::MINUTE);
        }
        assert_eq!([guess("198.51.100.0").await, guess("203.0.113.71").await], [401, 401]);
    }

    async fn owners_network_is_not_exempt_from_the_failure_cap(backend) {
        let app = with_ann(backend).await;
        let known = device(&sign_in(&app, PASSWORD, HOME, None).await);
        for _ in 0..13 {
            for _ in 0..10 {
                sign_in(&app, "wrong horse battery", HOME, None).await.error(401, "AUTHENTICATION_FAILED");
            }
            app.advance(Duration::MINUTE);
        }
        sign_in(&app, PASSWORD, HOME, None).await.error(401, "AUTHENTICATION_FAILED");
        assert!(app.messages().await.is_empty());
        sign_in(&app, PASSWORD, HOME, Some(&known)).await.ok();
    }

    async fn correct_guess_from_the_owners_network_sends_a_warning(backend) {
        let app = with_ann(backend).await;
        for _ in 0..5 {
            sign_in(&app, "wrong horse battery", HOME, None).await.error(401, "AUTHENTICATION_FAILED");
        }
        sign_in(&app, PASSWORD, HOME, None).await.ok();
        assert!(app.mail().await.subject.contains("after wrong passwords"));
    }

    async fn device_token_of_a_reset_ends_at_the_next_reset_and_after_two_weeks(backend) {
        let app = with_ann(backend).await;
        let first = device(&reset(&app, HOME, NEW).await);
        app.advance(Duration::HOUR);
        let second = device(&reset(&app, HOME, "yet another password").await);
        attack(&app).await;
        sign_in(&app, "yet another password", HOME, Some(&first)).await.error(401, "AUTHENTICATION_FAILED");
        app.advance(Duration::days(13));
        attack(&app).await;
        sign_in(&app, "yet another password", "203.0.113.90", Some(&second)).await.ok();
        app.advance(Duration::days(2));
        attack(&app).await;
        let late = sign_in(&app, "yet another password", "203.0.113.91", Some(&second)).await;
        late.error(401, "AUTHENTICATION_FAILED");
    }

    async fn device_token_of_a_reset_is_rejected_for_another_account(backend) {
        let app = with_ann(backend).await;
        app.register("bob").await;
        app.messages().await;
        let of_ann = device(&reset(&app, HOME, NEW).await);
        for number in 0..120 {
            if number % 10 == 0 {
                app.advance(Duration::MINUTE);
            }
            let body = json!({ "username": "bob", "password": "wrong horse battery" });
            app.post("/v1/auth/login").json(&body).from("198.51.100.1").send().await;
        }
        let body = json!({ "username": "bob", "password": PASSWORD });
        let call = app.post("/v1/auth/login").json(&body).header("device-token", &of_ann);
        call.send().await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn browser_that_reset_the_password_signs_in_during_a_guessing_attack(backend) {
        let app = with_ann(backend).await;
        let browser = Browser::new(&app);
        request_reset(&app, HOME).await;
        let token = app.mail().await.token();
        attack(&app).await;
        let fields = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &fields).await.redirects_to("/sign-in");
        attack(&app).await;
        browser.sign_in("ann", NEW).await.redirects_to("/account");
        attack(&app).await;
        Browser::new(&app).sign_in("ann", NEW).await.shown(422);
    }

    async fn limits_do_not_reveal_that_two_names_belong_to_one_account(backend) {
        let options = Options {
            rate_limits_enabled: Some(true), allow_registration: Some(true), ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        app.register("frank").await;
        // From the network that Frank registered from, and from another one.
        for from in ["127.0.0.1", "198.51.100.1"] {
            let mut seen = Vec::new();
            for name in ["frank", "unknown"] {
                let mut statuses = Vec::new();
                for (count, name) in [(11, name.to_owned()), (9, format!("{name}@example.com"))] {
                    for _ in 0..count {
                        let body = json!({ "username": name, "password": "wrong horse battery" });
                        let call = app.post("/v1/auth/login").json(&body).from(from);
                        statuses.push(call.send().await.status);
                    }
                }
                seen.push(statuses);
                app.advance(Duration::minutes(2));
            }
            assert_eq!(seen[0], seen[1], "{from}");
            assert_eq!((seen[0][10], seen[0][11]), (429, 401), "{from} {seen:?}");
        }
    }
}
