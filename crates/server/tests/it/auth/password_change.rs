use doorward_server::config::Options;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, Browser, PASSWORD, Person, TestApp, on_both};

const NEW: &str = "another horse battery";

async fn change(app: &TestApp, access: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    app.put("/v1/auth/me/password").bearer(access).json(&body).send().await
}

/// Requests a reset email, and returns the token in its link if it was sent.
async fn latest_link(app: &TestApp) -> Option<String> {
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let mut mails = app.messages().await.into_iter();
    mails.rfind(|mail| mail.text.contains("/reset-password")).map(|mail| mail.token())
}

on_both! {
    async fn password_change_ends_every_other_session(backend) {
        let app = TestApp::start(backend).await;
        let here = app.register("ann").await;
        let there: Person = app.login("ann", PASSWORD).await.ok().into();
        app.messages().await;
        assert!(change(&app, &here.access, PASSWORD, NEW).await.ok().is_null());

        app.me(&here.access).await.ok();
        app.refresh(&here.refresh).await.ok();
        app.me(&there.access).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", NEW).await.ok();
        assert!(app.mail().await.subject.contains("was changed"));
    }

    async fn copied_refresh_token_is_detected_when_both_copies_are_used(backend) {
        let app = TestApp::start(backend).await;
        for thief_is_first in [false, true] {
            let name = if thief_is_first { "bob" } else { "ann" };
            let owner = app.register(name).await;
            change(&app, &owner.access, PASSWORD, NEW).await.ok();
            let got: Value = app.refresh(&owner.refresh).await.ok();
            app.advance(Duration::minutes(1));
            let late = app.refresh(&owner.refresh).await;
            assert_eq!(late.error(401, "AUTHENTICATION_FAILED")["reason"], "token_reused");
            // The tokens that the first refresh returned are revoked, too.
            app.me(got["access_token"].as_str().unwrap()).await.error(401, "AUTHENTICATION_FAILED");
            let token = got["refresh_token"].as_str().unwrap();
            app.refresh(token).await.error(401, "AUTHENTICATION_FAILED");
            app.login(name, NEW).await.ok();
        }
    }

    async fn session_that_changed_the_password_expires_after_a_day_despite_refreshes(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        change(&app, &ann.access, PASSWORD, NEW).await.ok();
        let mut token = ann.refresh;
        for _ in 0..3 {
            app.advance(Duration::hours(7));
            token = app.refresh(&token).await.ok()["refresh_token"].as_str().unwrap().to_owned();
        }
        app.advance(Duration::hours(3));
        let late = app.refresh(&token).await;
        assert_eq!(late.error(401, "AUTHENTICATION_FAILED")["reason"], "token_expired");
    }

    async fn page_renews_the_session_and_invalidates_copied_cookies(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let fields = [("current_password", PASSWORD), ("new_password", NEW)];
        for (path, fields) in [("/account/sessions/others", &[][..]), ("/account/password", &fields)] {
            let browser = Browser::signed_in(&app, "ann").await;
            let copied = browser.cookies();
            browser.submit(path, fields).await;
            let renewed = browser.cookies();
            for name in ["doorward-access", "doorward-session", "doorward-device"] {
                assert_ne!(copied[name], renewed[name], "{path} {name}");
                let thief = Browser::new(&app);
                let copy = format!("{name}={}", copied[name]);
                thief.get_with(&[("cookie", &copy)], "/account").await.redirects_to("/sign-in");
            }
            app.me(&copied["doorward-access"]).await.error(401, "AUTHENTICATION_FAILED");
            browser.get("/account").await.shown(200);
            app.advance(Duration::minutes(20));
            browser.get("/account").await.shown(200);
        }
        app.login("ann", NEW).await.ok();
    }

    async fn in_flight_request_does_not_remove_renewed_cookies(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        let former = format!("doorward-session={}", browser.cookies()["doorward-session"]);
        browser.submit("/account/password", &[("current_password", PASSWORD), ("new_password", NEW)]).await;
        for (seconds, is_removed) in [(0, false), (10, false), (1, true)] {
            app.advance(Duration::seconds(seconds));
            let page = Browser::new(&app).get_with(&[("cookie", &former)], "/account").await;
            assert_eq!(page.headers.contains_key("set-cookie"), is_removed, "{seconds}");
        }
        browser.get("/account").await.shown(200);
    }

    async fn renewal_on_the_sessions_page_does_not_extend_the_session(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        for _ in 0..9 {
            app.advance(Duration::days(9));
            browser.get("/account").await.shown(200);
            browser.submit("/account/sessions/others", &[]).await.redirects_to("/account/sessions");
        }
        app.advance(Duration::days(9));
        browser.get("/account").await.redirects_to("/sign-in");
    }

    async fn device_that_changed_the_password_stays_known(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        browser.submit("/account/password", &[("current_password", PASSWORD), ("new_password", NEW)]).await;
        browser.submit("/sign-out", &[]).await;
        for _ in 0..12 {
            for _ in 0..10 {
                let body = json!({ "username": "ann", "password": "wrong horse battery" });
                app.post("/v1/auth/login").json(&body).from("198.51.100.1").send().await;
            }
            app.advance(Duration::MINUTE);
        }
        browser.sign_in("ann", NEW).await.redirects_to("/account");
    }

    // The attacker sends the emails, so that the owner can't request one, and invalidates each link at once.
    async fn password_changes_of_an_attacker_do_not_invalidate_every_reset_link(backend) {
        for is_verified in [true, false] {
            let app = TestApp::start(backend).await;
            if is_verified {
                app.register_verified("ann").await;
            } else {
                app.register("ann").await;
            }
            let mut passwords = (PASSWORD, NEW);
            let mut token = String::new();
            for _ in 0..10 {
                app.advance(Duration::minutes(8));
                token = latest_link(&app).await.unwrap_or(token);
            }
            let mut works = Vec::new();
            for _ in 0..2 {
                let thief: Person = app.login("ann", passwords.0).await.ok().into();
                for _ in 0..8 {
                    app.advance(Duration::minutes(2));
                    token = latest_link(&app).await.unwrap_or(token);
                    let answer = change(&app, &thief.access, passwords.0, passwords.1).await;
                    if answer.status == 200 {
                        passwords = (passwords.1, passwords.0);
                    }
                    let page = Browser::new(&app).get(&format!("/reset-password?token={token}")).await;
                    works.push(page.status == 200);
                }
                app.advance(Duration::DAY);
            }
            let expected = [false, false, false, true, true, true, true, true].repeat(2);
            assert_eq!(works, expected, "verified: {is_verified}");
        }
    }

    async fn password_can_be_changed_three_times_a_day(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let mut passwords = (PASSWORD, NEW);
        for _ in 0..2 {
            let ann: Person = app.login("ann", passwords.0).await.ok().into();
            for _ in 0..3 {
                change(&app, &ann.access, passwords.0, passwords.1).await.ok();
                passwords = (passwords.1, passwords.0);
            }
            let answer = change(&app, &ann.access, passwords.0, passwords.1).await;
            answer.error(429, "RATE_LIMIT_EXCEEDED");
            app.advance(Duration::DAY);
        }
    }

    async fn correct_current_passwords_are_limited_per_account(backend) {
        let options = Options {
            rate_limits_enabled: Some(true), rate_limits_mail_per_minute: Some(1000), ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let check = async |access: &str, number: u8| {
            // Nothing changes, and no attempt counts as failed.
            let body = json!({ "current_password": PASSWORD, "new_password": "password1" });
            let from = format!("198.51.100.{number}");
            app.put("/v1/auth/me/password").bearer(access).from(&from).json(&body).send().await
        };
        for number in 0..10 {
            assert_eq!(check(&ann.access, number).await.issue("new_password"), "password_too_common");
        }
        let answer = check(&ann.access, 10).await;
        answer.error(429, "RATE_LIMIT_EXCEEDED");
        assert_eq!(answer.headers["retry-after"], "6");
        assert_eq!(check(&bob.access, 10).await.issue("new_password"), "password_too_common");
    }

    async fn password_change_requires_the_current_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let answer = change(&app, &ann.access, "wrong horse battery", NEW).await;
        assert_eq!(answer.issue("current_password"), "password_incorrect");
        assert!(!answer.body.to_string().contains("horse"), "{}", answer.body);
        app.login("ann", PASSWORD).await.ok();
    }

    async fn password_change_refuses_a_common_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let answer = change(&app, &ann.access, PASSWORD, "password1").await;
        assert_eq!(answer.issue("new_password"), "password_too_common");
        app.login("ann", PASSWORD).await.ok();
    }

    async fn password_change_invalidates_reset_links(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.messages().await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let token = app.mail().await.token();
        change(&app, &ann.access, PASSWORD, NEW).await.ok();
        app.advance(Duration::SECOND);
        let body = json!({ "token": token, "new_password": "a third horse battery" });
        let answer = app.post("/v1/auth/reset-password").json(&body).send().await;
        answer.error(401, "AUTHENTICATION_FAILED");
    }
}
