//! Changing the email address of an account that has not verified its current one.

use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const CHANGE: &str = "/verify-email/change";

on_both! {
    async fn mistyped_address_can_be_changed_when_verification_is_required(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let browser = Browser::new(&app);
        let form = [("email", "ada@exmaple.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.redirects_to("/account");
        let mistyped = app.mail().await;
        assert_eq!(mistyped.to, "ada@exmaple.com");
        let page = browser.get("/account").await.shown(403);
        page.says("ada@exmaple.com").says("Wrong address?").says("href=\"/verify-email/change\"")
            .says("action=\"/verify-email/resend\"").omits("name=\"email\"");
        let page = browser.get(CHANGE).await.shown(200);
        page.says("ada@exmaple.com").says("name=\"current_password\"");

        let form = [("email", "ada@example.com"), ("current_password", "wrong")];
        let page = browser.submit(CHANGE, &form).await.shown(422);
        assert_eq!(page.error("current_password"), "The password is incorrect.");
        page.says("value=\"ada@example.com\"");
        let form = [("email", "nowhere"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.shown(422).says("Please enter an email address").omits(PASSWORD);
        let form = [("email", "ada@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.redirects_to("/account");
        browser.get("/account").await.shown(403).says("Your email address was saved.").says("ada@example.com");

        // The new address gets its link within the same minute, and the previous link is invalid.
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada@example.com");
        let stranger = Browser::new(&app);
        stranger.get(&format!("/verify-email?token={}", mistyped.token())).await.shown(422)
            .omits("ada@example.com");
        stranger.submit("/verify-email", &[("token", &mistyped.token())]).await.shown(422);
        browser.submit("/verify-email", &[("token", &mail.token())]).await.redirects_to("/account");
        browser.get("/account").await.shown(200).says("ada@example.com");
    }

    async fn verified_address_cannot_be_changed_on_the_page(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada2@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.shown(200).says("Your email address is confirmed");
        browser.get("/account").await.shown(200).says("ada@example.com").omits(CHANGE);
    }

    async fn changing_to_a_taken_address_is_refused_on_the_page(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("grace").await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account").await.shown(200).says(CHANGE);
        let form = [("email", "Grace@example.com"), ("current_password", PASSWORD)];
        let page = browser.submit(CHANGE, &form).await.shown(422);
        assert_eq!(page.error("email"), "An account with this email address already exists.");
        browser.get("/account").await.shown(200).says("ada@example.com");
    }

    async fn submitting_the_same_address_resends_its_link(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.redirects_to("/account");
        browser.get("/account").await.shown(200).says("Your email address was saved.").says("ada@example.com");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada@example.com");
        browser.submit("/verify-email", &[("token", &mail.token())]).await.redirects_to("/account");
    }

    async fn email_change_page_requires_sign_in(backend) {
        let app = TestApp::start(backend).await;
        Browser::new(&app).get(CHANGE).await.redirects_to("/sign-in?next=%2Fverify-email%2Fchange");
    }

    async fn signed_in_user_resends_the_verification_email_without_typing_the_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let page = browser.get("/verify-email/resend").await.shown(200);
        page.says("ada@example.com").omits("name=\"email\"");
        browser.submit("/verify-email/resend", &[]).await.redirects_to("/account");
        assert_eq!(app.mail().await.to, "ada@example.com");
        browser.get("/account").await.shown(200).says("Another email is on its way.");
    }

    async fn mistyped_address_can_be_changed_after_the_session_has_ended(backend) {
        let options = Options { require_verified_email: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ada = app.register("ada").await;
        let old = app.mail().await.token();
        let browser = Browser::new(&app);
        browser.sign_in("ada", PASSWORD).await.shown(403).says("href=\"/verify-email/change\"");
        browser.get(CHANGE).await.shown(200).says("name=\"username\"");
        let form = |username, password| {
            [("username", username), ("email", "ada.lovelace@example.com"), ("current_password", password)]
        };
        for (name, password) in [("ada", "wrong"), ("unknown", PASSWORD)] {
            let page = browser.submit(CHANGE, &form(name, password)).await.shown(422);
            page.says("The username or password is incorrect.").omits("ada@example.com");
        }
        browser.submit(CHANGE, &[("email", "x@example.com")]).await.shown(422);
        browser.submit(CHANGE, &form("ada", PASSWORD)).await.redirects_to("/sign-in");
        browser.get("/sign-in").await.shown(200).says("Your email address was saved.");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada.lovelace@example.com");
        browser.submit("/verify-email", &[("token", &old)]).await.shown(422);
        browser.confirm(&mail.token()).await.redirects_to("/sign-in");
        // The user of an active account is signed in instead, and the address is kept.
        browser.submit(CHANGE, &form("ada", PASSWORD)).await.redirects_to("/account");
        browser.get("/account").await.shown(200)
            .says("You are signed in. Your email address is already confirmed and can&#39;t be changed here.");
        assert_eq!(app.me(&ada.access).await.ok()["email"], "ada.lovelace@example.com");
        app.disable(&ada).await;
        Browser::new(&app).submit(CHANGE, &form("ada", PASSWORD)).await.shown(403).says("This account is disabled.");
    }
}
