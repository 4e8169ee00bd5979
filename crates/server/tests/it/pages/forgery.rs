//! Forms of other sites.

use crate::support::{Browser, PASSWORD, Page, TestApp, on_both};

/// Every form there is.
const FORMS: [&str; 25] = [
    "/sign-in",
    "/sign-up",
    "/sign-out",
    "/forgot-password",
    "/password-check",
    "/reset-password",
    "/verify-email",
    "/verify-email/not-me",
    "/verify-email/resend",
    "/verify-email/change",
    "/invite",
    "/account",
    "/account/password",
    "/account/sessions/others",
    "/account/sessions/x",
    "/account/organisations",
    "/account/organisations/x",
    "/account/organisations/x/switch",
    "/account/organisations/x/leave",
    "/account/organisations/x/delete",
    "/account/organisations/x/invites",
    "/account/organisations/x/members/x/role",
    "/account/organisations/x/members/x/remove",
    "/account/organisations/x/invites/x/resend",
    "/account/organisations/x/invites/x/revoke",
];

/// What scripts send, which read JSON.
const FOR_SCRIPTS: &str = "/password-check";

/// A page that is added is added here.
#[test]
fn every_form_is_among_them() {
    let table = include_str!("../../../src/pages.rs");
    let (_, table) = table.split_once("pages! { config;").unwrap();
    let (table, _) = table.split_once("\n    }\n").unwrap();
    // A row is a path, a limit, what is shown and what is submitted.
    let rows = table.split(';').filter(|row| row.contains(','));
    assert_eq!(rows.count(), FORMS.len());
}

fn refused(page: Page) {
    page.shown(403).says("That came from elsewhere");
}

on_both! {
    async fn no_form_of_another_site_is_taken(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let origins: [&[(&str, &str)]; 6] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            // A subdomain may have been taken over.
            &[("origin", "https://www.auth.example.com")],
            &[],
        ];
        for path in FORMS {
            for said in origins {
                let page = browser.submit_from(said, path, &[("name", "Evil")]).await;
                if path == FOR_SCRIPTS {
                    assert_eq!((page.status, page.header("content-type")), (403, "application/json"));
                } else {
                    refused(page);
                }
            }
        }
        browser.get("/account").await.shown(200);
    }

    async fn nothing_happens_by_a_form_of_another_site(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let foreign = [("sec-fetch-site", "cross-site")];
        let before = browser.cookies();
        let form = [("current_password", PASSWORD), ("new_password", "the attacker's own words")];
        refused(browser.submit_from(&foreign, "/account/password", &form).await);
        refused(browser.submit_from(&foreign, "/sign-out", &[]).await);
        refused(browser.submit_from(&foreign, "/account/organisations", &[("name", "Evil")]).await);
        assert_eq!(browser.cookies(), before);
        app.login("ada", PASSWORD).await.ok();
        browser.get("/account/organisations").await.shown(200).keeps_silent_on("Evil");
    }

    async fn nobody_is_signed_in_by_another_site(backend) {
        let app = TestApp::start(backend).await;
        app.register("eve").await;
        let browser = Browser::new(&app);
        let form = [("username", "eve"), ("password", PASSWORD)];
        refused(browser.submit_from(&[("sec-fetch-site", "cross-site")], "/sign-in", &form).await);
        assert!(browser.cookies().is_empty());
    }

    async fn a_browser_that_tells_only_the_origin_is_heard(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let form = [("username", "ada"), ("password", PASSWORD)];
        let own = [("origin", "https://auth.example.com")];
        browser.submit_from(&own, "/sign-in", &form).await.leads_to("/account");
    }

    async fn an_origin_that_may_call_the_api_may_not_send_forms(backend) {
        let options = doorward_server::config::Options {
            cors_origins: Some("https://app.example.com".parse().unwrap()),
            ..Default::default()
        };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let form = [("username", "ada"), ("password", PASSWORD)];
        let app_says = [("origin", "https://app.example.com"), ("sec-fetch-site", "cross-site")];
        refused(browser.submit_from(&app_says, "/sign-in", &form).await);
        // The server's own origin need not be named.
        let own = app.url("");
        let own = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
        browser.submit_from(&own, "/sign-in", &form).await.leads_to("/account");
    }
}
