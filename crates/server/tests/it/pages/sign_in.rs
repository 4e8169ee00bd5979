use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn a_person_signs_up_and_is_signed_in(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.get("/").await.leads_to("/sign-in");
        browser.get("/sign-up").await.shown(200).says("Create an account");
        let form = [
            ("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD), ("full_name", ""),
        ];
        browser.submit("/sign-up", &form).await.leads_to("/account");
        browser.get("/account").await.shown(200).says("We sent you a mail").says("ada@example.com");
        browser.get("/").await.leads_to("/account");
        browser.get("/sign-in").await.leads_to("/account");
        browser.get("/sign-up").await.leads_to("/account");
    }

    async fn a_sign_in_leads_to_the_page_that_was_asked_for(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.get("/account/sessions?after=x").await.leads_to("/sign-in?next=%2Faccount%2Fsessions%3Fafter%3Dx");
        let page = browser.get("/sign-in?next=%2Faccount%2Fsessions").await.shown(200);
        page.says(r#"name="next" value="/account/sessions""#);
        let form = [("username", "ada"), ("password", PASSWORD), ("next", "/account/sessions")];
        browser.submit("/sign-in", &form).await.leads_to("/account/sessions");
    }

    async fn nobody_is_led_to_another_site(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        for next in ["https://evil.example", "//evil.example", "/\\evil.example", "/account\r\nx: y"] {
            let browser = Browser::new(&app);
            let form = [("username", "ada"), ("password", PASSWORD), ("next", next)];
            browser.submit("/sign-in", &form).await.leads_to("/account");
        }
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/sign-in?next=https://evil.example").await.leads_to("/account");
    }

    async fn a_wrong_password_and_an_unknown_name_are_told_alike(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let wrong = browser.sign_in("ada", "wrong").await.shown(422).says("The name or the password is wrong.");
        let unknown = browser.sign_in("eve", "wrong").await.shown(422);
        assert_eq!(wrong.html.replace("\"ada\"", "\"eve\""), unknown.html);
        wrong.says(r#"value="ada""#).keeps_silent_on("wrong\"");
        assert!(browser.cookies().is_empty());
    }

    async fn a_name_that_nobody_can_have_is_wrong_too(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let page = browser.sign_in("", "").await.shown(422);
        assert_eq!((page.error("username"), page.error("password")), ("Please fill this in.", "Please fill this in."));
        browser.sign_in("\u{0}<script>", "x").await.shown(422).keeps_silent_on("<script>");
    }

    async fn what_is_wrong_with_a_new_account_stands_at_its_fields(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let sign_up = async |email, username, password| {
            let form = [("email", email), ("username", username), ("password", password)];
            browser.submit("/sign-up", &form).await.shown(422)
        };
        let page = sign_up("nowhere", "a b", "zq7").await;
        assert!(page.error("email").starts_with("That is not an email address."));
        assert!(page.error("username").starts_with("Only letters"));
        assert_eq!(page.error("password"), "At least 8 characters, please.");
        page.says(r#"value="nowhere""#).keeps_silent_on("zq7");
        let page = sign_up("Ada@Example.com", "ADA", PASSWORD).await;
        assert!(page.error("email").starts_with("There is an account with this address"));
        assert!(page.error("username").starts_with("Somebody has this name"));
        let page = sign_up("eve@example.com", "eve", "password").await;
        assert!(page.error("password").starts_with("This password is too easy"));
        assert!(browser.cookies().is_empty());
    }

    async fn a_person_signs_out(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let access = browser.cookies()["doorward-access"].clone();
        app.me(&access).await.ok();
        browser.get("/sign-out").await.shown(200).says("ada");
        app.me(&access).await.ok();
        browser.submit("/sign-out", &[]).await.leads_to("/sign-in");
        app.me(&access).await.error(401, "AUTHENTICATION_FAILED");
        browser.get("/sign-in").await.shown(200).says("You are signed out.");
        // That the browser has signed in before may be known.
        assert_eq!(browser.cookies().keys().collect::<Vec<_>>(), ["doorward-device"]);
        browser.get("/account").await.leads_to("/sign-in");
        browser.get("/sign-out").await.leads_to("/sign-in");
        browser.submit("/sign-out", &[]).await.leads_to("/sign-in");
    }

    async fn who_may_not_sign_in_is_told_why(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", PASSWORD).await.shown(403).says("Please confirm your email address first.")
            .says("href=\"/verify-email/resend\"");
        let eve = app.register_verified("eve").await;
        app.disable(&eve).await;
        browser.sign_in("eve", PASSWORD).await.shown(403).says("This account has been disabled.");
    }

    async fn who_has_to_confirm_their_address_first_is_led_to_do_so(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let browser = Browser::new(&app);
        let form = [("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.leads_to("/account");
        let page = browser.get("/account").await.shown(403);
        page.says("Check your mail").says("action=\"/verify-email/resend\"").says("ada@example.com");
        let form = [("email", "ada@example.com")];
        browser.submit("/verify-email/resend", &form).await.leads_to("/account");
        browser.get("/account").await.shown(403).says("Another email is on its way.");
        // The session goes on once the address is confirmed, also when the access token has ended meanwhile.
        browser.lose("doorward-access");
        let token = app.mail().await.token();
        browser.submit("/verify-email", &[("token", &token)]).await.leads_to("/sign-in");
        browser.get("/account").await.shown(200);
    }

    async fn registration_may_be_closed(backend) {
        let allow_registration = Some(false);
        let app = TestApp::start_with(backend, Options { allow_registration, ..Options::default() }).await;
        let browser = Browser::new(&app);
        browser.get("/sign-in").await.shown(200).keeps_silent_on("/sign-up");
        browser.get("/sign-up").await.shown(403).says("Only people with an invitation").keeps_silent_on("name=\"password\"");
        let form = [("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.shown(403).says("Only people with an invitation");
    }

    async fn too_many_sign_ins_are_told_when_to_go_on(backend) {
        let options = Options { limits_enabled: Some(true), limit_login: Some(2), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        for _ in 0..2 {
            browser.sign_in("ada", "wrong").await.shown(422);
        }
        let page = browser.sign_in("ada", "wrong").await.shown(429);
        assert_eq!(page.header("retry-after"), "30");
        page.says("Too many attempts. Please try again in 30 seconds.").says("data-wait=\"30\"")
            .says("value=\"ada\"").says("<title>Error: Sign in · ").keeps_silent_on("wrong\"");
        // Looking at the page is no sign-in.
        browser.get("/sign-in").await.shown(200);
    }

    async fn too_many_failures_are_told_at_the_form(backend) {
        let options = Options { limits_enabled: Some(true), limit_login_failures: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", "wrong").await.shown(422);
        let page = browser.sign_in("ada", "wrong").await.shown(429);
        assert_eq!(page.header("retry-after"), "60");
        page.says("Too many attempts. Please try again in 60 seconds.").says("value=\"ada\"");
    }

    async fn a_browser_that_has_signed_in_before_is_known(backend) {
        let options = Options { limits_enabled: Some(true), limit_login_failures: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/sign-out", &[]).await;
        // Somebody else, from another network.
        let attacker = app.post("/v1/auth/login").from("198.51.100.7");
        attacker.json(&serde_json::json!({ "username": "ada", "password": "guess" })).send().await;
        browser.sign_in("ada", PASSWORD).await.leads_to("/account");
    }

    async fn an_account_that_is_made_leads_to_the_page_that_was_asked_for(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let form = [
            ("email", "ada@example.com"), ("username", " ada "), ("password", PASSWORD), ("next", "/account/sessions"),
        ];
        browser.submit("/sign-up", &form).await.leads_to("/account/sessions");
    }
}
