//! Notices are said once, on the page that a form leads to.

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
        page.leads_to("/account");
        let set = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
        let set = set.filter(|set| set.starts_with(COOKIE)).collect::<Vec<_>>().join("");
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=60"] {
            assert!(set.contains(part), "{part} is not in {set}");
        }
        browser.get("/account").await.shown(200).says(SAVED).says("role=\"status\"");
        assert!(!browser.cookies().contains_key(COOKIE), "the cookie is still there");
        browser.get("/account").await.shown(200).keeps_silent_on(SAVED);
    }

    async fn link_brings_up_no_notice(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        for word in ["password-changed", "signed-up", "profile-saved", "confirmed"] {
            let page = browser.get(&format!("/account?done={word}")).await.shown(200);
            page.keeps_silent_on("class=\"notice\"");
            let stranger = Browser::new(&app);
            stranger.get(&format!("/sign-in?done={word}")).await.shown(200).keeps_silent_on("class=\"notice\"");
        }
    }

    async fn notice_waits_for_its_page_while_other_tabs_look_elsewhere(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("full_name", "Ada")]).await.leads_to("/account");
        browser.get("/account/sessions").await.shown(200).keeps_silent_on(SAVED);
        // A form of another tab is answered before the page of this one is asked for.
        browser.submit("/account/sessions/others", &[]).await.leads_to("/account/sessions");
        browser.get("/account").await.shown(200).says(SAVED);
        browser.get("/account/sessions").await.shown(200).says("All other sessions were signed out.");
        browser.get("/account/sessions").await.shown(200).keeps_silent_on("class=\"notice\"");
    }

    async fn notice_is_forgotten_after_a_minute(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("full_name", "Ada")]).await.leads_to("/account");
        app.advance(Duration::MINUTE);
        browser.get("/account").await.shown(200).keeps_silent_on(SAVED);
    }

    async fn planted_cookie_shows_nothing(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        // Eve gets a notice of her own, and plants it in Ada's browser.
        let eve = Browser::signed_in(&app, "eve").await;
        eve.submit("/account", &[("full_name", "Eve")]).await.leads_to("/account");
        let own = eve.cookies()[COOKIE].clone();
        let ada = Browser::signed_in(&app, "ada").await;
        let forged = own.replace("profile-saved", "password-changed");
        for planted in [own.as_str(), forged.as_str(), "password-changed", "password-changed.0.x"] {
            let session = ada.cookies().into_iter().map(|(name, value)| format!("{name}={value}"));
            let cookies = session.chain([format!("{COOKIE}={planted}")]).collect::<Vec<_>>().join("; ");
            let page = Browser::new(&app).get_with(&[("cookie", &cookies)], "/account").await.shown(200);
            page.says("ada").keeps_silent_on("class=\"notice\"");
        }
        eve.get("/account").await.shown(200).says(SAVED);
    }

    async fn notice_cookie_has_the_prefix_of_the_others(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        browser.sign_in("ada", PASSWORD).await.leads_to("/account");
        let page = browser.submit("/account", &[("full_name", "Ada")]).await;
        let set = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
        let set: Vec<_> = set.filter(|set| set.starts_with("__Host-doorward-notice=")).collect();
        assert!(set.len() == 1 && set[0].contains("; Secure"), "{set:?}");
        browser.get("/account").await.shown(200).says(SAVED);
    }

    async fn reader_of_another_language_gets_the_notice_in_it(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.submit("/account", &[("locale", "de")]).await.leads_to("/account");
        browser.get("/account").await.shown(200).says("Ihr Profil wurde gespeichert.");
    }
}
