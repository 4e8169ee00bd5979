//! Deleting an account that was registered with another user's email address.

use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn owner_of_an_address_can_delete_an_account_they_did_not_register(backend) {
        let app = TestApp::start(backend).await;
        let squatter = app.register("cfo").await;
        let mail = app.mail().await;
        assert!(mail.text.contains("Username: cfo"), "{}", mail.text);
        let (_, link) = mail.text.split_once("/verify-email/not-me?token=").unwrap();
        let token = link.split_whitespace().next().unwrap();
        let path = format!("/verify-email/not-me?token={token}");
        let browser = Browser::new(&app);
        // Mail scanners open the link, too: viewing it must not delete the account.
        for _ in 0..2 {
            browser.get(&path).await.shown(200).says("Delete this account").says("cfo@example.com");
        }
        app.me(&squatter.access).await.ok();
        Browser::new(&app).speaking("de").get(&path).await.shown(200).says("Dieses Konto löschen");
        browser.submit("/verify-email/not-me", &[("token", token)]).await.redirects_to("/sign-in");
        browser.get("/sign-in").await.shown(200).says("The account was deleted.");
        app.me(&squatter.access).await.error(401, "AUTHENTICATION_FAILED");
        app.login("cfo", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        // The address can be registered again.
        let owner = app.register("cfo").await;
        assert_ne!(owner.id, squatter.id);
        browser.get(&path).await.shown(422);
        browser.submit("/verify-email/not-me", &[("token", token)]).await.shown(422);
        app.me(&owner.access).await.ok();
    }

    async fn account_with_a_confirmed_address_cannot_be_disowned(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let token = app.mail().await.token();
        app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.ok();
        let browser = Browser::new(&app);
        browser.get(&format!("/verify-email/not-me?token={token}")).await.shown(422).says("nothing to delete");
        browser.submit("/verify-email/not-me", &[("token", &token)]).await.shown(422);
        for token in ["", "dwv_x", "dwp_x"] {
            browser.submit("/verify-email/not-me", &[("token", token)]).await.shown(422);
        }
        app.me(&ann.access).await.ok();
    }

    // In a browser that was never signed in to the account, the link alone does not confirm the address.
    async fn verification_in_another_browser_requires_the_password(backend) {
        let app = TestApp::start(backend).await;
        let squatter = app.register("cfo").await;
        app.register("eve").await;
        let token = app.messages().await.into_iter().find(|it| it.to == "cfo@example.com").unwrap().token();
        let path = format!("/verify-email?token={token}");
        for browser in [Browser::new(&app), Browser::signed_in(&app, "eve").await] {
            let page = browser.get(&path).await.shown(200).says("name=\"current_password\"");
            page.says("/verify-email/not-me?token=").says("/forgot-password");
            for password in ["", "wrong", "x"] {
                let form = [("token", token.as_str()), ("current_password", password)];
                let page = browser.submit("/verify-email", &form).await.shown(422);
                assert!(!page.error("current_password").is_empty());
            }
            let form = [("token", token.as_str())];
            browser.submit("/verify-email", &form).await.shown(422);
        }
        assert_eq!(app.me(&squatter.access).await.ok()["is_verified"], false);
        let form = [("token", token.as_str()), ("current_password", PASSWORD)];
        Browser::new(&app).submit("/verify-email", &form).await.redirects_to("/sign-in");
        assert_eq!(app.me(&squatter.access).await.ok()["is_verified"], true);
    }

    // The user may be signed in or signed out.
    async fn verification_in_the_registering_browser_needs_no_password(backend) {
        let app = TestApp::start(backend).await;
        for (name, signs_out) in [("ann", false), ("bob", true)] {
            let browser = Browser::new(&app);
            let email = format!("{name}@example.com");
            let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
            browser.submit("/sign-up", &form).await;
            let token = app.mail().await.token();
            if signs_out {
                browser.submit("/sign-out", &[]).await;
            }
            let page = browser.get(&format!("/verify-email?token={token}")).await.shown(200);
            page.omits("current_password");
            let page = browser.submit("/verify-email", &[("token", &token)]).await;
            page.redirects_to(if signs_out { "/sign-in" } else { "/account" });
        }
    }
}
