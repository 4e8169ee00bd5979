//! The pages that emails link to.

use doorward_server::config::Options;
use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const NEW: &str = "seven lucky herons wade";

on_both! {
    async fn viewing_a_verification_link_does_not_use_it_up(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let token = app.mail().await.token();
        let scanner = Browser::new(&app);
        for _ in 0..3 {
            scanner.get(&format!("/verify-email?token={token}")).await.shown(200);
        }
        assert_eq!(app.me(&ada.access).await.ok()["is_verified"], false);
        scanner.confirm(&token).await.redirects_to("/sign-in");
        assert_eq!(app.me(&ada.access).await.ok()["is_verified"], true);
        // A second click on the link is no error.
        scanner.confirm(&token).await.redirects_to("/sign-in");
    }

    async fn signed_in_user_confirms_the_address_and_continues(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account").await.shown(200).says("not confirmed yet");
        browser.submit("/verify-email", &[("token", &token)]).await.redirects_to("/account");
        browser.get("/account").await.shown(200).says("The email address is confirmed.")
            .omits("not confirmed yet");
    }

    async fn invalid_link_is_reported_when_its_form_is_submitted(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.submit("/verify-email", &[("token", "dwv_x")]).await.shown(422).says("This link is no longer valid.");
        let form = [("token", "dwp_x"), ("new_password", NEW)];
        browser.submit("/reset-password", &form).await.shown(422).says("This link is no longer valid.");
    }

    async fn verification_email_is_resent(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada@example.com")];
        browser.submit("/verify-email/resend", &form).await.redirects_to("/account");
        let token = app.mail().await.token();
        browser.submit("/verify-email", &[("token", &token)]).await.redirects_to("/account");
        // Signed out, known and unknown addresses get the same response.
        let stranger = Browser::new(&app);
        for email in ["ada@example.com", "unknown@example.com"] {
            stranger.submit("/verify-email/resend", &[("email", email)]).await.redirects_to("/sign-in");
        }
        stranger.submit("/verify-email/resend", &[("email", "nowhere")]).await.shown(422);
    }

    async fn forgotten_password_is_reset(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        let elsewhere = Browser::signed_in(&app, "ada").await;
        let browser = Browser::new(&app);
        browser.get("/forgot-password").await.shown(200);
        let asked = browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        let unknown = browser.submit("/forgot-password", &[("email", "eve@example.com")]).await.shown(200);
        assert_eq!(asked.html.replace("ada@", "eve@"), unknown.html);
        let token = app.mail().await.token();
        let page = browser.get(&format!("/reset-password?token={token}")).await.shown(200);
        page.says("autocomplete=\"new-password\"").says(&token);
        let fields = [("token", token.as_str()), ("new_password", "password")];
        let page = browser.submit("/reset-password", &fields).await.shown(422);
        assert!(page.error("new_password").starts_with("This password is too easy"));
        let fields = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &fields).await.redirects_to("/sign-in");
        browser.submit("/reset-password", &fields).await.shown(422);
        browser.sign_in("ada", PASSWORD).await.shown(422);
        browser.sign_in("ada", NEW).await.redirects_to("/account");
        elsewhere.get("/account").await.redirects_to("/sign-in");
    }

    async fn password_reset_signs_out_the_user_of_this_browser(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        app.messages().await;
        let browser = Browser::signed_in(&app, "eve").await;
        let before = browser.cookies()["doorward-access"].clone();
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200).says("3 hours");
        let token = app.mail().await.token();
        let fields = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &fields).await.redirects_to("/sign-in");
        app.me(&before).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn emailed_links_use_the_frontend_url(backend) {
        let frontend_url = Some("https://app.example.com/auth/".to_owned());
        let app = TestApp::start_with(backend, Options { frontend_url, ..Options::default() }).await;
        app.register("ada").await;
        let mail = app.mail().await;
        assert!(mail.text.contains("https://app.example.com/auth/verify-email?token=dwv_"), "{}", mail.text);
    }

    async fn password_change_page_ends_other_sessions(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let elsewhere = Browser::signed_in(&app, "ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account/password").await.shown(200);
        let form = [("current_password", "wrong"), ("new_password", NEW)];
        let page = browser.submit("/account/password", &form).await.shown(422);
        assert_eq!(page.error("current_password"), "The password is incorrect.");
        let form = [("current_password", PASSWORD), ("new_password", NEW)];
        browser.submit("/account/password", &form).await.redirects_to("/account/password");
        browser.get("/account").await.shown(200);
        elsewhere.get("/account").await.redirects_to("/sign-in");
        app.post("/v1/auth/login").json(&json!({ "username": "ada", "password": NEW })).send().await.ok();
    }
}
