use serde_json::Value;

use crate::support::{Browser, TestApp, on_both};

on_both! {
    async fn profile_form_saves_and_clears_fields(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [
            ("full_name", " Ada <b>Lovelace</b>"), ("bio", "Poetical\r\nscience"), ("timezone", "Europe/London"),
            ("locale", "en"),
        ];
        let picture = serde_json::json!({ "avatar_url": "https://example.com/ada.png" });
        app.put("/v1/auth/me/profile").bearer(&ada.access).json(&picture).send().await.ok();
        browser.submit("/account", &form).await.redirects_to("/account");
        let page = browser.get("/account").await.shown(200).says("Your profile was saved.");
        page.says("value=\"Europe/London\"").says("Poetical\nscience").omits("<b>Lovelace");
        let profile = app.get("/v1/auth/me/profile").bearer(&ada.access).send().await.ok();
        assert_eq!(profile["full_name"], "Ada <b>Lovelace</b>");
        assert_eq!(profile["bio"], "Poetical\nscience");
        assert_eq!(profile["avatar_url"], picture["avatar_url"], "the form has no field for the picture and keeps it");
        // Emptied fields are cleared.
        browser.submit("/account", &[("full_name", ""), ("bio", ""), ("timezone", ""), ("locale", "")]).await
            .redirects_to("/account");
        let profile = app.get("/v1/auth/me/profile").bearer(&ada.access).send().await.ok();
        assert_eq!((&profile["full_name"], &profile["timezone"]), (&Value::Null, &Value::Null));
    }

    async fn invalid_profile_fields_show_their_errors(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let form = [("timezone", "Nowhere"), ("full_name", "Ada")];
        let page = browser.submit("/account", &form).await.shown(422);
        assert!(page.error("timezone").starts_with("Please enter a time zone"));
        page.says("value=\"Ada\"").says("<title>Error: Profile · ");
    }

    async fn every_account_page_has_a_sign_out_button(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let own = format!("/account/organizations/{}", ada.workspace);
        for path in ["/account", "/account/password", "/account/sessions", "/account/organizations", &own] {
            browser.get(path).await.shown(200).says("<form method=\"post\" action=\"/sign-out\">");
        }
    }

    async fn pages_use_the_language_of_the_user(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.get("/account").await.shown(200).says("<html lang=\"en\">").says("Time zone");
        browser.submit("/account", &[("locale", "de-AT")]).await;
        browser.get("/account").await.shown(200).says("<html lang=\"de\">").says("Zeitzone")
            // A locale that was chosen elsewhere is kept.
            .says("value=\"de-AT\"");
        browser.get("/account/organizations/x").await.shown(404).says("Seite nicht gefunden");
        let german = Browser::new(&app).speaking("fr, de-CH;q=0.9, en;q=0.5");
        german.get("/sign-in").await.shown(200).says("Anmelden");
        german.sign_in("eve", "wrong").await.shown(422).says("Der Benutzername oder das Passwort ist falsch.");
    }
}
