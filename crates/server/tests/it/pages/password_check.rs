//! Feedback on a new password while the user types it.

use doorward_server::config::Options;
use serde_json::Value;

use crate::support::{Browser, PASSWORD, Page, TestApp, on_both};

const CHECK: &str = "/password-check";
const COMMON: &str =
    "This password is too easy to guess: widely used, or your name or email address.";

/// Returns the grade and the text of a response.
fn said(page: &Page) -> (u64, String) {
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "application/json"),
        "{}",
        page.html
    );
    assert_eq!(page.header("cache-control"), "no-store");
    let body: Value = serde_json::from_str(&page.html).unwrap();
    (body["grade"].as_u64().unwrap(), body["text"].as_str().unwrap().to_owned())
}

async fn check(browser: &Browser<'_>, fields: &[(&str, &str)]) -> (u64, String) {
    said(&browser.submit(CHECK, fields).await)
}

on_both! {
    async fn check_from_another_site_is_refused_in_json(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let form = [("password", PASSWORD)];
        let refused = browser.submit_from(&[("sec-fetch-site", "cross-site")], CHECK, &form).await;
        assert_eq!((refused.status, refused.header("content-type")), (403, "application/json"));
        let body: Value = serde_json::from_str(&refused.html).unwrap();
        assert_eq!(body["error"], "FORBIDDEN");
    }

    async fn password_check_agrees_with_the_form(backend) {
        let app = TestApp::start(backend).await;
        let composed = "pass\u{e9}word pass\u{e9}word";
        let decomposed = "passe\u{301}word passe\u{301}word";
        let emoji = "😀".repeat(7);
        let longest = "long words ".repeat(12).chars().take(128).collect::<String>();
        let too_long = format!("{longest}!");
        let passwords = [
            "a", "seven77", "password", "PassWord", "qwertyuiopasdfgh", "1234567890abcdef", "passwordpassword", "aaaaaaaa",
            " password", "{name}", "{NAME}", "{name}@example.com", "{name}@Example.COM", "{name} and me", PASSWORD,
            "kX7#vQ2!mZ", "Doorward1", "Spring2026!", "{name}1!", "annlee99", composed, decomposed, &emoji, "😀😁😂🤣😃😄😅😆", &longest, &too_long,
        ];
        for (number, password) in passwords.into_iter().enumerate() {
            let name = format!("ann.lee.{number:04}");
            let email = format!("{name}@example.com");
            let password = password.replace("{name}", &name).replace("{NAME}", &name.to_uppercase());
            let form = [("email", email.as_str()), ("username", &name), ("password", &password)];
            let browser = Browser::new(&app);
            let (grade, text) = check(&browser, &form).await;
            let sent = browser.submit("/sign-up", &form).await;
            match sent.status {
                303 => assert!(grade > 1, "{password} is accepted, and was called {text}"),
                _ => {
                    assert_eq!((grade, sent.status), (1, 422), "{password} is refused, and was called {text}");
                    let said = sent.error("password");
                    assert!(said == text || said.starts_with("Please use at least 8 characters"), "{password}: {said}, {text}");
                }
            }
        }
    }

    async fn missing_characters_are_counted_in_code_points(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let text = async |password: &str| check(&browser, &[("password", password)]).await.1;
        assert_eq!(text("abc").await, "5 more characters needed");
        assert_eq!(text("😀😁😂🤣😃😄😅").await, "1 more character needed");
        assert_eq!(text(&"x".repeat(129)).await, "Please use at most 128 characters.");
        assert_eq!(text("").await, "8 more characters needed");
        let german = Browser::new(&app).speaking("de");
        assert_eq!(check(&german, &[("password", "abcdefg")]).await.1, "Noch 1 Zeichen");
    }

    async fn strength_grades_only_accepted_passwords(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let grade = async |password: &str| check(&browser, &[("password", password)]).await.0;
        assert_eq!(grade("qwertyuiopasdfgh").await, 1);
        assert_eq!(grade("qwertyuiopasdfghj1").await, 2);
        assert_eq!(grade(PASSWORD).await, 4);
    }

    async fn password_check_uses_the_signed_in_account(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada.byron.1815").await;
        let browser = Browser::signed_in(&app, "ada.byron.1815").await;
        let fields = [("password", "Ada.Byron.1815"), ("username", "another.user"), ("email", "e@example.com")];
        assert_eq!(check(&browser, &fields).await, (1, COMMON.to_owned()));
        let stranger = Browser::new(&app);
        assert!(check(&stranger, &fields).await.0 > 1, "the check reveals an account to a signed-out user");
    }

    async fn password_check_uses_the_account_of_the_reset_link(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada.byron.1815").await;
        app.messages().await;
        let browser = Browser::new(&app);
        browser.submit("/forgot-password", &[("email", "ada.byron.1815@example.com")]).await.shown(200);
        let token = app.mail().await.token();
        let own = async |token: &str| check(&browser, &[("password", "ada.byron.1815"), ("token", token)]).await.0;
        assert_eq!(own(&token).await, 1);
        // The check does not use up the token, and other tokens reveal no account.
        assert_eq!(own(&token).await, 1);
        assert!(own("dwp_made-up").await > 1);
        assert!(own(&token.replacen("dwp", "dwv", 1)).await > 1);
        let form = [("token", token.as_str()), ("new_password", PASSWORD)];
        browser.submit("/reset-password", &form).await.redirects_to("/sign-in");
        assert!(own(&token).await > 1, "a used link must not identify the account");
    }

    async fn password_checks_are_limited_separately_from_forms(backend) {
        let options = Options { rate_limits_enabled: Some(true), rate_limits_password_check_per_minute: Some(2), rate_limits_register_per_minute: Some(2), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        for _ in 0..2 {
            check(&browser, &[("password", PASSWORD)]).await;
        }
        let refused = browser.submit(CHECK, &[("password", PASSWORD)]).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "30"));
        assert_eq!(refused.header("content-type"), "application/json");
        let body: Value = serde_json::from_str(&refused.html).unwrap();
        assert_eq!((&body["error"], &body["details"]["retry_after"]), (&"RATE_LIMIT_EXCEEDED".into(), &30.into()), "{body}");
        assert!(!refused.html.contains(PASSWORD));
        let form = [("email", "ada@example.com"), ("username", "ada"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.redirects_to("/account");
    }

    async fn password_in_a_query_string_is_refused(backend) {
        let app = TestApp::start(backend).await;
        app.get("/password-check?password=hunter22").send().await.error(405, "METHOD_NOT_ALLOWED");
        let large = "x".repeat(70_000);
        let refused = Browser::new(&app).submit(CHECK, &[("password", &large)]).await;
        assert_eq!((refused.status, refused.header("content-type")), (413, "application/json"));
    }
}
