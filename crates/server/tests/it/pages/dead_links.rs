//! Links that can't be used say so before anything is typed.

use doorward_server::config::Options;
use time::Duration;

use crate::support::{Browser, Fault, PASSWORD, Page, TestApp, on_both};

const DEAD: &str = "<h1>This link has expired or was already used</h1>";
const NEW: &str = "seven lucky herons wade";

/// The page says that the link is dead, offers a new one here, and has no form.
#[track_caller]
fn assert_dead(page: Page, form: &str) {
    let button = format!("<a class=\"primary button\" href=\"{form}\">Send a new link</a>");
    page.shown(422).says(DEAD).says(&button).keeps_silent_on("<form").keeps_silent_on("autofocus");
}

on_both! {
    async fn link_that_was_never_issued_is_dead(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        for query in ["", "?token=", "?token=junk", "?token=dwp_x", "?token=dwv_x", "?token=%3Cscript%3E"] {
            let page = browser.get(&format!("/reset-password{query}")).await;
            assert_dead(page, "/forgot-password");
            let page = browser.get(&format!("/verify-email{query}")).await;
            assert_dead(page, "/verify-email/resend");
        }
        browser.get("/reset-password?token=%3Cscript%3E").await.keeps_silent_on("<script>");
    }

    async fn used_reset_link_is_dead_and_offers_a_new_one(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let token = app.mail().await.token();
        let here = format!("/reset-password?token={token}");
        browser.get(&here).await.shown(200).says("name=\"new_password\"");
        let form = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &form).await.leads_to("/sign-in");
        let again = "/forgot-password?email=ada%40example.com";
        assert_dead(browser.get(&here).await, again);
        assert_dead(browser.submit("/reset-password", &form).await, again);
        // What is wrong with the password is of no matter.
        let form = [("token", token.as_str()), ("new_password", "short")];
        assert_dead(browser.submit("/reset-password", &form).await, again);
        browser.get(again).await.shown(200).says("value=\"ada@example.com\"");
    }

    async fn expired_link_is_dead(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let verify = format!("/verify-email?token={}", app.mail().await.token());
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let reset = format!("/reset-password?token={}", app.mail().await.token());
        app.advance(Duration::HOUR);
        assert_dead(browser.get(&reset).await, "/forgot-password?email=ada%40example.com");
        browser.get(&verify).await.shown(200).says("name=\"token\"");
        app.advance(Duration::DAY);
        assert_dead(browser.get(&verify).await, "/verify-email/resend?email=ada%40example.com");
    }

    async fn superseded_link_is_dead_and_names_no_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let first = app.mail().await.token();
        let browser = Browser::new(&app);
        let mut second = String::new();
        for _ in 0..2 {
            app.advance(Duration::hours(13));
            browser.submit("/verify-email/resend", &[("email", "ada@example.com")]).await.leads_to("/sign-in");
            second = app.mail().await.token();
        }
        assert_dead(browser.get(&format!("/verify-email?token={first}")).await, "/verify-email/resend");
        browser.submit("/verify-email", &[("token", &second)]).await.leads_to("/sign-in");
    }

    async fn verified_address_is_said_to_be_confirmed(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        let browser = Browser::new(&app);
        browser.submit("/verify-email", &[("token", &token)]).await.leads_to("/sign-in");
        let here = format!("/verify-email?token={token}");
        let page = browser.get(&here).await.shown(200);
        page.says("Your email address is confirmed").says("href=\"/sign-in\">Continue</a>").keeps_silent_on("<form");
        browser.sign_in("ada", PASSWORD).await.leads_to("/account");
        for path in [here.as_str(), "/verify-email/resend", "/verify-email/change"] {
            let page = browser.get(path).await.shown(200);
            page.says("Your email address is confirmed").says("href=\"/account\">Continue</a>").says("ada@example.com")
                .keeps_silent_on("<form");
        }
    }

    async fn looking_takes_no_link_from_whoever_it_is_for(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let token = app.mail().await.token();
        for _ in 0..3 {
            browser.get(&format!("/reset-password?token={token}")).await.shown(200);
        }
        let form = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &form).await.leads_to("/sign-in");
    }

    async fn unavailable_database_makes_no_link_dead(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        app.faults.set(Fault::DatabaseAway);
        let browser = Browser::new(&app);
        browser.get(&format!("/verify-email?token={token}")).await.shown(503).keeps_silent_on(DEAD);
        browser.submit("/verify-email", &[("token", &token)]).await.shown(503).keeps_silent_on(DEAD);
        app.faults.set(Fault::Nothing);
        browser.submit("/verify-email", &[("token", &token)]).await.leads_to("/sign-in");
    }

    async fn dead_links_are_said_in_german(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app).speaking("de");
        let page = browser.get("/reset-password").await.shown(422);
        page.says("Dieser Link ist abgelaufen oder wurde schon benutzt").says("Neuen Link schicken");
        browser.get("/invite").await.shown(422).says("Diese Einladung ist abgelaufen oder wurde schon benutzt");
    }

    async fn password_managers_find_the_page_to_change_the_password_on(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let path = "/.well-known/change-password";
        Browser::new(&app).get(path).await.leads_to("/account/password");
        let stranger = Browser::new(&app).get("/account/password").await;
        stranger.leads_to("/sign-in?next=%2Faccount%2Fpassword");
        let pages_enabled = Some(false);
        let app = TestApp::start_with(backend, Options { pages_enabled, ..Options::default() }).await;
        app.get(path).send().await.error(404, "NOT_FOUND");
    }
}
