//! Links that can't be used say so before the user types anything.

use doorward_server::config::Options;
use time::Duration;

use crate::support::{Browser, Fault, PASSWORD, Page, TestApp, on_both};

const DEAD: &str = "<h1>This link has expired or was already used</h1>";
const NEW: &str = "seven lucky herons wade";

/// Asserts that the page reports an expired or used link, links to `form` for a new one, and has no form itself.
#[track_caller]
fn assert_dead(page: Page, form: &str) {
    let button = format!("<a class=\"primary button\" href=\"{form}\">Send a new link</a>");
    page.shown(422).says(DEAD).says(&button).omits("<form").omits("autofocus");
}

on_both! {
    async fn unknown_link_is_reported_as_expired_or_used(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        for query in ["", "?token=", "?token=junk", "?token=dwp_x", "?token=dwv_x", "?token=%3Cscript%3E"] {
            let page = browser.get(&format!("/reset-password{query}")).await;
            assert_dead(page, "/forgot-password");
            let page = browser.get(&format!("/verify-email{query}")).await;
            assert_dead(page, "/verify-email/resend");
        }
        browser.get("/reset-password?token=%3Cscript%3E").await.omits("<script>");
    }

    async fn used_reset_link_is_reported_and_a_new_one_offered(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let token = app.mail().await.token();
        let here = format!("/reset-password?token={token}");
        browser.get(&here).await.shown(200).says("name=\"new_password\"");
        let form = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &form).await.redirects_to("/sign-in");
        let again = "/forgot-password?email=ada%40example.com";
        assert_dead(browser.get(&here).await, again);
        assert_dead(browser.submit("/reset-password", &form).await, again);
        // The link is reported even if the password is invalid, too.
        let form = [("token", token.as_str()), ("new_password", "short")];
        assert_dead(browser.submit("/reset-password", &form).await, again);
        browser.get(again).await.shown(200).says("value=\"ada@example.com\"");
    }

    async fn expired_link_is_reported_and_a_new_one_offered(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let verify = format!("/verify-email?token={}", app.mail().await.token());
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let reset = format!("/reset-password?token={}", app.mail().await.token());
        app.advance(Duration::hours(6));
        assert_dead(browser.get(&reset).await, "/forgot-password?email=ada%40example.com");
        browser.get(&verify).await.shown(200).says("name=\"token\"");
        app.advance(Duration::DAY);
        assert_dead(browser.get(&verify).await, "/verify-email/resend?email=ada%40example.com");
    }

    async fn superseded_link_is_reported_without_its_email_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let first = app.mail().await.token();
        let browser = Browser::new(&app);
        let mut second = String::new();
        for _ in 0..2 {
            app.advance(Duration::hours(13));
            browser.submit("/verify-email/resend", &[("email", "ada@example.com")]).await.redirects_to("/sign-in");
            second = app.mail().await.token();
        }
        assert_dead(browser.get(&format!("/verify-email?token={first}")).await, "/verify-email/resend");
        browser.confirm(&second).await.redirects_to("/sign-in");
    }

    async fn used_verification_link_reports_a_confirmed_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        let browser = Browser::new(&app);
        browser.confirm(&token).await.redirects_to("/sign-in");
        let here = format!("/verify-email?token={token}");
        let page = browser.get(&here).await.shown(200);
        page.says("Your email address is confirmed").says("href=\"/sign-in\">Continue</a>").omits("<form");
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
        for path in [here.as_str(), "/verify-email/resend", "/verify-email/change"] {
            let page = browser.get(path).await.shown(200);
            page.says("Your email address is confirmed").says("href=\"/account\">Continue</a>").says("ada@example.com")
                .omits("<form");
        }
    }

    async fn viewing_a_reset_link_does_not_use_it_up(backend) {
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
        browser.submit("/reset-password", &form).await.redirects_to("/sign-in");
    }

    async fn database_outage_does_not_report_links_as_expired(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        app.faults.set(Fault::DatabaseAway);
        let browser = Browser::new(&app);
        browser.get(&format!("/verify-email?token={token}")).await.shown(503).omits(DEAD);
        browser.submit("/verify-email", &[("token", &token)]).await.shown(503).omits(DEAD);
        app.faults.set(Fault::Nothing);
        browser.confirm(&token).await.redirects_to("/sign-in");
    }

    async fn expired_links_are_reported_in_german(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app).speaking("de");
        let page = browser.get("/reset-password").await.shown(422);
        page.says("Dieser Link ist abgelaufen oder wurde schon verwendet").says("Neuen Link senden");
        browser.get("/invite").await.shown(422).says("Diese Einladung ist abgelaufen oder wurde schon verwendet");
    }

    async fn well_known_change_password_redirects_to_the_password_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let path = "/.well-known/change-password";
        Browser::new(&app).get(path).await.redirects_to("/account/password");
        let stranger = Browser::new(&app).get("/account/password").await;
        stranger.redirects_to("/sign-in?next=%2Faccount%2Fpassword");
        let pages_enabled = Some(false);
        let app = TestApp::start_with(backend, Options { pages_enabled, ..Options::default() }).await;
        app.get(path).send().await.error(404, "NOT_FOUND");
    }
}
