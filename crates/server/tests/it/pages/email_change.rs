//! Another address for an account that has not verified the one it has.

use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const CHANGE: &str = "/verify-email/change";

on_both! {
    async fn mistyped_address_is_changed_where_it_has_to_be_verified_first(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let browser = Browser::new(&app);
        let form = [("email", "ada@exmaple.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.leads_to("/account");
        let mistyped = app.mail().await;
        assert_eq!(mistyped.to, "ada@exmaple.com");
        let page = browser.get("/account").await.shown(403);
        page.says("ada@exmaple.com").says("Wrong address?").says("href=\"/verify-email/change\"")
            .says("action=\"/verify-email/resend\"").keeps_silent_on("name=\"email\"");
        let page = browser.get(CHANGE).await.shown(200);
        page.says("ada@exmaple.com").says("name=\"current_password\"");

        let form = [("email", "ada@example.com"), ("current_password", "wrong")];
        let page = browser.submit(CHANGE, &form).await.shown(422);
        assert_eq!(page.error("current_password"), "That is not your current password.");
        page.says("value=\"ada@example.com\"");
        let form = [("email", "nowhere"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.shown(422).says("That is not an email address.").keeps_silent_on(PASSWORD);
        let form = [("email", "ada@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.leads_to("/account");
        browser.get("/account").await.shown(403).says("Your email address is saved.").says("ada@example.com");

        // Within the minute, the new address gets its link, and the one before is good for nothing.
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada@example.com");
        let stranger = Browser::new(&app);
        stranger.get(&format!("/verify-email?token={}", mistyped.token())).await.shown(422)
            .keeps_silent_on("ada@example.com");
        stranger.submit("/verify-email", &[("token", &mistyped.token())]).await.shown(422);
        browser.submit("/verify-email", &[("token", &mail.token())]).await.leads_to("/account");
        browser.get("/account").await.shown(200).says("ada@example.com");
    }

    async fn verified_address_can_not_be_changed(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada2@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.shown(200).says("Your email address is confirmed");
        browser.get("/account").await.shown(200).says("ada@example.com").keeps_silent_on(CHANGE);
    }

    async fn taken_address_is_refused(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("grace").await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account").await.shown(200).says(CHANGE);
        let form = [("email", "Grace@example.com"), ("current_password", PASSWORD)];
        let page = browser.submit(CHANGE, &form).await.shown(422);
        assert_eq!(page.error("email"), "There is an account with this address already.");
        browser.get("/account").await.shown(200).says("ada@example.com");
    }

    async fn same_address_is_kept_and_its_link_is_sent_again(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("email", "ada@example.com"), ("current_password", PASSWORD)];
        browser.submit(CHANGE, &form).await.leads_to("/account");
        browser.get("/account").await.shown(200).says("Your email address is saved.").says("ada@example.com");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada@example.com");
        browser.submit("/verify-email", &[("token", &mail.token())]).await.leads_to("/account");
    }

    async fn changing_an_address_asks_to_sign_in_first(backend) {
        let app = TestApp::start(backend).await;
        Browser::new(&app).get(CHANGE).await.leads_to("/sign-in?next=%2Fverify-email%2Fchange");
    }

    async fn email_is_sent_again_without_asking_for_the_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.mail().await;
        app.advance(time::Duration::MINUTE);
        let browser = Browser::signed_in(&app, "ada").await;
        let page = browser.get("/verify-email/resend").await.shown(200);
        page.says("ada@example.com").keeps_silent_on("name=\"email\"");
        browser.submit("/verify-email/resend", &[]).await.leads_to("/account");
        assert_eq!(app.mail().await.to, "ada@example.com");
        browser.get("/account").await.shown(200).says("Another email is on its way.");
    }

    async fn mistyped_address_is_changed_after_the_session_has_ended(backend) {
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
        for (name, password) in [("ada", "wrong"), ("nobody", PASSWORD)] {
            let page = browser.submit(CHANGE, &form(name, password)).await.shown(422);
            page.says("The name or the password is wrong.").keeps_silent_on("ada@example.com");
        }
        browser.submit(CHANGE, &[("email", "x@example.com")]).await.shown(422);
        browser.submit(CHANGE, &form("ada", PASSWORD)).await.leads_to("/sign-in");
        browser.get("/sign-in").await.shown(200).says("Your email address is saved.");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ada.lovelace@example.com");
        browser.submit("/verify-email", &[("token", &old)]).await.shown(422);
        browser.confirm(&mail.token()).await.leads_to("/sign-in");
        // An account that can be signed in to is, and its address stays.
        browser.submit(CHANGE, &form("ada", PASSWORD)).await.leads_to("/account");
        browser.get("/account").await.shown(200)
            .says("You are signed in. Your email address is confirmed already and can&#39;t be changed here.");
        assert_eq!(app.me(&ada.access).await.ok()["email"], "ada.lovelace@example.com");
        app.disable(&ada).await;
        Browser::new(&app).submit(CHANGE, &form("ada", PASSWORD)).await.shown(403).says("has been disabled");
    }
}
