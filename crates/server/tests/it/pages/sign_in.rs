use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn sign_up_signs_the_user_in(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.get("/").await.redirects_to("/sign-in");
        browser.get("/sign-up").await.shown(200).says("Create an account");
        let form = [
            ("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD), ("full_name", ""),
        ];
        browser.submit("/sign-up", &form).await.redirects_to("/account");
        browser.get("/account").await.shown(200).says("We sent you an email.").says("ada@example.com");
        browser.get("/").await.redirects_to("/account");
        browser.get("/sign-in").await.redirects_to("/account");
        browser.get("/sign-up").await.redirects_to("/account");
    }

    async fn sign_in_redirects_to_the_requested_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.get("/account/sessions?after=x").await.redirects_to("/sign-in?next=%2Faccount%2Fsessions%3Fafter%3Dx");
        let page = browser.get("/sign-in?next=%2Faccount%2Fsessions").await.shown(200);
        page.says(r#"name="next" value="/account/sessions""#);
        let form = [("username", "ada"), ("password", PASSWORD), ("next", "/account/sessions")];
        browser.submit("/sign-in", &form).await.redirects_to("/account/sessions");
    }

    async fn sign_in_never_redirects_to_another_site(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        for next in ["https://evil.example", "//evil.example", "/\\evil.example", "/account\r\nx: y"] {
            let browser = Browser::new(&app);
            let form = [("username", "ada"), ("password", PASSWORD), ("next", next)];
            browser.submit("/sign-in", &form).await.redirects_to("/account");
        }
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/sign-in?next=https://evil.example").await.redirects_to("/account");
    }

    async fn wrong_password_and_unknown_name_show_the_same_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let wrong = browser.sign_in("ada", "wrong").await.shown(422).says("The username or password is incorrect.");
        let unknown = browser.sign_in("eve", "wrong").await.shown(422);
        assert_eq!(wrong.html.replace("\"ada\"", "\"eve\""), unknown.html);
        wrong.says(r#"value="ada""#).omits("wrong\"");
        assert!(browser.cookies().is_empty());
    }

    async fn invalid_username_is_refused_as_wrong(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let page = browser.sign_in("", "").await.shown(422);
        assert_eq!((page.error("username"), page.error("password")), ("Please fill in this field.", "Please fill in this field."));
        browser.sign_in("\u{0}<script>", "x").await.shown(422).omits("<script>");
    }

    async fn invalid_sign_up_fields_show_their_errors(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let sign_up = async |email, username, password| {
            let form = [("email", email), ("username", username), ("password", password)];
            browser.submit("/sign-up", &form).await.shown(422)
        };
        let page = sign_up("nowhere", "a b", "zq7").await;
        assert!(page.error("email").starts_with("Please enter an email address"));
        assert!(page.error("username").starts_with("Please use only letters"));
        assert_eq!(page.error("password"), "Please use at least 8 characters.");
        page.says(r#"value="nowhere""#).omits("zq7");
        let page = sign_up("Ada@Example.com", "ADA", PASSWORD).await;
        assert!(page.error("email").starts_with("An account with this email address"));
        assert!(page.error("username").starts_with("This username is already taken"));
        let page = sign_up("eve@example.com", "eve", "password").await;
        assert!(page.error("password").starts_with("This password is too easy"));
        assert!(browser.cookies().is_empty());
    }

    async fn sign_out_ends_the_session_and_keeps_the_device(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let access = browser.cookies()["doorward-access"].clone();
        app.me(&access).await.ok();
        browser.get("/sign-out").await.shown(200).says("ada");
        app.me(&access).await.ok();
        browser.submit("/sign-out", &[]).await.redirects_to("/sign-in");
        app.me(&access).await.error(401, "AUTHENTICATION_FAILED");
        browser.get("/sign-in").await.shown(200).says("You are signed out.");
        // The device cookie is kept: the browser stays a known device.
        assert_eq!(browser.cookies().keys().collect::<Vec<_>>(), ["doorward-device"]);
        browser.get("/account").await.redirects_to("/sign-in");
        browser.get("/sign-out").await.redirects_to("/sign-in");
        browser.submit("/sign-out", &[]).await.redirects_to("/sign-in");
    }

    async fn refused_sign_in_shows_its_reason(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", PASSWORD).await.shown(403).says("Please confirm your email address first.")
            .says("href=\"/verify-email/resend\"");
        let eve = app.register_verified("eve").await;
        app.disable(&eve).await;
        browser.sign_in("eve", PASSWORD).await.shown(403).says("This account is disabled.");
    }

    async fn unverified_user_is_asked_to_confirm_the_address(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let browser = Browser::new(&app);
        let form = [("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.redirects_to("/account");
        let page = browser.get("/account").await.shown(403);
        page.says("Check your email").says("action=\"/verify-email/resend\"").says("ada@example.com");
        let form = [("email", "ada@example.com")];
        browser.submit("/verify-email/resend", &form).await.redirects_to("/account");
        browser.get("/account").await.shown(403).says("Another email is on its way.");
        // The session continues once the address is confirmed, even if the access token has expired in the meantime.
        browser.lose("doorward-access");
        let token = app.mail().await.token();
        browser.submit("/verify-email", &[("token", &token)]).await.redirects_to("/sign-in");
        browser.get("/account").await.shown(200);
    }

    async fn sign_up_page_is_refused_when_registration_is_closed(backend) {
        let allow_registration = Some(false);
        let app = TestApp::start_with(backend, Options { allow_registration, ..Options::default() }).await;
        let browser = Browser::new(&app);
        browser.get("/sign-in").await.shown(200).omits("/sign-up");
        browser.get("/sign-up").await.shown(403).says("You need an invitation").omits("name=\"password\"");
        let form = [("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.shown(403).says("You need an invitation");
    }

    async fn rate_limited_sign_in_shows_when_to_retry(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_login_per_minute: Some(2), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        for _ in 0..2 {
            browser.sign_in("ada", "wrong").await.shown(422);
        }
        let page = browser.sign_in("ada", "wrong").await.shown(429);
        assert_eq!(page.header("retry-after"), "30");
        page.says("Too many attempts. Please try again in 30 seconds.").says("data-wait=\"30\"")
            .says("value=\"ada\"").says("<title>Error: Sign in · ").omits("wrong\"");
        // Viewing the page doesn't count as a sign-in.
        browser.get("/sign-in").await.shown(200);
    }

    async fn too_many_failures_are_reported_at_the_form(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_login_failures_per_minute: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", "wrong").await.shown(422);
        let page = browser.sign_in("ada", "wrong").await.shown(429);
        assert_eq!(page.header("retry-after"), "60");
        page.says("Too many attempts. Please try again in 60 seconds.").says("value=\"ada\"");
    }

    async fn browser_that_signed_in_before_is_a_known_device(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_login_failures_per_minute: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/sign-out", &[]).await;
        // An attacker from another network.
        let attacker = app.post("/v1/auth/login").from("198.51.100.7");
        attacker.json(&serde_json::json!({ "username": "ada", "password": "guess" })).send().await;
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
    }

    async fn sign_up_redirects_to_the_requested_page(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let form = [
            ("email", "ada@example.com"), ("username", " ada "), ("password", PASSWORD), ("next", "/account/sessions"),
        ];
        browser.submit("/sign-up", &form).await.redirects_to("/account/sessions");
    }
}
