//! The session of a browser.

use doorward_adapters::storage::StatementKind::{Read, Write};
use reqwest::header;
use time::Duration;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const ACCESS: &str = "doorward-access";
const SESSION: &str = "doorward-session";

on_both! {
    async fn cookies_are_host_only_secure_and_hidden_from_scripts(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let page = browser.sign_in("ada", PASSWORD).await;
        let set: Vec<_> = page.headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(set.len(), 3);
        for cookie in set {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("__Host-doorward-"), "{cookie}");
            for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
                assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }

    async fn cookies_stay_within_4096_bytes(backend) {
        let app = TestApp::start_public(backend).await;
        let name = "n".repeat(64);
        app.register(&name).await;
        let browser = Browser::signed_in(&app, &name).await;
        for (name, value) in browser.cookies() {
            assert!(name.len() + value.len() <= 4096, "{name}");
        }
    }

    async fn cookies_hold_api_tokens_and_the_api_ignores_cookies(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let cookies = browser.cookies();
        assert!(cookies[SESSION].starts_with("dwb_") && cookies["doorward-device"].starts_with("dwd_"));
        app.me(&cookies[ACCESS]).await.ok();
        // The API ignores cookies, so no page can call it on behalf of a user.
        let call = app.get("/v1/auth/me").header("cookie", &format!("{ACCESS}={}", cookies[ACCESS]));
        call.send().await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn browser_session_continues_after_its_access_token_expired(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let before = browser.cookies();
        app.advance(Duration::minutes(16));
        browser.get("/account").await.shown(200);
        let after = browser.cookies();
        assert_ne!(before[ACCESS], after[ACCESS]);
        assert_eq!(before[SESSION], after[SESSION]);
        browser.lose(ACCESS);
        browser.get("/account/sessions").await.shown(200);
    }

    async fn lost_response_signs_no_browser_out(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let kept = browser.cookies()[SESSION].clone();
        for _ in 0..3 {
            app.advance(Duration::minutes(16));
            // A browser that loses the response, including its cookies.
            let lost = Browser::new(&app);
            lost.get_with(&[("cookie", &format!("{SESSION}={kept}"))], "/account").await.shown(200);
        }
        app.advance(Duration::minutes(16));
        browser.get("/account").await.shown(200);
    }

    async fn browser_and_refresh_tokens_are_not_interchangeable(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let kept = browser.cookies()[SESSION].clone();
        app.refresh(&kept).await.error(401, "AUTHENTICATION_FAILED");
        // A refresh token, which scripts of an app may read, is not accepted as a cookie: there it would never be used
        // up.
        let cookie = format!("{SESSION}={}", ada.refresh);
        Browser::new(&app).get_with(&[("cookie", &cookie)], "/account").await.redirects_to("/sign-in");
        browser.lose(ACCESS);
        browser.get("/account").await.shown(200);
        app.refresh(&ada.refresh).await.ok();
    }

    async fn form_is_accepted_after_the_access_token_expired(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        app.advance(Duration::minutes(16));
        let page = browser.submit("/account", &[("full_name", "Ada Lovelace")]).await;
        page.redirects_to("/account");
    }

    async fn two_tabs_renew_the_session_concurrently(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        for _ in 0..10 {
            browser.lose(ACCESS);
            let (one, other) = tokio::join!(browser.get("/account"), browser.get("/account/sessions"));
            one.shown(200);
            other.shown(200);
        }
        assert_eq!(browser.cookies().len(), 3);
    }

    async fn ended_session_redirects_to_sign_in(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let other = Browser::signed_in(&app, "ada").await;
        browser.submit("/account/sessions/others", &[]).await.redirects_to("/account/sessions");
        browser.get("/account/sessions").await.shown(200).says("this browser");
        other.get("/account/sessions").await.redirects_to("/sign-in?next=%2Faccount%2Fsessions");
        assert_eq!(other.cookies().len(), 1);
        other.get("/sign-in").await.shown(200);
    }

    async fn one_of_several_sessions_is_ended(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let other = Browser::signed_in(&app, "ada").await;
        // The current session is listed first, then the newest; the page can end all but the current one.
        let page = browser.get("/account/sessions").await.shown(200);
        let ids: Vec<_> = page.html.split("action=\"/account/sessions/").skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 2, "{ids:?}");
        let path = format!("/account/sessions/{}", ids[0]);
        browser.submit(&path, &[]).await.redirects_to("/account/sessions");
        other.get("/account").await.redirects_to("/sign-in");
        browser.get("/account").await.shown(200);
        browser.get(&path).await.redirects_to("/account/sessions");
    }

    async fn session_of_another_user_cannot_be_ended_on_the_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let eve = app.register("eve").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let sessions = app.get("/v1/auth/sessions").bearer(&eve.access).send().await.ok();
        let id = sessions["items"][0]["session_id"].as_str().unwrap().to_owned();
        browser.submit(&format!("/account/sessions/{id}"), &[]).await.shown(404).says("Page not found");
        app.me(&eve.access).await.ok();
    }

    async fn sign_in_ends_the_previous_session_of_the_browser(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let before = browser.cookies()[ACCESS].clone();
        browser.sign_in("eve", "wrong").await.shown(422);
        app.me(&before).await.ok();
        browser.sign_in("eve", PASSWORD).await.redirects_to("/account");
        app.me(&before).await.error(401, "AUTHENTICATION_FAILED");
        browser.get("/account").await.shown(200).says("eve@example.com");
    }

    async fn forged_cookies_sign_no_browser_in(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let cookies = browser.cookies();
        // Swap the two tokens.
        let swapped = format!("{ACCESS}={}; {SESSION}={}", cookies[SESSION], cookies[ACCESS]);
        for cookie in [&swapped, "doorward-access=x; doorward-session=dwb_x", "doorward-access=", "=;;=,"] {
            let stranger = Browser::new(&app);
            stranger.get_with(&[("cookie", cookie)], "/account").await.redirects_to("/sign-in");
        }
    }

    // Access tokens are also sent to other services, but pages can issue longer-lived tokens and end other sessions.
    async fn access_token_without_a_session_cookie_signs_no_browser_in(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        app.register("eve").await;
        let of_eve = Browser::signed_in(&app, "eve").await.cookies()[SESSION].clone();
        let alone = format!("{ACCESS}={}", ada.access);
        let thief = Browser::new(&app);
        thief.get_with(&[("cookie", &alone)], "/account").await.redirects_to("/sign-in");
        thief.get_with(&[("cookie", &format!("{alone}; {SESSION}=dwb_x"))], "/account").await.redirects_to("/sign-in");
        let beside_another = format!("{alone}; {SESSION}={of_eve}");
        let page = thief.get_with(&[("cookie", &beside_another)], "/account").await;
        page.shown(200).says("eve@example.com");
        let form = app.post("/account/sessions/others").header("cookie", &alone).header("sec-fetch-site", "same-origin");
        form.header("content-type", "application/x-www-form-urlencoded").send().await;
        app.me(&ada.access).await.ok();
        app.refresh(&ada.refresh).await.ok();
    }

    async fn page_runs_only_the_statements_of_its_use_cases(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        app.statements.take();
        browser.get("/account").await.shown(200);
        assert_eq!(app.statements.take().len(), 1);
        browser.get("/sign-out").await.shown(200);
        assert_eq!(app.statements.take().len(), 1);
        Browser::new(&app).get("/sign-in").await.shown(200);
        assert_eq!(app.statements.take().len(), 0);
        browser.lose(ACCESS);
        browser.get("/account").await.shown(200);
        assert_eq!(app.statements.take(), [Write, Read]);
        let ada = app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let owner = Browser::signed_in(&app, "eve").await;
        app.statements.take();
        // One read for the user; one for the organization in each of three use cases, two of which list something; and
        // one for whether the owner is the last one.
        owner.get(&format!("/account/organizations/{org}")).await.shown(200);
        assert_eq!(app.statements.take(), [Read; 7]);
        Browser::new(&app).get(&format!("/invite?token={token}")).await.shown(200);
        assert_eq!(app.statements.take(), [Read; 4]);
    }

    // The response to it may arrive after the new cookies.
    async fn request_with_the_cookies_before_a_second_sign_in_removes_none(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let cookies: Vec<_> = browser.cookies().iter().map(|(name, it)| format!("{name}={it}")).collect();
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
        let former = [("cookie", &*cookies.join("; "))];
        let page = Browser::new(&app).get_with(&former, "/account").await;
        page.redirects_to("/sign-in");
        assert!(!page.headers.contains_key(header::SET_COOKIE), "{:?}", page.headers);
        browser.get("/account").await.shown(200);
    }
}
