//! A notice is shown once, on the page that a form redirects to.

use time::Duration;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

const SAVED: &str = "Your profile was saved.";
const COOKIE: &str = "doorward-notice";

on_both! {
    async fn notice_is_shown_once_and_not_after_a_reload(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let page = browser.submit("/account", &[("full_name", "Ada")]).await;
        page.redirects_to("/account");
        let set = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
        let set = set.filter(|set| set.starts_with(COOKIE)).collect::<Vec<_>>().join("");
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=60"] {
            assert!(set.contains(part), "{part} is not in {set}");
        }
        browser.get("/account").await.shown(200).says(SAVED).says("role=\"status\"");
        assert!(!browser.cookies().contains_key(COOKIE), "the cookie was not removed");
        browser.get("/account").await.shown(200).omits(SAVED);
    }

    async fn link_cannot_show_a_notice(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        for word in ["password-changed", "signed-up", "profile-saved", "confirmed"] {
            let page = browser.get(&format!("/account?done={word}")).await.shown(200);
            page.omits("class=\"notice\"");
            let stranger = Browser::new(&app);
            stranger.get(&format!("/sign-in?done={word}")).await.shown(200).omits("class=\"notice\"");
        }
    }

    async fn notice_is_kept_for_its_page_while_other_tabs_load(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("full_name", "Ada")]).await.redirects_to("/account");
        browser.get("/account/sessions").await.shown(200).omits(SAVED);
        // A form of another tab is submitted before this tab loads its page.
        browser.submit("/account/sessions/others", &[]).await.redirects_to("/account/sessions");
        browser.get("/account").await.shown(200).says(SAVED);
        browser.get("/account/sessions").await.shown(200).says("All other sessions were signed out.");
        browser.get("/account/sessions").await.shown(200).omits("class=\"notice\"");
    }

    async fn notice_expires_after_a_minute(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("full_name", "Ada")]).await.redirects_to("/account");
        app.advance(Duration::MINUTE);
        browser.get("/account").await.shown(200).omits(SAVED);
    }

    async fn planted_notice_cookie_is_ignored(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        // Eve plants the cookie of her own notice in Ada's browser.
        let eve = Browser::signed_in(&app, "eve").await;
        eve.submit("/account", &[("full_name", "Eve")]).await.redirects_to("/account");
        let own = eve.cookies()[COOKIE].clone();
        let ada = Browser::signed_in(&app, "ada").await;
        let forged = own.replace("profile-saved", "password-changed");
        for planted in [own.as_str(), forged.as_str(), "password-changed", "password-changed.0.x"] {
            let session = ada.cookies().into_iter().map(|(name, value)| format!("{name}={value}"));
            let cookies = session.chain([format!("{COOKIE}={planted}")]).collect::<Vec<_>>().join("; ");
            let page = Browser::new(&app).get_with(&[("cookie", &cookies)], "/account").await.shown(200);
            page.says("ada").omits("class=\"notice\"");
        }
        eve.get("/account").await.shown(200).says(SAVED);
    }

    async fn notice_cookie_has_the_prefix_of_the_others(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
        let page = browser.submit("/account", &[("full_name", "Ada")]).await;
        let set = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
        let set: Vec<_> = set.filter(|set| set.starts_with("__Host-doorward-notice=")).collect();
        assert!(set.len() == 1 && set[0].contains("; Secure"), "{set:?}");
        browser.get("/account").await.shown(200).says(SAVED);
    }

    async fn notice_uses_the_language_of_the_user(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("locale", "de")]).await.redirects_to("/account");
        browser.get("/account").await.shown(200).says("Ihr Profil wurde gespeichert.");
    }
}
