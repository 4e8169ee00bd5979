//! The session of a browser.

use doorward_adapters::storage::StatementKind::{Read, Write};
use reqwest::header;
use time::Duration;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const ACCESS: &str = "doorward-access";
const SESSION: &str = "doorward-session";

on_both! {
    async fn cookies_are_for_this_host_and_no_script(backend) {
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

    async fn no_cookie_is_too_large(backend) {
        let app = TestApp::start_public(backend).await;
        let name = "n".repeat(64);
        app.register(&name).await;
        let browser = Browser::signed_in(&app, &name).await;
        for (name, value) in browser.cookies() {
            assert!(name.len() + value.len() <= 4096, "{name}");
        }
    }

    async fn cookies_hold_the_tokens_of_the_api_and_are_none_for_it(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let cookies = browser.cookies();
        assert!(cookies[SESSION].starts_with("dwb_") && cookies["doorward-device"].starts_with("dwd_"));
        app.me(&cookies[ACCESS]).await.ok();
        // The API knows no cookies, so no page can act on it in somebody's name.
        let call = app.get("/v1/auth/me").header("cookie", &format!("{ACCESS}={}", cookies[ACCESS]));
        call.send().await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn a_session_goes_on_when_an_access_token_has_ended(backend) {
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

    async fn a_page_that_never_came_signs_nobody_out(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let kept = browser.cookies()[SESSION].clone();
        for _ in 0..3 {
            app.advance(Duration::minutes(16));
            // A browser of which the answer gets lost, with all that it would have kept.
            let lost = Browser::new(&app);
            lost.get_with(&[("cookie", &format!("{SESSION}={kept}"))], "/account").await.shown(200);
        }
        app.advance(Duration::minutes(16));
        browser.get("/account").await.shown(200);
    }

    async fn a_browser_s_token_and_a_refresh_token_are_good_for_one_thing_each(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let kept = browser.cookies()[SESSION].clone();
        app.refresh(&kept).await.error(401, "AUTHENTICATION_FAILED");
        // What an app keeps, where scripts may read it, gets into no page: it would never be used up.
        let cookie = format!("{SESSION}={}", ada.refresh);
        Browser::new(&app).get_with(&[("cookie", &cookie)], "/account").await.leads_to("/sign-in");
        browser.lose(ACCESS);
        browser.get("/account").await.shown(200);
        app.refresh(&ada.refresh).await.ok();
    }

    async fn a_form_is_taken_when_an_access_token_has_ended(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        app.advance(Duration::minutes(16));
        let page = browser.submit("/account", &[("full_name", "Ada Lovelace")]).await;
        page.leads_to("/account");
    }

    async fn two_tabs_go_on_at_the_same_moment(backend) {
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

    async fn a_session_that_was_ended_leads_to_the_sign_in(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let other = Browser::signed_in(&app, "ada").await;
        browser.submit("/account/sessions/others", &[]).await.leads_to("/account/sessions");
        browser.get("/account/sessions").await.shown(200).says("this browser");
        other.get("/account/sessions").await.leads_to("/sign-in?next=%2Faccount%2Fsessions");
        assert_eq!(other.cookies().len(), 1);
        other.get("/sign-in").await.shown(200);
    }

    async fn one_session_is_ended_of_several(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let other = Browser::signed_in(&app, "ada").await;
        // Its own session comes first, then the newest, and the page offers to end all but its own.
        let page = browser.get("/account/sessions").await.shown(200);
        let ids: Vec<_> = page.html.split("action=\"/account/sessions/").skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 2, "{ids:?}");
        let path = format!("/account/sessions/{}", ids[0]);
        browser.submit(&path, &[]).await.leads_to("/account/sessions");
        other.get("/account").await.leads_to("/sign-in");
        browser.get("/account").await.shown(200);
        browser.get(&path).await.leads_to("/account/sessions");
    }

    async fn the_session_of_another_person_stays(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let eve = app.register("eve").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let sessions = app.get("/v1/auth/sessions").bearer(&eve.access).send().await.ok();
        let id = sessions["items"][0]["session_id"].as_str().unwrap().to_owned();
        browser.submit(&format!("/account/sessions/{id}"), &[]).await.shown(404).says("Nothing here");
        app.me(&eve.access).await.ok();
    }

    async fn a_sign_in_ends_the_session_before_it(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let before = browser.cookies()[ACCESS].clone();
        browser.sign_in("eve", "wrong").await.shown(422);
        app.me(&before).await.ok();
        browser.sign_in("eve", PASSWORD).await.leads_to("/account");
        app.me(&before).await.error(401, "AUTHENTICATION_FAILED");
        browser.get("/account").await.shown(200).says("eve@example.com");
    }

    async fn made_up_cookies_open_nothing(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let cookies = browser.cookies();
        // Each token in the place of the other one.
        let swapped = format!("{ACCESS}={}; {SESSION}={}", cookies[SESSION], cookies[ACCESS]);
        for cookie in [&swapped, "doorward-access=x; doorward-session=dwb_x", "doorward-access=", "=;;=,"] {
            let stranger = Browser::new(&app);
            stranger.get_with(&[("cookie", cookie)], "/account").await.leads_to("/sign-in");
        }
    }

    // Access tokens are also sent to other services. The pages give out what lasts longer, and end other sessions.
    async fn access_token_alone_signs_no_browser_in(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        app.register("eve").await;
        let of_eve = Browser::signed_in(&app, "eve").await.cookies()[SESSION].clone();
        let alone = format!("{ACCESS}={}", ada.access);
        let thief = Browser::new(&app);
        thief.get_with(&[("cookie", &alone)], "/account").await.leads_to("/sign-in");
        thief.get_with(&[("cookie", &format!("{alone}; {SESSION}=dwb_x"))], "/account").await.leads_to("/sign-in");
        let beside_another = format!("{alone}; {SESSION}={of_eve}");
        let page = thief.get_with(&[("cookie", &beside_another)], "/account").await;
        page.shown(200).says("eve@example.com");
        let form = app.post("/account/sessions/others").header("cookie", &alone).header("sec-fetch-site", "same-origin");
        form.header("content-type", "application/x-www-form-urlencoded").send().await;
        app.me(&ada.access).await.ok();
        app.refresh(&ada.refresh).await.ok();
    }

    async fn a_page_costs_what_its_use_cases_do(backend) {
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
        // Who asks; the organisation for each of three use cases, two of which list something, and whether the owner
        // is the last one.
        owner.get(&format!("/account/organisations/{org}")).await.shown(200);
        assert_eq!(app.statements.take(), [Read; 7]);
        Browser::new(&app).get(&format!("/invite?token={token}")).await.shown(200);
        assert_eq!(app.statements.take(), [Read; 4]);
    }
}
