//! Forms that are refused temporarily keep the user's input.

use doorward_domain::org::role::Role;
use doorward_server::config::Options;

use crate::support::{Browser, Fault, PASSWORD, TestApp, on_both};

fn limited(options: Options) -> Options {
    Options { rate_limits_enabled: Some(true), ..options }
}

on_both! {
    async fn rate_limited_form_keeps_its_input_and_changes_nothing(backend) {
        let options = limited(Options { rate_limits_register_per_minute: Some(1), rate_limits_mail_per_minute: Some(1), ..Options::default() });
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        let form = |name: &'static str, email: &'static str| [("email", email), ("username", name), ("full_name", "Ada & Co"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form("ada", "ada@example.com")).await.redirects_to("/account");
        app.mail().await;
        let browser = Browser::new(&app);
        let page = browser.submit("/sign-up", &form("eve", "eve@example.com")).await.shown(429);
        assert_eq!(page.header("retry-after"), "60");
        page.says("Too many attempts. Please try again in 60 seconds.").says("data-wait=\"60\"")
            .says("value=\"eve@example.com\"").says("value=\"Ada &#38; Co\"").omits(PASSWORD)
            .says("<title>Error: ");
        // The limit is reported first, even if a field is invalid.
        browser.submit("/sign-up", &form("e e", "eve")).await.shown(429).says("value=\"e e\"");
        browser.sign_in("eve", PASSWORD).await.shown(422);

        browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(200);
        app.mail().await;
        let page = browser.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(429);
        page.says("value=\"ada@example.com\"").says("data-wait=\"60\"");
        assert!(app.messages().await.is_empty());
        let german = Browser::new(&app).speaking("de");
        german.submit("/forgot-password", &[("email", "ada@example.com")]).await.shown(429)
            .says("<title>Fehler: ").says("Bitte versuchen Sie es in 60 Sekunden noch einmal.");
    }

    async fn rate_limited_account_form_keeps_its_input(backend) {
        let app = TestApp::start_with(backend, limited(Options { rate_limits_mail_per_minute: Some(1), ..Options::default() })).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        let browser = Browser::signed_in(&app, "ada").await;
        let here = format!("/account/organizations/{org}");
        let mut last = browser.get(&here).await.shown(200);
        for email in ["joan@example.com", "mary@example.com"] {
            last = browser.submit(&format!("{here}/invites"), &[("email", email), ("role", "admin")]).await;
        }
        let page = last.shown(429).says("value=\"mary@example.com\"").says("value=\"admin\" selected");
        let (_, section) = page.html.split_once("id=\"invite\"").unwrap();
        assert!(section.contains("data-wait=\""), "{section}");
        page.omits("<strong>mary@example.com");
    }

    async fn unavailable_page_offers_to_resubmit_the_form(backend) {
        let app = TestApp::start_with(backend, limited(Options { rate_limits_default_per_minute: Some(3), ..Options::default() })).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let profile = [("full_name", "Ada"), ("bio", "Engines\r\nand \"more\"")];
        app.faults.set(Fault::DatabaseAway);
        let page = browser.submit("/account", &profile).await.shown(503);
        assert_eq!(page.header("retry-after"), "2");
        page.says("<form method=\"post\" action=\"/account\">").says("data-wait=\"2\"")
            .says("name=\"bio\" value=\"Engines\nand &#34;more&#34;\"").says("Try again");
        let form = [("current_password", PASSWORD), ("new_password", "another set of words")];
        browser.submit("/account/password", &form).await.shown(503).omits("words").omits("Try again");
        app.faults.set(Fault::Nothing);
        // Use up the budgets of the network and of the session.
        while browser.submit("/account", &profile).await.status == 303 {}
        let page = browser.submit("/account", &[("full_name", "Countess")]).await.shown(429);
        page.says("value=\"Countess\"").says("data-wait=\"20\"");
        // The refused form changed nothing.
        app.advance(time::Duration::minutes(1));
        browser.get("/account").await.shown(200).omits("Countess");
    }

    async fn rate_limited_button_changes_nothing(backend) {
        let app = TestApp::start_with(backend, limited(Options { rate_limits_default_per_minute: Some(2), ..Options::default() })).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let other = Browser::signed_in(&app, "ada").await;
        // Use up the budgets of the network and of the session.
        while browser.get("/account").await.status == 200 {}
        browser.submit("/account/sessions/others", &[]).await.shown(429).says("action=\"/account/sessions/others\"");
        browser.submit("/sign-out", &[]).await.shown(429);
        app.advance(time::Duration::minutes(1));
        other.get("/account").await.shown(200);
        browser.get("/account").await.shown(200);
    }
}
