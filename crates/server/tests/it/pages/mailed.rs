//! What mails lead to.

use doorward_server::config::Options;
use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const NEW: &str = "seven lucky herons wade";

on_both! {
    async fn looking_at_a_link_uses_nothing_up(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let token = app.mail().await.token();
        let scanner = Browser::new(&app);
        for _ in 0..3 {
            scanner.get(&format!("/verify-email?token={token}")).await.shown(200);
        }
        assert_eq!(app.me(&ada.access).await.ok()["is_verified"], false);
        scanner.confirm(&token).await.leads_to("/sign-in");
        assert_eq!(app.me(&ada.access).await.ok()["is_verified"], true);
        // Links are clicked twice.
        scanner.confirm(&token).await.leads_to("/sign-in");
    }

    async fn a_person_who_is_signed_in_confirms_and_goes_on(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let token = app.mail().await.token();
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account").await.shown(200).says("not confirmed yet");
        browser.submit("/verify-email", &[("token", &token)]).await.leads_to("/account");
        browser.get("/account").await.shown(200).says("The email address is confirmed.")
            .keeps_silent_on("not confirmed yet");
    }

    async fn a_link_that_is_not_good_any_more_is_told_so(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.submit("/verify-email", &[("token", "dwv_x")]).await.shown(422).says("This link is not valid any more.");
        let form = [("token", "dwp_x"), ("new_password", NEW)];
        browser.submit("/reset-password", &form).await.shown(422).says("This link is not valid any more.");
    }

    async fn the_verification_mail_is_sent_again(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada@example.com")];
        browser.submit("/verify-email/resend", &form).await.leads_to("/account");
        let token = app.mail().await.token();
        browser.submit("/verify-email", &[("token", &token)]).await.leads_to("/account");
        // To strangers, an address that nobody has is told nothing else.
        let stranger = Browser::new(&app);
        for email in ["ada@example.com", "nobody@example.com"] {
            stranger.submit("/verify-email/resend", &[("email", email)]).await.leads_to("/sign-in");
        }
        stranger.submit("/verify-email/resend", &[("email", "nowhere")]).await.shown(422);
    }

    async fn a_forgotten_password_is_set_anew(backend) {
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
        browser.submit("/reset-password", &fields).await.leads_to("/sign-in");
        browser.submit("/reset-password", &fields).await.shown(422);
        browser.sign_in("ada", PASSWORD).await.shown(422);
        browser.sign_in("ada", NEW).await.leads_to("/account");
        elsewhere.get("/account").await.leads_to("/sign-in");
    }

    async fn a_reset_signs_out_whoever_was_signed_in_here(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        app.mails().await;
        let browser = Browser::signed_in(&app, "eve").await;
        let before = browser.cookies()["doorward-access"].clone();
        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200).says("60 minutes");
        let token = app.mail().await.token();
        let fields = [("token", token.as_str()), ("new_password", NEW)];
        browser.submit("/reset-password", &fields).await.leads_to("/sign-in");
        app.me(&before).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn links_may_lead_to_another_front_end(backend) {
        let frontend_url = Some("https://app.example.com/auth/".to_owned());
        let app = TestApp::start_with(backend, Options { frontend_url, ..Options::default() }).await;
        app.register("ada").await;
        let mail = app.mail().await;
        assert!(mail.text.contains("https://app.example.com/auth/verify-email?token=dwv_"), "{}", mail.text);
    }

    async fn a_password_is_changed(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let elsewhere = Browser::signed_in(&app, "ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account/password").await.shown(200);
        let form = [("current_password", "wrong"), ("new_password", NEW)];
        let page = browser.submit("/account/password", &form).await.shown(422);
        assert_eq!(page.error("current_password"), "That is not your current password.");
        let form = [("current_password", PASSWORD), ("new_password", NEW)];
        browser.submit("/account/password", &form).await.leads_to("/account/password");
        browser.get("/account").await.shown(200);
        elsewhere.get("/account").await.leads_to("/sign-in");
        app.post("/v1/auth/login").json(&json!({ "username": "ada", "password": NEW })).send().await.ok();
    }
}
